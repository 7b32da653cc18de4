//! Where the cache of a user is.

use crate::variables::CACHE_DIR;
use std::{
    env::{consts, var_os},
    ffi::OsString,
    path::PathBuf,
};

/// The cache directory of this user, whether it is there or not: `ERYX_CACHE_DIR`, or else `eryx` in the
/// cache directory of the platform (`XDG_CACHE_HOME` or `~/.cache`; `~/Library/Caches`;
/// `%LOCALAPPDATA%`). None when the environment names no directory.
#[must_use]
pub fn cache_directory() -> Option<PathBuf> {
    of(|name| var_os(name), consts::OS)
}

fn of(variable: impl Fn(&str) -> Option<OsString>, system: &str) -> Option<PathBuf> {
    let path = |name: &str| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    // The XDG base directory specification: a relative path is to be ignored.
    let absolute = |name: &str| path(name).filter(|path| path.is_absolute());
    if let Some(directory) = path(CACHE_DIR.name) {
        return Some(directory);
    }
    if let Some(directory) = absolute("XDG_CACHE_HOME") {
        return Some(directory.join("eryx"));
    }
    match system {
        "windows" => absolute("LOCALAPPDATA").map(|directory| directory.join("eryx").join("cache")),
        "macos" => absolute("HOME").map(|home| home.join("Library").join("Caches").join("eryx")),
        _ => absolute("HOME").map(|home| home.join(".cache").join("eryx")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_where_the_cache_is() {
        let directory = |pairs: &[(&str, &str)], system| {
            of(
                |name| {
                    let pair = pairs.iter().find(|(key, _)| *key == name);
                    pair.map(|(_, value)| OsString::from(value))
                },
                system,
            )
        };
        let home = ("HOME", "/home/a");
        assert_eq!(directory(&[], "linux"), None);
        assert_eq!(
            directory(&[home], "linux"),
            Some(PathBuf::from("/home/a/.cache/eryx"))
        );
        assert_eq!(
            directory(&[home], "macos"),
            Some(PathBuf::from("/home/a/Library/Caches/eryx"))
        );
        assert_eq!(
            directory(&[home, ("XDG_CACHE_HOME", "/x")], "linux"),
            Some(PathBuf::from("/x/eryx"))
        );
        assert_eq!(
            directory(&[home, ("XDG_CACHE_HOME", "x")], "linux"),
            Some(PathBuf::from("/home/a/.cache/eryx"))
        );
        assert_eq!(
            directory(&[home, (CACHE_DIR.name, "/mine")], "linux"),
            Some(PathBuf::from("/mine"))
        );
    }
}
