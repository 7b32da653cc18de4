//! The syntax of pip's requirement files: text → entries that know their line.
//!
//! What entries mean, and following those that name other files, is not known here.

use crate::reference;
use crate::text::quoted;
use crate::text_diagnostic::TextDiagnostic;

/// What a line of a requirement file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A requirement with the hashes behind it, as `sha256:` and 64 digits.
    Requirement { text: String, hashes: Vec<String> },
    /// `-r FILE`.
    Requirements(String),
    /// `-c FILE`.
    Constraints(String),
    /// `-i ADDRESS`.
    Index(String),
    /// `--extra-index-url ADDRESS`.
    ExtraIndex(String),
    /// `-f ADDRESS`.
    FindLinks(String),
    /// `--pre`.
    Pre,
}

/// One line, with the lines that continue it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The number of its first line in the file, from 1.
    pub(crate) number: usize,
    /// What it says.
    pub(crate) entry: Result<Entry, TextDiagnostic>,
}

/// Reads the text of a requirement file.
pub(crate) fn read(text: &str) -> Vec<Line> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut found = Vec::new();
    let mut joined: Option<(usize, String)> = None;
    for (index, line) in text.lines().enumerate() {
        let is_comment = line.trim_start().starts_with('#');
        let continued = line.strip_suffix('\\').filter(|_| !is_comment);
        let (_, whole) = joined.get_or_insert_with(|| (index + 1, String::new()));
        if is_comment {
            // A comment ends what is continued into it, as in pip.
            whole.push(' ');
        }
        whole.push_str(continued.unwrap_or(line));
        if continued.is_none() {
            found.extend(joined.take());
        }
    }
    found.extend(joined);
    found
        .into_iter()
        .filter_map(|(number, line)| {
            let line = without_comment(&line).trim();
            (!line.is_empty()).then(|| Line {
                number,
                entry: entry(line),
            })
        })
        .collect()
}

/// The line up to a `#` at its start or behind a space: elsewhere it is part of an address.
fn without_comment(line: &str) -> &str {
    let mut after_space = true;
    for (index, one) in line.char_indices() {
        if one == '#' && after_space {
            return line.get(..index).unwrap_or_default();
        }
        after_space = one.is_whitespace();
    }
    line
}

/// Reads one line without comments and continuations: a requirement, or an option.
pub(crate) fn entry(line: &str) -> Result<Entry, TextDiagnostic> {
    if line.contains("${") {
        return Err(TextDiagnostic::new("has a variable in it")
            .help("variables are not replaced here: write what the variable stands for, and leave credentials to pip's or uv's own configuration"));
    }
    if line.starts_with('-') {
        return option(line);
    }
    let mut hashes = Vec::new();
    let (text, options) = split_options(line);
    let mut options = options.split_whitespace();
    while let Some(word) = options.next() {
        let value = match word.strip_prefix("--hash") {
            Some("") => options.next(),
            Some(value) => value.strip_prefix('='),
            None => None,
        };
        let Some(value) = value else {
            return Err(
                TextDiagnostic::new(format!("has the option {}", quoted(word)))
                    .help("behind a requirement only `--hash=sha256:DIGITS` is supported"),
            );
        };
        hashes.push(reference::sha256(value)?);
    }
    Ok(Entry::Requirement {
        text: text.trim().to_owned(),
        hashes,
    })
}

/// The requirement of a line, and the options behind it.
fn split_options(line: &str) -> (&str, &str) {
    let start = line
        .match_indices("--")
        .map(|(index, _)| index)
        .find(|index| {
            line.get(..*index)
                .is_some_and(|before| before.ends_with(char::is_whitespace))
        });
    line.split_at_checked(start.unwrap_or(line.len()))
        .unwrap_or((line, ""))
}

fn option(line: &str) -> Result<Entry, TextDiagnostic> {
    let (name, value) = if line.starts_with("--") {
        line.split_once(|one: char| one == '=' || one.is_whitespace())
            .map_or((line, ""), |(name, value)| (name, value.trim()))
    } else {
        // A short option may stand directly before its value.
        let end = line
            .char_indices()
            .nth(2)
            .map_or(line.len(), |(end, _)| end);
        let (name, value) = line.split_at_checked(end).unwrap_or((line, ""));
        (name, value.trim())
    };
    let value = unquoted(value);
    let make: fn(String) -> Entry = match name {
        "-r" | "--requirement" => Entry::Requirements,
        "-c" | "--constraint" => Entry::Constraints,
        "-i" | "--index-url" => Entry::Index,
        "--extra-index-url" => Entry::ExtraIndex,
        "-f" | "--find-links" => Entry::FindLinks,
        "--pre" if value.is_empty() => return Ok(Entry::Pre),
        _ => return Err(unsupported(name)),
    };
    if value.is_empty() {
        return Err(TextDiagnostic::new(format!(
            "has the option `{name}` without a value"
        )));
    }
    Ok(make(value.to_owned()))
}

