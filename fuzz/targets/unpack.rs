//! Fuzzes the unpacker: wheels that are made of choices, see `fuzzed.rs`.

#![cfg_attr(fuzzing, no_main)]

// The files of the tests find these where they are in the crate itself.
use eryx_wheel::{requires, site_tree, strip, unpack};

#[path = "../../eryx-build/crates/eryx-wheel/src/unpack/tests/builder.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod builder;
#[path = "../../eryx-build/crates/eryx-wheel/src/unpack/tests/choices.rs"]
mod choices;
#[path = "../../eryx-build/crates/eryx-wheel/src/unpack/tests/fuzzed.rs"]
mod fuzzed;
mod shared;

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
