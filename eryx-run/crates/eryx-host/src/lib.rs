//! The sandbox: a loaded image, and programs that run in it, each in an instance of its own.
//!
//! This module joins the machine code of an image, its file tree and a [`Policy`]; it knows nothing of
//! command lines, and no compiler. The toolchain uses the same [`State`] and [`linker`] when it
//! prepares a snapshot, so that what was baked is what runs.
//!
//! ```no_run
//! use eryx_host::{Program, Sandbox, Streams, policy::Policy};
//! use eryx_image::Image;
//!
//! let image = Image::open("image.cwasm")?;
//! let sandbox = Sandbox::load(&image)?;
//! let (streams, output) = Streams::captured(b"");
//! let ending = sandbox.run(Program::command("print(6 * 7)"), &[], &Policy::default(), streams)?;
//! assert_eq!(ending.status(), 0);
//! assert_eq!(output.stdout(), b"42\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod capability;
mod config;
pub mod engine;
pub mod files;
mod linker;
mod memory;
mod names;
mod outcome;
pub mod policy;
mod program;
mod sandbox;
mod state;

pub use capability::{
    clocks::types::Clocks,
    process::{importing::ImportListener, interrupt::Interrupt},
    random::types::Random,
    stdio::{
        sink::OutputSink,
        streams::{CapturedOutput, Input, Streams},
    },
    terminal::lines::{Line, LineReader},
};
pub use config::HostConfig;
pub use linker::linker;
pub use memory::{MemoryLimit, MemoryTooSmall};
pub use outcome::{Ending, Trap, Trapped, exit_status};
pub use policy::Policy;
pub use program::{Manner, Program};
pub use sandbox::{Running, Sandbox, SandboxError, block_on, call_run};
pub use state::State;
