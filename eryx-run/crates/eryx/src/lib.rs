//! Runs Python programs in sandbox images: the library that programs embed.
//!
//! An image holds machine code, the heap of an interpreter that has already started and imported what
//! the image was baked with, and a file tree. Loading one maps that file; each run gets an instance of
//! its own, with the files, environment and limits that a [`Policy`] describes. A policy starts with
//! nothing: the program computes and prints. There is no compiler here, and no network.
//!
//! The nouns, in the order of use: [`Image`], [`Sandbox`], [`Policy`] with its [`Mount`]s, [`Program`],
//! [`Streams`], [`Outcome`]. What the program does wrong is an outcome; what the host does wrong is an
//! [`Error`] with a stable [`kind`](Error::kind).
//!
//! Runs are futures that need no particular runtime. [`blocking`] has the same for programs without
//! one. `examples/run.rs` is a whole program:
//!
//! ```no_run
#![doc = include_str!("../examples/run.rs")]
//! ```
//!
//! The engine that runs machine code is private to this project: no type of it is in this interface.

pub mod blocking;
mod error;
mod sandbox;

pub use error::{Error, ErrorKind};
pub use eryx_base::{SandboxPath, SandboxPathError};
pub use eryx_host::{
    CapturedOutput, Ending, Input, Interrupt, Line, LineReader, Outcome, OutputSink, Program,
    RunFlags, Streams, Trap, TrapKind,
    engine::{Diagnostics, EngineOptions, Pool},
    policy::{Access, Mount, MountError, Policy, SCRATCH_BYTES, ScriptFile, WORKING_DIRECTORY},
};
pub use eryx_image::{Image, ImageError};
pub use sandbox::{Running, Sandbox};

/// The page of the book on embedding, the examples of which are compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../../docs/src/guide/embedding.md")]
struct Book;
