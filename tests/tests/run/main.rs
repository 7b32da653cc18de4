//! Running programs: what people see of `eryx-run` and `eryx`.
//!
//! What can be said with one program and its output is a file below `programs/`; here is what takes
//! more than that.

mod arguments;
mod ctypes;
mod damaged;
mod deadlock;
mod dependencies;
mod environment;
mod exit;
mod file_systems;
mod full_pipes;
mod image;
mod input;
mod interrupt;
mod lacking;
mod limits;
mod locale;
mod locks;
mod modes;
mod mounts;
mod output;
mod own_files;
mod prompt;
mod raised_signals;
mod randomness;
mod recursion;
mod signals;
mod sqlite;
mod stdlib;
mod terminal;
mod time_text;
mod usage;
