//! From what a guest wrote to a path of the namespace, and on where links lead.

use std::borrow::Cow;

use super::ending::Ending;
use super::mounts::{Location, join, redirect};
use super::types::{Namespace, Resolved};
use crate::error::FileError;
use crate::path::{RelativePath, check_name, check_text, is_normal, pop, push};
use crate::types::Follow;

/// How many symbolic links one path may cross, as on Linux.
const MAX_LINKS: u32 = 40;

impl Namespace {
    /// Turns a path, absolute or relative to the directory `base`, into a path of this namespace.
    /// Nothing needs to exist, except what a `..` steps back from. `base` is normalised, with or
    /// without the slash at its start.
    ///
    /// # Errors
    /// [`FileError::NotFound`] for an empty path, what [`crate::RelativePath::new`] says of
    /// its text, and what is wrong with a directory that a `..` steps back from.
    pub fn resolve<'a>(&self, base: &str, path: &'a str) -> Result<Resolved<'a>, FileError> {
        let resolved = self.resolve_entry(base, path)?;
        self.check_length(&resolved)?;
        Ok(resolved)
    }

    /// As [`Namespace::resolve`], for an operation that Linux refuses for other reasons before it minds that
    /// the last name is too long.
    ///
    /// # Errors
    /// The same, but for that.
    pub(crate) fn resolve_entry<'a>(
        &self,
        base: &str,
        path: &'a str,
    ) -> Result<Resolved<'a>, FileError> {
        if path.is_empty() {
            return Err(FileError::NotFound);
        }
        let base = base.strip_prefix('/').unwrap_or(base);
        match self.normalise(base, path, &mut 0) {
            Err(FileError::NameTooLong) => self.resolve_long_name(base, path),
            resolved => resolved,
        }
    }

    /// A path with a name in it that is too long: what is wrong on the way to it comes first.
    fn resolve_long_name<'a>(&self, base: &str, path: &'a str) -> Result<Resolved<'a>, FileError> {
        check_text(path)?;
        let long = path.split('/').find(|name| check_name(name).is_err());
        let Some(name) = long else {
            return Err(FileError::NameTooLong);
        };
        // Both are parts of one text.
        let start = name.as_ptr().addr() - path.as_ptr().addr();
        let before = path.get(..start).unwrap_or_default();
        let after = path.get(start + name.len()..).unwrap_or_default();
        let parent = match before {
            "" => Cow::Owned(base.to_owned()),
            before => self.normalise(base, before, &mut 0)?.path,
        };
        let resolved = Resolved {
            path: parent,
            ending: Ending::TooLong {
                slash: !after.is_empty(),
            },
        };
        if after.bytes().all(|byte| byte == b'/') {
            return Ok(resolved);
        }
        self.check_parent(&resolved)?;
        Err(FileError::NameTooLong)
    }

    /// As [`Namespace::resolve`], with the links counted that were followed for one path.
    fn normalise<'a>(
        &self,
        base: &str,
        path: &'a str,
        links: &mut u32,
    ) -> Result<Resolved<'a>, FileError> {
        check_text(path)?;
        let (base, relative) = match path.strip_prefix('/') {
            Some(relative) => ("", relative),
            None => (base, path),
        };
        if is_normal(relative)? {
            let path = if base.is_empty() {
                Cow::Borrowed(relative)
            } else {
                let joined = format!("{base}/{relative}");
                check_text(&joined)?;
                Cow::Owned(joined)
            };
            return Ok(Resolved {
                path,
                ending: Ending::Name,
            });
        }
        let mut joined = base.to_owned();
        for name in relative.split('/') {
            match name {
                "" | "." => {}
                ".." => {
                    joined = self.canonical_directory(joined, links)?;
                    pop(&mut joined);
                }
                name => push(&mut joined, name)?,
            }
        }
        Ok(Resolved {
            path: Cow::Owned(joined),
            ending: Ending::of(relative),
        })
    }

    /// The path of a directory without symbolic links in it.
    fn canonical_directory(&self, path: String, links: &mut u32) -> Result<String, FileError> {
        let (path, canonical) = self.walk(Cow::Owned(path), links, |location, path| {
            let found = match location.file_system() {
                Ok(mounted) => mounted.canonical_directory(location.relative),
                Err(error) => Err(error),
            };
            match found {
                Ok(None) => Ok(None),
                Ok(Some(below)) => {
                    let start = path.len() - location.relative.as_str().len();
                    let base = path.get(..start).unwrap_or_default();
                    join(base.trim_end_matches('/'), &below).map(Some)
                }
                Err(error) if location.is_synthetic(&error) => Ok(None),
                Err(error) => Err(error),
            }
        })?;
        Ok(canonical.unwrap_or_else(|| path.into_owned()))
    }

    /// The path of a directory without symbolic links in it.
    pub(crate) fn place_of(&self, path: &str) -> Result<String, FileError> {
        self.canonical_directory(path.to_owned(), &mut 0)
    }

    /// The path of a name in its directory, without symbolic links on the way to it.
    pub(crate) fn name_of(&self, path: &Resolved<'_>) -> Result<String, FileError> {
        match RelativePath::trusted(path.as_str()).split_last() {
            Some((parent, name)) => {
                let mut found = self.canonical_directory(parent.as_str().to_owned(), &mut 0)?;
                push(&mut found, name)?;
                Ok(found)
            }
            None => Ok(String::new()),
        }
    }

    /// Does something at a path, and does it again where the links lead that it crosses. Returns
    /// the path at which it was done.
    pub(super) fn walk<'a, T>(
        &self,
        path: Cow<'a, str>,
        links: &mut u32,
        mut operation: impl FnMut(&Location<'_>, &str) -> Result<T, FileError>,
    ) -> Result<(Cow<'a, str>, T), FileError> {
        let mut path = path;
        let mut ending = Ending::Name;
        loop {
            let mut location = self.mounts.locate(&path);
            location.ending = ending;
            match operation(&location, &path) {
                Ok(value) => return Ok((path, value)),
                Err(FileError::Symlink {
                    link_length,
                    target,
                }) => {
                    *links += 1;
                    if *links > MAX_LINKS {
                        return Err(FileError::SymlinkLoop);
                    }
                    let (base, onward) = redirect(&path, location.relative, link_length, &target);
                    let resolved = self.normalise(&base, &onward, links)?;
                    if resolved.ending != Ending::Name {
                        ending = resolved.ending;
                    }
                    path = Cow::Owned(resolved.path.into_owned());
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// As [`Namespace::walk`], when the path does not matter afterwards.
    pub(super) fn at<T>(
        &self,
        path: &Resolved<'_>,
        mut operation: impl FnMut(&Location<'_>) -> Result<T, FileError>,
    ) -> Result<T, FileError> {
        let path = Cow::Borrowed(path.as_str());
        let (_, value) = self.walk(path, &mut 0, |location, _| operation(location))?;
        Ok(value)
    }

    /// The path with the links on the way to it resolved, and itself if it is to be followed.
    pub(super) fn settle<'a>(
        &self,
        path: &'a Resolved<'_>,
        follow: Follow,
    ) -> Result<Cow<'a, str>, FileError> {
        let path = Cow::Borrowed(path.as_str());
        let (path, ()) = self.walk(path, &mut 0, |location, _| {
            match location.file_system()?.metadata(location.relative, follow) {
                Err(error @ FileError::Symlink { .. }) => Err(error),
                // Whatever else is wrong, the operation itself will find out.
                _ => Ok(()),
            }
        })?;
        Ok(path)
    }
}
