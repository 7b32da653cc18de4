//! Licences as packages state them.

use spdx::{Expression, LicenseReq, ParseMode};

/// The longest text that is taken for a licence expression, in bytes.
const MAX_EXPRESSION: usize = 1000;

/// The deepest nesting of parentheses that a licence expression may have.
const MAX_NESTING: usize = 16;

/// A licence as a package states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum License {
    /// One licence of the SPDX list.
    Id(String),
    /// An SPDX expression of licences of that list.
    Expression(String),
    /// Something else, in words.
    Text(String),
}

impl License {
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim();
        let written = || Self::Text(text.to_owned());
        let nesting = text.matches('(').count();
        if text.len() > MAX_EXPRESSION || nesting > MAX_NESTING {
            return written();
        }
        let mode = ParseMode {
            // Packages may be older than the list.
            allow_deprecated: true,
            ..ParseMode::STRICT
        };
        let Ok(expression) = Expression::parse_mode(text, mode) else {
            return written();
        };
        // What only the package's own document explains is no more than words in this one.
        let is_listed = |one: &LicenseReq| {
            let exception = one.addition.as_ref();
            one.license.id().is_some() && exception.is_none_or(|one| one.id().is_some())
        };
        if !expression.requirements().all(|one| is_listed(&one.req)) {
            return written();
        }
        match spdx::license_id(text) {
            Some(id) => Self::Id(id.name.to_owned()),
            None => Self::Expression(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_told_apart() {
        let id = |text: &str| License::Id(text.to_owned());
        let expression = |text: &str| License::Expression(text.to_owned());
        let words = |text: &str| License::Text(text.to_owned());
        for (text, license) in [
            ("MIT", id("MIT")),
            (" BSD-3-Clause ", id("BSD-3-Clause")),
            ("GPL-2.0", id("GPL-2.0")),
            ("MIT OR Apache-2.0", expression("MIT OR Apache-2.0")),
            (
                "Apache-2.0 WITH LLVM-exception",
                expression("Apache-2.0 WITH LLVM-exception"),
            ),
            ("BSD License", words("BSD License")),
            ("Apache 2.0", words("Apache 2.0")),
            ("LicenseRef-Own", words("LicenseRef-Own")),
            ("MIT AND LicenseRef-Own", words("MIT AND LicenseRef-Own")),
        ] {
            assert_eq!(License::parse(text), license, "{text}");
        }
        let deep = format!("{}MIT{}", "(".repeat(400), ")".repeat(400));
        assert_eq!(License::parse(&deep), words(&deep));
        let long = "MIT OR ".repeat(10_000) + "MIT";
        assert_eq!(License::parse(&long), words(&long));
    }

    #[test]
    fn no_licence_makes_the_parser_panic() {
        let words = [
            "MIT",
            "(",
            ")",
            " AND ",
            " OR ",
            " WITH ",
            "+",
            "/",
            "é",
            "\u{0}",
            "LicenseRef-",
            ":",
            "DocumentRef-",
            "GPL-2.0",
            "LLVM-exception",
            " ",
        ];
        for first in words {
            for second in words {
                for third in words {
                    for fourth in words {
                        License::parse(&[first, second, third, fourth].concat());
                    }
                }
            }
        }
    }
}
