//! Reads one requirement: an exact pin, `name==version`.

use super::model::Requirement;
use super::name::{is_package_name, normalize_package_name};

/// The longest version that is accepted, in bytes.
const MAX_VERSION: usize = 128;

/// Why a requirement is not an exact pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotAPin {
    Empty,
    NoVersion,
    Extras,
    Marker,
    Url,
    Range,
    Wildcard,
    Name,
    Version,
}

impl NotAPin {
    /// What is wrong, as the end of a sentence about the requirement.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Empty => "is empty",
            Self::NoVersion => "names no version",
            Self::Extras => "has extras",
            Self::Marker => "has an environment marker",
            Self::Url => "names a URL or path",
            Self::Range => "allows more than one version",
            Self::Wildcard => "has a wildcard version",
            Self::Name => "does not start with a package name",
            Self::Version => "has no valid version after `==`",
        }
    }
}

/// Reads `name==version`; spaces are allowed where PEP 508 allows them.
pub(super) fn parse(text: &str) -> Result<Requirement, NotAPin> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NotAPin::Empty);
    }
    // The order matters: a marker contains comparison operators, a URL may contain anything.
    let operator = text.find(['<', '>', '=', '~', '!', '(']);
    let before_operator = text.get(..operator.unwrap_or(text.len())).unwrap_or(text);
    if text.contains("://") || before_operator.contains(['@', '/', '\\']) {
        return Err(NotAPin::Url);
    }
    if text.contains(';') {
        return Err(NotAPin::Marker);
    }
    if text.contains('[') {
        return Err(NotAPin::Extras);
    }
    if operator.is_none() {
        return Err(if is_package_name(text) {
            NotAPin::NoVersion
        } else {
            NotAPin::Name
        });
    }
    let after = text
        .strip_prefix(before_operator)
        .and_then(|rest| rest.strip_prefix("=="));
    let Some(version) = after.map(str::trim) else {
        return Err(NotAPin::Range);
    };
    if version.contains(',') {
        return Err(NotAPin::Range);
    }
    // `===` is PEP 440's arbitrary equality: it may match what is no version at all.
    if version.starts_with('=') {
        return Err(NotAPin::Range);
    }
    let name = before_operator.trim_end();
    if !is_package_name(name) {
        return Err(NotAPin::Name);
    }
    if version.contains('*') {
        return Err(NotAPin::Wildcard);
    }
    if !is_version(version) {
        return Err(NotAPin::Version);
    }
    Ok(Requirement {
        text: format!("{name}=={version}"),
        name: normalize_package_name(name),
        hashes: Vec::new(),
        origin: String::new(),
    })
}

/// Whether the text is made of the characters of a PEP 440 version and starts and ends like one.
/// Whether such a version exists is for the package index to say.
fn is_version(text: &str) -> bool {
    let bytes = text.as_bytes();
    let numbers = bytes.strip_prefix(b"v").unwrap_or(bytes);
    bytes.len() <= MAX_VERSION
        && numbers.first().is_some_and(u8::is_ascii_digit)
        && numbers.last().is_some_and(u8::is_ascii_alphanumeric)
        && numbers
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b".!+-_".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_read() {
        for (text, name, version) in [
            ("six==1.17.0", "six", "1.17.0"),
            (" Jinja2 == 3.1.6 ", "Jinja2", "3.1.6"),
            (
                "python-dateutil==2.9.0.post0",
                "python-dateutil",
                "2.9.0.post0",
            ),
            ("a==1!2.0rc1+local.1", "a", "1!2.0rc1+local.1"),
            ("zope.interface==v1.0-1", "zope.interface", "v1.0-1"),
        ] {
            let pin = parse(text).unwrap();
            assert_eq!(pin.text, format!("{name}=={version}"));
        }
    }

    #[test]
    fn everything_else_is_refused_for_its_own_reason() {
        for (text, reason) in [
            ("", NotAPin::Empty),
            ("  ", NotAPin::Empty),
            ("six", NotAPin::NoVersion),
            ("six 1.0", NotAPin::Name),
            ("six>=1.0", NotAPin::Range),
            ("six~=1.0", NotAPin::Range),
            ("six!=1.0", NotAPin::Range),
            ("six<2", NotAPin::Range),
            ("six=1.0", NotAPin::Range),
            ("six===1.0", NotAPin::Range),
            ("six==1.0,!=1.1", NotAPin::Range),
            ("six (==1.0)", NotAPin::Range),
            ("six==1.*", NotAPin::Wildcard),
            ("requests[socks]==2.0", NotAPin::Extras),
            ("six==1.0; python_version > '3'", NotAPin::Marker),
            ("six @ https://example.com/six.whl", NotAPin::Url),
            ("./six", NotAPin::Url),
            ("-six==1.0", NotAPin::Name),
            ("==1.0", NotAPin::Name),
            ("sìx==1.0", NotAPin::Name),
            ("six==", NotAPin::Version),
            ("six==one", NotAPin::Version),
            ("six==1.0 beta", NotAPin::Version),
            ("six==1.0\u{1b}", NotAPin::Version),
        ] {
            assert_eq!(parse(text), Err(reason), "{text:?}");
        }
    }
}
