//! How a run ends.

use crate::{capability::process::exit::Exit, names::Names};
use eryx_image::Image;
use std::fmt;
use wasmtime::WasmBacktrace;

/// The end of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The program ended by itself, with this exit status.
    Exited(i32),
    /// The sandbox was stopped because the program broke it.
    Trapped(Trapped),
    /// Nobody reads the program's output any more.
    OutputClosed,
}

impl Ending {
    /// The exit status that a process ending this way has: the program's own, 126 after a trap, and 141
    /// (128 + SIGPIPE) when nobody reads the output.
    pub fn status(&self) -> i32 {
        match self {
            Ending::Exited(status) => *status,
            Ending::Trapped(_) => 126,
            Ending::OutputClosed => 141,
        }
    }
}

/// The status with which the guest ended itself, when that is why a call into it failed.
pub fn exit_status(error: &wasmtime::Error) -> Option<i32> {
    let own = error.downcast_ref::<Exit>().map(|exit| exit.0);
    own.or_else(|| {
        error
            .downcast_ref::<wasmtime_wasi::I32Exit>()
            .map(|exit| exit.0)
    })
}

/// A trap, and where it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trapped {
    /// What stopped the sandbox.
    pub trap: Trap,
    /// The functions that were running, the innermost first, as `library::function`. Empty unless
    /// [`crate::engine::Diagnostics::backtrace`] asks for them. Names are those that the image has, and may
    /// hold any characters.
    pub frames: Vec<String>,
}

impl Trapped {
    /// What an engine's error says about code of `image`, when it is a trap.
    pub(crate) fn of(error: &wasmtime::Error, image: &Image) -> Option<Trapped> {
        let trap = *error.downcast_ref::<wasmtime::Trap>()?;
        let frames = error.downcast_ref::<WasmBacktrace>();
        let frames = frames.map(WasmBacktrace::frames).unwrap_or_default();
        let mut names = Names::of(image);
        Some(Trapped {
            trap: trap.into(),
            frames: frames.iter().map(|frame| names.name(frame)).collect(),
        })
    }
}

/// What stopped a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trap {
    /// Recursion went deeper than the stack that a sandbox has.
    StackOverflow,
    /// The interpreter gave up, as on a fatal error or when it had no memory for what it can't do without.
    Aborted,
    /// Native code touched memory that is not there.
    MemoryAccess,
    /// Any other trap of the engine.
    Other(wasmtime::Trap),
}

impl From<wasmtime::Trap> for Trap {
    fn from(trap: wasmtime::Trap) -> Trap {
        match trap {
            wasmtime::Trap::StackOverflow => Trap::StackOverflow,
            wasmtime::Trap::UnreachableCodeReached => Trap::Aborted,
            wasmtime::Trap::MemoryOutOfBounds | wasmtime::Trap::HeapMisaligned => {
                Trap::MemoryAccess
            }
            other => Trap::Other(other),
        }
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trap::StackOverflow => {
                formatter.write_str("the program's recursion went deeper than a sandbox's stack")
            }
            Trap::Aborted => formatter.write_str(
                "the interpreter aborted, as it does on a fatal error or when memory ran out",
            ),
            Trap::MemoryAccess => {
                formatter.write_str("native code in the sandbox touched memory that is not there")
            }
            Trap::Other(trap) => write!(formatter, "{trap}"),
        }
    }
}
