//! Paths in a sandbox: absolute, and in their one form.

use crate::escape::escape;
use std::{error::Error, fmt};

/// The longest sandbox path, in bytes: Linux's PATH_MAX.
pub const MAX_PATH: usize = 4096;

/// The longest name between two slashes, in bytes: Linux's NAME_MAX.
pub const MAX_NAME: usize = 255;

/// A path in a sandbox: absolute, without `.`, `..`, empty names and NUL, of bounded length. What
/// has this type needs no further check.
///
/// ```
/// use eryx_base::SandboxPath;
///
/// let path = SandboxPath::new("/data/in.csv")?;
/// assert!(path.is_within("/data"));
/// assert!(SandboxPath::new("/data/../usr").is_err());
/// # Ok::<(), eryx_base::SandboxPathError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SandboxPath(String);

/// What is wrong with a text that is no [`SandboxPath`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SandboxPathFault {
    /// It does not start with a slash.
    NotAbsolute,
    /// It has an empty name or `.` in it, or ends with a slash.
    NotNormalised,
    /// It has `..` in it.
    ParentDirectory,
    /// It has a NUL in it.
    Nul,
    /// It is longer than [`MAX_PATH`], or a name in it than [`MAX_NAME`].
    TooLong,
}

impl fmt::Display for SandboxPathFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAbsolute => formatter.write_str("it does not start with `/`"),
            Self::NotNormalised => formatter.write_str("it is not in its shortest form"),
            Self::ParentDirectory => formatter.write_str("it climbs with `..`"),
            Self::Nul => formatter.write_str("it has a NUL in it"),
            Self::TooLong => write!(
                formatter,
                "it is longer than {MAX_PATH} bytes or has a name longer than {MAX_NAME} bytes"
            ),
        }
    }
}

/// A text is no [`SandboxPath`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxPathError {
    path: String,
    fault: SandboxPathFault,
}

impl SandboxPathError {
    /// The text.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong with it.
    #[must_use]
    pub fn fault(&self) -> SandboxPathFault {
        self.fault
    }
}

impl fmt::Display for SandboxPathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, fault) = (escape(&self.path), self.fault);
        write!(
            formatter,
            "`{path}` is not an absolute sandbox path such as `/data`: {fault}"
        )
    }
}

impl Error for SandboxPathError {}

impl SandboxPath {
    /// Takes a text that is a sandbox path in its one form. `/` is the root.
    ///
    /// # Errors
    /// When it is not one; nothing is mended silently.
    pub fn new(text: impl Into<String>) -> Result<Self, SandboxPathError> {
        let path = text.into();
        match check(&path) {
            Ok(()) => Ok(Self(path)),
            Err(fault) => Err(SandboxPathError { path, fault }),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `/`.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0 == "/"
    }

    /// Whether it is this directory, an absolute path without a slash at its end, or below it.
    #[must_use]
    pub fn is_within(&self, directory: &str) -> bool {
        self.0
            .strip_prefix(directory)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl AsRef<str> for SandboxPath {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for SandboxPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&escape(&self.0))
    }
}

impl TryFrom<&str> for SandboxPath {
    type Error = SandboxPathError;

    fn try_from(text: &str) -> Result<Self, SandboxPathError> {
        Self::new(text)
    }
}

impl std::str::FromStr for SandboxPath {
    type Err = SandboxPathError;

    fn from_str(text: &str) -> Result<Self, SandboxPathError> {
        Self::new(text)
    }
}

fn check(path: &str) -> Result<(), SandboxPathFault> {
    let Some(names) = path.strip_prefix('/') else {
        return Err(SandboxPathFault::NotAbsolute);
    };
    if path.contains('\0') {
        return Err(SandboxPathFault::Nul);
    }
    if path.len() > MAX_PATH || names.split('/').any(|name| name.len() > MAX_NAME) {
        return Err(SandboxPathFault::TooLong);
    }
    if names.split('/').any(|name| name == "..") {
        return Err(SandboxPathFault::ParentDirectory);
    }
    let is_shortest = names.split('/').all(|name| !matches!(name, "" | "."));
    if !is_shortest && !names.is_empty() {
        return Err(SandboxPathFault::NotNormalised);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_form() {
        for good in ["/", "/data", "/a b/ü/c.py", "/...", "/tmp\n"] {
            assert_eq!(SandboxPath::new(good).unwrap().as_str(), good);
        }
        let long_name = format!("/{}", "n".repeat(MAX_NAME + 1));
        let long_path = "/n".repeat(MAX_PATH / 2 + 1);
        for (text, fault) in [
            ("", SandboxPathFault::NotAbsolute),
            ("data", SandboxPathFault::NotAbsolute),
            ("./data", SandboxPathFault::NotAbsolute),
            ("/data/", SandboxPathFault::NotNormalised),
            ("//", SandboxPathFault::NotNormalised),
            ("//data", SandboxPathFault::NotNormalised),
            ("/./data", SandboxPathFault::NotNormalised),
            ("/data/..", SandboxPathFault::ParentDirectory),
            ("/a\0b", SandboxPathFault::Nul),
            (&long_name, SandboxPathFault::TooLong),
            (&long_path, SandboxPathFault::TooLong),
        ] {
            assert_eq!(
                SandboxPath::new(text).unwrap_err().fault(),
                fault,
                "{text:?}"
            );
        }
    }

    #[test]
    fn within_is_by_whole_names() {
        let path = SandboxPath::new("/usr/lib").unwrap();
        assert!(path.is_within("/usr") && path.is_within("/usr/lib"));
        assert!(!path.is_within("/us") && !path.is_within("/usr/lib/x"));
    }

    #[test]
    fn messages_escape_the_path() {
        let message = SandboxPath::new("a\x1b[2J").unwrap_err().to_string();
        assert!(message.contains(r"a\u{1b}[2J"), "{message}");
        assert!(message.ends_with("it does not start with `/`"), "{message}");
    }
}
