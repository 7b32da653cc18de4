//! Every environment variable that eryx reads: one table for the code, `--help`, man pages and the
//! book.
//!
//! ```
//! use eryx_base::variables;
//!
//! assert_eq!(variables::CACHE_DIR.name, "ERYX_CACHE_DIR");
//! assert!(variables::help(&[variables::RESOLVER]).starts_with("  ERYX_RESOLVER"));
//! ```

use std::{env, ffi::OsString, path::PathBuf};

/// An environment variable, and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it does, as a part of a sentence.
    pub help: &'static str,
}

/// Where downloads, bytecode and the compiler are kept.
pub const CACHE_DIR: Variable = variable(
    "ERYX_CACHE_DIR",
    "where downloads and bytecode are kept, instead of the user's cache directory",
);
/// The Python whose pip resolves and downloads.
pub const PYTHON: Variable = variable(
    "ERYX_PYTHON",
    "the Python whose pip resolves and downloads, such as `uv tool run --from pip python`",
);
/// The resolver.
pub const RESOLVER: Variable = variable(
    "ERYX_RESOLVER",
    "`uv` or `pip`; uv when it is there if not set",
);
/// The runtime to build on.
pub const RUNTIME_DIR: Variable = variable(
    "ERYX_RUNTIME_DIR",
    "a directory with the runtime to build on, when the manifest names none",
);
/// Where SDKs are.
pub const SDK_DIR: Variable = variable(
    "ERYX_SDK_DIR",
    "where SDKs are, instead of the user's cache directory",
);
/// What becomes of C++ exceptions.
pub const SDK_EXCEPTIONS: Variable = variable(
    "ERYX_SDK_EXCEPTIONS",
    "what a C++ exception comes to: `throw` (as when it is not set), `refuse` the code, or `abort` the program",
);
/// The compiler.
pub const ZIG: Variable = variable(
    "ZIG",
    "a zig program to compile with, instead of the pinned one",
);
/// Backtraces of traps.
pub const BACKTRACE: Variable = variable(
    "ERYX_BACKTRACE",
    "`1`: a trap reports the functions that were running",
);
/// Names for perf.
pub const PERF_MAP: Variable = variable(
    "ERYX_PERF_MAP",
    "`1`: Linux's perf learns which machine code is which function",
);
/// Colours.
pub const NO_COLOR: Variable = variable("NO_COLOR", "no colours");

/// All of them, those of the toolchain first.
pub const ALL: [Variable; 10] = [
    CACHE_DIR,
    PYTHON,
    RESOLVER,
    RUNTIME_DIR,
    SDK_DIR,
    SDK_EXCEPTIONS,
    ZIG,
    BACKTRACE,
    PERF_MAP,
    NO_COLOR,
];

const fn variable(name: &'static str, help: &'static str) -> Variable {
    Variable { name, help }
}

impl Variable {
    /// Its value; none when it is not set, or empty.
    #[must_use]
    pub fn get(self) -> Option<OsString> {
        env::var_os(self.name).filter(|value| !value.is_empty())
    }

    /// Its value as a path.
    #[must_use]
    pub fn path(self) -> Option<PathBuf> {
        self.get().map(PathBuf::from)
    }

    /// Whether it switches something on: set, not empty, and not `0`.
    #[must_use]
    pub fn is_on(self) -> bool {
        self.get().is_some_and(|value| value != "0")
    }
}

/// A table for `--help`: the variables, indented by two spaces, each with what it does.
#[must_use]
pub fn help(variables: &[Variable]) -> String {
    let width = variables.iter().map(|variable| variable.name.len()).max();
    let width = width.unwrap_or_default();
    let lines: Vec<String> = variables
        .iter()
        .map(|variable| format!("  {:<width$}  {}", variable.name, variable.help))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = ALL.map(|variable| variable.name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn help_is_aligned() {
        assert_eq!(
            help(&[NO_COLOR, ZIG]),
            "  NO_COLOR  no colours\n  ZIG       a zig program to compile with, instead of the pinned one"
        );
    }
}
