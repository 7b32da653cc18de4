//! What is missing, and what else is wrong between packages.

use std::fmt;

use eryx_packaging::extras::UnknownExtra;

/// Packages do not fit together: everything that is wrong, in the order of the packages.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the packages do not fit together:{}", lines(.problems))]
pub struct RequiresError {
    /// What is wrong; never empty.
    pub problems: Vec<Problem>,
}

/// The most problems that a message lists.
const MAX_SHOWN: usize = 20;

fn lines(problems: &[Problem]) -> String {
    let mut text: String = problems
        .iter()
        .take(MAX_SHOWN)
        .map(|problem| format!("\n  {problem}"))
        .collect();
    let more = problems.len().saturating_sub(MAX_SHOWN);
    if more > 0 {
        text.push_str(&format!("\n  and {more} more"));
    }
    text
}

impl RequiresError {
    /// What the user can do about it.
    #[must_use]
    pub fn help(&self) -> String {
        let is_missing = |problem: &Problem| matches!(problem, Problem::Missing { .. });
        let is_version = |problem: &Problem| matches!(problem, Problem::Version { .. });
        let mut words = Vec::new();
        if self.problems.iter().any(is_missing) {
            words.push(
                "add what is missing to `packages.requirements`, or name it in \
                 `packages.exclude` if the image works without it",
            );
        }
        if self.problems.iter().any(is_version) {
            words.push(
                "ask for a version that suits all of them in `packages.requirements` or \
                 `packages.constraints`, or correct in `packages.overrides` what a package \
                 wrongly requires",
            );
        }
        if words.len() < self.kinds() {
            words.push("take a version of the package that is for the runtime's Python");
        }
        words.join("; ")
    }

    /// How many kinds of problems there are.
    fn kinds(&self) -> usize {
        let kinds: std::collections::HashSet<_> =
            self.problems.iter().map(std::mem::discriminant).collect();
        kinds.len()
    }
}

/// One thing that is wrong between packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A package that is required is not there.
    Missing {
        /// The normalised name of the package that is not there.
        name: String,
        /// What is asked for, in the form of PEP 508.
        requirement: String,
        /// Who asks: a package with its version, or a place in the manifest.
        by: String,
    },
    /// A package is there in another version than is required.
    Version {
        /// The package that is there, as its author writes it.
        name: String,
        /// The version that is there.
        version: String,
        /// What is asked for, in the form of PEP 508.
        requirement: String,
        /// Who asks: a package with its version, or a place in the manifest.
        by: String,
        /// Whether an override asks so in the place of the package.
        overridden: bool,
    },
    /// A package is not for the runtime's Python.
    Python {
        /// The package with its version.
        package: String,
        /// The Python versions that it is for.
        requires: String,
        /// The version of the runtime's Python.
        python: String,
    },
    /// The runtime does not say which Python it has.
    Runtime {
        /// What it says in place of a version.
        python: String,
    },
}

impl Problem {
    /// Adds to a package that requires something who requires it in turn, up to the manifest.
    pub(super) fn say_who_requires(&mut self, chain: &dyn Fn(&str) -> String) {
        if let Self::Missing { by, .. } | Self::Version { by, .. } = self {
            // A place in the manifest is no package.
            let package = by.split(' ').next().unwrap_or_default();
            let chain = chain(package);
            by.push_str(&chain);
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing {
                requirement, by, ..
            } => write!(
                formatter,
                "{by} requires `{requirement}`, which is not there"
            ),
            Self::Version {
                name,
                version,
                requirement,
                by,
                overridden,
            } => {
                let source = if *overridden {
                    ", by `packages.overrides`,"
                } else {
                    ""
                };
                write!(
                    formatter,
                    "{by} requires{source} `{requirement}`, but {name} {version} is there"
                )
            }
            Self::Python {
                package,
                requires,
                python,
            } => write!(
                formatter,
                "{package} is for Python {requires}, and the runtime has {python}"
            ),
            Self::Runtime { python } => write!(
                formatter,
                "the runtime says that its Python is {python:?}, which is no version"
            ),
        }
    }
}

/// What is no error, and what users should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// What a package requires cannot be read, and is not checked.
    Unreadable {
        /// The package with its version.
        package: String,
        /// The field: `Requires-Dist`, `Requires-Python` or `Version`.
        field: &'static str,
        /// What it says, shortened when it is long.
        text: String,
        /// Why it cannot be read, as the end of a sentence about it.
        reason: String,
    },
    /// There is more of this kind than is shown.
    MoreUnreadable {
        /// The package with its version.
        package: String,
        /// How many more there are.
        more: usize,
    },
    /// Somebody asks for an extra that a package does not have.
    NoSuchExtra(UnknownExtra),
}

impl Note {
    /// Whether it is probably not as the user wants it, rather than good to know.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::NoSuchExtra(_))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable {
                package,
                field,
                text,
                reason,
            } => write!(
                formatter,
                "{package}: not checked: {field} `{text}` {reason}"
            ),
            Self::MoreUnreadable { package, more } => {
                write!(
                    formatter,
                    "{package}: not checked: {more} more requirements that cannot be read"
                )
            }
            Self::NoSuchExtra(unknown) => unknown.fmt(formatter),
        }
    }
}
