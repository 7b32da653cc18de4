//! The core metadata of a source distribution: what can be believed without a build, and whose it
//! is.

use eryx_packaging::{normalize_package_name, same_version};
use eryx_wheel::unpack::metadata::Fields;

use super::error::SourceProblem;
use super::tree::SourceTree;

/// The largest metadata file, in bytes.
pub(super) const MAX_METADATA: u64 = 4 << 20;

/// The longest version, in bytes.
const MAX_VERSION: usize = 128;

/// The fields that a resolver needs. When none of them is dynamic, PKG-INFO holds for every wheel.
const NEEDED: [&str; 4] = [
    "requires-dist",
    "provides-extra",
    "requires-python",
    "version",
];

/// The text of PKG-INFO, when it says (PEP 643) that wheels built from this distribution have the
/// same name, version and requirements.
pub(super) fn from_pkg_info(tree: &SourceTree) -> Option<String> {
    let bytes = tree.get("PKG-INFO")?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_METADATA) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let fields = Fields::parse(text);
    let is_recent = fields.first("metadata-version").is_some_and(|version| {
        let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
        let version = (major.parse::<u32>(), minor.parse::<u32>());
        matches!(version, (Ok(major), Ok(minor)) if (major, minor) >= (2, 2))
    });
    let is_dynamic = |field: &str| NEEDED.contains(&field.to_ascii_lowercase().as_str());
    (is_recent && !fields.all("dynamic").any(is_dynamic)).then(|| text.to_owned())
}

/// Checks that metadata is that of a package. `version` may be unknown.
pub(super) fn check(text: &str, name: &str, version: Option<&str>) -> Result<(), SourceProblem> {
    let fields = Fields::parse(text);
    let found = (fields.first("name"), fields.first("version"));
    let (Some(found_name), Some(found_version)) = found else {
        let words = "it has no name or no version".to_owned();
        return Err(SourceProblem::Metadata(words));
    };
    // It becomes a part of file names.
    let is_version = |text: &str| {
        let fits = |one: char| one.is_ascii_alphanumeric() || ".+!-_".contains(one);
        text.len() <= MAX_VERSION
            && text.starts_with(|one: char| one.is_ascii_alphanumeric())
            && text.chars().all(fits)
    };
    if !is_version(found_version) {
        let shown: String = found_version.chars().take(MAX_VERSION).collect();
        let words = format!("it says {shown:?}, which is no version");
        return Err(SourceProblem::Metadata(words));
    }
    let is_same = normalize_package_name(found_name) == normalize_package_name(name)
        && version.is_none_or(|version| same_version(version, found_version));
    if is_same {
        return Ok(());
    }
    let found: String = format!("{found_name} {found_version}")
        .chars()
        .take(200)
        .collect();
    Err(SourceProblem::Metadata(format!(
        "it says {found:?}, but the distribution is {}",
        [name, version.unwrap_or_default()].join(" ").trim_end()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> SourceTree {
        SourceTree {
            top: "a-1".to_owned(),
            files: [("a-1/PKG-INFO".to_owned(), text.to_owned().into())].into(),
            ..SourceTree::default()
        }
    }

    #[test]
    fn only_static_metadata_is_believed() {
        for (text, is_static) in [
            ("Metadata-Version: 2.2\nName: a\nVersion: 1\n", true),
            (
                "Metadata-Version: 2.4\nDynamic: License-File\nDynamic: Summary\n",
                true,
            ),
            ("Metadata-Version: 3.0\n", true),
            ("Metadata-Version: 2.1\nName: a\nVersion: 1\n", false),
            ("Metadata-Version: 1.10\n", false),
            ("Metadata-Version: 2.2\nDynamic: Requires-Dist\n", false),
            (
                "Metadata-Version: 2.2\nDynamic: Summary\nDynamic: requires-python\n",
                false,
            ),
            ("Metadata-Version: 2.3\nDynamic: Provides-Extra\n", false),
            ("Metadata-Version: 2.3\nDynamic: Version\n", false),
            ("Metadata-Version: two\n", false),
            ("Name: a\n", false),
        ] {
            assert_eq!(from_pkg_info(&tree(text)).is_some(), is_static, "{text}");
        }
        let none = SourceTree {
            top: "a-1".to_owned(),
            ..SourceTree::default()
        };
        assert_eq!(from_pkg_info(&none), None);
    }

    #[test]
    fn metadata_is_held_against_the_package() {
        let text = "Name: A_b\nVersion: 1.0\n";
        assert!(check(text, "a-b", Some("1")).is_ok());
        assert!(check(text, "a-b", None).is_ok());
        assert!(check(text, "a-c", None).is_err());
        assert!(check(text, "a-b", Some("1.1")).is_err());
        assert!(check("Name: a-b\n", "a-b", None).is_err());
        for version in ["/../../x", "1/../../x", "1 2", "v\u{e9}", &"1".repeat(200)] {
            let text = format!("Name: a-b\nVersion: {version}\n");
            assert!(check(&text, "a-b", None).is_err(), "{version}");
        }
        assert!(check("Name: a-b\nVersion: 1!2.0rc1.post2+l.1\n", "a-b", None).is_ok());
    }
}
