//! The programs that stand for compilers and their companions.

/// The program that stands for `rustc`.
pub(super) const RUSTC: &str = "wasm32-wasi-rustc";

/// The programs, and the command of `eryx sdk` that each of them is, or would be.
pub(super) const PROGRAMS: [(&str, &str); 9] = [
    ("wasm32-wasi-cc", "cc"),
    ("wasm32-wasi-c++", "c++"),
    ("wasm32-wasi-ar", "ar"),
    ("wasm32-wasi-ranlib", "ranlib"),
    ("wasm32-wasi-ld", "ld"),
    ("wasm32-wasi-rust-ld", "rust-ld"),
    (RUSTC, "rustc"),
    ("wasm32-wasi-strip", "strip"),
    ("wasm32-wasi-run", "run"),
];
