//! How a run ended.

use crate::{
    capability::{process::exit::Exit, stdio::sink::OutputClosed},
    guest::NoProgram,
    names::Names,
};
use eryx_base::{errors::chain, escape::escape_short, exit_status};
use eryx_image::Image;
use std::fmt;
use wasmtime::WasmBacktrace;

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// How it ended.
    pub ending: Ending,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// The program ended by itself, with this exit status.
    Exited(i32),
    /// The sandbox was stopped because the program broke it.
    Trapped(Trap),
    /// Nobody reads the program's output any more.
    OutputClosed,
    /// Its time was over.
    TimeLimit,
}

/// How many characters of the host's reason for refusing a call are kept.
const MAX_REASON: usize = 400;

/// The exit status of a process that ends by SIGPIPE, as a shell counts it.
const BROKEN_PIPE: i32 = 128 + 13;

impl Outcome {
    /// The outcome of a program that ended by itself.
    pub fn exited(status: i32) -> Self {
        Self::from(Ending::Exited(status))
    }

    /// The exit status that a process ending this way has: the program's own, and those of
    /// [`eryx_base::exit_status`].
    pub fn status(&self) -> i32 {
        match &self.ending {
            Ending::Exited(status) => *status,
            Ending::Trapped(_) => i32::from(exit_status::TRAP),
            Ending::OutputClosed => BROKEN_PIPE,
            Ending::TimeLimit => i32::from(exit_status::TIME_LIMIT),
        }
    }
}

impl From<Ending> for Outcome {
    fn from(ending: Ending) -> Self {
        Self { ending }
    }
}

/// What an error that ended a call into a guest says about its program. Frames of a trap get the names
/// that `image` has for them.
///
/// # Errors
/// The error itself, when no program can cause it: the image has no program to call.
pub fn outcome_of(error: wasmtime::Error, image: Option<&Image>) -> wasmtime::Result<Outcome> {
    if let Some(status) = exit_status_of(&error) {
        return Ok(Outcome::exited(status));
    }
    if error.downcast_ref::<OutputClosed>().is_some() {
        return Ok(Outcome::from(Ending::OutputClosed));
    }
    match error.downcast_ref::<wasmtime::Trap>() {
        Some(wasmtime::Trap::Interrupt) => Ok(Outcome::from(Ending::TimeLimit)),
        Some(trap) => Ok(Outcome::from(Ending::Trapped(trap_of(
            *trap, &error, image,
        )))),
        None if error.is::<NoProgram>() => Err(error),
        None if error.is::<wasmtime::ThrownException>() => {
            Ok(Outcome::from(Ending::Trapped(uncaught(&error, image))))
        }
        None if error.is::<wasmtime::GcHeapOutOfMemory<()>>() => {
            Ok(Outcome::from(Ending::Trapped(no_room(&error, image))))
        }
        // A call that the host answers with neither a value nor an error code: its arguments are at
        // fault, for instance text that is not UTF-8 or a handle that is not the guest's.
        None => Ok(Outcome::from(Ending::Trapped(refused_call(&error, image)))),
    }
}

/// The status with which the guest ended itself, when that is why a call into it failed.
pub fn exit_status_of(error: &wasmtime::Error) -> Option<i32> {
    let own = error.downcast_ref::<Exit>().map(|exit| exit.0);
    own.or_else(|| {
        error
            .downcast_ref::<wasmtime_wasi::I32Exit>()
            .map(|exit| exit.0)
    })
}

/// A trap, and where it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trap {
    kind: TrapKind,
    message: String,
    frames: Vec<String>,
}

impl Trap {
    /// What stopped the sandbox.
    pub fn kind(&self) -> TrapKind {
        self.kind
    }

