//! Extras that are asked for and that the package does not have. They change nothing, and are mostly
//! misspelt: installers warn of them, and so do locks and bakes, in the same words.
//!
//! ```
//! use eryx_packaging::{extras::UnknownExtras, requirement};
//!
//! let asked = requirement::parse("Requests[No_Such, socks]>=2")?;
//! let mut unknown = UnknownExtras::default();
//! unknown.look("eryx.toml:4", &asked, ("requests", "2.32.5"), |extra| extra.as_ref() == "socks");
//! assert_eq!(
//!     unknown.sentences(),
//!     ["eryx.toml:4 asks for requests[no-such], but requests 2.32.5 has no such extra"]
//! );
//! # Ok::<(), requirement::InvalidRequirement>(())
//! ```

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr as _;

use eryx_base::escape::escape_short;
use pep508_rs::ExtraName;

use crate::requirement::Requirement;

/// How many are told of at most.
const MAX_UNKNOWN: usize = 20;

/// How many characters of a name are shown.
const SHOWN: usize = 80;

/// An extra that somebody asks for and that the package does not have, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownExtra {
    /// Who asks: a package with its version, or a place in the manifest.
    pub by: String,
    /// The package as its author writes it.
    pub package: String,
    /// Its version, or nothing when it is not known.
    pub version: String,
    /// The extra, normalised.
    pub extra: String,
}

impl fmt::Display for UnknownExtra {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |text: &str| escape_short(text, SHOWN);
        let of_version = match self.version.as_str() {
            "" => String::new(),
            version => format!(" {}", short(version)),
        };
        write!(
            formatter,
            "{by} asks for {package}[{extra}], but {package}{of_version} has no such extra",
            by = short(&self.by),
            package = short(&self.package),
            extra = short(&self.extra),
        )
    }
}

/// Unknown extras: each once, in the order in which they were found, up to a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownExtras(Vec<UnknownExtra>);

impl UnknownExtras {
    /// Looks at what somebody asks of a package, which is there with this name and version.
    pub fn look(
        &mut self,
        by: &str,
        asked: &Requirement,
        (package, version): (&str, &str),
        provides: impl Fn(&ExtraName) -> bool,
    ) {
        for extra in asked.extras.iter().filter(|extra| !provides(extra)) {
            self.add(UnknownExtra {
                by: by.to_owned(),
                package: package.to_owned(),
                version: version.to_owned(),
                extra: extra.to_string(),
            });
        }
    }

    /// Adds one that an installer told of.
    pub fn add(&mut self, unknown: UnknownExtra) {
        if self.0.len() < MAX_UNKNOWN && !self.0.contains(&unknown) {
            self.0.push(unknown);
        }
    }

    /// A sentence for each.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

impl IntoIterator for UnknownExtras {
    type Item = UnknownExtra;
    type IntoIter = std::vec::IntoIter<UnknownExtra>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The extras that a package has, by its metadata. What is no name of an extra is passed over.
#[must_use]
pub fn provided(names: &[String]) -> BTreeSet<ExtraName> {
    names
        .iter()
        .filter_map(|name| ExtraName::from_str(name).ok())
        .collect()
}

/// Who asks for a requirement of the manifest that is written at this place, which may not be known.
#[must_use]
pub fn asker(origin: &str) -> &str {
    match origin {
        "" => "the manifest",
        origin => origin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement;

    #[test]
    fn each_is_told_once_and_only_so_many() {
        let asked = requirement::parse("b[w, x, Y.Z]").unwrap();
        let has = provided(&["y-z".to_owned(), "no name".to_owned()]);
        let mut unknown = UnknownExtras::default();
        for _ in 0..2 {
            unknown.look("a 1", &asked, ("b", ""), |extra| has.contains(extra));
        }
        assert_eq!(
            unknown.sentences(),
            [
                "a 1 asks for b[w], but b has no such extra",
                "a 1 asks for b[x], but b has no such extra",
            ]
        );
        for number in 0..2 * MAX_UNKNOWN {
            unknown.look(&format!("a {number}"), &asked, ("b", "1"), |_| false);
        }
        assert_eq!(unknown.into_iter().count(), MAX_UNKNOWN);
    }

    #[test]
    fn names_that_packages_choose_are_short_and_harmless() {
        let unknown = UnknownExtra {
            by: format!("{} 1", "long".repeat(1000)),
            package: "b\u{1b}[2J".to_owned(),
            version: "1\n2".to_owned(),
            extra: "x".to_owned(),
        };
        let said = unknown.to_string();
        assert!(
            said.len() < 400 && !said.contains(['\u{1b}', '\n']),
            "{said}"
        );
    }
}
