//! The clocks of a sandbox: the machine's at run time, fixed ones at bake time.

pub(crate) mod host;
pub(crate) mod timer;
pub mod types;
