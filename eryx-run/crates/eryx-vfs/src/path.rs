//! Paths inside file systems: bounded, normalised text.

use super::error::FileError;
use super::names;

/// The longest path, in bytes: Linux's PATH_MAX.
pub const MAX_PATH: usize = 4096;

/// The longest name of a file, in bytes: Linux's NAME_MAX.
pub const MAX_NAME: usize = 255;

/// A path from the root of a file system: names joined by single slashes, with no slash at either
/// end, no `.` and no `..`. The empty path is the root itself.
///
/// ```
/// use eryx_vfs::RelativePath;
///
/// let path = RelativePath::new("json/__init__.py")?;
/// assert_eq!(path.components().collect::<Vec<_>>(), ["json", "__init__.py"]);
/// assert!(RelativePath::new("json/../secret").is_err());
/// # Ok::<(), eryx_vfs::FileError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelativePath<'a>(&'a str);

impl<'a> RelativePath<'a> {
    /// The root.
    pub const ROOT: RelativePath<'static> = RelativePath("");

    /// Takes text that is normalised already.
    ///
    /// # Errors
    /// [`FileError::Invalid`] when it is not normalised or has a NUL in it, and
    /// [`FileError::NameTooLong`] beyond [`MAX_PATH`] or [`MAX_NAME`].
    pub fn new(text: &'a str) -> Result<Self, FileError> {
        if text.is_empty() {
            return Ok(RelativePath::ROOT);
        }
        check_text(text)?;
        if is_normal(text)? {
            Ok(RelativePath(text))
        } else {
            Err(FileError::Invalid)
        }
    }

    /// Takes a part of a path that was found to be normalised.
    pub(super) fn trusted(text: &'a str) -> Self {
        RelativePath(text)
    }

    /// The text.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Whether this is the root.
    pub fn is_root(self) -> bool {
        self.0.is_empty()
    }

    /// The names from the root on.
    pub fn components(self) -> impl Iterator<Item = &'a str> {
        // Splitting the empty path would give one empty name.
        self.0.split('/').filter(|name| !name.is_empty())
    }

    /// The path of the directory it is in and its own name, or `None` for the root.
    pub fn split_last(self) -> Option<(Self, &'a str)> {
        if self.is_root() {
            return None;
        }
        Some(match self.0.rsplit_once('/') {
            Some((parent, name)) => (RelativePath(parent), name),
            None => (RelativePath::ROOT, self.0),
        })
    }

    /// Whether `other` is this path or a path below it.
    pub fn contains(self, other: RelativePath<'_>) -> bool {
        self.is_root()
            || other
                .0
                .strip_prefix(self.0)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Checks what holds for any path, normalised or not.
pub(super) fn check_text(text: &str) -> Result<(), FileError> {
    if exceeds(text, MAX_PATH) {
        return Err(FileError::NameTooLong);
    }
    if text.as_bytes().contains(&0) {
        return Err(FileError::Invalid);
    }
    Ok(())
}

/// Whether the bytes that `text` means are more than `most`.
pub(super) fn exceeds(text: &str, most: usize) -> bool {
    text.len() > most && names::length(text) > most
}

/// Checks one name.
pub(super) fn check_name(name: &str) -> Result<(), FileError> {
    if exceeds(name, MAX_NAME) {
        return Err(FileError::NameTooLong);
    }
    Ok(())
}

/// Whether a path that is not empty is normalised. Its names are checked on the way.
pub(super) fn is_normal(text: &str) -> Result<bool, FileError> {
    for name in text.split('/') {
        if matches!(name, "" | "." | "..") {
            return Ok(false);
        }
        check_name(name)?;
    }
    Ok(true)
}

/// Takes the last name off a normalised path.
pub(super) fn pop(path: &mut String) {
    let length = path.rfind('/').unwrap_or(0);
    path.truncate(length);
}

/// Adds a name to a normalised path.
pub(super) fn push(path: &mut String, name: &str) -> Result<(), FileError> {
    check_name(name)?;
    if path.len() + 1 + name.len() > MAX_PATH
        && names::length(path) + 1 + names::length(name) > MAX_PATH
    {
        return Err(FileError::NameTooLong);
    }
    if !path.is_empty() {
        path.push('/');
    }
    path.push_str(name);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_normalised_text_is_a_path() {
        for bad in ["/", "/a", "a/", "a//b", ".", "a/.", "..", "a/../b", "a\0"] {
            let error = RelativePath::new(bad).unwrap_err();
            assert!(matches!(error, FileError::Invalid), "{bad:?}: {error}");
        }
        for good in ["", "a", "a/b", "...", "a b/\u{e9}", "a\\b"] {
            assert_eq!(RelativePath::new(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn lengths_are_bounded() {
        let name = "n".repeat(MAX_NAME);
        assert!(RelativePath::new(&name).is_ok());
        let longer = format!("{name}n");
        let error = RelativePath::new(&longer).unwrap_err();
        assert!(matches!(error, FileError::NameTooLong));
        let deep = "d/".repeat(MAX_PATH / 2) + "d";
        let error = RelativePath::new(&deep).unwrap_err();
        assert!(matches!(error, FileError::NameTooLong));
    }

    #[test]
    fn splitting_and_containing() {
        let path = RelativePath::new("a/b/c").unwrap();
        let (parent, name) = path.split_last().unwrap();
        assert_eq!((parent.as_str(), name), ("a/b", "c"));
        assert!(parent.contains(path) && !path.contains(parent));
        assert!(
            !RelativePath::new("a/b")
                .unwrap()
                .contains(RelativePath::new("a/bc").unwrap())
        );
        assert!(RelativePath::ROOT.contains(path));
        assert_eq!(RelativePath::ROOT.components().count(), 0);
        assert!(RelativePath::ROOT.split_last().is_none());
    }
}
