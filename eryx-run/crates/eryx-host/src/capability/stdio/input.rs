//! Where a program's input comes from.

/// Where a program's input comes from.
pub enum Input {
    /// The standard input of this process.
    Inherit,
    /// These bytes, and then the end.
    Bytes(Vec<u8>),
}
