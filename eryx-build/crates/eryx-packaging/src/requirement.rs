//! Requirements in the form of PEP 508, whoever wrote them: a manifest, a requirement file, the
//! metadata of a wheel.
//!
//! `pep508_rs` reads them. Before it does, this module bounds the text and refuses what that crate
//! panics on or would take exponential time for, since the text may be a stranger's. What the
//! crate ignores with a warning is an error here: a marker that is half ignored says something else.
//!
//! This module must not know where a requirement is written, nor what a direct reference names.
//!
//! ```
//! let requirement = eryx_packaging::requirement::parse("HTTPX[http2] >= 0.27 ; python_version >= '3.10'")?;
//! assert_eq!(requirement.name.as_ref(), "httpx");
//! assert_eq!(
//!     requirement.to_string(),
//!     "httpx[http2]>=0.27 ; python_full_version >= '3.10'",
//! );
//!
//! let error = eryx_packaging::requirement::parse("six; python_version").unwrap_err();
//! assert!(error.to_string().starts_with("is not a requirement: expected a valid marker operator"));
//! # Ok::<(), eryx_packaging::requirement::InvalidRequirement>(())
//! ```

use std::convert::Infallible;
use std::fmt;
use std::path::Path;

use pep508_rs::{MarkerEnvironment, MarkerWarningKind, Pep508ErrorSource, Pep508Url, VersionOrUrl};

use eryx_base::escape::escape_short;

use crate::name::is_package_name;

mod marker;

/// Whether a requirement holds in an environment. What cannot be read holds: whoever gives it to a
/// resolver is told better what is wrong with it.
#[must_use]
pub fn holds(text: &str, environment: Option<&MarkerEnvironment>) -> bool {
    match (parse(text), environment) {
        (Ok(parsed), Some(environment)) => parsed.marker.evaluate(environment, &[]),
        _ => true,
    }
}

/// The longest requirement that is read, in bytes.
pub const MAX_REQUIREMENT_BYTES: usize = 8192;

/// Versions have no longer numbers than this, in digits: arithmetic on them must not overflow.
const MAX_DIGITS: usize = 15;

/// How many characters of a reason are shown.
const REASON_CHARACTERS: usize = 240;

/// A requirement whose direct reference, if it has one, is as it was written.
pub type Requirement = pep508_rs::Requirement<Reference>;

/// What stands behind the `@` of a direct reference: an address or a path, unchecked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(pub String);

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Pep508Url for Reference {
    type Err = Infallible;

    fn parse_url(url: &str, _: Option<&Path>) -> Result<Self, Infallible> {
        Ok(Self(url.to_owned()))
    }
}

/// Why a text is not a requirement, as the end of a sentence about it; safe to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidRequirement(String);

/// Reads a requirement.
///
/// What comes out can be asked whether its marker holds. To be written down, the text as it stands
/// is better: writing the marker in its normal form can take very long for a hostile one, and the
/// normal form says less in corners (pre-releases of Python, local versions).
///
/// # Errors
/// The text is longer than [`MAX_REQUIREMENT_BYTES`], is not of the form of PEP 508, or has a marker
/// with more comparisons or deeper brackets than any that a person writes.
pub fn parse(text: &str) -> Result<Requirement, InvalidRequirement> {
    check(text).map_err(InvalidRequirement)?;
    let mut ignored = None;
    let mut report = |kind, warning: String| {
        if kind != MarkerWarningKind::DeprecatedMarkerName {
            ignored.get_or_insert(warning);
        }
    };
    let parsed = Requirement::parse_reporter(text, "", &mut report);
    // The whole error cannot be shown: its `Display` panics for some texts.
    let parsed = parsed.map_err(|error| match error.message {
        Pep508ErrorSource::String(reason) | Pep508ErrorSource::UnsupportedRequirement(reason) => {
            InvalidRequirement(sentence(&reason))
        }
        Pep508ErrorSource::UrlError(never) => match never {},
    })?;
    match ignored {
        Some(warning) => Err(InvalidRequirement(sentence(&warning))),
        None => Ok(parsed),
    }
}

/// The marker of a requirement that [`parse`] took, as it is written.
///
/// ```
/// use eryx_packaging::requirement::marker_text;
///
/// assert_eq!(marker_text("six>=1; os_name == 'nt' "), Some("os_name == 'nt'"));
/// assert_eq!(marker_text("six @ https://example.com/a;b/six.whl"), None);
/// ```
#[must_use]
pub fn marker_text(text: &str) -> Option<&str> {
    let marker = match text.split_once('@') {
        Some((before, reference)) if !before.contains(';') => marker_of_reference(reference)?,
        _ => text.split_once(';')?.1,
    };
    Some(marker.trim())
}

/// Whether a requirement names an address: `name @ address`.
#[must_use]
pub fn is_address(text: &str) -> bool {
    without_address(text).is_some()
}

/// What is left of a requirement that names an address, without it and without its marker.
#[must_use]
pub fn without_address(text: &str) -> Option<String> {
    let parsed = parse(text).ok()?;
    let Some(VersionOrUrl::Url(_)) = parsed.version_or_url else {
        return None;
    };
    let extras: Vec<&str> = parsed.extras.iter().map(AsRef::as_ref).collect();
    let extras = match extras.as_slice() {
        [] => String::new(),
        extras => format!("[{}]", extras.join(",")),
    };
    Some(format!("{}{extras}", parsed.name))
}

/// What the crate says, as the end of a sentence in one line.
fn sentence(reason: &str) -> String {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let reason = reason.replace(", will be ignored", "");
    let mut characters = reason.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    let reason: String = first.into_iter().chain(characters).collect();
    format!(
        "is not a requirement: {}",
        escape_short(&reason, REASON_CHARACTERS)
    )
}

