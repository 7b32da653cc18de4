//! The interpreter that runs at bake time, on the loader's own host code.
//!
//! | module | does |
//! | --- | --- |
//! | [`preinit`] | component → snapshot |
//! | [`bytecode`] | sources → bytecode, in the sandbox |
//! | [`files`] | the files that an interpreter sees |
//! | [`run`] | runs one program, each in an instance of its own |
//! | [`limit`], [`random`] | time limits, and random data that is the same for every bake |
//!
//! Start with [`preinit::Interpreter`]. This crate does not know what is imported and why, nor what
//! becomes of a snapshot.

mod accepts;
pub mod bytecode;
mod error;
pub mod files;
mod instrumented;
pub mod limit;
pub mod preinit;
pub mod random;
pub mod run;

pub use accepts::accepts;
pub use error::PreinitError;
pub use instrumented::Instrumented;
