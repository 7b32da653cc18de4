//! Which of several files of one package is taken.

use eryx_base::Digest;
use eryx_manifest::PackagesSection;
use eryx_packaging::environment::FOREIGN_PLATFORMS;
use eryx_packaging::{Fit, WheelName, fit_with};

use super::hashes::AllowedHashes;

/// What decides between wheels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Preference<'a> {
    /// Platform tags that fit besides the usual ones.
    pub platform_tags: &'a [String],
    /// Normalised names of packages that may come for another platform.
    pub without_native: Option<&'a std::collections::BTreeSet<String>>,
    /// The hashes that files may have.
    pub hashes: Option<&'a AllowedHashes>,
}

impl<'a> Preference<'a> {
    /// What a manifest prefers among wheels.
    #[must_use]
    pub fn of(packages: &'a PackagesSection) -> Self {
        Self {
            platform_tags: &packages.platform_tags,
            without_native: Some(&packages.without_native),
            hashes: None,
        }
    }

    /// Whether a file of a package may have this hash.
    #[must_use]
    pub fn allows(&self, name: &str, sha256: &Digest) -> bool {
        self.hashes.is_none_or(|hashes| hashes.allow(name, sha256))
    }

    /// Whether a package may come for another platform.
    #[must_use]
    pub fn takes_foreign(&self, name: &str) -> bool {
        self.without_native
            .is_some_and(|names| names.contains(name))
    }
}

/// The file name of the wheel that fits best: one for the sandbox before one for any platform, that
/// before one for another platform, and of equals the one whose name is last.
pub(super) fn best_wheel(
    names: impl Iterator<Item = String>,
    package: &str,
    preference: &Preference<'_>,
) -> Option<String> {
    names
        .filter_map(|name| Some((rank(&name, package, preference)?, name)))
        .max()
        .map(|(_, name)| name)
}

fn rank(file_name: &str, package: &str, preference: &Preference<'_>) -> Option<usize> {
    let wheel = WheelName::parse(file_name).ok()?;
    let is = |tag: &str| wheel.platform.iter().any(|one| one == tag);
    match fit_with(&wheel, preference.platform_tags) {
        // A wheel for the sandbox alone has native code, which is why it exists.
        Fit::Fits if is("any") => Some(1000),
        Fit::Fits => Some(2000),
        Fit::OtherPlatform if preference.takes_foreign(package) => {
            let position = FOREIGN_PLATFORMS.iter().position(|tag| is(tag))?;
            Some(FOREIGN_PLATFORMS.len().saturating_sub(position))
        }
        Fit::OtherPlatform | Fit::OtherPython => None,
    }
}

/// The version that a file name has in it.
pub(super) fn version_of(file_name: &str) -> Option<String> {
    if let Ok(wheel) = WheelName::parse(file_name) {
        return Some(wheel.version);
    }
    let stem = file_name
        .strip_suffix(".tar.gz")
        .or_else(|| file_name.strip_suffix(".zip"))?;
    stem.rsplit_once('-').map(|(_, version)| version.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_wheel_that_fits_best_is_taken() {
        let foreign = BTreeSet::from(["a".to_owned()]);
        let tags = ["mywasi_wasm32".to_owned()];
        let check = |names: &[&str], foreign: Option<&BTreeSet<String>>, expected: Option<&str>| {
            let preference = Preference {
                platform_tags: &tags,
                without_native: foreign,
                hashes: None,
            };
            let names = names.iter().map(|name| format!("a-1-{name}.whl"));
            let best = best_wheel(names, "a", &preference);
            assert_eq!(best, expected.map(|name| format!("a-1-{name}.whl")));
        };
        let (any, wasi) = ("py3-none-any", "cp314-cp314-wasi_0_0_0_wasm32");
        let own = "cp314-cp314-mywasi_wasm32";
        let (old, new) = (
            "cp314-cp314-manylinux_2_5_x86_64",
            "cp314-cp314-manylinux_2_17_x86_64",
        );
        check(&[any, wasi, new], None, Some(wasi));
        check(&[any, own], None, Some(own));
        check(&[any, new], Some(&foreign), Some(any));
        check(&[old, new], Some(&foreign), Some(new));
        check(&[old, new, "cp313-cp313-any"], None, None);
        check(&["cp314-cp314-win_amd64"], Some(&foreign), None);
    }

    #[test]
    fn versions_are_read_from_file_names() {
        for (name, version) in [
            ("a-1.0-py3-none-any.whl", Some("1.0")),
            ("a-b-1.0.tar.gz", Some("1.0")),
            ("a-1.0.zip", Some("1.0")),
            ("a.tar.gz", None),
        ] {
            assert_eq!(version_of(name).as_deref(), version);
        }
    }
}
