//! The mount table: which file system a path of the sandbox belongs to.

use super::ending::Ending;
use crate::mix::mix;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::FileError;
use crate::file_system::FileSystem;
use crate::path::{RelativePath, pop, push};
use crate::types::{FileType, Follow, Metadata};

/// Which mount of a namespace a file is on. It makes inode numbers of different mounts distinct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MountId(u32);

impl MountId {
    /// Where directories are that exist only because something is mounted below them.
    pub(super) const SYNTHETIC: Self = Self(u32::MAX);

    /// Tells a mount's metadata from that of a file with the same number on another mount.
    pub(crate) fn qualify(self, mut metadata: Metadata) -> Metadata {
        metadata.device = mix(metadata.device ^ mix(u64::from(self.0).wrapping_add(1)));
        metadata
    }
}

/// A mount point or a directory on the way to one.
#[derive(Default)]
pub(super) struct Point {
    pub(super) mount: Option<MountId>,
    pub(super) children: BTreeMap<Box<str>, usize>,
}

/// All mounts, and the tree of their points. Point 0 is the root.
pub(super) struct Mounts {
    file_systems: Vec<Arc<dyn FileSystem>>,
    points: Vec<Point>,
}

/// Where a path of the sandbox leads.
pub(super) struct Location<'a> {
    /// The mount that covers the path, if any does.
    pub(super) mount: Option<(MountId, &'a dyn FileSystem)>,
    /// The path on that mount.
    pub(super) relative: RelativePath<'a>,
    /// The number of the point that is exactly here.
    pub(super) point: Option<usize>,
    /// Whether a mount begins exactly here.
    pub(super) is_mount_root: bool,
    /// What the link ended in that led here.
    pub(super) ending: Ending,
}

impl<'a> Location<'a> {
    /// Whether `error` only says that the mount does not know a directory that leads to a mount.
    pub(super) fn is_synthetic(&self, error: &FileError) -> bool {
        self.point.is_some()
            && !self.is_mount_root
            && matches!(error, FileError::NotFound | FileError::NotDirectory)
    }

    /// The covering file system, for an operation on what is there.
    pub(super) fn file_system(&self) -> Result<&'a dyn FileSystem, FileError> {
        match self.mount {
            Some((_, file_system)) => Ok(file_system),
            None => Err(FileError::NotFound),
        }
    }

    /// The covering file system, for an operation that makes something new here.
    pub(super) fn to_create(&self) -> Result<&'a dyn FileSystem, FileError> {
        if self.point.is_some() {
            return Err(FileError::Exists);
        }
        self.file_system()
    }

    /// The covering file system, for an operation that takes away what is here.
    pub(super) fn to_remove(&self) -> Result<&'a dyn FileSystem, FileError> {
        if self.point.is_some() {
            return Err(FileError::Busy);
        }
        self.file_system()
    }

    /// Looks at it, with the number of its mount worked into what is found.
    pub(super) fn metadata(&self, follow: Follow) -> Result<Metadata, FileError> {
        let on_the_way = self.point.filter(|_| !self.is_mount_root);
        let found = match self.mount {
            Some((id, file_system)) => file_system
                .metadata(self.relative, follow)
                .map(|metadata| id.qualify(metadata)),
            None => Err(FileError::NotFound),
        };
        match (found, on_the_way) {
            // What is mounted below makes it a directory, whatever it is without.
            (Ok(metadata), Some(_)) if metadata.is_directory() => Ok(metadata),
            (Ok(_) | Err(FileError::NotFound | FileError::NotDirectory), Some(number)) => {
                let inode = (number as u64).saturating_add(1);
                let made_up = Metadata::fixed(FileType::Directory, 0, inode);
                Ok(MountId::SYNTHETIC.qualify(made_up))
            }
            (found, _) => found,
        }
    }

    /// Refuses what is no directory where a link that led here says that it is one.
    pub(super) fn check_ending(&self, follow: Follow) -> Result<(), FileError> {
        if self.ending != Ending::Name && !self.metadata(follow)?.is_directory() {
            return Err(FileError::NotDirectory);
        }
        Ok(())
    }
}

impl Mounts {
    pub(super) fn new() -> Self {
        Self {
            file_systems: Vec::new(),
            points: vec![Point::default()],
        }
    }

    /// Mounts a file system at a normalised path. Returns `false` when there is a mount already.
    pub(super) fn add(&mut self, path: RelativePath<'_>, mounted: Arc<dyn FileSystem>) -> bool {
        let mut number = 0;
        for name in path.components() {
            let next = self.points.len();
            let Some(point) = self.points.get_mut(number) else {
                return false;
            };
            number = *point.children.entry(name.into()).or_insert(next);
            if number == next {
                self.points.push(Point::default());
            }
        }
        let id = MountId(u32::try_from(self.file_systems.len()).unwrap_or(u32::MAX));
        match self.points.get_mut(number) {
            Some(point) if point.mount.is_none() && id != MountId::SYNTHETIC => {
                point.mount = Some(id);
                self.file_systems.push(mounted);
                true
            }
            _ => false,
        }
    }

