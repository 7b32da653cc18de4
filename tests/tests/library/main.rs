//! The loader as a Rust library.

mod pool;
