//! The lock: one exact file a package.

use std::path::PathBuf;

use eryx_base::Digest;
use eryx_manifest::PackagesSection;
use eryx_packaging::chain;
use eryx_packaging::url::{percent_decoded, without_user};
use eryx_packaging::wheel_name::is_wheel;

use super::inputs::Inputs;

/// The exact files that a manifest resolved to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The tool that made it.
    pub created_by: String,
    /// What was asked for when it was made; `None` in the lock of another tool.
    pub inputs: Option<Inputs>,
    /// The packages, sorted by name, none twice.
    pub packages: Vec<LockedPackage>,
}

/// One package of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPackage {
    /// The package name, normalised (PEP 503).
    pub name: String,
    /// The exact version (PEP 440).
    pub version: String,
    /// The file that it comes in.
    pub file: LockedFile,
    /// The normalised names of the packages of the lock that it requires, sorted, as far as that
    /// was known when the lock was made.
    pub dependencies: Vec<String>,
}

/// The file of a locked package: a wheel or a source distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedFile {
    /// Its file name, which says what it is.
    pub name: String,
    /// Its hash.
    pub sha256: Digest,
    /// Its size in bytes, when it is known.
    pub size: Option<u64>,
    /// Where it is.
    pub place: Place,
}

/// Where the file of a locked package is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the package index that the user's installer is configured for. The address is where that
    /// index had it, for readers of the lock; it is not used.
    Index(Option<String>),
    /// At an address that a requirement names.
    Url(String),
    /// A file of the host, by its absolute path.
    Path(PathBuf),
}

impl Place {
    /// The same place, for a file that an index or a directory of links has: where on this machine it is
    /// says nothing to others, and who may read the index even less.
    #[must_use]
    pub(super) fn of_index(self) -> Self {
        match self {
            Self::Index(Some(url)) if !url.starts_with("file:") => {
                let address = url.split(['?', '#']).next().unwrap_or(&url);
                Self::Index(Some(without_user(address)))
            }
            Self::Index(_) | Self::Path(_) => Self::Index(None),
            Self::Url(_) => self,
        }
    }

    /// The same place, for a file that a requirement names.
    #[must_use]
    pub(super) fn of_reference(self) -> Self {
        match self {
            Self::Url(url) => match url.strip_prefix("file://") {
                Some(path) => Self::Path(PathBuf::from(percent_decoded(path))),
                None => Self::Url(without_user(&url)),
            },
            place => place,
        }
    }
}

impl LockedFile {
    /// Whether it is a wheel; otherwise it is a source distribution.
    #[must_use]
    pub fn is_wheel(&self) -> bool {
        is_wheel(&self.name)
    }
}

impl Lock {
    /// Who requires a package, up to what the manifest asks for, as a part of a sentence; nothing when the
    /// manifest itself asks for it.
    #[must_use]
    pub fn chain(&self, package: &str, asked: &PackagesSection) -> String {
        let is_asked = |name: &str| asked.requirements.iter().any(|one| one.name == name);
        let requirers = |name: &str| {
            let requires = |one: &&LockedPackage| one.dependencies.iter().any(|one| one == name);
            let requirers = self.packages.iter().filter(requires);
            requirers.map(|one| one.name.as_str()).collect()
        };
        chain::words(&chain::to(package, is_asked, requirers))
    }
}
