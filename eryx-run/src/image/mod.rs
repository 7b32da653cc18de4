//! The image file: what it holds, how it is written and how it is opened.
//!
//! One self-contained file carries machine code, the file tree of the sandbox and metadata; the
//! format is specified in `docs/image-format.md`. This room reads and writes bytes. It must not
//! know how machine code is run, what a file system is, or how any of the parts were made.

mod builder;
mod bytes;
mod index;
mod tree;
#[cfg(test)]
mod tree_tests;

pub use builder::{EncodedTree, TreeBuilder, TreeError};
pub use bytes::TreeBytes;
pub use index::{IndexError, MAX_DEPTH, MAX_NAME, MAX_NODES};
pub use tree::{Entries, NodeId, NodeKind, Tree};
