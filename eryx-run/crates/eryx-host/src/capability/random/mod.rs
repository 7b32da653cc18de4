//! Random data: the machine's at run time, the same for every bake.

pub(crate) mod host;
pub mod types;
