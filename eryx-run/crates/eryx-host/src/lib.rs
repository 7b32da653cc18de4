//! Internal: the host's side of a sandbox. Programs that embed sandboxes use the crate `eryx`.
//!
//! This crate joins the machine code of an image, its file tree and a [`Policy`]; it knows no command
//! line, and no compiler. The toolchain uses the same [`HostConfig`], [`State`] and [`linker()`] when it
//! prepares a snapshot, so that what was baked is what runs. Start with [`Sandbox`] for a run, with
//! [`linker()`] for what a guest may import, and with [`capability`] for the host's functions.
//!
//! ```no_run
//! use eryx_host::{Program, Sandbox, Streams, block_on, policy::Policy};
//! use eryx_image::Image;
//!
//! let image = Image::open("image.cwasm")?;
//! let sandbox = Sandbox::load(&image)?;
//! let (streams, output) = Streams::captured(b"");
//! let policy = Policy::default();
//! let outcome = block_on(sandbox.run(Program::command("print(6 * 7)"), &[], &policy, streams))?;
//! assert_eq!(outcome.status(), 0);
//! assert_eq!(output.stdout(), b"42\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod capability;
mod config;
pub mod engine;
mod error;
mod executor;
pub mod files;
mod guest;
pub mod interface;
mod linker;
mod memory;
mod names;
mod outcome;
pub mod policy;
mod program;
mod sandbox;
mod state;
mod streams;

pub use capability::{
    clocks::types::Clocks,
    process::{importing::ImportListener, interrupt::Interrupt},
    random::types::Random,
    stdio::{input::Input, sink::OutputSink},
    terminal::lines::{Line, LineReader},
};
pub use config::HostConfig;
pub use error::SandboxError;
pub use executor::block_on;
pub use files::FilesError;
pub use guest::call_run;
pub use linker::linker;
pub use memory::{MemoryLimit, MemoryTooSmall};
pub use outcome::{Ending, Outcome, Trap, TrapKind, exit_status_of, outcome_of};
pub use policy::Policy;
pub use program::{Program, RunFlags};
pub use sandbox::{Running, Sandbox};
pub use state::State;
pub use streams::{CapturedOutput, Streams};
