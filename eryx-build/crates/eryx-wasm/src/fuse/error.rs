//! Why a component is not fused.

use crate::core_module::ModuleError;

/// Why a component cannot be fused. It works as it is.
#[derive(Debug, thiserror::Error)]
pub enum FuseError {
    /// It cannot be read.
    #[error("the linked component cannot be read")]
    Read(#[source] wasmparser::BinaryReaderError),
    /// A core module cannot be read or merged.
    #[error(transparent)]
    Module(#[from] ModuleError),
    /// What is assumed of the linker's output does not hold.
    #[error("it is not so that {0}")]
    Assumption(String),
    /// A function of the base is to be replaced, and cannot be.
    #[error("{by} cannot be used in the place of {function} of {library}: {reason}")]
    Override {
        /// The base library.
        library: String,
        /// The function that should be replaced.
        function: String,
        /// The guest's function.
        by: String,
        /// What is in the way.
        reason: &'static str,
    },
    /// A part of a base library should be of no more use, and is not so.
    #[error("{first} to {last} of {library} cannot be left out: {reason}")]
    Retired {
        /// The base library.
        library: String,
        /// The part's first function.
        first: String,
        /// Its last one.
        last: String,
        /// What is in the way.
        reason: String,
    },
    /// A library of a package brings a function by which the host would get memory.
    #[error(
        "the library {0} has its own `cabi_realloc`, and one core module can have only one: that of the \
         runtime"
    )]
    Realloc(String),
    /// The fused module cannot be made a component.
    #[error("the fused module cannot be made a component: {0:#}")]
    Encode(#[source] anyhow::Error),
}

impl FuseError {
    pub(super) fn assumption(what: impl Into<String>) -> Self {
        Self::Assumption(what.into())
    }
}

/// Fails with the sentence unless it holds.
pub(super) fn assumed(holds: bool, sentence: &str) -> Result<(), FuseError> {
    if holds {
        Ok(())
    } else {
        Err(FuseError::assumption(sentence))
    }
}
