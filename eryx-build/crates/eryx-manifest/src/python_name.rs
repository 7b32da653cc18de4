//! Names of Python modules and of what is in them.

use super::model::Entrypoint;
use super::sandbox_path::{BadSandboxPath, check_form};

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
pub(super) fn is_dotted_name(text: &str) -> bool {
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

/// Why a text is no entrypoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotAnEntrypoint {
    /// It starts with `/` and is not a path of the sandbox.
    Path(BadSandboxPath),
    /// It is a path that does not end in `.py`.
    NotPython,
    /// It has no `:`.
    NoFunction,
    /// What stands before the `:` is not a dotted module name.
    Module,
    /// What stands behind the `:` is not a dotted name.
    Attribute,
}

/// Reads `pkg.mod:func` or the absolute sandbox path of a `.py` file.
pub(super) fn parse_entrypoint(text: &str) -> Result<Entrypoint, NotAnEntrypoint> {
    if text.starts_with('/') {
        check_form(text).map_err(NotAnEntrypoint::Path)?;
        return match text.rsplit_once('/') {
            Some((_, name)) if name.len() > ".py".len() && name.ends_with(".py") => {
                Ok(Entrypoint::Script(text.to_owned()))
            }
            _ => Err(NotAnEntrypoint::NotPython),
        };
    }
    let (module, attribute) = text.split_once(':').ok_or(NotAnEntrypoint::NoFunction)?;
    if !is_dotted_name(module) {
        return Err(NotAnEntrypoint::Module);
    }
    if !is_dotted_name(attribute) {
        return Err(NotAnEntrypoint::Attribute);
    }
    Ok(Entrypoint::Function {
        module: module.to_owned(),
        attribute: attribute.to_owned(),
    })
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

    #[test]
    fn entrypoints_are_functions_or_scripts() {
        for written in ["app:main", "pkg.mod:Cls.run", "/app/main.py", "/main.py"] {
            assert_eq!(parse_entrypoint(written).unwrap().to_string(), written);
        }
        for (text, reason) in [
            ("", NotAnEntrypoint::NoFunction),
            ("main.py", NotAnEntrypoint::NoFunction),
            ("app", NotAnEntrypoint::NoFunction),
            ("my-app:main", NotAnEntrypoint::Module),
            (":main", NotAnEntrypoint::Module),
            ("app:", NotAnEntrypoint::Attribute),
            ("app:main()", NotAnEntrypoint::Attribute),
            ("a:b:c", NotAnEntrypoint::Attribute),
            ("/app/main", NotAnEntrypoint::NotPython),
            ("/app/.py", NotAnEntrypoint::NotPython),
            (
                "/app/../x.py",
                NotAnEntrypoint::Path(BadSandboxPath::ParentFolder),
            ),
            ("/", NotAnEntrypoint::Path(BadSandboxPath::Root)),
        ] {
            assert_eq!(parse_entrypoint(text), Err(reason), "{text:?}");
        }
    }
}
