//! What the end of a path asks for: a slash or a dot there wants a directory, and a name where one is made or
//! removed. The order of errors is Linux's.

use super::ending::Ending;
use super::types::{Namespace, Resolved};
use crate::error::FileError;
use crate::path::RelativePath;
use crate::types::{Follow, Metadata, OpenOptions};

impl Namespace {
    /// Looks whether there is a directory, if the path says that there must be one.
    pub(super) fn check_ending(&self, path: &Resolved<'_>) -> Result<(), FileError> {
        if path.must_be_directory() {
            self.metadata(path, Follow::Yes)?;
        }
        Ok(())
    }

    /// Refuses what ends in a dot where POSIX wants a name, with what is wrong with it before.
    pub(super) fn check_name(
        &self,
        path: &Resolved<'_>,
        error: FileError,
    ) -> Result<(), FileError> {
        if matches!(path.ending, Ending::Dot | Ending::DotDot) {
            self.metadata(path, Follow::Yes)?;
            return Err(error);
        }
        Ok(())
    }

    /// What is wrong with the directory that a path is in.
    pub(crate) fn check_parent(&self, path: &Resolved<'_>) -> Result<(), FileError> {
        let parent = match path.ending {
            Ending::Name | Ending::Slash => RelativePath::trusted(path.as_str())
                .split_last()
                .map_or("", |(parent, _)| parent.as_str()),
            Ending::Dot | Ending::DotDot | Ending::TooLong { .. } => path.as_str(),
        };
        match self.metadata(&Resolved::directory(parent), Follow::Yes)? {
            parent if parent.is_directory() => Ok(()),
            _ => Err(FileError::NotDirectory),
        }
    }

    /// Looks at what a path names as if it had no slash at its end.
    pub(super) fn metadata_of_name(&self, path: &Resolved<'_>) -> Result<Metadata, FileError> {
        self.at(path, |location| location.metadata(Follow::No))
    }

    /// Refuses a name that is too long, after what is wrong with the directory that it is in.
    pub(super) fn check_length(&self, path: &Resolved<'_>) -> Result<(), FileError> {
        if path.is_too_long() {
            self.check_parent(path)?;
            return Err(FileError::NameTooLong);
        }
        Ok(())
    }

    /// What is wrong with making a file where a path wants a directory.
    pub(super) fn refuse_created_directory(
        &self,
        path: &Resolved<'_>,
        options: &OpenOptions,
    ) -> FileError {
        let is_dot = matches!(path.ending, Ending::Dot | Ending::DotDot);
        match self.check_parent(path) {
            Err(error) => error,
            Ok(()) if is_dot && options.exclusive => FileError::Exists,
            Ok(()) => FileError::IsDirectory,
        }
    }

    /// What Linux finds wrong first with the paths of a renaming on one mount that failed.
    pub(super) fn check_renaming(
        &self,
        from: &Resolved<'_>,
        to: &Resolved<'_>,
    ) -> Result<(), FileError> {
        self.check_parent(from)?;
        self.check_parent(to)?;
        self.check_name(from, FileError::Busy)?;
        self.check_name(to, FileError::Busy)?;
        self.check_length(from)?;
        let found = self.metadata_of_name(from)?;
        self.check_length(to)?;
        let wants_directory = from.must_be_directory() || to.must_be_directory();
        if wants_directory && !found.is_directory() {
            return Err(FileError::NotDirectory);
        }
        Ok(())
    }

    /// Refuses to move a directory into itself, or what is in one to its place.
    pub(super) fn check_nesting(
        &self,
        from: &Resolved<'_>,
        to: &Resolved<'_>,
    ) -> Result<(), FileError> {
        let (old, new) = (self.name_of(from)?, self.name_of(to)?);
        let (old, new) = (RelativePath::trusted(&old), RelativePath::trusted(&new));
        match (old.contains(new), new.contains(old)) {
            (true, false) => Err(FileError::Invalid),
            (false, true) => Err(FileError::NotEmpty),
            _ => Ok(()),
        }
    }

    /// What is wrong with the path of what is to get another name.
    pub(crate) fn check_linked(
        &self,
        from: &Resolved<'_>,
        follow: Follow,
    ) -> Result<(), FileError> {
        self.check_length(from)?;
        self.metadata(from, follow)?;
        Ok(())
    }

    /// What Linux finds wrong first with the paths of a link that is to be made.
    pub(super) fn check_linking(
        &self,
        from: &Resolved<'_>,
        follow: Follow,
        to: &Resolved<'_>,
    ) -> Result<(), FileError> {
        self.check_linked(from, follow)?;
        self.check_parent(to)?;
        self.check_name(to, FileError::Exists)?;
        self.check_length(to)?;
        match self.metadata_of_name(to) {
            Ok(_) => Err(FileError::Exists),
            Err(error) if to.must_be_directory() => Err(error),
            Err(_) => Ok(()),
        }
    }
}
