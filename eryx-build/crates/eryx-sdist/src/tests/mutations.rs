//! Archives with random mistakes in them, the same each time: each is refused, or what is read of it
//! keeps to the rules.

use super::builder::{Tar, fix_checksums, gz};
use super::fuzzed::{check, check_tree, kept, seeds};
use super::zips::runner::{Random, inputs, run};
use crate::read;

/// An archive with one of everything.
fn seed() -> Vec<u8> {
    let long = format!("a-1/{}/x", "d".repeat(120));
    let tar = Tar::new()
        .entry(b'g', b"pax_global_header", "", b"13 comment=x\n")
        .directory("a-1/")
        .file("a-1/setup.py", b"x = 1\n")
        .file("a-1/d/y", b"y")
        .symlink("a-1/l", "d/y")
        .symlink("a-1/m", "d")
        .hard_link("a-1/h", "a-1/setup.py")
        .pax(&[("path", &long), ("size", "1")])
        .file("cut", b"x")
        .entry(b'L', b"././@LongLink", "", b"a-1/long\0")
        .file("cut", b"x");
    tar.bytes().to_vec()
}

/// Parts of headers that matter: names, sizes, kinds, targets, prefixes.
const FIELDS: [(usize, usize); 5] = [(0, 100), (124, 12), (156, 1), (157, 100), (345, 155)];

const WORDS: [&[u8]; 12] = [
    b"../",
    b"/",
    b"a-1/",
    b"\0",
    b"l/",
    b"m/y",
    b"99999999999",
    b"\xff\xff",
    b"./",
    b"a-1/l",
    b"A-1/",
    b"1",
];

/// A few changes: of whole blocks, of fields of headers, and of single bytes.
fn mutate(input: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let blocks = input.len() / 512;
        let block = random.below(blocks) * 512;
        match random.below(8) {
            0 => {
                let copy: Vec<u8> = input[block..block + 512].to_vec();
                let at = random.below(blocks + 1) * 512;
                input.splice(at..at, copy);
            }
            1 if blocks > 1 => drop(input.drain(block..block + 512)),
            2 => input[block + 156] = b"0123457LKxgSD\0"[random.below(14)],
            3 => {
                let at = random.below(input.len());
                input[at] = random.below(256) as u8;
            }
            _ => {
                let (start, length) = FIELDS[random.below(FIELDS.len())];
                let word = WORDS[random.below(WORDS.len())];
                let at = block + start + random.below(length);
                let end = (at + word.len()).min(block + start + length);
                input[at..end].copy_from_slice(&word[..end - at]);
            }
        }
        if input.is_empty() {
            return;
        }
    }
}

#[test]
fn mutations_of_archives_are_refused_or_harmless() {
    let inputs = inputs();
    let mut corpus = vec![seed()];
    let mut random = Random::new();
    check_tree(&read("a-1.tar.gz", &gz(&corpus[0])).unwrap());
    let mut accepted = 0;
    for _ in 0..inputs {
        let mut input = corpus[random.below(corpus.len())].clone();
        mutate(&mut input, &mut random);
        // Mostly, so that more than the checksum is tried.
        if random.below(8) > 0 {
            fix_checksums(&mut input);
        }
        let compressed = gz(&input);
        let outcome =
            std::panic::catch_unwind(|| read("a-1.tar.gz", &compressed).inspect(check_tree));
        let Ok(outcome) = outcome else {
            panic!("the input {input:?}");
        };
        if outcome.is_ok() {
            accepted += 1;
            // What was an archive is good to go on from.
            if corpus.len() < 100 {
                corpus.push(input);
            } else {
                let place = random.below(corpus.len());
                corpus[place] = input;
            }
        }
    }
    assert!(
        accepted > inputs / 20 && accepted < inputs / 10 * 9,
        "{accepted} of {inputs} inputs are archives, so that too little is tried"
    );
}

#[test]
fn most_seeds_of_source_distributions_are_taken_and_some_are_not() {
    let seeds = seeds();
    let taken = seeds.iter().filter(|seed| check(seed)).count();
    assert!(
        taken > seeds.len() / 4 && taken < seeds.len(),
        "{taken} of {} seeds are source distributions",
        seeds.len()
    );
}

#[test]
fn mutations_of_choices_are_refused_or_harmless() {
    run([seeds(), kept()].concat(), check);
}
