//! Versions of interfaces: whether a host has what an image imports.
//!
//! An interface is named as WIT names it: `eryx:terminal/lines@0.1.0`. Versions follow Semantic
//! Versioning 2.0, without pre-releases: within a major version (before 1.0, within a minor one) a
//! later version has all that an earlier one has.

/// The interface among `imports` that no interface of `host` serves; the first in their order.
pub fn missing_interface<'a>(
    imports: impl IntoIterator<Item = &'a str>,
    host: &[&str],
) -> Option<&'a str> {
    imports
        .into_iter()
        .find(|import| !host.iter().any(|has| serves(has, import)))
}

/// Whether a host that has the interface `has` can run what imports `wants`.
fn serves(has: &str, wants: &str) -> bool {
    if has == wants {
        return true;
    }
    let (Some((has, has_version)), Some((wants, wants_version))) =
        (has.split_once('@'), wants.split_once('@'))
    else {
        return false;
    };
    let (Some(has_version), Some(wants_version)) = (parse(has_version), parse(wants_version))
    else {
        return false;
    };
    let breaking = |[major, minor, patch]: [u64; 3]| match (major, minor) {
        (0, 0) => [0, 0, patch],
        (0, minor) => [0, minor, 0],
        (major, _) => [major, 0, 0],
    };
    has == wants && breaking(has_version) == breaking(wants_version) && has_version >= wants_version
}

/// The three numbers of a version.
fn parse(version: &str) -> Option<[u64; 3]> {
    let mut numbers = version.split('.').map(|number| number.parse().ok());
    let version = [numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_versions_serve_earlier_ones_until_something_breaks() {
        for (has, wants, expected) in [
            ("e:a/b@0.1.0", "e:a/b@0.1.0", true),
            ("e:a/b@0.1.2", "e:a/b@0.1.1", true),
            ("e:a/b@0.1.1", "e:a/b@0.1.2", false),
            ("e:a/b@0.2.0", "e:a/b@0.1.0", false),
            ("e:a/b@0.0.2", "e:a/b@0.0.1", false),
            ("e:a/b@1.3.0", "e:a/b@1.2.9", true),
            ("e:a/b@2.0.0", "e:a/b@1.0.0", false),
            ("e:a/c@0.1.0", "e:a/b@0.1.0", false),
            ("e:a/b", "e:a/b@0.1.0", false),
            ("e:a/b@0.1.0", "e:a/b@0.1", false),
            ("e:a/b@0.1.0", "e:a/b@0.1.0.0", false),
            ("e:a/b@0.1.0", "e:a/b@x", false),
        ] {
            assert_eq!(serves(has, wants), expected, "{has} for {wants}");
        }
    }

    #[test]
    fn the_first_interface_that_is_missing_is_named() {
        let host = ["e:a/b@0.1.0", "e:c/d@0.1.0"];
        assert_eq!(
            missing_interface(["e:a/b@0.1.0", "e:x/y@0.1.0"], &host),
            Some("e:x/y@0.1.0")
        );
        assert_eq!(missing_interface(["e:c/d@0.1.0"], &host), None);
        assert_eq!(missing_interface([], &host), None);
    }
}
