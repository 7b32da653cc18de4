//! `[image]`: what the image is.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::checks::{Checks, Kind};
use crate::declare::section;
use crate::diagnostic::SpannedDiagnostic;
use crate::entrypoint::{Entrypoint, NotAnEntrypoint, parse_entrypoint};
use crate::key::Rule;
use crate::sandbox_path::{BadSandboxPath, check_destination, directories_above, normalised};
use crate::text::{Text, quoted};

section! {
    /// What the image is
    #[derive(Debug)]
    pub(crate) struct RawImage ["image"] {
        /// The name of the image, and of its file without `.cwasm`
        name: Option<Text> {
            example: r#"name = "example""#,
            rule: Rule::Pattern("^[a-z0-9][a-z0-9._-]{0,127}$"),
            required: true,
            value: "`[a-z0-9][a-z0-9._-]*`, at most 128 long",
        }
        /// The version of the image, any text in one line
        version: Option<Text> {
            example: r#"version = "1.0""#,
            rule: Rule::Pattern("^[^\\u0000-\\u001f\\u007f]{1,128}$"),
            value: "one line of at most 128 bytes",
        }
        /// What the image is for
        description: Option<Text> {
            example: r#"description = "Renders the weekly report""#,
            rule: Rule::MaxLength(MAX_DESCRIPTION),
            value: "text of at most 4096 bytes",
        }
        /// What runs when no program is named: `module:function`, or the sandbox path of a script
        entrypoint: Option<Text> {
            example: r#"entrypoint = "package.module:main""#,
            rule: Rule::Pattern("^(/.*\\.py|[^/:]+:[^/:]+)$"),
            value: "`package.module:function` or the sandbox path of a `.py` file",
        }
        /// Files and directories that are baked in: host path = sandbox path
        files: Vec<(Text, Text)> {
            example: r#"files = { "report.py" = "/app/report.py" }"#,
            rule: Rule::Pattern("^/[^/]"),
            value: "table, host path → sandbox path",
        }
    }
}

/// `[image]`: the identity of the image, its program and its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageSection {
    /// `name`: `[a-z0-9][a-z0-9._-]*`, at most 128 bytes. The image file is `<name>.cwasm` unless
    /// the command line says otherwise.
    pub name: String,
    /// `version`: free text in one line, at most 128 bytes.
    pub version: Option<String>,
    /// `description`: free text, at most 4096 bytes.
    pub description: Option<String>,
    /// `entrypoint`: what runs when the command line names no program.
    pub entrypoint: Option<Entrypoint>,
    /// `files`: what is baked in read-only, sorted by sandbox path, no sandbox path twice.
    pub files: Vec<FileMapping>,
}

/// One file or directory of the host that is baked into the image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileMapping {
    /// Where it is on the host: an absolute path that existed when the manifest was read.
    pub host: PathBuf,
    /// Where it appears in the sandbox: an absolute normalised path that is not `/` and not in a
    /// directory which the sandbox keeps for itself.
    pub sandbox: String,
}

/// The longest image name and version, in bytes.
const MAX_NAME: usize = 128;
/// The longest description, in bytes.
const MAX_DESCRIPTION: usize = 4096;

/// Validates the section.
pub(crate) fn validate(raw: RawImage, checks: &mut Checks<'_>) -> ImageSection {
    let name = raw.name.and_then(|text| name(text, checks));
    let version = raw.version.and_then(|text| {
        let fits = !text.get_ref().is_empty()
            && text.get_ref().len() <= MAX_NAME
            && !text.get_ref().chars().any(char::is_control);
        plain(text, fits, "version", "one line of 1 to 128 bytes", checks)
    });
    let description = raw.description.and_then(|text| {
        let fits = text.get_ref().len() <= MAX_DESCRIPTION
            && !text
                .get_ref()
                .chars()
                .any(|character| character.is_control() && !matches!(character, '\n' | '\t'));
        plain(
            text,
            fits,
            "description",
            "text of at most 4096 bytes",
            checks,
        )
    });
    let entrypoint = raw.entrypoint.and_then(|text| entrypoint(&text, checks));
    let files = files(raw.files, checks);
    ImageSection {
        name: name.unwrap_or_default(),
        version,
        description,
        entrypoint,
        files,
    }
}

/// The image name that is nearest to a text; `None` when nothing of the text can be in one.
///
/// ```
/// use eryx_manifest::suggested_image_name;
///
/// assert_eq!(suggested_image_name("My Report!").as_deref(), Some("my-report"));
/// assert_eq!(suggested_image_name("../"), None);
/// ```
#[must_use]
pub fn suggested_image_name(text: &str) -> Option<String> {
    let suggested: String = text
        .to_lowercase()
        .chars()
        .map(|character| match character {
            'a'..='z' | '0'..='9' | '.' | '_' | '-' => character,
            _ => '-',
        })
        .skip_while(|first| !first.is_ascii_alphanumeric())
        .take(MAX_NAME)
        .collect();
    let suggested = suggested.trim_end_matches('-');
    (!suggested.is_empty()).then(|| suggested.to_owned())
}

