//! Versions by what they mean (PEP 440).

use std::str::FromStr as _;

use pep440_rs::Version;

/// Whether two spellings are one version (PEP 440: `1.0` is `1.0.0`). What is no version is equal
/// to nothing but its own spelling.
#[must_use]
pub fn same_version(one: &str, other: &str) -> bool {
    match (Version::from_str(one), Version::from_str(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_meaning() {
        assert!(same_version("1.0", "1.0.0"));
        assert!(same_version("2.0rc1", "2.0.RC.1"));
        assert!(!same_version("1.0", "1.0.post1"));
        assert!(!same_version("x", "y"));
    }
}
