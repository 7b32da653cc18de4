//! A short run of the fuzzer, the same each time. `ERYX_MUTATIONS` is the number of inputs of a
//! longer one; `fuzz/` has one that learns.

use super::fuzzed::{check, seeds};

/// How many inputs are tried.
const INPUTS: usize = 10_000;

/// Numbers that look random (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % limit.max(1)
    }
}

/// A few changes of an input, with parts of another.
fn mutate(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    for _ in 0..=random.below(4) {
        let at = random.below(input.len() + 1);
        match random.below(6) {
            0 => input.truncate(at),
            1 => input.insert(at, random.below(256) as u8),
            2 => {
                let start = random.below(other.len());
                let end = (start + random.below(16)).min(other.len());
                input.splice(at..at, other[start..end].iter().copied());
            }
            3 => input.extend([0xff, random.below(256) as u8]),
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = random.below(256) as u8;
                }
            }
        }
    }
}

#[test]
fn mutations_of_wheels_are_refused_or_harmless() {
    let inputs = std::env::var("ERYX_MUTATIONS").map_or(INPUTS, |text| text.parse().unwrap());
    let mut corpus = seeds();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut taken = 0;
    for seed in &corpus {
        taken += usize::from(check(seed));
    }
    assert!(
        taken > corpus.len() / 3,
        "{taken} of {} seeds are wheels",
        corpus.len()
    );
    let mut accepted = 0;
    for _ in 0..inputs {
        let mut input = corpus[random.below(corpus.len())].clone();
        let other = random.below(corpus.len());
        mutate(&mut input, &corpus[other].clone(), &mut random);
        let outcome = std::panic::catch_unwind(|| check(&input));
        let Ok(is_wheel) = outcome else {
            panic!("the input {input:?}");
        };
        if is_wheel {
            // What was a wheel is good to go on from.
            accepted += 1;
            let place = random.below(corpus.len());
            corpus[place] = input;
        }
    }
    assert!(
        accepted > inputs / 10 && accepted < inputs,
        "{accepted} of {inputs} inputs are wheels, so that too little is tried"
    );
}
