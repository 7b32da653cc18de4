//! The files of the tree, as git knows them: tracked, or new and not ignored.

use anyhow::{Context, Result, ensure};
use std::{fs, path::Path, process::Command};

/// All files, in the order of their paths.
#[derive(Debug)]
pub struct Tree {
    /// The files.
    pub files: Vec<File>,
}

/// One file.
#[derive(Debug)]
pub struct File {
    /// Relative to the root of the tree, with `/`.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Tree {
    /// Reads the tree at `root`, which is a git repository.
    ///
    /// # Errors
    ///
    /// git cannot be run, or a file cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let output = Command::new("git")
            .current_dir(root)
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .output()
            .context("cannot run git")?;
        ensure!(
            output.status.success(),
            "git ls-files failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
        let mut paths: Vec<_> = names.split_terminator('\0').collect();
        paths.sort_unstable();
        paths.dedup();
        let mut files = Vec::new();
        for path in paths {
            let place = root.join(path);
            // What is deleted and not committed yet is still on git's list; links are no files.
            if !place
                .symlink_metadata()
                .is_ok_and(|metadata| metadata.is_file())
            {
                continue;
            }
            let bytes = fs::read(&place).with_context(|| format!("cannot read {path}"))?;
            let path = path.to_owned();
            files.push(File { path, bytes });
        }
        Ok(Self { files })
    }

    /// The file at this path.
    pub fn file(&self, path: &str) -> Option<&File> {
        let place = self
            .files
            .binary_search_by(|file| file.path.as_str().cmp(path));
        place.ok().map(|index| &self.files[index])
    }

    /// All files that are text, with their text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter_map(|file| Some((file.path.as_str(), file.text()?)))
    }
}

impl File {
    /// Its text; none if it is binary.
    pub fn text(&self) -> Option<&str> {
        let text = str::from_utf8(&self.bytes).ok()?;
        (!text.contains('\0')).then_some(text)
    }
}
