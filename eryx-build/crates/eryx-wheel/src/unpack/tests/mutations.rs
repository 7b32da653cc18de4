//! A short run of the fuzzer, the same each time.

use super::fuzzed::{check, kept, seeds};
use super::runner;

#[test]
fn most_seeds_of_wheels_are_wheels_and_some_are_not() {
    let seeds = seeds();
    let taken = seeds.iter().filter(|seed| check(seed)).count();
    assert!(
        taken > seeds.len() / 3 && taken < seeds.len(),
        "{taken} of {} seeds are wheels",
        seeds.len()
    );
}

#[test]
fn mutations_of_wheels_are_refused_or_harmless() {
    runner::run([seeds(), kept()].concat(), check);
}
