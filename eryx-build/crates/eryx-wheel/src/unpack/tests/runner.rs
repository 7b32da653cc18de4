//! Runs of mutated inputs, the same each time. `ERYX_MUTATIONS` is the number of inputs of a longer
//! run; `fuzz/` has fuzzers that learn.

/// How many inputs are tried.
const INPUTS: usize = 10_000;

/// How many inputs are tried, or as many as the environment says.
pub(crate) fn inputs() -> usize {
    std::env::var("ERYX_MUTATIONS").map_or(INPUTS, |text| text.parse().unwrap())
}

/// Numbers that look random (xorshift64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
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

/// Checks an input, which says whether it was accepted.
///
/// # Panics
/// When the check does, with the input as [`super::choices::from_hex`] reads it.
pub(crate) fn checked(check: fn(&[u8]) -> bool, input: &[u8]) -> bool {
    if let Ok(accepted) = std::panic::catch_unwind(|| check(input)) {
        accepted
    } else {
        let digits: String = input.iter().map(|byte| format!("{byte:02x}")).collect();
        panic!("the input {digits}");
    }
}

/// Checks inputs, and then mutations of them.
///
/// # Panics
/// When a check does, or when so few mutations are accepted, or so many, that too little is tried.
pub(crate) fn run(mut corpus: Vec<Vec<u8>>, check: fn(&[u8]) -> bool) {
    let mut random = Random::new();
    for seed in &corpus {
        checked(check, seed);
    }
    let mut accepted = 0;
    let inputs = inputs();
    for _ in 0..inputs {
        let mut input = corpus[random.below(corpus.len())].clone();
        let other = random.below(corpus.len());
        mutate(&mut input, &corpus[other].clone(), &mut random);
        if checked(check, &input) {
            // What was accepted is good to go on from.
            accepted += 1;
            let place = random.below(corpus.len());
            corpus[place] = input;
        }
    }
    assert!(
        accepted > inputs / 10 && accepted < inputs,
        "{accepted} of {inputs} inputs were accepted, so that too little is tried"
    );
}
