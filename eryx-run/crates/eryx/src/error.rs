//! What the host does wrong.

use eryx_host::SandboxError;
use std::fmt;

/// Why a sandbox could not be loaded, or a run could not be started. What a program does wrong is an
/// [`Outcome`](crate::Outcome) instead.
#[derive(Debug)]
pub struct Error {
    source: Box<SandboxError>,
}

/// What an [`Error`] is about, for programs to decide by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The image is not one for this version of eryx, or its machine code is damaged.
    Image,
    /// A mount or the working directory is not there, or two mounts are at one path.
    Files,
    /// The image needs more memory than the policy allows.
    MemoryTooSmall,
    /// As many sandboxes exist as the pool has room for: one more can start when one has ended.
    PoolFull,
    /// This machine or process lacks what a sandbox needs: addresses, random data.
    Host,
    /// The sandbox failed in a way that no program and no policy can cause.
    Internal,
}

impl Error {
    /// What it is about.
    pub fn kind(&self) -> ErrorKind {
        match &*self.source {
            SandboxError::Image(_) | SandboxError::Code { .. } => ErrorKind::Image,
            SandboxError::Files(_) => ErrorKind::Files,
            SandboxError::Memory(_) => ErrorKind::MemoryTooSmall,
            SandboxError::Full(_) => ErrorKind::PoolFull,
            SandboxError::Engine(_) | SandboxError::PerfMap { .. } | SandboxError::Random(_) => {
                ErrorKind::Host
            }
            SandboxError::Start(_) | SandboxError::Failed(_) => ErrorKind::Internal,
        }
    }

    pub(crate) fn new(source: SandboxError) -> Self {
        let source = Box::new(source);
        Self { source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(formatter)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&*self.source)
    }
}
