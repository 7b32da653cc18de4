//! Failures of the binaries: a sentence and an exit status.

use crate::{image::ImageError, policy::PolicyError, sandbox::SandboxError};
use std::{
    error::Error,
    io::{ErrorKind, Write},
    process::ExitCode,
};

/// Wrong usage.
const USAGE: u8 = 2;
/// What could not be compared, as with diff(1).
const TROUBLE: u8 = 2;
/// The loader failed.
const LOADER: u8 = 125;

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    message: String,
    status: u8,
}

impl Failure {
    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure {
            message: message.into(),
            status: USAGE,
        }
    }

    /// The loader failed.
    pub fn loader(message: impl Into<String>) -> Failure {
        Failure {
            message: message.into(),
            status: LOADER,
        }
    }

    /// The loader failed, for the reason that an error and its causes give.
    pub fn from_error(error: &dyn Error) -> Failure {
        Failure::loader(chain(error))
    }

    /// Two things could not be compared, for the reason that an error and its causes give.
    pub fn trouble(error: &dyn Error) -> Failure {
        Failure {
            message: chain(error),
            status: TROUBLE,
        }
    }

    /// Says it on standard error, and returns the exit status.
    pub fn report(&self) -> ExitCode {
        // When standard error is gone there is nobody left to tell.
        let _ = writeln!(std::io::stderr(), "eryx: {}", self.message);
        ExitCode::from(self.status)
    }
}

/// An error and what caused it, in one line. Causes that the error itself tells are not repeated.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

/// Whether an error says that nobody reads the output.
pub fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
        {
            return true;
        }
        cause = error.source();
    }
    false
}

impl From<ImageError> for Failure {
    fn from(error: ImageError) -> Failure {
        Failure::from_error(&error)
    }
}

impl From<SandboxError> for Failure {
    fn from(error: SandboxError) -> Failure {
        Failure::from_error(&error)
    }
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Failure {
        Failure::usage(chain(&error))
    }
}