/// The value without the quotes around it.
fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

fn unsupported(name: &str) -> TextDiagnostic {
    let help = match name {
        "-e" | "--editable" => {
            "an image holds copies, no links to directories: name a wheel or a source distribution"
        }
        "--trusted-host" | "--no-index" => {
            "that is for pip's or uv's own configuration: remove the line"
        }
        "--require-hashes" => "every file is checked against the hash in the lock: remove the line",
        "--no-binary" | "--only-binary" | "--prefer-binary" => {
            "a wheel that fits the sandbox is always preferred to a source distribution: remove the line"
        }
        _ => {
            "supported are -r, -c, -i (--index-url), --extra-index-url, -f (--find-links), --pre, and \
             --hash behind a requirement"
        }
    };
    TextDiagnostic::new(format!(
        "has the option {}, which is not supported",
        quoted(name)
    ))
    .help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(text: &str, hashes: &[String]) -> Entry {
        Entry::Requirement {
            text: text.to_owned(),
            hashes: hashes.to_vec(),
        }
    }

    #[test]
    fn every_kind_of_line_is_read() {
        let digits = "0a".repeat(32);
        let hash = format!("sha256:{digits}");
        let text = format!(
            "\u{feff}# a comment\n\
             six  # another\r\n\
             \n\
             a @ https://example.com/a.whl#egg=a ; os_name == 'nt'\n\
             b==1 \\\n    --hash={hash} \\\n    --hash sha256:{}\n\
             -r more.txt\n\
             -r'with space.txt'\n\
             --requirement=more.txt\n\
             -c limits.txt\n\
             --constraint limits.txt\n\
             -i https://packages.example.com/simple\n\
             --extra-index-url=https://packages.example.com/more\n\
             --find-links ./wheels\n\
             --pre\n\
             c \\\n# ends it\n\
             d\\",
            digits.to_uppercase(),
        );
        let found = read(&text);
        let entries: Vec<(usize, Entry)> = found
            .into_iter()
            .map(|line| (line.number, line.entry.unwrap()))
            .collect();
        let expected = [
            (2, requirement("six", &[])),
            (
                4,
                requirement("a @ https://example.com/a.whl#egg=a ; os_name == 'nt'", &[]),
            ),
            (5, requirement("b==1", &[hash.clone(), hash])),
            (8, Entry::Requirements("more.txt".to_owned())),
            (9, Entry::Requirements("with space.txt".to_owned())),
            (10, Entry::Requirements("more.txt".to_owned())),
            (11, Entry::Constraints("limits.txt".to_owned())),
            (12, Entry::Constraints("limits.txt".to_owned())),
            (
                13,
                Entry::Index("https://packages.example.com/simple".to_owned()),
            ),
            (
                14,
                Entry::ExtraIndex("https://packages.example.com/more".to_owned()),
            ),
            (15, Entry::FindLinks("./wheels".to_owned())),
            (16, Entry::Pre),
            (17, requirement("c", &[])),
            (19, requirement("d", &[])),
        ];
        assert_eq!(entries, expected);
    }

    #[test]
    fn what_is_not_supported_is_said() {
        for (line, expected) in [
            ("-e .", "`-e`"),
            ("--editable=.", "`--editable`"),
            ("--trusted-host a", "`--trusted-host`"),
            ("--no-binary :all:", "`--no-binary`"),
            ("--require-hashes", "`--require-hashes`"),
            ("--pre=yes", "`--pre`"),
            ("-", "`-`"),
            ("-é", "`-é`"),
            ("-r", "`-r` without a value"),
            ("six --hash=md5:00", "the hash `md5:00`"),
            ("six --hash", "`--hash`"),
            ("six --config-settings=a", "`--config-settings=a`"),
            ("six @ https://${TOKEN}@example.com/six.whl", "variable"),
        ] {
            let lines = read(line);
            let diagnostic = lines[0].entry.clone().unwrap_err();
            assert!(diagnostic.what.contains(expected), "{line}: {diagnostic:?}");
            assert!(diagnostic.help.is_some() || line == "-r", "{line}");
        }
    }
}
