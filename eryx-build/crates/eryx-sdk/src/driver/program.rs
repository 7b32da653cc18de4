//! The programs that the driver stands for, and how it is set.

/// Which program is stood for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// A compiler of C.
    C,
    /// A compiler of C++.
    Cxx,
    /// A linker.
    Linker,
    /// The linker that `rustc` calls.
    RustLinker,
    /// `ar`.
    Archiver,
    /// `ranlib`.
    Indexer,
}

/// What C++ exceptions come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Exceptions {
    /// They are thrown and caught, as everywhere.
    #[default]
    Throw,
    /// Code with `throw` and `try` is refused.
    Refuse,
    /// Throwing ends the program.
    Abort,
}
