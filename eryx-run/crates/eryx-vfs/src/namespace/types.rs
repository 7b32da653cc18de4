//! A namespace, the paths in it, and what opening one gave.

use std::borrow::Cow;
use std::sync::Arc;

use super::ending::Ending;
use super::mounts::{MountId, Mounts};
use crate::file_system::OpenFile;
use crate::types::Follow;

/// What opening a path of the namespace gave.
pub enum Entry {
    /// A file, and the mount that it is on.
    File(Arc<dyn OpenFile>, MountId),
    /// A directory, and the path at which it was found.
    Directory(String),
}

/// One tree of files with `/` at its root.
///
/// Operations take paths that [`Namespace::resolve`] made; they behave like the POSIX calls of
/// their names and fail with the same errors.
///
/// ```
/// use std::sync::Arc;
/// use eryx_vfs::{Follow, Namespace, Scratch, ScratchLimits, system_clock};
///
/// let scratch = Scratch::new(ScratchLimits::default(), system_clock());
/// let namespace = Namespace::builder()
///     .mount("/tmp", Arc::new(scratch))?
///     .mount_file("/work/script.py", "print(1)")?
///     .build();
/// let script = namespace.resolve("tmp", "../work/script.py")?;
/// assert_eq!(namespace.metadata(&script, Follow::Yes)?.size, 8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Namespace {
    pub(super) mounts: Mounts,
}

/// A path from the root of the namespace, as [`Namespace::resolve`] makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved<'a> {
    pub(super) path: Cow<'a, str>,
    pub(super) ending: Ending,
}

impl Resolved<'_> {
    /// The path without its first slash; the root is empty.
    pub fn as_str(&self) -> &str {
        &self.path
    }

    /// The path of a directory that was opened before.
    pub(crate) fn directory(path: &str) -> Resolved<'_> {
        Resolved::ending_in(path, Ending::Name)
    }

    pub(super) fn ending_in(path: &str, ending: Ending) -> Resolved<'_> {
        Resolved {
            path: Cow::Borrowed(path),
            ending,
        }
    }

    /// Whether it ended in a slash or a dot, so that POSIX wants a directory there.
    pub(super) fn must_be_directory(&self) -> bool {
        match self.ending {
            Ending::Slash | Ending::Dot | Ending::DotDot => true,
            Ending::Name => false,
            Ending::TooLong { slash } => slash,
        }
    }

    /// Whether a link at its end is followed.
    pub(super) fn follow(&self, follow: Follow) -> Follow {
        if self.must_be_directory() {
            Follow::Yes
        } else {
            follow
        }
    }

    pub(super) fn is_too_long(&self) -> bool {
        matches!(self.ending, Ending::TooLong { .. })
    }
}
