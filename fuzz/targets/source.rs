//! Fuzzes the reading of source distributions: archives that are made of choices, see `fuzzed.rs`.

#![cfg_attr(fuzzing, no_main)]

// The files of the tests find these where they are in the crate itself.
use eryx_sdist::{MAX_SOURCE_SIZE, SourceTree, read};

#[path = "../../eryx-build/crates/eryx-sdist/src/tests/builder.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod builder;
#[path = "../../eryx-build/crates/eryx-sdist/src/tests/fuzzed.rs"]
mod fuzzed;
mod shared;
#[path = "../../eryx-build/crates/eryx-wheel/src/unpack/tests"]
mod zips {
    #[allow(dead_code, reason = "the tests use more of it")]
    pub mod builder;
    pub mod choices;
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(
    init: shared::write_seeds(&fuzzed::seeds(), &fuzzed::kept()),
    |input: &[u8]| {
        fuzzed::check(input);
    }
);

#[cfg(not(fuzzing))]
fn main() {
    shared::replay([fuzzed::seeds(), fuzzed::kept()].concat(), fuzzed::check);
}
