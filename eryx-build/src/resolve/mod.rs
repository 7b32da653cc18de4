//! The room that turns what the manifest asks for into a lock: one exact entry a package.
//!
//! Local wheels are named by path and hash, pins by name and version. Nothing is downloaded and no
//! wheel is opened here beyond hashing it; this room must not know how packages are fetched or
//! what is in them.
//!
//! ```
//! use eryx_build::manifest::PackagesSection;
//!
//! let lock = eryx_build::resolve::resolve(&PackagesSection::default())?;
//! assert!(lock.packages.is_empty());
//! # Ok::<(), eryx_build::resolve::ResolveError>(())
//! ```

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use pep440_rs::Version;

use crate::cache::Digest;
use crate::manifest::{PackagesSection, is_package_name, normalize_package_name};

mod tags;
mod wheel_name;

pub use tags::{Fit, SANDBOX_PLATFORMS, describe_platform, fit};
pub use wheel_name::{WheelName, WheelNameError, same_version};

/// The exact packages that a manifest resolved to, sorted by name, none twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The packages.
    pub packages: Vec<LockedPackage>,
}

/// One package of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPackage {
    /// The package name, normalised (PEP 503).
    pub name: String,
    /// The exact version (PEP 440).
    pub version: String,
    /// Where the wheel comes from.
    pub source: Source,
}

/// Where the wheel of a locked package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A wheel file of the host.
    Path {
        /// The absolute path of the wheel.
        path: PathBuf,
        /// The hash of the wheel when the lock was made.
        sha256: Digest,
    },
    /// The package index that the user's own installer is configured for.
    Index,
}

/// Why a manifest cannot be resolved.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// An entry of `wheels` is a source distribution or some other file.
    #[error(
        "{} in `packages.wheels` is not a wheel: only .whl files are taken, so build a wheel from \
         it first (`pip wheel`)", .0.display()
    )]
    NotAWheel(PathBuf),
    /// The file name of a wheel is malformed.
    #[error("the file name of the wheel {} is not valid: {problem}", path.display())]
    FileName {
        /// The wheel.
        path: PathBuf,
        /// What is wrong with its name.
        problem: WheelNameError,
    },
    /// A wheel cannot be read.
    #[error("cannot read the wheel {}", path.display())]
    Read {
        /// The wheel.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// A wheel is for another Python.
    #[error(
        "the wheel {} is for another Python (tags {tags}): the sandbox runs CPython 3.14, so use a \
         wheel tagged py3-none-any, abi3 or cp314", path.display()
    )]
    OtherPython {
        /// The wheel.
        path: PathBuf,
        /// Its tags.
        tags: String,
    },
    /// A wheel is for another platform.
    #[error(
        "the wheel {} is built for {platform} (tags {tags}) and cannot run in the sandbox: use a \
         wheel for any platform or for WASI, or, if `{name}` works without its native libraries, \
         add it to `packages.without-native`", path.display()
    )]
    OtherPlatform {
        /// The wheel.
        path: PathBuf,
        /// The package.
        name: String,
        /// Its tags.
        tags: String,
        /// The platform in words.
        platform: String,
    },
    /// One package is asked for twice.
    #[error("`{name}` is asked for twice, as {first} and as {second}: keep one of them")]
    Duplicate {
        /// The package.
        name: String,
        /// The first entry, as the manifest has it.
        first: String,
        /// The second entry.
        second: String,
    },
    /// A requirement is not a name and an exact version.
    #[error("`{requirement}` in `packages.requirements` is not of the form name==version")]
    Pin {
        /// The requirement.
        requirement: String,
    },
}

/// Resolves the `[packages]` section of a manifest.
///
/// Local wheels must fit the sandbox by their tags; one for another platform is taken when its
/// package is in `without_native`, since its native libraries are then left out.
///
/// # Errors
/// When a wheel cannot be read or does not fit, or when a package is asked for twice.
pub fn resolve(packages: &PackagesSection) -> Result<Lock, ResolveError> {
    let mut found: BTreeMap<String, (String, LockedPackage)> = BTreeMap::new();
    let mut add = |entry: String, package: LockedPackage| {
        if let Some((first, _)) = found.get(&package.name) {
            return Err(ResolveError::Duplicate {
                name: package.name,
                first: first.clone(),
                second: entry,
            });
        }
        found.insert(package.name.clone(), (entry, package));
        Ok(())
    };
    for path in &packages.wheels {
        let package = resolve_wheel(path, packages)?;
        add(path.display().to_string(), package)?;
    }
    for pin in &packages.requirements {
        let requirement = pin.text.clone();
        let (name, version) = requirement.split_once("==").unwrap_or_default();
        // What is no plain name and version would be an option, a path or an address to the
        // installer that gets it on its command line.
        if !is_package_name(name) || Version::from_str(version).is_err() {
            return Err(ResolveError::Pin { requirement });
        }
        let package = LockedPackage {
            name: normalize_package_name(name),
            version: version.trim().to_owned(),
            source: Source::Index,
        };
        add(requirement, package)?;
    }
    Ok(Lock {
        packages: found.into_values().map(|(_, package)| package).collect(),
    })
}

