//! Package names: which are valid, and when two spellings mean one package.

/// The longest package name that is accepted, in bytes.
pub const MAX_PACKAGE_NAME: usize = 128;

/// The one spelling that every spelling of a package name stands for (PEP 503): lower case, with
/// each run of `-`, `_` and `.` written as one `-`.
///
/// ```
/// use eryx_packaging::normalize_package_name;
///
/// assert_eq!(normalize_package_name("Charset__Normalizer"), "charset-normalizer");
/// ```
#[must_use]
pub fn normalize_package_name(name: &str) -> String {
    let mut normalized = String::with_capacity(name.len());
    let mut in_separator = false;
    for character in name.chars() {
        if matches!(character, '-' | '_' | '.') {
            if !in_separator {
                normalized.push('-');
            }
            in_separator = true;
        } else {
            normalized.push(character.to_ascii_lowercase());
            in_separator = false;
        }
    }
    normalized
}

/// Whether `name` is a package name by PEP 508: ASCII letters, digits, `-`, `_` and `.`, with a
/// letter or digit at both ends, and at most [`MAX_PACKAGE_NAME`] bytes long.
#[must_use]
pub fn is_package_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    bytes.len() <= MAX_PACKAGE_NAME
        && first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_meet() {
        for spelling in ["friendly-bard", "Friendly.Bard", "FRIENDLY_-.bard"] {
            assert_eq!(normalize_package_name(spelling), "friendly-bard");
        }
        assert_eq!(normalize_package_name("six"), "six");
        assert_eq!(normalize_package_name(""), "");
    }

    #[test]
    fn names_follow_pep_508() {
        for valid in ["a", "A1", "zope.interface", "x_y-z"] {
            assert!(is_package_name(valid), "{valid}");
        }
        let too_long = "a".repeat(MAX_PACKAGE_NAME + 1);
        for invalid in ["", "-a", "a.", "a b", "naïve", "a/b", "a==1", &too_long] {
            assert!(!is_package_name(invalid), "{invalid}");
        }
    }
}
