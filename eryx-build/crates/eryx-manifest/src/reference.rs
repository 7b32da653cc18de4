//! Addresses and paths in `[packages]`: direct references, `find-links` and indexes.

use std::path::{Component, Path, PathBuf};

use url::Url;

use crate::text::quoted;
use crate::text_diagnostic::TextDiagnostic;

/// The endings of the archives that can be installed: wheels and source distributions.
const ARCHIVES: [&str; 3] = [".whl", ".tar.gz", ".zip"];

/// Schemes of version control, as pip writes them before a `+`.
const VERSION_CONTROL: [&str; 4] = ["git", "hg", "svn", "bzr"];

/// What a direct reference names.
pub(crate) struct Located {
    /// The address of the archive; that of a file of the host is an absolute `file:` URL.
    pub(crate) url: Url,
    /// `sha256:` and 64 digits, when the address ends in a hash.
    pub(crate) hash: Option<String>,
}

/// Finds what a direct reference names. A relative path starts from `directory`.
pub(crate) fn locate(reference: &str, directory: &Path) -> Result<Located, TextDiagnostic> {
    if let Some(diagnostic) = version_control(reference) {
        return Err(diagnostic);
    }
    let (place, fragment) = match reference.split_once('#') {
        Some((place, fragment)) => (place, Some(fragment)),
        None => (reference, None),
    };
    let hash = fragment
        .and_then(|text| hash_in(text).transpose())
        .transpose()?;
    let mut url = if let Some(url) = web_address(place)? {
        url
    } else {
        let path = file_of_host(place, directory)?;
        Url::from_file_path(&path).map_err(|()| {
            TextDiagnostic::new(format!(
                "names {}, which is no absolute path",
                quoted(place)
            ))
        })?
    };
    if !is_archive(url.path()) {
        return Err(
            TextDiagnostic::new("names what is neither a wheel nor a source distribution")
                .help("the name of the file must end in `.whl`, `.tar.gz` or `.zip`"),
        );
    }
    url.set_fragment(hash.as_ref().map(|hash| hash.replace(':', "=")).as_deref());
    Ok(Located { url, hash })
}

/// Whether a text is the name, path or address of an archive, and no name of a package.
pub(crate) fn is_archive(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ARCHIVES.iter().any(|ending| lower.ends_with(ending))
}

/// The package name in the file name of an archive, the last part of `path`.
pub(crate) fn name_in(path: &str) -> Option<&str> {
    let file = path.rsplit(['/', '\\']).next()?;
    let lower = file.to_ascii_lowercase();
    if lower.ends_with(".whl") {
        // name-version[-build]-python-abi-platform.whl
        return Some(file.split_once('-')?.0);
    }
    let ending = ARCHIVES.iter().find(|ending| lower.ends_with(*ending))?;
    let stem = file.get(..file.len().checked_sub(ending.len())?)?;
    // name-version; the name of an old archive may have hyphens, a version has none.
    let (name, version) = stem.rsplit_once('-')?;
    version
        .starts_with(|first: char| first.is_ascii_digit())
        .then_some(name)
}

/// An address of the web, `http` or `https`; `None` for what is a path.
pub(crate) fn web_address(text: &str) -> Result<Option<Url>, TextDiagnostic> {
    let Some((scheme, _)) = text.split_once("://") else {
        return Ok(None);
    };
    if scheme.eq_ignore_ascii_case("file") {
        return Ok(None);
    }
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err(TextDiagnostic::new(format!(
            "has an address with the scheme {}",
            quoted(scheme)
        ))
        .help("use an `https:` or `file:` address, or a path"));
    }
    let url = Url::parse(text).map_err(|error| {
        TextDiagnostic::new(format!("has an address that is not valid: {error}"))
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(TextDiagnostic::new("has a user name or password in its address").help(
            "leave it out, and give it to pip or uv in their own ways, such as a .netrc file or a keyring: \
             what is written here ends in the lock",
        ));
    }
    Ok(Some(url))
}

/// The absolute path of a file of the host that is named by a path or a `file:` address.
fn file_of_host(text: &str, directory: &Path) -> Result<PathBuf, TextDiagnostic> {
    let path = absolute(text, directory)?;
    match std::fs::metadata(&path) {
        Ok(found) if found.is_file() => Ok(path),
        Ok(found) if found.is_dir() => Err(TextDiagnostic::new(format!(
            "names {}, which is a directory",
            quoted(text)
        ))
        .help("build a wheel or a source distribution of it, and name that file")),
        Ok(_) => Err(TextDiagnostic::new(format!(
            "names {}, which is not a file",
            quoted(text)
        ))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let help = if text.starts_with('~') {
                "`~` is not expanded: write the whole path".to_owned()
            } else {
                let directory = quoted(&directory.display().to_string());
                format!(
                    "a path starts from the directory of the file that it is written in, {directory}"
                )
            };
            Err(
                TextDiagnostic::new(format!("names {}, which is not there", quoted(text)))
                    .help(help),
            )
        }
        Err(error) => Err(TextDiagnostic::new(format!(
            "names {}, which cannot be looked at: {error}",
            quoted(text)
        ))),
    }
}

