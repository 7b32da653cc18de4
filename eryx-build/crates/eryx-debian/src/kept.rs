//! Packages that were fetched before.

use crate::{
    error::{DebianError, unusable},
    types::Package,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What is kept of one package: a directory for each version, and a file that names the last.
pub(super) struct Kept {
    pub(super) directory: PathBuf,
}

impl Kept {
    fn current(&self) -> PathBuf {
        self.directory.join("current")
    }

    pub(super) fn read(&self) -> Option<Package> {
        let text = fs::read_to_string(self.current()).ok()?;
        let (version, sha256) = text.trim_end().split_once('\n')?;
        self.package(version, sha256)
            .filter(|package| package.files.is_dir())
    }

    /// Where a version is, or is to be. None when version or hash could name another directory.
    pub(super) fn package(&self, version: &str, sha256: &str) -> Option<Package> {
        let plain = |one: char| one.is_ascii_alphanumeric() || "+-.~:".contains(one);
        let is_version = !version.is_empty() && version.chars().all(plain);
        let is_hash = sha256.len() == 64 && sha256.chars().all(|one| one.is_ascii_hexdigit());
        (is_version && is_hash).then(|| Package {
            files: self.directory.join(format!("{version}-{sha256}")),
            version: version.to_owned(),
            sha256: sha256.to_owned(),
        })
    }

    pub(super) fn write(&self, package: &Package, temporary: &Path) -> Result<(), DebianError> {
        let new = temporary.join("current");
        fs::write(&new, format!("{}\n{}\n", package.version, package.sha256))
            .and_then(|()| fs::rename(&new, self.current()))
            .map_err(unusable(&self.current()))
    }
}
