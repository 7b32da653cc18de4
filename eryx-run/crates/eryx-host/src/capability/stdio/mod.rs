//! The standard streams of a run.

pub(crate) mod host;
pub mod sink;
pub mod streams;
