//! Arguments in files: `@file`, by which build tools come round the limits of command lines.

use crate::SdkError;
use std::{ffi::OsString, fs, path::Path};

/// The most bytes that a file of arguments may have.
const MAX_BYTES: u64 = 16 << 20;

/// Puts the arguments in files, `@file`, in their place.
pub(super) fn expand(arguments: &[OsString]) -> Result<Vec<OsString>, SdkError> {
    let mut all = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let file = argument
            .to_str()
            .and_then(|text| text.strip_prefix('@'))
            .map(Path::new);
        match file.filter(|file| file.is_file()) {
            Some(file) => {
                let size = fs::metadata(file).map_err(SdkError::file(file))?.len();
                if size > MAX_BYTES {
                    return Err(SdkError::Usage(format!(
                        "the file of arguments {} has {size} bytes, more than {MAX_BYTES}: split it",
                        file.display()
                    )));
                }
                let text = fs::read_to_string(file).map_err(SdkError::file(file))?;
                all.extend(words(&text).into_iter().map(OsString::from));
            }
            None => all.push(argument.clone()),
        }
    }
    Ok(all)
}

/// Splits a text as GNU's tools do: white space between words, quotes and backslashes in them.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (_, '\\') => word.get_or_insert_default().extend(characters.next()),
            (Some(open), _) if character == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, _) if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_arguments_are_read_as_others_do() {
        assert_eq!(
            words("a  'b c' \"d\\\"e\"\nf\\ g ''"),
            ["a", "b c", "d\"e", "f g", ""]
        );
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("arguments");
        fs::write(&path, "-c 'a b.c'").unwrap();
        let argument = OsString::from(format!("@{}", path.display()));
        assert_eq!(expand(&[argument]).unwrap(), ["-c", "a b.c"]);
        // One that is no file is left to the compiler.
        assert_eq!(expand(&["@none".into()]).unwrap(), ["@none"]);
    }
}
