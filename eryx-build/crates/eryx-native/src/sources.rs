//! Sources on the disk of the machine: unpacked, and changed as a recipe says.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use eryx_base::{Digest, regular_file};
use eryx_sdist::{MAX_ARCHIVE_SIZE, SourceArchive, SourceTree};
use eryx_wheel::unpack::path;

use crate::error::NativeBuildError;
use crate::recipe::Patch;

/// Programs among sources: what begins like this is made executable, as archives of sources are read
/// without modes.
const SCRIPT: &[u8] = b"#!";

/// Reads a source distribution, whose hash is checked once more.
pub(crate) fn read(archive: &SourceArchive) -> Result<SourceTree, NativeBuildError> {
    let changed = || NativeBuildError::Changed(archive.file_name.clone());
    let bytes = regular_file::read_at_most(&archive.path, MAX_ARCHIVE_SIZE)
        .map_err(NativeBuildError::file(&archive.path))?
        .ok_or_else(changed)?;
    if Digest::of(&bytes) != archive.sha256 {
        return Err(changed());
    }
    eryx_sdist::read(&archive.file_name, &bytes).map_err(|source| NativeBuildError::Archive {
        archive: archive.file_name.clone(),
        source,
    })
}

/// Writes a tree below a directory, and gives the directory of its sources.
pub(crate) fn write(tree: &SourceTree, directory: &Path) -> Result<PathBuf, NativeBuildError> {
    let top = directory.join(&tree.top);
    let files = tree.files.keys().chain(&tree.directories);
    for name in files.chain([&tree.top]) {
        if path::check(name).is_err() {
            let invalid = io::Error::from(io::ErrorKind::InvalidData);
            return Err(NativeBuildError::file(directory.join(name))(invalid));
        }
    }
    fs::create_dir_all(&top).map_err(NativeBuildError::file(&top))?;
    for name in &tree.directories {
        let path = directory.join(name);
        fs::create_dir_all(&path).map_err(NativeBuildError::file(&path))?;
    }
    for (name, contents) in &tree.files {
        let path = directory.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(NativeBuildError::file(parent))?;
        }
        put(&path, contents).map_err(NativeBuildError::file(&path))?;
    }
    Ok(top)
}

/// Writes a file; a script can be started.
pub(crate) fn put(path: &Path, contents: &[u8]) -> io::Result<()> {
    fs::write(path, contents)?;
    #[cfg(unix)]
    if contents.starts_with(SCRIPT) {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// Changes sources as a recipe says.
pub(crate) fn patch(name: &str, patches: &[Patch], top: &Path) -> Result<(), NativeBuildError> {
    for one in patches {
        let refused = |problem: String| NativeBuildError::Patch {
            package: name.to_owned(),
            file: one.file.clone(),
            problem,
        };
        let path = top.join(&one.file);
        let old = fs::read_to_string(&path).map_err(|error| refused(error.to_string()))?;
        let diff = diffy::Patch::from_str(&one.diff).map_err(|error| refused(error.to_string()))?;
        let new = diffy::apply(&old, &diff).map_err(|error| refused(error.to_string()))?;
        fs::write(&path, new).map_err(NativeBuildError::file(&path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_fit_or_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("a.c"), "one\ntwo\nthree\n").unwrap();
        let patch_of = |line: &str| Patch {
            file: "a.c".to_owned(),
            reason: "a reason".to_owned(),
            diff: format!("--- a.c\n+++ a.c\n@@ -1,3 +1,3 @@\n one\n-{line}\n+2\n three\n"),
        };
        let refused = patch("x", &[patch_of("other")], directory.path()).unwrap_err();
        assert!(
            refused.to_string().contains("a.c does not fit x"),
            "{refused}"
        );
        patch("x", &[patch_of("two")], directory.path()).unwrap();
        let text = fs::read_to_string(directory.path().join("a.c")).unwrap();
        assert_eq!(text, "one\n2\nthree\n");
    }

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        let tree = SourceTree {
            top: "a-1".to_owned(),
            files: [("a-1/../../x".to_owned(), Default::default())].into(),
            directories: Default::default(),
        };
        assert!(write(&tree, directory.path()).is_err());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}