/// Refuses what must not reach the crate. Names and extras with a separator at the end, characters
/// of more than one byte, unfitting `~=` and nested brackets make it panic or overflow the stack.
fn check(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    if text.len() > MAX_REQUIREMENT_BYTES {
        return Err(format!("is longer than {MAX_REQUIREMENT_BYTES} bytes"));
    }
    if text.chars().any(|one| one.is_control() && one != '\t') {
        return Err("has a control character in it".to_owned());
    }
    let text = text.trim_start();
    let is_of_name = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.');
    let name_end = text.find(|one| !is_of_name(one)).unwrap_or(text.len());
    let (name, rest) = text.split_at(name_end);
    if !is_package_name(name) {
        return Err("does not start with the name of a package".to_owned());
    }
    let mut rest = rest.trim_start();
    if let Some(list) = rest.strip_prefix('[') {
        let (list, after) = list.split_once(']').ok_or("has no `]` behind its extras")?;
        let is_right = |extra: &str| is_package_name(extra.trim());
        if !list.trim().is_empty() && !list.split(',').all(is_right) {
            return Err("has extras that are not names with commas between them".to_owned());
        }
        rest = after.trim_start();
    }
    let (versions, marker) = match rest.strip_prefix('@') {
        // An address may have a `;` in it, so here the marker's stands behind a space.
        Some(reference) => ("", marker_of_reference(reference)),
        None => rest
            .split_once(';')
            .map_or((rest, None), |(versions, marker)| (versions, Some(marker))),
    };
    if !versions.is_ascii() || !marker.is_none_or(str::is_ascii) {
        return Err("has characters that are not ASCII outside of an address".to_owned());
    }
    if has_long_number(versions) || marker.is_some_and(has_long_number) {
        return Err(format!("has a number of more than {MAX_DIGITS} digits"));
    }
    marker.map_or(Ok(()), marker::check)
}

/// What stands behind the first `;` that follows a space.
fn marker_of_reference(reference: &str) -> Option<&str> {
    let mut after_space = false;
    for (index, one) in reference.char_indices() {
        if one == ';' && after_space {
            return reference.get(index + 1..);
        }
        after_space = one.is_whitespace();
    }
    None
}

fn has_long_number(text: &str) -> bool {
    text.split(|one: char| !one.is_ascii_digit())
        .any(|digits| digits.len() > MAX_DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text:?}: {error}");
    }

    #[test]
    fn every_form_of_pep_508_is_read() {
        for (text, expected) in [
            ("six", "six"),
            (" Six ", "six"),
            ("A.B-C_D[e_F , g]>=1,<2.0", "a-b-c-d[e-f,g]>=1,<2.0"),
            ("six[]", "six"),
            ("six (>=1.0)", "six>=1.0"),
            ("six===1.0", "six===1.0"),
            ("six~=1.4.2", "six~=1.4.2"),
            ("six==1.*,!=1.3", "six==1.*,!=1.3"),
            (
                "six @ https://example.com/a;b/six.whl",
                "six @ https://example.com/a;b/six.whl",
            ),
            (
                "six @ ./ä ö/six.whl ; os_name=='nt'",
                "six @ ./ä ö/six.whl ; os_name == 'nt'",
            ),
            (
                "six;(sys_platform=='wasi') and 'arm' in platform_machine",
                "six ; sys_platform == 'wasi' and 'arm' in platform_machine",
            ),
            (
                "six; python_version~='3.10'",
                "six ; python_full_version >= '3.10' and python_full_version < '4'",
            ),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_requirement_is_refused() {
        for text in ["", "  ", "\t"] {
            refused(text, "is empty");
        }
        refused("-r six.txt", "does not start with the name of a package");
        refused("./six.whl", "does not start with the name of a package");
        refused("==1.0", "does not start with the name of a package");
        refused("sìx", "ASCII");
        refused("six 1.0", "expected one of");
        refused("six=1.0", "is not a requirement");
        refused("six==", "is not a requirement");
        refused("six==one", "is not a requirement");
        refused("six==1.0\u{1b}", "control character");
        refused("six\nseven", "control character");
        refused("six; python_version", "marker operator");
        refused("six; python_version >= 'three'", "python_version");
        refused("six; 'a' == 'b'", "two quoted strings");
        refused("six[a", "no `]`");
        refused("six @ ", "expected URL");
        refused(&"a".repeat(MAX_REQUIREMENT_BYTES + 1), "longer than");
    }

    /// Each of these made the crate panic, overflow the stack, or work for ever.
    #[test]
    fn hostile_requirements_are_refused() {
        refused("six-", "does not start with the name");
        refused("six-[a]", "does not start with the name");
        refused("six[a-]", "extras");
        refused("six[a._,b]", "extras");
        refused("six; 'x' ~= sys_platform", "`~=`");
        refused("six; python_full_version not in '3.9+a'", "local");
        refused("six; sys_platform == 'é' é", "ASCII");
        refused("six; os_name == 'a' ößß", "ASCII");
        refused("six==99999999999999999999", "digits");
        refused("six~=18446744073709551615.1", "digits");
        let nested = format!(
            "six; {}os_name == 'a'{}",
            "(".repeat(3000),
            ")".repeat(3000)
        );
        refused(&nested, "nested");
        let pairs: Vec<String> = (0..60)
            .map(|n| format!("(extra=='a{n}' and extra=='b{n}')"))
            .collect();
        refused(&format!("six; {}", pairs.join(" or ")), "comparisons");
    }

    #[test]
    fn an_address_is_told_from_versions() {
        let address = "B[x,y] @ git+https://packages.example.com/b ; os_name == 'posix'";
        assert_eq!(without_address(address).as_deref(), Some("b[x,y]"));
        assert!(!is_address("b>=1"));
    }
}
