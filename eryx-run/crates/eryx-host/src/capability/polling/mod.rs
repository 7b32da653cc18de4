//! Waiting for streams and clocks.

pub(crate) mod host;
