//! Failures of the binaries: a sentence and an exit status.

use eryx_base::{
    errors::chain,
    escape::escape,
    excerpt::{MESSAGE, excerpt},
    exit_status::{LOADER, USAGE},
};

use super::{message::say, mount::MountOptionError, quantity::QuantityError};
use eryx::ImageError;
use std::{error::Error, process::ExitCode};

/// Why a command failed.
#[derive(Debug)]
pub(super) struct Failure {
    message: String,
    status: u8,
}

impl Failure {
    /// Wrong usage.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            status: USAGE,
        }
    }

    /// The loader failed.
    pub(super) fn loader(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            status: LOADER,
        }
    }

    /// The loader failed, for the reason that an error and its causes give.
    pub(super) fn from_error(error: &dyn Error) -> Self {
        Self::loader(chain(error))
    }

    /// Two things could not be compared, for the reason that an error and its causes give.
    pub(super) fn trouble(error: &dyn Error) -> Self {
        Self {
            message: chain(error),
            status: USAGE,
        }
    }

    /// Says it on standard error, and returns the exit status.
    pub(super) fn report(&self) -> ExitCode {
        // Arguments, paths and what the host says of them may hold anything.
        say(format!(
            "eryx: {}\n",
            escape(&excerpt(&self.message, MESSAGE))
        ));
        ExitCode::from(self.status)
    }
}

impl From<ImageError> for Failure {
    fn from(error: ImageError) -> Self {
        Self::from_error(&error)
    }
}

impl From<eryx::Error> for Failure {
    fn from(error: eryx::Error) -> Self {
        Self::from_error(&error)
    }
}

impl From<MountOptionError> for Failure {
    fn from(error: MountOptionError) -> Self {
        Self::usage(chain(&error))
    }
}

impl From<QuantityError> for Failure {
    fn from(error: QuantityError) -> Self {
        Self::usage(chain(&error))
    }
}
