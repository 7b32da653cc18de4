//! Debian packages as files: downloaded by this machine's own apt, verified by it, unpacked, and never
//! installed.
//!
//! Some files that a bake or a test wants are in no wheel: a library's sources, CPython's own tests. apt has
//! the mirrors, proxies and keyrings of the machine, so it is asked for them. It gets directories of its own for
//! its state, cache and sources, so that no file of the machine changes and nobody has to be root. Any suite
//! can be named, such as `sid` on a machine with an older release: the mirror is the same.
//!
//! What was fetched once is kept by version and sha256, and needs neither apt nor a network again.
//!
//! This crate knows nothing of what is in a package, and no other part of eryx: tests and measurements use
//! it without the toolchain.
//!
//! ```no_run
//! use eryx_debian::{Request, fetch};
//! use std::path::Path;
//!
//! let package = fetch(&Request {
//!     package: "libpython3.14-testsuite",
//!     suite: "sid",
//!     directory: Path::new("debian"),
//!     refresh: false,
//! })?;
//! println!("{} is in {}", package.version, package.files.display());
//! # Ok::<(), eryx_debian::DebianError>(())
//! ```

mod apt;
mod error;
mod kept;
mod source;
mod types;

pub use error::DebianError;
pub use source::original_sources;
pub use types::{Package, Request, SourceRequest};

use apt::{Apt, mirrors};
use error::unusable;
use kept::Kept;
use std::{fs, path::Path};

/// Gives a package, and fetches it before when it is not kept already.
///
/// # Errors
/// When there is no apt, when no mirror has the suite or the package, when the index or the archive is not
/// signed by a key of this machine, or when the directory cannot be written.
pub fn fetch(request: &Request<'_>) -> Result<Package, DebianError> {
    for name in [request.package, request.suite] {
        if !is_name(name) {
            return Err(DebianError::Name(name.to_owned()));
        }
    }
    let directory = std::path::absolute(request.directory).map_err(unusable(request.directory))?;
    let kept = Kept {
        directory: directory.join(request.suite).join(request.package),
    };
    if let (false, Some(package)) = (request.refresh, kept.read()) {
        return Ok(package);
    }
    make_private(&kept.directory)?;
    let mirrors = mirrors(request)?;
    let mut problem = DebianError::NoMirror(request.package.to_owned());
    for mirror in &mirrors {
        let apt = Apt::new(request, &directory, mirror)?;
        match apt.fetch(&kept) {
            Ok(package) => return Ok(package),
            // The first mirror counts, but that one has the suite tells more than that another has not.
            Err(next @ DebianError::NoPackage { .. }) => problem = next,
            Err(next @ DebianError::NoSuite { .. }) => {
                if matches!(problem, DebianError::NoMirror(_)) {
                    problem = next;
                }
            }
            Err(other) => return Err(other),
        }
    }
    Err(problem)
}

/// Whether a text can be the name of a package or a suite, and so the name of a directory.
fn is_name(text: &str) -> bool {
    let plain = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit();
    text.len() <= 128
        && text.starts_with(plain)
        && text.chars().all(|one| plain(one) || "+-.".contains(one))
}

fn make_private(directory: &Path) -> Result<(), DebianError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(directory).map_err(unusable(directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request<'a>(package: &'a str, suite: &'a str, directory: &'a Path) -> Request<'a> {
        Request {
            package,
            suite,
            directory,
            refresh: false,
        }
    }

    #[test]
    fn names_can_leave_no_directory() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["", "..", "../a", "a/b", "A", "-o", "a b", "a\n"] {
            let failure = fetch(&request(name, "sid", directory.path()));
            assert!(matches!(failure, Err(DebianError::Name(_))), "{name:?}");
            let failure = fetch(&request("hello", name, directory.path()));
            assert!(matches!(failure, Err(DebianError::Name(_))), "{name:?}");
        }
        assert!(is_name("libpython3.14-testsuite") && is_name("g++") && is_name("sid"));
    }

    #[test]
    fn what_is_kept_needs_no_apt() {
        let directory = tempfile::tempdir().unwrap();
        let kept = Kept {
            directory: directory.path().join("sid/hello"),
        };
        let package = kept.package("1:2.0-1~b+c", &"0a".repeat(32)).unwrap();
        fs::create_dir_all(&package.files).unwrap();
        kept.write(&package, directory.path()).unwrap();
        let given = fetch(&request("hello", "sid", directory.path())).unwrap();
        assert_eq!(given, package);
        fs::remove_dir(&package.files).unwrap();
        assert_eq!(kept.read(), None);
        for (version, sha256) in [("../x", "0a".repeat(32)), ("1", "0".repeat(63))] {
            assert_eq!(kept.package(version, &sha256), None);
        }
    }
}
