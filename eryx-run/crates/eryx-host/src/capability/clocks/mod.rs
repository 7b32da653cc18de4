//! The clocks of a sandbox: the machine's at run time, fixed ones at bake time.

pub(crate) mod host;
pub mod types;
