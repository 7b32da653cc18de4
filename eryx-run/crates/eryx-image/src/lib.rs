//! The image file: what it holds, how it is written and how it is opened.
//!
//! One self-contained file carries machine code, the file tree of the sandbox and metadata; the
//! format is specified in `docs/src/reference/image-format.md`. This module reads and writes bytes. It must not
//! know how machine code is run, what a file system is, or how any of the parts were made.
//!
//! ```no_run
//! use eryx_image::{Image, NodeKind};
//!
//! let image = Image::open("image.cwasm")?;
//! for (name, node) in image.tree().entries(image.tree().root()) {
//!     match image.tree().kind(node) {
//!         NodeKind::Directory => println!("{name}/"),
//!         NodeKind::File => println!("{name}: {} bytes", image.tree().len(node)),
//!     }
//! }
//! # Ok::<(), eryx_image::ImageError>(())
//! ```

mod builder;
mod bytes;
mod cpu;
mod elf;
mod entry_point;
mod error;
mod file;
mod file_state;
mod index;
mod interfaces;
mod layout;
mod mapped;
mod metadata;
mod replace;
mod sealed;
mod symbols;
mod tree;
mod verified;
mod verify;
mod write;

#[cfg(test)]
mod corruption_tests;
// Not behind a feature: cargo would compile all that stands on this crate once more for the tests.
#[doc(hidden)]
pub mod fixture;
#[cfg(test)]
mod image_tests;
#[cfg(test)]
mod tree_tests;
#[cfg(test)]
mod write_tests;

pub use builder::{EncodedTree, TreeBuilder, TreeError};
pub use bytes::TreeBytes;
pub use cpu::host_cpu_features;
pub use elf::CodeError;
pub use entry_point::entry_point_value;
pub use error::{Foreign, ImageError, ImageProblem, WriteError};
pub use file::Image;
pub use file_state::FileIdentity;
pub use index::{IndexError, MAX_DEPTH, MAX_NAME, MAX_NODES};
pub use interfaces::missing_interface;
pub use layout::{FORMAT_VERSION, Part, PartPlace, TrailerError};
pub use mapped::{begins_as_image, is_mapped};
pub use metadata::{
    CpuMetadata, EngineMetadata, EntryPointMetadata, InterfaceMetadata, MAX_METADATA, Metadata,
    PackageMetadata, PartMetadata, PreinitMetadata, RuntimeMetadata, SdistMetadata, SizeMetadata,
    SourceMetadata,
};
pub use symbols::Symbol;
pub use tree::{Entries, NodeId, NodeKind, Tree};
pub use verify::VerifyReport;
pub use write::{ImageParts, ImageSummary, check_writable, write};

/// The version of wasmtime that images are baked for and loaded with, to the last digit.
pub const WASMTIME_VERSION: &str = "48.0.8";
