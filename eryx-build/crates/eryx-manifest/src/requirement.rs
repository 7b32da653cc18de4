//! What one requirement means: its text in one form, with paths made absolute.

use std::path::Path;

use pep508_rs::VersionOrUrl;

use eryx_packaging::requirement::{Reference, marker_text, parse};

use crate::reference::{self, is_archive, name_in};
use crate::text::quoted;
use crate::text_diagnostic::TextDiagnostic;

/// How a requirement looks, for messages.
const EXAMPLE: &str = "write a name and, if need be, extras, versions and a marker, as in \
                       \"httpx[http2]>=0.27; python_version >= '3.10'\"";

/// One requirement: a package, with what is asked of it (PEP 508).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The requirement in the form of PEP 508. A path of the host in it is an absolute `file:` URL.
    pub text: String,
    /// The package name in the spelling that all its spellings stand for (PEP 503).
    pub name: String,
    /// The hashes that a distribution of it may have, as `sha256:` and 64 digits; any if empty.
    pub hashes: Vec<String>,
    /// Where it is written, for messages: `eryx.toml:7` or `requirements.txt:3`.
    pub origin: String,
}

/// Reads a requirement that stands in a file in `directory`; its origin is left empty.
///
/// A bare path or address of an archive stands for a direct reference, as for pip and uv, when the
/// package can be told from its file name.
pub(crate) fn validate(text: &str, directory: &Path) -> Result<Requirement, TextDiagnostic> {
    let text = text.trim();
    let named;
    let text = match bare_archive(text)? {
        Some(reference) => {
            named = reference;
            named.as_str()
        }
        None => text,
    };
    let parsed =
        parse(text).map_err(|error| TextDiagnostic::new(error.to_string()).help(help_for(text)))?;
    let mut hashes = Vec::new();
    let mut written = parsed.name.to_string();
    if !parsed.extras.is_empty() {
        let extras: Vec<&str> = parsed.extras.iter().map(AsRef::as_ref).collect();
        written.push_str(&format!("[{}]", extras.join(",")));
    }
    match &parsed.version_or_url {
        Some(VersionOrUrl::VersionSpecifier(versions)) => {
            let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
            written.push_str(&versions.join(","));
        }
        Some(VersionOrUrl::Url(Reference(reference))) => {
            let located = reference::locate(reference, directory)?;
            written.push_str(&format!(" @ {}", located.url));
            hashes.extend(located.hash);
        }
        None => {}
    }
    // The marker stays as it is written: its normal form says less, and can be very long.
    if let Some(marker) = marker_text(text) {
        written.push_str(&format!(" ; {marker}"));
    }
    Ok(Requirement {
        text: written,
        name: parsed.name.to_string(),
        hashes,
        origin: String::new(),
    })
}

/// The direct reference that a bare path or address of an archive stands for; `None` when the text
/// is something else.
fn bare_archive(text: &str) -> Result<Option<String>, TextDiagnostic> {
    let (place, marker) = match text.split_once(" ;").or_else(|| text.split_once("; ")) {
        Some((place, marker)) => (place.trim_end(), format!(" ; {marker}")),
        None => (text, String::new()),
    };
    let (place, extras) = match place
        .strip_suffix(']')
        .and_then(|place| place.rsplit_once('['))
    {
        Some((path, extras)) if is_archive(path) => (path, format!("[{extras}]")),
        _ => (place, String::new()),
    };
    let path = place.split_once('#').map_or(place, |(path, _)| path);
    let is_bare = !before_reference(place)
        && (is_archive(path) || path.contains("://") || path.starts_with(['.', '/', '~']));
    if !is_bare {
        return Ok(None);
    }
    if let Some(diagnostic) = reference::version_control(place) {
        return Err(diagnostic);
    }
    if let Some(name) = name_in(path) {
        Ok(Some(format!("{name}{extras} @ {place}{marker}")))
    } else {
        let help = format!(
            "write the name before it, as in {}",
            quoted(&format!("NAME @ {place}"))
        );
        Err(TextDiagnostic::new("is a path or address without the name of a package").help(help))
    }
}

/// Whether a text starts as a direct reference does: a name, extras, and `@`.
fn before_reference(text: &str) -> bool {
    let of_name = |one: char| one.is_ascii_alphanumeric() || "-_.[], ".contains(one);
    text.split_once('@')
        .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(of_name))
}

/// What to write instead of a text that is no requirement.
fn help_for(text: &str) -> String {
    let name: String = text
        .chars()
        .take_while(|one| one.is_ascii_alphanumeric() || "-_.".contains(*one))
        .collect();
    let after = text.get(name.len()..).unwrap_or_default().trim_start();
    let is_single = after.starts_with('=') && !after.starts_with("==");
    if is_single && !name.is_empty() {
        let version = after.trim_start_matches('=').trim();
        return format!("did you mean {}?", quoted(&format!("{name}=={version}")));
    }
    EXAMPLE.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_have_one_form() {
        for (text, name, expected) in [
            (" Jinja2 == 3.1.6 ", "jinja2", "jinja2==3.1.6"),
            ("Zope.Interface", "zope-interface", "zope-interface"),
            (
                "HTTPX[http2, Brotli] >=0.27, <1;python_version>='3.10'",
                "httpx",
                "httpx[http2,brotli]>=0.27,<1 ; python_version>='3.10'",
            ),
            (
                "a@https://packages.example.com/a.whl ;os_name=='nt'",
                "a",
                "a @ https://packages.example.com/a.whl ; os_name=='nt'",
            ),
            (
                "https://packages.example.com/A_b-1.0-py3-none-any.whl[x] ; os_name=='nt'",
                "a-b",
                "a-b[x] @ https://packages.example.com/A_b-1.0-py3-none-any.whl ; os_name=='nt'",
            ),
        ] {
            let found = validate(text, Path::new("/")).unwrap();
            assert_eq!((found.name.as_str(), found.text.as_str()), (name, expected));
        }
    }

    #[test]
    fn a_bare_path_is_a_direct_reference() {
        let directory = tempfile::tempdir().unwrap();
        let archive = directory.path().join("my-tool-1.0.tar.gz");
        std::fs::write(&archive, "").unwrap();
        let address = url::Url::from_file_path(&archive).unwrap();
        for text in [
            "./my-tool-1.0.tar.gz",
            "my-tool-1.0.tar.gz",
            "My_Tool @ ./my-tool-1.0.tar.gz",
        ] {
            let found = validate(text, directory.path()).unwrap();
            assert_eq!(found.text, format!("my-tool @ {address}"));
        }
    }

    #[test]
    fn mistakes_say_what_to_write() {
        for (text, what, help) in [
            (
                "six=1.17",
                "is not a requirement",
                "did you mean `six==1.17`?",
            ),
            ("./sources", "without the name", "`NAME @ ./sources`"),
            ("https://example.com/main.zip", "without the name", "NAME @"),
            ("a b", "is not a requirement", "write a name"),
            (
                "a @ git+https://example.com/a",
                "version control",
                "an archive",
            ),
            ("git+https://example.com/a", "version control", "an archive"),
        ] {
            let diagnostic = validate(text, Path::new("/nowhere")).unwrap_err();
            assert!(diagnostic.what.contains(what), "{text}: {diagnostic:?}");
            assert!(
                diagnostic
                    .help
                    .as_deref()
                    .unwrap_or_default()
                    .contains(help),
                "{text}: {diagnostic:?}"
            );
        }
    }
}
