//! Fuzzes the unpacker: wheels that are made of choices, see `fuzzed.rs`.
//!
//! The inputs that it starts from are made by code, and written into the folder that
//! `ERYX_FUZZ_SEEDS` names before libFuzzer reads it.

#![no_main]

use eryx_build::{cache, fetch, manifest, requires, unpack};

#[path = "../../eryx-build/src/unpack/tests/builder.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod builder;
#[path = "../../eryx-build/src/unpack/tests/fuzzed.rs"]
mod fuzzed;

fn write_seeds() {
    let Some(folder) = std::env::var_os("ERYX_FUZZ_SEEDS").map(std::path::PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(&folder).expect("the folder of seeds is made");
    for (number, seed) in fuzzed::seeds().iter().enumerate() {
        let path = folder.join(format!("seed-{number:04}"));
        std::fs::write(path, seed).expect("a seed is written");
    }
}

libfuzzer_sys::fuzz_target!(init: write_seeds(), |input: &[u8]| {
    fuzzed::check(input);
});
