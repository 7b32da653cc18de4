//! The stages of a bake, and what is said when one is over.

use std::fmt;
use std::time::Duration;

/// One stage of a bake, in the order in which data goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Manifest → lock.
    Resolve,
    /// Lock → verified files.
    Fetch,
    /// Source distributions → wheels, when there are any.
    Build,
    /// Files → site tree.
    Unpack,
    /// Runtime and native libraries → component.
    Link,
    /// Component → component with one core module.
    Fuse,
    /// Component → snapshot.
    Preinit,
    /// Python sources → bytecode, by the interpreter that makes the snapshot, beside it.
    Bytecode,
    /// Snapshot → smaller snapshot.
    Fold,
    /// Snapshot → machine code.
    Compile,
    /// Machine code and site tree → image.
    Pack,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 11] = [
        Self::Resolve,
        Self::Fetch,
        Self::Build,
        Self::Unpack,
        Self::Link,
        Self::Fuse,
        Self::Preinit,
        Self::Bytecode,
        Self::Fold,
        Self::Compile,
        Self::Pack,
    ];

    /// The stage's name: one lower-case word that does not change between versions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Fetch => "fetch",
            Self::Build => "build",
            Self::Unpack => "unpack",
            Self::Link => "link",
            Self::Fuse => "fuse",
            Self::Preinit => "preinit",
            Self::Fold => "fold",
            Self::Compile => "compile",
            Self::Bytecode => "bytecode",
            Self::Pack => "pack",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `pad` and not `write_str`: columns are aligned with `{:<9}`.
        formatter.pad(self.name())
    }
}

/// What is said about a stage when it is over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageSummary {
    /// How long it took on the wall clock.
    pub elapsed: Duration,
    /// What came out of it, for instance `12 wheels, 3.1 MB`; may be empty.
    pub note: String,
    /// Whether the result came out of the cache.
    pub cached: bool,
}