fn name(text: Text, checks: &mut Checks<'_>) -> Option<String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.get_ref().as_bytes();
    let valid = bytes.len() <= MAX_NAME
        && bytes.first().is_some_and(|first| allowed(*first))
        && bytes
            .iter()
            .all(|byte| allowed(*byte) || b"._-".contains(byte));
    if valid {
        return Some(text.into_inner());
    }
    let suggested = suggested_image_name(text.get_ref());
    let help = match suggested {
        Some(suggested) => format!("did you mean \"{suggested}\"?"),
        None => format!("for example: {}", RawImage::name().example),
    };
    checks.report(
        SpannedDiagnostic::new(
            text.span(),
            format!(
                "the image name {} is not made of lower-case letters, digits, `.`, `_` and `-`, starting with a letter or digit and at most {MAX_NAME} long",
                quoted(text.get_ref())
            ),
            "not a valid name",
        )
        .help(help),
    );
    None
}

fn plain(
    text: Text,
    fits: bool,
    key: &str,
    expected: &str,
    checks: &mut Checks<'_>,
) -> Option<String> {
    if fits {
        return Some(text.into_inner());
    }
    checks.report(SpannedDiagnostic::new(
        text.span(),
        format!("`{key}` must be {expected}, without control characters"),
        format!("expected {expected}"),
    ));
    None
}

fn entrypoint(text: &Text, checks: &mut Checks<'_>) -> Option<Entrypoint> {
    let reason = match parse_entrypoint(text.get_ref()) {
        Ok(entrypoint) => return Some(entrypoint),
        Err(reason) => reason,
    };
    let written = text.get_ref();
    let message = match reason {
        NotAnEntrypoint::Path(bad) => {
            format!("the entrypoint {} {}", quoted(written), bad.reason())
        }
        NotAnEntrypoint::NotPython => {
            format!("the entrypoint {} does not end in `.py`", quoted(written))
        }
        NotAnEntrypoint::NoFunction => format!(
            "the entrypoint {} is neither `module:function` nor an absolute path in the sandbox",
            quoted(written)
        ),
        NotAnEntrypoint::Module => format!(
            "the entrypoint {} has no module name before the `:`",
            quoted(written)
        ),
        NotAnEntrypoint::Attribute => format!(
            "the entrypoint {} has no function name behind the `:`",
            quoted(written)
        ),
    };
    checks.report(
        SpannedDiagnostic::new(text.span(), message, "not an entrypoint").help(
            "write \"package.module:function\", or the sandbox path of a script that `files` puts there, for example \"/app/main.py\"",
        ),
    );
    None
}

fn files(written: Vec<(Text, Text)>, checks: &mut Checks<'_>) -> Vec<FileMapping> {
    let mut found: Vec<(FileMapping, Text)> = Vec::new();
    for (host, sandbox) in written {
        let path = checks.existing(&host, Kind::Either, "files");
        let valid = check_destination(sandbox.get_ref());
        if let Err(bad) = valid {
            report_destination(&sandbox, bad, checks);
        }
        if let (Some(host), Ok(())) = (path, valid) {
            let mapping = FileMapping {
                host,
                sandbox: sandbox.get_ref().clone(),
            };
            found.push((mapping, sandbox));
        }
    }
    // By sandbox path, so that the image does not depend on where the files lie on the host.
    found.sort_by(|(one, _), (other, _)| one.sandbox.cmp(&other.sandbox));
    report_collisions(&found, checks);
    found.into_iter().map(|(mapping, _)| mapping).collect()
}

fn report_destination(sandbox: &Text, bad: BadSandboxPath, checks: &mut Checks<'_>) {
    let written = sandbox.get_ref();
    let help = match normalised(written) {
        Some(near) => format!("did you mean {}?", quoted(&near)),
        None => "put files into a directory of their own, for example \"/app\"".to_owned(),
    };
    checks.report(
        SpannedDiagnostic::new(
            sandbox.span(),
            format!("the sandbox path {} {}", quoted(written), bad.reason()),
            "files cannot go there",
        )
        .help(help),
    );
}

/// Reports two mappings to one place, and mappings below a place that is a file. `found` is sorted
/// by sandbox path.
fn report_collisions(found: &[(FileMapping, Text)], checks: &mut Checks<'_>) {
    let files: BTreeMap<&str, &Text> = found
        .iter()
        .filter(|(mapping, _)| mapping.host.is_file())
        .map(|(mapping, text)| (mapping.sandbox.as_str(), text))
        .collect();
    let mut previous: Option<&(FileMapping, Text)> = None;
    for entry in found {
        let (mapping, text) = entry;
        if let Some((_, first)) = previous.filter(|(other, _)| other.sandbox == mapping.sandbox) {
            let (first, second) = in_order(first, text);
            let message = format!("{} is filled twice by `files`", quoted(&mapping.sandbox));
            checks.report(
                SpannedDiagnostic::new(second.span(), message, "the second time")
                    .other(first.span(), "the first time")
                    .help("give the two different sandbox paths"),
            );
        }
        let file_above = directories_above(&mapping.sandbox)
            .find_map(|directory| Some((directory, files.get(directory)?)));
        if let Some((file, first)) = file_above {
            let message = format!(
                "{} lies below {}, which is a file",
                quoted(&mapping.sandbox),
                quoted(file)
            );
            checks.report(
                SpannedDiagnostic::new(text.span(), message, "this cannot be in a file")
                    .other(first.span(), "the file")
                    .help("give the two different sandbox paths"),
            );
        }
        previous = Some(entry);
    }
}

fn in_order<'text>(one: &'text Text, other: &'text Text) -> (&'text Text, &'text Text) {
    if one.span().start <= other.span().start {
        (one, other)
    } else {
        (other, one)
    }
}
