//! The file system of the sandbox: one tree in which the image, scratch space and mounts meet.
//!
//! Everything that holds files is a [`FileSystem`]: the tree of an image, memory, a directory of the
//! host, devices. A [`Namespace`] mounts them into one tree with `/` at its root, and
//! [`add_to_linker`] serves that tree to the guest as `wasi:filesystem` 0.2. A policy (a quota,
//! copy-on-write, a filter) is one more [`FileSystem`] around another, as [`ReadOnly`] is: neither
//! the namespace nor the guest's side notices.
//!
//! This module must not know what an interpreter is, where an image comes from or what a command
//! line says; it never prints. All that reaches it from the guest is hostile: paths and reads are
//! bounded, what is kept in memory is charged for, and no path leads out of a mount.
//!
//! ```
//! use std::sync::Arc;
//! use eryx_image::TreeBuilder;
//! use eryx_vfs::{
//!     Follow, ImageFileSystem, Namespace, Scratch, ScratchLimits, system_clock,
//! };
//!
//! let mut tree = TreeBuilder::new();
//! tree.add_file("/site-packages/hello.py", "print('hello')")?;
//! let image = ImageFileSystem::new(tree.build()?.into_tree());
//! let scratch = Scratch::new(ScratchLimits::default(), system_clock());
//! let namespace = Namespace::builder()
//!     .mount("/", Arc::new(image))?
//!     .mount("/tmp", Arc::new(scratch))?
//!     .build();
//!
//! let module = namespace.resolve("", "site-packages/hello.py")?;
//! assert_eq!(namespace.metadata(&module, Follow::Yes)?.size, 14);
//! let directory = namespace.resolve("tmp", "new")?;
//! namespace.create_directory(&directory, 0o755)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod device;
mod error;
mod file_system;
mod host;
mod host_mount;
#[cfg(test)]
mod host_tests;
mod image;
mod lock;
mod memory;
mod mix;
mod names;
mod namespace;
mod path;
mod protected;
mod read_only;
mod scratch;
mod size_limit;
mod types;
mod unsafe_mounts;
mod wasi;

pub use device::{Devices, RandomSource};
pub use error::FileError;
pub use file_system::{DirectoryEntries, FileSystem, MAX_READ, OpenFile, Opened};
pub use host::{HostAccess, HostFileSystem};
pub use host_mount::{HostMountError, HostMountOptions};
pub use image::ImageFileSystem;
pub use lock::{ByteRange, LockChange, LockKind};
pub use memory::MemoryFile;
pub use namespace::{Entry, MountError, MountId, Namespace, NamespaceBuilder, Resolved};
pub use path::{MAX_NAME, MAX_PATH, RelativePath};
pub use protected::ProtectedFiles;
pub use read_only::ReadOnly;
pub use scratch::{Scratch, ScratchLimits};
pub use size_limit::check_output;
pub use types::{
    Clock, DirectoryEntry, FileType, Follow, Metadata, OpenOptions, PERMISSION_BITS, Space,
    TimeChange, Timestamp, system_clock,
};
pub use wasi::{FileSystemView, VfsState, add_to_linker};
