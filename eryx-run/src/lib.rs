//! The loader of eryx images: opens an `image.cwasm` and runs Python programs in its sandbox.
//!
//! An image holds machine code, the heap of an interpreter that has already started and imported what
//! the image was baked with, and a file tree. Loading one maps that file; a run gets an instance of its
//! own, with a file system, an environment and limits that a [`Policy`] describes. There is no compiler
//! in this crate, and no network.
//!
//! ```no_run
//! use eryx_run::{Image, Policy, Program, Sandbox, Streams};
//!
//! let image = Image::open("image.cwasm")?;
//! let sandbox = Sandbox::load(&image)?;
//! let program = Program::command("import sys; print(sys.version_info[:2])");
//! let ending = sandbox.run(program, &[], &Policy::default(), Streams::inherit())?;
//! std::process::exit(ending.status());
//! # #[allow(unreachable_code)]
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The rooms: [`image`] is the file format, [`vfs`] the sandbox's file system, [`policy`] what a run may
//! do, [`sandbox`] joins them with the engine that [`engine`] configures, and [`cli`] is what the
//! binaries `eryx` and `eryx-run` are made of.

pub mod cli;

pub use eryx_host::{
    self as sandbox, Ending, Policy, Program, Sandbox, SandboxError, Streams, engine, policy,
};
pub use eryx_image::{self as image, Image};
pub use eryx_vfs as vfs;
