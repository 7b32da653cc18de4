//! Where the directories are that a guest has open: they stay open when they are moved or removed.

use std::collections::{BTreeMap, BTreeSet};

use crate::path::RelativePath;
use crate::types::Metadata;

/// The number of an open directory.
pub(super) type DirectoryNumber = u64;

/// Where an open directory is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Place {
    /// Its path in the namespace.
    At(String),
    /// Nowhere any more; what it was like.
    Removed(Metadata),
}

/// All directories that a guest has open.
#[derive(Debug, Default)]
pub(super) struct Directories {
    places: BTreeMap<DirectoryNumber, Place>,
    /// Those whose paths may lead through links of the host.
    unsettled: BTreeSet<DirectoryNumber>,
    next: DirectoryNumber,
}

impl Directories {
    /// Notes that the directory at a path was opened.
    pub(super) fn open(&mut self, path: String) -> DirectoryNumber {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        if !path.is_empty() {
            self.unsettled.insert(number);
        }
        self.places.insert(number, Place::At(path));
        number
    }

    pub(super) fn close(&mut self, number: DirectoryNumber) {
        self.places.remove(&number);
        self.unsettled.remove(&number);
    }

    pub(super) fn get(&self, number: DirectoryNumber) -> Option<&Place> {
        self.places.get(&number)
    }

    pub(super) fn get_mut(&mut self, number: DirectoryNumber) -> Option<&mut Place> {
        self.places.get_mut(&number)
    }

    /// Finds the paths without links of all, before something changes that they could lead through. Most are
    /// closed before.
    pub(super) fn settle(&mut self, settled: impl Fn(&str) -> Option<String>) {
        for number in std::mem::take(&mut self.unsettled) {
            if let Some(Place::At(path)) = self.places.get_mut(&number)
                && let Some(found) = settled(path)
            {
                *path = found;
            }
        }
    }

    /// Whether a directory is open other than the root, which nobody moves.
    pub(super) fn are_open(&self) -> bool {
        let at_root = |place: &Place| matches!(place, Place::At(path) if path.is_empty());
        self.places.values().any(|place| !at_root(place))
    }

    /// Whether the directory at a path is open.
    pub(super) fn is_open(&self, path: &str) -> bool {
        let at_path = |place: &Place| matches!(place, Place::At(other) if other == path);
        self.places.values().any(at_path)
    }

    /// Notes that what was at `old` is now at `new`.
    pub(super) fn moved(&mut self, old: &str, new: &str) {
        for place in self.places.values_mut() {
            if let Place::At(path) = place
                && RelativePath::trusted(old).contains(RelativePath::trusted(path))
            {
                path.replace_range(..old.len(), new);
            }
        }
    }

    /// Notes that the directory at a path is no more.
    pub(super) fn removed(&mut self, path: &str, metadata: Metadata) {
        for place in self.places.values_mut() {
            if matches!(place, Place::At(other) if other == path) {
                *place = Place::Removed(Metadata {
                    links: 0,
                    size: 0,
                    ..metadata
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::FileType;

    fn at(path: &str) -> Place {
        Place::At(path.to_owned())
    }

    #[test]
    fn an_open_directory_moves_with_those_above_it() {
        let mut directories = Directories::default();
        assert!(!directories.are_open());
        let numbers = ["", "a", "a/b", "ab"].map(|path| directories.open(path.to_owned()));
        directories.moved("a", "c/d");
        let places = numbers.map(|number| directories.get(number).cloned());
        let expected = ["", "c/d", "c/d/b", "ab"].map(|path| Some(at(path)));
        assert_eq!(places, expected);
        assert!(directories.is_open("c/d") && !directories.is_open("a"));
    }

    #[test]
    fn a_directory_is_settled_once() {
        let mut directories = Directories::default();
        let number = directories.open("link".to_owned());
        let closed = directories.open("closed".to_owned());
        directories.close(closed);
        directories.settle(|path| Some(format!("{path}/target")));
        directories.settle(|path| Some(format!("{path}/again")));
        assert_eq!(directories.get(number), Some(&at("link/target")));
    }

    #[test]
    fn a_removed_directory_is_what_it_was() {
        let mut directories = Directories::default();
        let number = directories.open("a".to_owned());
        let metadata = Metadata::fixed(FileType::Directory, 7, 3);
        directories.removed("a", metadata);
        let Some(Place::Removed(found)) = directories.get(number) else {
            panic!("it is still there");
        };
        assert_eq!((found.inode, found.links), (metadata.inode, 0));
        directories.close(number);
        assert!(directories.get(number).is_none());
    }
}
