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