/// The absolute path that a path or `file:` address means, whether or not something is there.
pub(crate) fn absolute(text: &str, directory: &Path) -> Result<PathBuf, TextDiagnostic> {
    let is_address = text
        .get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"));
    let joined = if is_address {
        let unusable = || {
            TextDiagnostic::new(format!(
                "has the address {}, which names no file of this machine",
                quoted(text)
            ))
            .help("a `file:` address has three slashes and an absolute path; or write a path")
        };
        // `file:x.whl` would otherwise be read as the absolute path /x.whl.
        if !text.get(5..).is_some_and(|rest| rest.starts_with('/')) {
            return Err(unusable());
        }
        let url = Url::parse(text).map_err(|_| unusable())?;
        url.to_file_path().map_err(|()| unusable())?
    } else {
        if text.is_empty() {
            return Err(TextDiagnostic::new("has an empty path"));
        }
        directory.join(text)
    };
    let path = std::path::absolute(&joined).unwrap_or(joined);
    // One file must have one address. Only the system knows what `..` behind a link means.
    if path.components().any(|part| part == Component::ParentDir) {
        return Ok(path.canonicalize().unwrap_or(path));
    }
    Ok(path)
}

/// What is wrong with a reference to a repository of version control; `None` for any other.
pub(crate) fn version_control(reference: &str) -> Option<TextDiagnostic> {
    let is_tool = |scheme: &str| {
        VERSION_CONTROL.iter().any(|tool| {
            scheme
                .split('+')
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case(tool))
        })
    };
    let scheme = reference.split_once("://").map(|(scheme, _)| scheme);
    if !scheme.is_some_and(is_tool) && !reference.starts_with("git@") {
        return None;
    }
    Some(TextDiagnostic::new("names a repository of version control").help(
        "name an archive of the sources instead (most hosts of repositories have an address of a `.tar.gz` or `.zip` for each \
         commit and tag), or build a wheel of it and name that",
    ))
}

/// The hash in the fragment of an address; the `egg=` of old is passed over.
fn hash_in(fragment: &str) -> Result<Option<String>, TextDiagnostic> {
    let mut hash = None;
    for part in fragment.split('&') {
        match part.split_once('=') {
            Some(("egg", _)) => {}
            Some((algorithm @ ("sha256" | "sha384" | "sha512" | "sha1" | "md5"), digits)) => {
                hash = Some(sha256(&format!("{algorithm}:{digits}"))?);
            }
            _ => {
                return Err(TextDiagnostic::new(format!(
                    "has {} behind the `#` of its address",
                    quoted(part)
                ))
                .help("only a hash can stand there, `#sha256=` and 64 digits"));
            }
        }
    }
    Ok(hash)
}

/// Checks a hash in the form of pip's `--hash`, `sha256:` and 64 digits, and writes it in small letters.
pub(crate) fn sha256(text: &str) -> Result<String, TextDiagnostic> {
    let lower = text.to_ascii_lowercase();
    let digits = lower.strip_prefix("sha256:").unwrap_or_default();
    if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(lower);
    }
    Err(
        TextDiagnostic::new(format!("has the hash {}", quoted(text))).help(
            "a hash is `sha256:` and 64 hexadecimal digits; other algorithms are not supported",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostic(reference: &str, directory: &Path) -> String {
        locate(reference, directory)
            .map(|located| located.url)
            .unwrap_err()
            .what
    }

    #[test]
    fn paths_and_addresses_of_archives_are_located() {
        let directory = tempfile::tempdir().unwrap();
        let wheel = directory.path().join("a b-1-py3-none-any.whl");
        std::fs::write(&wheel, "").unwrap();
        let address = Url::from_file_path(&wheel).unwrap().to_string();
        for reference in [
            "a b-1-py3-none-any.whl",
            "./a b-1-py3-none-any.whl",
            &address,
        ] {
            let located = locate(reference, directory.path()).unwrap();
            assert_eq!(located.url.as_str(), address);
        }
        let digits = "AB".repeat(32);
        let located = locate(
            &format!("https://packages.example.com/a-1.tar.gz#egg=a&sha256={digits}"),
            directory.path(),
        )
        .unwrap();
        assert_eq!(
            located.hash,
            Some(format!("sha256:{}", digits.to_lowercase()))
        );
        assert!(located.url.as_str().ends_with(&digits.to_lowercase()));
    }

    #[test]
    fn what_can_not_be_installed_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("sources.zip")).unwrap();
        for (reference, expected) in [
            ("git+https://example.com/a.git", "version control"),
            ("git@example.com:a/b", "version control"),
            ("ssh://example.com/a.whl", "scheme `ssh`"),
            ("https://user:word@example.com/a.whl", "password"),
            ("https:///", "not valid"),
            ("https://example.com/a.exe", "neither a wheel"),
            ("https://example.com/a.whl#subdirectory=b", "behind the `#`"),
            ("https://example.com/a.whl#md5=00", "the hash"),
            ("file:a.whl", "no file of this machine"),
            ("file://elsewhere/a.whl", "no file of this machine"),
            ("./gone.whl", "not there"),
            ("", "empty path"),
            ("sources.zip", "is a directory"),
        ] {
            let found = diagnostic(reference, directory.path());
            assert!(found.contains(expected), "{reference}: {found}");
        }
    }

    #[test]
    fn names_are_taken_from_file_names() {
        for (path, name) in [
            ("wheels/a_b-1.0-py3-none-any.whl", Some("a_b")),
            (
                "https://example.com/zope-event-5.0.tar.gz",
                Some("zope-event"),
            ),
            ("x-1.ZIP", Some("x")),
            ("archive/main.zip", None),
            ("a-main.zip", None),
            ("x.whl", None),
        ] {
            assert_eq!(name_in(path), name, "{path}");
        }
    }
}