fn resolve_wheel(path: &Path, packages: &PackagesSection) -> Result<LockedPackage, ResolveError> {
    let file_name = path.file_name().and_then(|name| name.to_str());
    let wheel = WheelName::parse(file_name.unwrap_or_default()).map_err(|problem| {
        let path = path.to_owned();
        match problem {
            WheelNameError::NotAWheel => ResolveError::NotAWheel(path),
            problem => ResolveError::FileName { path, problem },
        }
    })?;
    match fit(&wheel) {
        Fit::Fits => {}
        Fit::OtherPlatform if packages.without_native.contains(&wheel.name) => {}
        Fit::OtherPlatform => {
            let platform = wheel.platform.first().map(|tag| describe_platform(tag));
            return Err(ResolveError::OtherPlatform {
                path: path.to_owned(),
                tags: wheel.to_string(),
                platform: platform.unwrap_or_default(),
                name: wheel.name,
            });
        }
        Fit::OtherPython => {
            return Err(ResolveError::OtherPython {
                path: path.to_owned(),
                tags: wheel.to_string(),
            });
        }
    }
    let (sha256, _) = File::open(path)
        .and_then(Digest::of_reader)
        .map_err(|source| ResolveError::Read {
            path: path.to_owned(),
            source,
        })?;
    Ok(LockedPackage {
        name: wheel.name,
        version: wheel.version,
        source: Source::Path {
            path: path.to_owned(),
            sha256,
        },
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::manifest::Requirement;

    use super::*;

    fn section(folder: &Path, wheels: &[&str], pins: &[(&str, &str)]) -> PackagesSection {
        let wheels = wheels.iter().map(|name| {
            let path = folder.join(name);
            fs::write(&path, b"wheel").unwrap();
            path
        });
        let requirements = pins.iter().map(|(name, version)| Requirement {
            text: format!("{name}=={version}"),
            name: normalize_package_name(name),
            hashes: Vec::new(),
            origin: String::new(),
        });
        PackagesSection {
            wheels: wheels.collect(),
            requirements: requirements.collect(),
            ..PackagesSection::default()
        }
    }

    #[test]
    fn wheels_and_pins_are_sorted_by_normalised_name() {
        let folder = tempfile::tempdir().unwrap();
        let section = section(
            folder.path(),
            &["Zope_Event-5.0-py3-none-any.whl"],
            &[("six", "1.17.0"), ("Jinja2", "3.1.6")],
        );
        let lock = resolve(&section).unwrap();
        let names: Vec<&str> = lock.packages.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["jinja2", "six", "zope-event"]);
        let expected = Source::Path {
            path: folder.path().join("Zope_Event-5.0-py3-none-any.whl"),
            sha256: Digest::of(b"wheel"),
        };
        assert_eq!(lock.packages[2].source, expected);
    }

    #[test]
    fn one_package_twice_names_both_entries() {
        let folder = tempfile::tempdir().unwrap();
        let section = section(
            folder.path(),
            &["zope_event-5.0-py3-none-any.whl"],
            &[("Zope.Event", "5.1")],
        );
        let message = resolve(&section).unwrap_err().to_string();
        assert!(
            message.contains("zope_event-5.0-py3-none-any.whl"),
            "{message}"
        );
        assert!(message.contains("Zope.Event==5.1"), "{message}");
    }

    #[test]
    fn a_wheel_for_another_platform_needs_without_native() {
        let folder = tempfile::tempdir().unwrap();
        let name = "a-1-cp314-cp314-manylinux_2_17_x86_64.whl";
        let mut section = section(folder.path(), &[name], &[]);
        let message = resolve(&section).unwrap_err().to_string();
        assert!(message.contains(name), "{message}");
        assert!(message.contains("Linux (x86_64)"), "{message}");
        section.without_native.insert("a".to_owned());
        assert_eq!(resolve(&section).unwrap().packages.len(), 1);
    }

    #[test]
    fn what_is_no_wheel_or_pin_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let check = |wheels: &[&str], pins: &[(&str, &str)], expected: &str| {
            let error = resolve(&section(folder.path(), wheels, pins)).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        };
        check(&["a-1.tar.gz"], &[], "not a wheel");
        check(&["a-1-any.whl"], &[], "not valid");
        check(&["a-1-cp313-cp313-any.whl"], &[], "another Python");
        check(&[], &[("--index-url", "1")], "name==version");
        check(&[], &[("a", "1 @ file:///x")], "name==version");
        let missing = PackagesSection {
            wheels: vec![folder.path().join("b-1-py3-none-any.whl")],
            ..PackagesSection::default()
        };
        assert!(matches!(resolve(&missing), Err(ResolveError::Read { .. })));
    }
}
