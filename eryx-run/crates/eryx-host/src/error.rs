//! Why a sandbox could not be loaded, or a run could not be started.

use crate::{files::FilesError, memory::MemoryTooSmall};
use eryx_image::ImageError;
use std::{io, path::PathBuf};
use wasmtime::PoolConcurrencyLimitError;

/// Why a sandbox could not be loaded, or a run could not be started.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// This machine has no engine.
    #[error("the engine cannot be set up on this machine")]
    Engine(#[source] wasmtime::Error),
    /// The image was baked for an engine with other settings.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The engine refused the machine code.
    #[error("cannot use image `{}`: the engine refuses its machine code; bake it again", path.display())]
    Code {
        /// The image.
        path: PathBuf,
        /// What the engine said.
        source: wasmtime::Error,
    },
    /// The file system of a run could not be set up.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The image needs more memory than the policy allows.
    #[error(transparent)]
    Memory(MemoryTooSmall),
    /// As many sandboxes exist as the pool has room for.
    #[error(
        "as many sandboxes are running as the pool has room for: wait for one to end, or make it larger"
    )]
    Full(#[source] wasmtime::Error),
    /// The names of functions could not be written for `perf`.
    #[error("cannot write the names of functions for perf to `{}`", path.display())]
    PerfMap {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// This process has no source of random numbers, which every sandbox needs.
    #[error(
        "there is no source of random numbers: a loader that is linked statically needs `/dev/random` and `/dev/urandom`"
    )]
    Random(#[source] getrandom::Error),
    /// An instance could not be made.
    #[error("the sandbox could not be started")]
    Start(#[source] wasmtime::Error),
    /// The engine or the guest failed in a way that no program can cause.
    #[error("the sandbox failed")]
    Failed(#[source] wasmtime::Error),
}

impl SandboxError {
    /// Why no instance could be made.
    pub(crate) fn not_started(error: wasmtime::Error) -> Self {
        if error.is::<PoolConcurrencyLimitError>() {
            return Self::Full(error);
        }
        match error.downcast::<MemoryTooSmall>() {
            Ok(too_small) => Self::Memory(too_small),
            Err(error) => Self::Start(error),
        }
    }
}
