//! The standard streams of a run.

pub(crate) mod host;
pub(crate) mod row;
pub mod sink;
pub mod streams;
