//! The loader of eryx images: the binaries `eryx` and `eryx-run`, and their command lines.
//!
//! Programs that embed sandboxes use the crate `eryx`. Its parts, and the file format, are crates
//! beside it. Start with [`cli`] to change a command or an option.

pub mod cli;
