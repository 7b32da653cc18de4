//! Moving and removing directories that a guest may have open.

use super::view::VfsState;
use crate::error::FileError;
use crate::namespace::Resolved;
use crate::types::{Follow, Metadata};

impl VfsState {
    /// Has open directories lead through no link that is about to change. Whether any are open.
    fn settle_directories(&mut self) -> bool {
        let namespace = &self.namespace;
        self.directories
            .settle(|path| namespace.place_of(path).ok());
        self.directories.are_open()
    }

    /// As [`crate::Namespace::remove_file`], which may be a link that a directory was opened through.
    pub(super) fn remove_file(&mut self, path: &Resolved<'_>) -> Result<(), FileError> {
        self.settle_directories();
        self.namespace.remove_file(path)
    }

    /// As [`crate::Namespace::rename`], and open directories go along.
    pub(super) fn rename(
        &mut self,
        from: &Resolved<'_>,
        to: &Resolved<'_>,
    ) -> Result<(), FileError> {
        if !self.settle_directories() {
            return self.namespace.rename(from, to);
        }
        let places = (self.namespace.name_of(from), self.namespace.name_of(to));
        let (Ok(old), Ok(new)) = places else {
            return self.namespace.rename(from, to);
        };
        let replaced = self.metadata_if_open(&new);
        self.namespace.rename(from, to)?;
        if old != new {
            if let Some(metadata) = replaced {
                self.directories.removed(&new, metadata);
            }
            self.directories.moved(&old, &new);
        }
        Ok(())
    }

    /// As [`crate::Namespace::remove_directory`], and it stays open for who has it open.
    pub(super) fn remove_directory(&mut self, path: &Resolved<'_>) -> Result<(), FileError> {
        if !self.settle_directories() {
            return self.namespace.remove_directory(path);
        }
        let Ok(name) = self.namespace.name_of(path) else {
            return self.namespace.remove_directory(path);
        };
        let removed = self.metadata_if_open(&name);
        self.namespace.remove_directory(path)?;
        if let Some(metadata) = removed {
            self.directories.removed(&name, metadata);
        }
        Ok(())
    }

    fn metadata_if_open(&self, path: &str) -> Option<Metadata> {
        if !self.directories.is_open(path) {
            return None;
        }
        let path = Resolved::directory(path);
        self.namespace.metadata(&path, Follow::No).ok()
    }
}
