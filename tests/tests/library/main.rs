//! The loader as a Rust library.

mod asynchronous;
mod pool;
