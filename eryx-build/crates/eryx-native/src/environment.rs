//! The variables of a build: few of the user's, those of the SDK, and what a recipe and a manifest
//! say. A build sees no credentials, and is told the same on every machine as far as it can be.

use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use eryx_sdk::{Sdk, environment};

/// What a build has of the user's own variables: where programs are, and where those of Rust keep
/// their files.
const KEPT: [&str; 6] = [
    "PATH",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "LD_LIBRARY_PATH",
    "ZIG",
];

/// What a build is told everywhere. The time is the earliest that a zip archive can hold.
const FIXED: [(&str, &str); 7] = [
    ("LANG", "C.UTF-8"),
    ("TZ", "UTC"),
    ("SOURCE_DATE_EPOCH", "315532800"),
    ("PYTHONHASHSEED", "0"),
    ("PYTHONDONTWRITEBYTECODE", "1"),
    ("PYTHONUNBUFFERED", "1"),
    ("CARGO_NET_OFFLINE", "true"),
];

/// A library that was built before, and is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// Its name.
    pub name: String,
    /// The directory with its `include` and `lib`.
    pub directory: PathBuf,
}

/// The variables of one build.
#[derive(Debug, Default)]
pub(crate) struct Variables(BTreeMap<String, OsString>);

impl Variables {
    /// Those that every build has: `home` is a directory of its own.
    pub(crate) fn new(home: &Path, jobs: usize) -> Self {
        let mut variables = Self::default();
        for name in KEPT {
            if let Some(value) = env::var_os(name) {
                variables.set(name, value);
            }
        }
        // Where cargo and rustup are by default depends on the home directory, which is another one here.
        if let Some(user) = env::var_os("HOME") {
            for (name, directory) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
                if env::var_os(name).is_none() {
                    variables.set(name, Path::new(&user).join(directory));
                }
            }
        }
        for (name, value) in FIXED {
            variables.set(name, value);
        }
        variables.set("HOME", home);
        variables.set("TMPDIR", home);
        let jobs = jobs.to_string();
        for name in [
            "CARGO_BUILD_JOBS",
            "CMAKE_BUILD_PARALLEL_LEVEL",
            "MAX_JOBS",
            "NPY_NUM_BUILD_JOBS",
        ] {
            variables.set(name, &jobs);
        }
        variables.set("MAKEFLAGS", format!("-j{jobs}"));
        variables
    }

    /// Sets one.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// One of them.
    pub(crate) fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(name).map(OsString::as_os_str)
    }

    /// Adds those of the SDK.
    pub(crate) fn of_sdk(&mut self, sdk: &Sdk) {
        let values = environment::variables(sdk, |name| self.get(name).map(OsStr::to_owned));
        for (name, value) in values {
            self.set(name, value);
        }
    }

    /// Puts a directory before others in a list of directories.
    pub(crate) fn first(&mut self, name: &str, directory: &Path) {
        let mut value = directory.as_os_str().to_owned();
        if let Some(others) = self.get(name).filter(|value| !value.is_empty()) {
            value.push(":");
            value.push(others);
        }
        self.set(name, value);
    }

    /// Makes libraries known to compilers, CMake and pkg-config.
    pub(crate) fn libraries(&mut self, prefixes: &[Prefix]) {
        let mut pkg_config = Vec::new();
        let mut cmake = Vec::new();
        for Prefix { directory, .. } in prefixes {
            let flag = |prefix: &str, below: &str| {
                let mut flag = OsString::from(prefix);
                flag.push(directory.join(below));
                flag
            };
            for name in ["CFLAGS", "CXXFLAGS"] {
                self.add(name, &flag("-I", "include"));
            }
            self.add("LDFLAGS", &flag("-L", "lib"));
            pkg_config.push(directory.join("lib/pkgconfig"));
            cmake.push(directory.clone());
        }
        let list = |paths: Vec<PathBuf>, by: &str| {
            let texts: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
            OsString::from(texts.join(by))
        };
        // Also when it is empty: nothing of the machine is to be found.
        self.set("PKG_CONFIG_LIBDIR", list(pkg_config, ":"));
        self.set("PKG_CONFIG_PATH", "");
        self.set("CMAKE_PREFIX_PATH", list(cmake, ":"));
    }

    /// Adds a word to a variable.
    pub(crate) fn add(&mut self, name: &str, word: &OsStr) {
        let mut value = self.get(name).unwrap_or_default().to_owned();
        if !value.is_empty() {
            value.push(" ");
        }
        value.push(word);
        self.set(name, value);
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &OsStr)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_os_str()))
    }
}

/// What stands in braces in a recipe: `{jobs}`, `{python}`, `{prefix}`, `{sdk}`, `{source}` and, for a
/// library, `{lib:NAME}`.
pub(crate) struct Words {
    /// The words and their values.
    values: Vec<(String, String)>,
}

impl Words {
    /// With the prefixes of libraries.
    pub(crate) fn new(prefixes: &[Prefix]) -> Self {
        let value = |prefix: &Prefix| {
            (
                format!("{{lib:{}}}", prefix.name),
                prefix.directory.display().to_string(),
            )
        };
        Self {
            values: prefixes.iter().map(value).collect(),
        }
    }

    /// With one more.
    pub(crate) fn with(mut self, word: &str, value: impl std::fmt::Display) -> Self {
        self.values.push((format!("{{{word}}}"), value.to_string()));
        self
    }

    /// A text with values in place of words.
    pub(crate) fn put(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (word, value) in &self.values {
            text = text.replace(word, value);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_has_no_variables_of_the_user_but_few() {
        let variables = Variables::new(Path::new("/home"), 3);
        for (name, _) in variables.iter() {
            let is_known = KEPT.contains(&name)
                || FIXED.iter().any(|(fixed, _)| *fixed == name)
                || ["HOME", "TMPDIR", "MAKEFLAGS"].contains(&name)
                || variables.get(name) == Some(OsStr::new("3"));
            assert!(is_known, "{name}");
        }
        assert_eq!(variables.get("MAKEFLAGS"), Some(OsStr::new("-j3")));
    }

    #[test]
    fn libraries_are_known_by_their_prefixes() {
        let prefix = Prefix {
            name: "z".to_owned(),
            directory: "/p".into(),
        };
        let mut variables = Variables::default();
        variables.set("CFLAGS", "-O3");
        variables.libraries(std::slice::from_ref(&prefix));
        assert_eq!(
            variables.get("CFLAGS"),
            Some(OsStr::new("-O3 -I/p/include"))
        );
        assert_eq!(
            variables.get("PKG_CONFIG_LIBDIR"),
            Some(OsStr::new("/p/lib/pkgconfig"))
        );
        let words = Words::new(&[prefix]).with("jobs", 2);
        assert_eq!(words.put("a {lib:z}/b -j{jobs} {c}"), "a /p/b -j2 {c}");
    }
}
