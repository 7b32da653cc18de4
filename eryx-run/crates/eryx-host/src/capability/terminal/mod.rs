//! Lines that a person types at a terminal, where the caller has a way to let them be edited.

pub(crate) mod host;
pub mod lines;
