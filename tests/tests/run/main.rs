//! Running programs: what people see of `eryx-run` and `eryx`.
//!
//! What can be said with one program and its output is a file below `programs/`; here is what takes
//! more than that.

mod arguments;
mod damaged;
mod dependencies;
mod environment;
mod exit;
mod image;
mod input;
mod interrupt;
mod limits;
mod mounts;
mod output;
mod prompt;
mod randomness;
mod recursion;
mod sqlite;
mod stdlib;
mod terminal;
mod usage;