    /// The functions that were running, the innermost first, as `library::function`. Empty unless
    /// [`crate::engine::Diagnostics::backtrace`] asks for them. Names are those that the image has, and may
    /// hold any characters.
    pub fn frames(&self) -> &[String] {
        &self.frames
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// What stopped a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrapKind {
    /// Recursion went deeper than the stack that a sandbox has.
    StackOverflow,
    /// The interpreter gave up, as on a fatal error or when it had no memory for what it cannot do without.
    Aborted,
    /// Native code touched memory that is not there.
    MemoryAccess,
    /// The program called the host in a way that the host does not take.
    HostCall,
    /// Native code threw an exception that nothing caught, such as one of C++.
    Exception,
    /// Any other trap.
    Other,
}

fn trap_of(trap: wasmtime::Trap, error: &wasmtime::Error, image: Option<&Image>) -> Trap {
    let (kind, message) = match trap {
        wasmtime::Trap::StackOverflow => (
            TrapKind::StackOverflow,
            "the program's recursion went deeper than a sandbox's stack".to_owned(),
        ),
        wasmtime::Trap::UnreachableCodeReached => (
            TrapKind::Aborted,
            "the interpreter aborted, as it does on a fatal error or when memory ran out"
                .to_owned(),
        ),
        wasmtime::Trap::MemoryOutOfBounds | wasmtime::Trap::HeapMisaligned => (
            TrapKind::MemoryAccess,
            "native code in the sandbox touched memory that is not there".to_owned(),
        ),
        other => (TrapKind::Other, other.to_string()),
    };
    Trap {
        kind,
        message,
        frames: frames_of(error, image),
    }
}

fn uncaught(error: &wasmtime::Error, image: Option<&Image>) -> Trap {
    Trap {
        kind: TrapKind::Exception,
        message:
            "native code in the sandbox threw an exception that nothing caught, such as one of C++"
                .to_owned(),
        frames: frames_of(error, image),
    }
}

fn no_room(error: &wasmtime::Error, image: Option<&Image>) -> Trap {
    Trap {
        kind: TrapKind::Other,
        message: "there was no memory for an exception that native code in the sandbox threw"
            .to_owned(),
        frames: frames_of(error, image),
    }
}

fn refused_call(error: &wasmtime::Error, image: Option<&Image>) -> Trap {
    let reason = chain(error.as_ref());
    Trap {
        kind: TrapKind::HostCall,
        message: format!(
            "the program called the host in a way that it does not take: {}",
            escape_short(&reason, MAX_REASON)
        ),
        frames: frames_of(error, image),
    }
}

fn frames_of(error: &wasmtime::Error, image: Option<&Image>) -> Vec<String> {
    let frames = error.downcast_ref::<WasmBacktrace>();
    let frames = frames.map(WasmBacktrace::frames).unwrap_or_default();
    let mut names = Names::of(image);
    frames.iter().map(|frame| names.name(frame)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(error: impl std::error::Error + Send + Sync + 'static) -> Outcome {
        outcome_of(wasmtime::Error::new(error), None).unwrap()
    }

    #[test]
    fn errors_of_calls_are_outcomes() {
        for (found, ending, status) in [
            (outcome(Exit(3)), Ending::Exited(3), 3),
            (outcome(OutputClosed), Ending::OutputClosed, 141),
            (outcome(wasmtime::Trap::Interrupt), Ending::TimeLimit, 124),
        ] {
            assert_eq!(found.ending, ending);
            assert_eq!(found.status(), status);
        }
        let missing = wasmtime::Error::new(NoProgram("it has none".to_owned()));
        assert!(outcome_of(missing, None).is_err());
    }

    #[test]
    fn a_call_that_the_host_refuses_is_the_programs_fault() {
        let found = outcome(std::io::Error::other("handle\u{1b} 7 is unknown"));
        assert_eq!(found.status(), 126);
        let Ending::Trapped(trap) = found.ending else {
            panic!("{found:?}");
        };
        assert_eq!(trap.kind(), TrapKind::HostCall);
        assert!(
            trap.to_string().ends_with("handle\\u{1b} 7 is unknown"),
            "{trap}"
        );
    }

    #[test]
    fn traps_have_a_kind_and_a_sentence() {
        for (trap, kind) in [
            (wasmtime::Trap::StackOverflow, TrapKind::StackOverflow),
            (wasmtime::Trap::UnreachableCodeReached, TrapKind::Aborted),
            (wasmtime::Trap::MemoryOutOfBounds, TrapKind::MemoryAccess),
            (wasmtime::Trap::IntegerDivisionByZero, TrapKind::Other),
        ] {
            let found = outcome(trap);
            assert_eq!(found.status(), 126);
            let Ending::Trapped(trap) = found.ending else {
                panic!("{found:?}");
            };
            assert_eq!(trap.kind(), kind);
            assert!(trap.frames().is_empty() && !trap.to_string().is_empty());
        }
    }
}
