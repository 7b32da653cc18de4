//! Building source distributions, end to end: real archives, the real interpreter, and backends that
//! the tests make, some of which mean harm.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod answers;
mod backends;
mod harness;
mod hostile;
mod requirements;
mod view;
