//! What every part of eryx uses, and nothing that one part alone needs.
//!
//! | module | |
//! | --- | --- |
//! | [`digest`] | the one SHA-256 type |
//! | [`escape`] | makes text of unknown origin safe to show |
//! | [`excerpt`] | the beginning and the end of a text of any length |
//! | [`errors`] | an error and its causes in one line |
//! | [`json`] | JSON that is safe to show |
//! | [`regular_file`] | files that somebody else names, opened without waiting |
//! | [`SandboxPath`] | a path in a sandbox that needs no further check |
//! | [`size`] | numbers of bytes, as people read and write them |
//! | [`variables`] | every environment variable that eryx reads |
//! | [`exit_status`] | every exit status of the command line |
//!
//! This crate knows no image, manifest or engine.
//!
//! ```
//! use eryx_base::{Digest, escape::escape};
//!
//! assert_eq!(escape("six\u{1b}[2J"), r"six\u{1b}[2J");
//! assert!(Digest::of(b"").to_string().starts_with("e3b0c442"));
//! ```

mod cache_directory;
pub mod digest;
pub mod errors;
pub mod escape;
pub mod excerpt;
pub mod exit_status;
pub mod json;
pub mod regular_file;
mod sandbox_path;
pub mod size;
pub mod variables;

pub use cache_directory::cache_directory;
pub use digest::Digest;
pub use sandbox_path::{MAX_NAME, MAX_PATH, SandboxPath, SandboxPathError, SandboxPathFault};