    pub(super) fn get(&self, id: MountId) -> Option<&dyn FileSystem> {
        let index = usize::try_from(id.0).ok()?;
        self.file_systems.get(index).map(|found| &**found)
    }

    /// All mounts.
    pub(super) fn all(&self) -> impl Iterator<Item = (MountId, &dyn FileSystem)> {
        (0..)
            .map(MountId)
            .zip(self.file_systems.iter().map(|mounted| &**mounted))
    }

    /// Whether `path` would be in a directory that only leads to mounts, so that it cannot be made.
    pub(super) fn is_parent_synthetic(&self, path: &str) -> bool {
        RelativePath::trusted(path)
            .split_last()
            .is_some_and(|(parent, _)| {
                let parent = self.locate(parent.as_str());
                parent.point.is_some() && !parent.is_mount_root
            })
    }

    pub(super) fn point(&self, number: usize) -> Option<&Point> {
        self.points.get(number)
    }

    /// Finds the mount with the longest prefix of a normalised path.
    pub(super) fn locate<'a>(&'a self, path: &'a str) -> Location<'a> {
        let mut point = self.points.first();
        let mut number = 0;
        let mut walked = 0;
        let mut found = (point.and_then(|root| root.mount), 0);
        let names = RelativePath::trusted(path);
        for name in names.components() {
            let Some(child) = point.and_then(|point| point.children.get(name)) else {
                point = None;
                break;
            };
            // The slash before every name but the first.
            walked += name.len() + usize::from(walked > 0);
            number = *child;
            point = self.points.get(number);
            if let Some(mount) = point.and_then(|point| point.mount) {
                found = (Some(mount), walked);
            }
        }
        let (mount, prefix) = found;
        let relative = path.get(prefix..).unwrap_or_default();
        let relative = relative.strip_prefix('/').unwrap_or(relative);
        Location {
            mount: mount.and_then(|id| Some((id, self.get(id)?))),
            relative: RelativePath::trusted(relative),
            point: point.is_some().then_some(number),
            is_mount_root: point.is_some_and(|point| point.mount.is_some()),
            ending: Ending::Name,
        }
    }
}

/// Where to go on when `path`, of which `relative` is the part on one mount, crosses a link there:
/// text that still has to be normalised, from the directory that is returned first.
pub(super) fn redirect(
    path: &str,
    relative: RelativePath<'_>,
    link_length: usize,
    target: &str,
) -> (String, String) {
    let relative_start = path.len() - relative.as_str().len();
    let link_end = (relative_start + link_length).min(path.len());
    let mut base = String::new();
    if !target.starts_with('/') {
        base.push_str(path.get(..link_end).unwrap_or_default());
        pop(&mut base);
    }
    let rest = path.get(link_end..).unwrap_or_default();
    (base, format!("{target}{rest}"))
}

/// Joins a normalised directory and a path on it that a file system gave.
pub(super) fn join(base: &str, below: &str) -> Result<String, FileError> {
    let mut joined = base.to_owned();
    for name in RelativePath::trusted(below).components() {
        push(&mut joined, name)?;
    }
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MemoryFile;

    fn mounts(points: &[&str]) -> Mounts {
        let mut mounts = Mounts::new();
        for point in points {
            let path = RelativePath::new(point).unwrap();
            assert!(mounts.add(path, Arc::new(MemoryFile::new(""))));
        }
        mounts
    }

    #[test]
    fn the_longest_prefix_wins() {
        let mounts = mounts(&["", "a", "a/b/c"]);
        for (path, mount, relative, is_point) in [
            ("", 0, "", true),
            ("x/y", 0, "x/y", false),
            ("a", 1, "", true),
            ("a/b", 1, "b", true),
            ("a/b/d", 1, "b/d", false),
            ("a/b/c", 2, "", true),
            ("a/b/c/d/e", 2, "d/e", false),
            ("ab", 0, "ab", false),
        ] {
            let location = mounts.locate(path);
            assert_eq!(
                location.mount.map(|(id, _)| id),
                Some(MountId(mount)),
                "{path}"
            );
            assert_eq!(location.relative.as_str(), relative, "{path}");
            assert_eq!(location.point.is_some(), is_point, "{path}");
        }
    }

    #[test]
    fn one_mount_a_point() {
        let mut mounts = mounts(&["a/b"]);
        let file: Arc<dyn FileSystem> = Arc::new(MemoryFile::new(""));
        assert!(!mounts.add(RelativePath::new("a/b").unwrap(), Arc::clone(&file)));
        assert!(mounts.add(RelativePath::new("a").unwrap(), file));
        assert!(mounts.locate("").mount.is_none());
    }

    #[test]
    fn links_lead_on() {
        let relative = RelativePath::new("d/link/x").unwrap();
        let go_on = |target| redirect("tmp/d/link/x", relative, 6, target);
        assert_eq!(go_on("../e"), ("tmp/d".to_owned(), "../e/x".to_owned()));
        assert_eq!(go_on("/etc"), (String::new(), "/etc/x".to_owned()));
    }
}
