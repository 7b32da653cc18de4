//! Files of the host that no sandbox changes, whatever mount, link or name leads to them.
//!
//! What this process runs must not be in reach of the programs that it runs: the image, whose machine
//! code is mapped, and the loader itself. Contents are told apart by device and inode at the moment a
//! file is opened to be written, and again at each write, since a file can become an image afterwards.
//! Names on the way to them are kept, too, or the next run would open what a program has put there.
//!
//! Images that nothing runs now are treated the same way: they are known by how they begin.

use std::collections::BTreeSet;
use std::fs::{File, Metadata};
use std::os::unix::fs::FileExt as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, MetadataExt as _};
use eryx_image::{FileIdentity, begins_as_image, is_mapped};

use super::error::FileError;
use super::types::Follow;

/// How many links are followed on the way to a file.
const MAX_LINKS: usize = 40;

/// How many bytes tell an image from other files.
const START: usize = 16;

/// Files of the host that no sandbox changes, beside the images that this process has open. Cheap to
/// clone.
#[derive(Debug, Clone, Default)]
pub struct ProtectedFiles {
    identities: Arc<BTreeSet<FileIdentity>>,
}

impl ProtectedFiles {
    /// The files at these paths, with every directory and link on the way to them. What is not there
    /// cannot be changed.
    pub fn at<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Self {
        let mut identities = BTreeSet::new();
        for path in paths {
            collect(path.as_ref(), &mut identities);
        }
        Self {
            identities: Arc::new(identities),
        }
    }

    /// Whether the contents of a file of this identity may be changed.
    ///
    /// # Errors
    /// [`FileError::TextBusy`] when they may not.
    pub(super) fn check_contents(&self, identity: FileIdentity) -> Result<(), FileError> {
        if self.identities.contains(&identity) || is_mapped(identity) {
            return Err(FileError::TextBusy);
        }
        Ok(())
    }

    /// Whether an opened file may be written to: it is not protected and holds no image.
    ///
    /// # Errors
    /// [`FileError::TextBusy`] when it may not.
    pub(super) fn check_file(&self, file: &File, metadata: &Metadata) -> Result<(), FileError> {
        self.check_contents(FileIdentity::of(metadata))?;
        // What this process may not read, it does not run.
        match metadata.len() >= START as u64 && holds_image(file) {
            true => Err(FileError::TextBusy),
            false => Ok(()),
        }
    }

    /// Whether what has this name may be moved, removed or replaced. What is not there may.
    ///
    /// # Errors
    /// [`FileError::Busy`] when it may not.
    pub(super) fn check_entry(&self, directory: &Dir, path: &Path) -> Result<(), FileError> {
        self.check(directory, path, Follow::No)
    }

    /// Whether the permissions of what this path leads to, links followed, may be changed. What is not
    /// there is found missing by who changes it.
    ///
    /// # Errors
    /// [`FileError::Busy`] when they may not.
    pub(super) fn check_target(&self, directory: &Dir, path: &Path) -> Result<(), FileError> {
        self.check(directory, path, Follow::Yes)
    }

    fn check(&self, directory: &Dir, path: &Path, follow: Follow) -> Result<(), FileError> {
        let (metadata, follow) = match follow {
            Follow::Yes => (directory.metadata(path), FollowSymlinks::Yes),
            Follow::No => (directory.symlink_metadata(path), FollowSymlinks::No),
        };
        let Ok(metadata) = metadata else {
            return Ok(());
        };
        let identity = FileIdentity {
            device: metadata.dev(),
            inode: metadata.ino(),
        };
        if self.identities.contains(&identity) || is_mapped(identity) {
            return Err(FileError::Busy);
        }
        if !metadata.is_file() || metadata.len() < START as u64 {
            return Ok(());
        }
        let mut options = cap_std::fs::OpenOptions::new();
        options.read(true).nonblock(true).follow(follow);
        let opened = directory.open_with(path, &options);
        match opened.is_ok_and(|file| holds_image(&file.into_std())) {
            true => Err(FileError::Busy),
            false => Ok(()),
        }
    }
}

fn holds_image(file: &File) -> bool {
    let mut start = [0; START];
    file.read_exact_at(&mut start, 0).is_ok() && begins_as_image(&start)
}

/// Notes what a path goes through: each directory, each link, and the file.
fn collect(path: &Path, identities: &mut BTreeSet<FileIdentity>) {
    let Ok(mut rest) = std::path::absolute(path) else {
        return;
    };
    'links: for _ in 0..MAX_LINKS {
        let mut walked = PathBuf::new();
        let components: Vec<Component<'_>> = rest.components().collect();
        for (index, component) in components.iter().enumerate() {
            if *component == Component::ParentDir {
                walked.pop();
                continue;
            }
            walked.push(component);
            let Ok(metadata) = walked.symlink_metadata() else {
                return;
            };
            identities.insert(FileIdentity::of(&metadata));
            if metadata.is_symlink() {
                let Ok(target) = walked.read_link() else {
                    return;
                };
                walked.pop();
                walked.push(target);
                walked.extend(components.get(index + 1..).unwrap_or_default());
                rest = walked;
                continue 'links;
            }
        }
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_path_protects_its_directories_links_and_file() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for directory in ["a/b", "c", "d"] {
            std::fs::create_dir_all(root.join(directory)).unwrap();
        }
        for file in ["a/b/file", "d/other"] {
            std::fs::write(root.join(file), "x").unwrap();
        }
        symlink("../a/./b", root.join("c/link")).unwrap();
        let files = ProtectedFiles::at([root.join("c/link/file")]);
        let directory = Dir::open_ambient_dir(root, cap_std::ambient_authority()).unwrap();
        for (path, is_protected) in [
            ("a", true),
            ("a/b", true),
            ("a/b/file", true),
            ("c", true),
            ("c/link", true),
            ("d", false),
            ("d/other", false),
            ("missing", false),
        ] {
            let checked = files.check_entry(&directory, Path::new(path));
            assert_eq!(checked.is_err(), is_protected, "{path}");
        }
        symlink("loop", root.join("loop")).unwrap();
        ProtectedFiles::at([root.join("loop"), root.join("missing/x")]);
    }
}
