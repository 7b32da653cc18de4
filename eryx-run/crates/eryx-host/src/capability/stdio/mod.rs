//! The standard streams of a run.

pub(crate) mod host;
pub mod input;
pub(crate) mod row;
pub mod sink;
