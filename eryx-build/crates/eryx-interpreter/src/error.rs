//! Why an interpreter could not be prepared.

use eryx_cache::CacheError;

/// Why no snapshot was made.
#[derive(Debug, thiserror::Error)]
pub enum PreinitError {
    /// A module could not be imported.
    #[error("the module `{module}` cannot be imported at bake time")]
    Import {
        /// The module that the manifest names.
        module: String,
        /// What Python said, without its middle when it is long.
        traceback: String,
    },
    /// What the `.pth` files of packages ask for failed.
    #[error("a `.pth` file cannot be processed at bake time")]
    PathFile {
        /// What Python said, without its middle when it is long.
        traceback: String,
    },
    /// The script failed.
    #[error("the preinit script failed")]
    Script {
        /// What Python said, without its middle when it is long.
        traceback: String,
    },
    /// The guest ended itself.
    #[error(
        "the preinit script, an import or a `.pth` file ended the interpreter with `os._exit({0})`: a \
         bake needs it to go on"
    )]
    Exited(i32),
    /// It took too long.
    #[error(
        "the preinit script, an import or a `.pth` file did not end within {0} s, and may never end"
    )]
    TimeLimit(u64),
    /// Native code threw what nothing caught.
    #[error(
        "native code threw an exception that nothing caught, such as one of C++, in the preinit script, an \
         import or a `.pth` file: leave its module out of `preinit.imports`, or report it to the author of \
         the package"
    )]
    Exception,
    /// The interpreter could not be started, or it stopped on its own.
    #[error("the sandbox stopped while it was prepared: {0:#}")]
    Trapped(#[source] wasmtime::Error),
    /// The snapshot could not be taken.
    #[error("the snapshot cannot be taken: {0:#}")]
    Snapshot(#[source] wasmtime::Error),
    /// The engine could not be made.
    #[error("the engine cannot compile the component: {0:#}")]
    Engine(#[source] wasmtime::Error),
    /// The machine code could not be kept.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

impl PreinitError {
    /// What Python said, when it was Python that failed.
    pub fn traceback(&self) -> Option<&str> {
        match self {
            Self::Import { traceback, .. }
            | Self::PathFile { traceback }
            | Self::Script { traceback } => Some(traceback),
            _ => None,
        }
    }
}
