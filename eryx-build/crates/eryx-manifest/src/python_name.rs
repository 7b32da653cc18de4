//! Names of Python modules and of what is in them.

/// The words that Python does not allow as names.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// The longest dotted name, in bytes.
const MAX_DOTTED_NAME: usize = 512;

/// Whether the text is Python identifiers with dots between them.
pub(crate) fn is_dotted_name(text: &str) -> bool {
    text.len() <= MAX_DOTTED_NAME && text.split('.').all(is_identifier)
}

/// Whether the text is a Python identifier. Unicode's `XID` classes, which Python uses, are
/// approximated by letters and digits: the interpreter has the last word.
fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    let starts_well = characters
        .next()
        .is_some_and(|first| first == '_' || first.is_alphabetic());
    starts_well
        && characters.all(|character| character == '_' || character.is_alphanumeric())
        && !KEYWORDS.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_names_are_identifiers_with_dots() {
        for valid in ["json", "a.b_c.D1", "_x", "größe"] {
            assert!(is_dotted_name(valid), "{valid}");
        }
        let long = "a".repeat(513);
        for invalid in [
            "", ".", "a.", ".a", "a..b", "1a", "a-b", "a b", "a.class", "a\n", &long,
        ] {
            assert!(!is_dotted_name(invalid), "{invalid:?}");
        }
    }
}
