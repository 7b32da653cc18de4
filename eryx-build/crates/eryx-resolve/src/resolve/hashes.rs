//! The hashes that a manifest allows a package's file to have.
//!
//! Resolvers treat hashes behind requirements in ways of their own, and uv's resolution does not
//! look at them at all. So files are chosen among those that the manifest allows, and every lock is
//! held against it, whoever made it.

use std::collections::{BTreeMap, BTreeSet};

use eryx_base::Digest;
use eryx_manifest::{PackagesSection, Requirement};
use eryx_packaging::environment;
use eryx_packaging::requirement;

use super::lock::{Lock, LockedFile};

/// A file is none of those that a hash behind a requirement allows.
#[derive(Debug, thiserror::Error)]
#[error(
    "{file} of `{package}` is not a file that the manifest allows ({origin}): its sha256 is \
     {sha256}; if that file is right, add `--hash=sha256:{sha256}`, or take another version"
)]
pub struct HashNotAllowed {
    /// The package and version.
    pub package: String,
    /// The file.
    pub file: String,
    /// Its hash.
    pub sha256: Digest,
    /// Where the hashes are written.
    pub origin: String,
}

/// The hashes that files of packages may have, by the packages' normalised names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedHashes(BTreeMap<String, Allowed>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Allowed {
    digests: BTreeSet<Digest>,
    /// Where the hashes are written.
    origins: BTreeSet<String>,
}

impl AllowedHashes {
    /// Those of a manifest, for a version of Python. Several requirements of one package must all
    /// hold, and overrides stand in for all other requirements.
    #[must_use]
    pub fn of(packages: &PackagesSection, python: &str) -> Self {
        let environment = environment::sandbox(python);
        let holds = |one: &&Requirement| requirement::holds(&one.text, environment.as_ref());
        let replaced: BTreeSet<&str> = packages
            .overrides
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        let own = packages
            .requirements
            .iter()
            .filter(|one| !replaced.contains(one.name.as_str()));
        let mut allowed: BTreeMap<String, Allowed> = BTreeMap::new();
        for requirement in own
            .chain(&packages.overrides)
            .chain(&packages.constraints)
            .filter(|one| !one.hashes.is_empty())
            .filter(holds)
        {
            let hashes = requirement.hashes.iter();
            let digests: BTreeSet<Digest> = hashes
                .filter_map(|hash| Digest::from_hex(hash.strip_prefix("sha256:")?))
                .collect();
            allowed
                .entry(requirement.name.clone())
                .and_modify(|one| one.digests.retain(|digest| digests.contains(digest)))
                .or_insert_with(|| Allowed {
                    digests,
                    origins: BTreeSet::new(),
                })
                .origins
                .insert(requirement.origin.clone());
        }
        Self(allowed)
    }

    /// Whether the manifest says anything about the hashes of a package.
    #[must_use]
    pub fn names(&self, package: &str) -> bool {
        self.0.contains_key(package)
    }

    /// The hashes that files of a package may have, as they stand behind a requirement.
    #[must_use]
    pub fn texts(&self, package: &str) -> Vec<String> {
        let allowed = self.0.get(package).into_iter();
        let digests = allowed.flat_map(|allowed| &allowed.digests);
        digests.map(|digest| format!("sha256:{digest}")).collect()
    }

    /// Whether a file of a package may have this hash.
    #[must_use]
    pub fn allow(&self, package: &str, sha256: &Digest) -> bool {
        let allowed = self.0.get(package);
        allowed.is_none_or(|allowed| allowed.digests.contains(sha256))
    }

    /// The files of a lock that are not allowed, a phrase each.
    pub(super) fn differences(&self, lock: &Lock) -> Vec<String> {
        let packages = lock.packages.iter();
        packages
            .filter(|one| !self.allow(&one.name, &one.file.sha256))
            .map(|one| format!("{} has a hash that is not allowed", one.file.name))
            .collect()
    }

    /// Holds a lock against the manifest's hashes.
    ///
    /// # Errors
    /// A file has a hash that is not allowed.
    pub fn check(&self, lock: &Lock) -> Result<(), HashNotAllowed> {
        for package in &lock.packages {
            let LockedFile { name, sha256, .. } = &package.file;
            if let Some(allowed) = self.0.get(&package.name)
                && !allowed.digests.contains(sha256)
            {
                let origins: Vec<&str> = allowed.origins.iter().map(String::as_str).collect();
                return Err(HashNotAllowed {
                    package: format!("{}=={}", package.name, package.version),
                    file: name.clone(),
                    sha256: *sha256,
                    origin: origins.join(", "),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashed(text: &str, digests: &[Digest]) -> Requirement {
        Requirement {
            text: text.to_owned(),
            name: "a".to_owned(),
            hashes: digests.iter().map(|one| format!("sha256:{one}")).collect(),
            origin: "r.txt:1".to_owned(),
        }
    }

    #[test]
    fn all_that_is_said_of_a_package_must_hold_and_overrides_win() {
        let [one, two, three] = [b"1", b"2", b"3"].map(|text| Digest::of(text));
        let mut packages = PackagesSection {
            requirements: vec![
                hashed("a", &[one, two]),
                hashed("a; sys_platform == 'win32'", &[three]),
                hashed("a", &[]),
            ],
            ..PackagesSection::default()
        };
        let allowed = |packages: &PackagesSection| {
            let hashes = AllowedHashes::of(packages, "3.14.0");
            [one, two, three].map(|digest| hashes.allow("a", &digest))
        };
        assert_eq!(allowed(&packages), [true, true, false]);
        packages.constraints.push(hashed("a", &[two, three]));
        assert_eq!(allowed(&packages), [false, true, false]);
        packages.constraints.clear();
        packages.overrides.push(hashed("a==2", &[three]));
        assert_eq!(allowed(&packages), [false, false, true]);
        let hashes = AllowedHashes::of(&packages, "3.14.0");
        assert!(hashes.names("a") && !hashes.names("b") && hashes.allow("b", &one));
    }
}
