//! The sandbox: a loaded image, and programs that run in it, each in an instance of its own.
//!
//! This room joins the machine code of an image, its file tree and a [`Policy`]; it knows nothing of
//! command lines, and no compiler. The toolchain uses the same [`State`] and [`linker`] when it
//! prepares a snapshot, so that what was baked is what runs.
//!
//! ```no_run
//! use eryx_run::{Image, Policy, Program, Sandbox, Streams};
//!
//! let image = Image::open("image.cwasm")?;
//! let sandbox = Sandbox::load(&image)?;
//! let (streams, output) = Streams::captured(b"");
//! let ending = sandbox.run(Program::command("print(6 * 7)"), &[], &Policy::default(), streams)?;
//! assert_eq!(ending.status(), 0);
//! assert_eq!(output.stdout(), b"42\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod clocks;
mod ending;
pub mod files;
mod host;
mod interrupt;
mod lines;
mod load;
mod memory;
mod names;
mod program;
mod state;
mod streams;

pub use clocks::Clocks;
pub use ending::{Ending, Trap, Trapped, exit_status};
pub use interrupt::Interrupt;
pub use lines::{Line, LineReader};
pub use load::{Running, Sandbox, SandboxError, block_on, call_run};
pub use memory::{MemoryLimit, MemoryTooSmall};
pub use program::{Manner, Program};
pub use state::{ImportListener, State, StateOptions, linker};
pub use streams::{CapturedOutput, Input, OutputSink, Streams};

pub use crate::policy::Policy;
