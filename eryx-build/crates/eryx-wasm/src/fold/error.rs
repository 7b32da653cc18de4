//! Why a snapshot is not folded.

use crate::core_module::ModuleError;

/// Why a snapshot cannot be folded. It works as it is.
#[derive(Debug, thiserror::Error)]
pub enum FoldError {
    /// It cannot be read.
    #[error("the snapshot cannot be read")]
    Read(#[source] wasmparser::BinaryReaderError),
    /// Its core module cannot be read or written.
    #[error(transparent)]
    Module(#[from] ModuleError),
    /// It was not fused.
    #[error("the snapshot has {0} core modules with a memory, and only one is folded")]
    Memories(usize),
    /// The result is not valid, which is a fault of this stage.
    #[error("the folded snapshot is not valid")]
    Invalid(#[source] wasmparser::BinaryReaderError),
}
