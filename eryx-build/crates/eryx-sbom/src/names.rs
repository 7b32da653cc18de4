//! Names that others know things by: package URLs, UUIDs and addresses, each in the form that is its own.

use eryx_image::PackageMetadata;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What is escaped in a package URL.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'.')
    .remove(b'-')
    .remove(b'_')
    .remove(b'~');

/// The UUID (RFC 9562, version 8) that is made of the first half of an identity.
pub(super) fn uuid(identity: &str) -> String {
    let mut digits: Vec<char> = identity.chars().take(32).collect();
    if let [
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        version,
        _,
        _,
        _,
        variant,
        ..,
    ] = &mut digits[..]
    {
        *version = '8';
        // The two highest bits are 10.
        let bits = variant.to_digit(16).unwrap_or_default();
        *variant = char::from_digit(bits % 4 + 8, 16).unwrap_or('8');
    }
    let mut uuid = String::new();
    for (place, digit) in digits.iter().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            uuid.push('-');
        }
        uuid.push(*digit);
    }
    uuid
}

/// The package URL: of type `pypi`, in whose names upper case and underscores do not count, or `generic`
/// for what came from a file. Whoever looks such a name up at an index finds another package.
pub(super) fn package_url(package: &PackageMetadata) -> Option<String> {
    if package.name.is_empty() || package.version.is_empty() {
        return None;
    }
    let source = package.source.as_ref();
    if source.is_some_and(|source| source.kind == "file") {
        return Some(purl("generic", &package.name, &package.version));
    }
    let name = package.name.to_ascii_lowercase().replace('_', "-");
    let url = source.filter(|source| source.kind == "url");
    let download = url
        .and_then(|source| source.url.as_deref())
        .map(|url| format!("?download_url={}", escaped(url)))
        .unwrap_or_default();
    Some(purl("pypi", &name, &package.version) + &download)
}

/// A [package URL](https://github.com/package-url/purl-spec).
pub(super) fn purl(kind: &str, name: &str, version: &str) -> String {
    format!("pkg:{kind}/{}@{}", escaped(name), escaped(version))
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Whether this is an address of the web as bills may hold it.
pub(super) fn is_address(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|parsed| {
        matches!(parsed.scheme(), "http" | "https") && parsed.has_host() && parsed.as_str() == url
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_urls_escape_what_they_must() {
        let url = |name: &str, version: &str| {
            package_url(&PackageMetadata {
                name: name.to_owned(),
                version: version.to_owned(),
                ..PackageMetadata::default()
            })
        };
        let expected = Some("pkg:pypi/zope.event-x@1%211.0%2Blocal".to_owned());
        assert_eq!(url("Zope.Event_x", "1!1.0+local"), expected);
        assert_eq!(
            url("a/b@c", "\u{1b}é"),
            Some("pkg:pypi/a%2Fb%40c@%1B%C3%A9".to_owned())
        );
        assert_eq!(url("a", ""), None);
    }

    #[test]
    fn package_urls_claim_no_index_for_files_and_addresses() {
        let url = |kind: &str, url: Option<&str>| {
            package_url(&PackageMetadata {
                name: "A_b".to_owned(),
                version: "1".to_owned(),
                source: Some(eryx_image::SourceMetadata {
                    kind: kind.to_owned(),
                    url: url.map(str::to_owned),
                    ..eryx_image::SourceMetadata::default()
                }),
                ..PackageMetadata::default()
            })
        };
        assert_eq!(url("index", None).as_deref(), Some("pkg:pypi/a-b@1"));
        assert_eq!(url("file", None).as_deref(), Some("pkg:generic/A_b@1"));
        assert_eq!(
            url("url", Some("https://example.com/a.whl")).as_deref(),
            Some("pkg:pypi/a-b@1?download_url=https%3A%2F%2Fexample.com%2Fa.whl")
        );
    }

    #[test]
    fn uuids_are_of_version_8() {
        assert_eq!(
            uuid(&"0123456789abcdef".repeat(4)),
            "01234567-89ab-8def-8123-456789abcdef"
        );
        assert_eq!(
            uuid(&"f".repeat(64)),
            "ffffffff-ffff-8fff-bfff-ffffffffffff"
        );
    }

    #[test]
    fn only_addresses_of_the_web_are_taken() {
        assert!(is_address("https://packages.example.com/a.whl"));
        for text in [
            "",
            "file:///home/me",
            "https://",
            "x y",
            "https://a b/",
            "javascript:1",
        ] {
            assert!(!is_address(text), "{text}");
        }
    }
}
