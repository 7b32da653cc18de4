//! What a sandbox can do beyond computing: a directory each, with its types, the host's side, what adds
//! it to a linker, and its tests.

pub mod clocks;
pub(crate) mod files;
pub(crate) mod lookup;
pub(crate) mod polling;
pub mod process;
pub mod random;
pub mod stdio;
pub mod terminal;
