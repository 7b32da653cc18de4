//! Why a core module is refused, and the look-ups that refuse it.

/// Why a core module cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    /// It is not a valid module.
    #[error("a core module cannot be read")]
    Read(#[from] wasmparser::BinaryReaderError),
    /// It uses something that is not handled.
    #[error("{0}")]
    Unsupported(String),
}

impl ModuleError {
    /// Something that is not handled.
    pub(crate) fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported(what.into())
    }
}

/// The item at an index of the binary format, or an error when a module that was not validated names one
/// that is not there.
///
/// # Errors
/// When the index is out of bounds.
pub(crate) fn at<'a, T>(items: &'a [T], index: u32, what: &str) -> Result<&'a T, ModuleError> {
    usize::try_from(index)
        .ok()
        .and_then(|index| items.get(index))
        .ok_or_else(|| ModuleError::unsupported(format!("there is no {what} {index}")))
}

/// A length as an index of the binary format, which has 32 bits.
///
/// # Errors
/// When it is larger.
pub(crate) fn index(length: usize) -> Result<u32, ModuleError> {
    u32::try_from(length)
        .map_err(|_| ModuleError::unsupported("the module has more than 2³² items of a kind"))
}
