//! Extras that a package does not have: a warning, as pip and uv give one.

use crate::index::{Index, wheel};

#[test]
fn an_extra_that_no_package_has_is_warned_of_when_a_lock_is_made() {
    let index = Index::new(
        &[
            wheel("a", "1.0").metadata("Requires-Dist: b[other,known]"),
            wheel("b", "1.0").metadata("Provides-Extra: known"),
        ],
        "requirements = [\"a[nosuchextra]\"]",
    );
    let output = index.command(&["lock"]).run();
    assert_eq!(output.status, 0, "{output}");
    let said = output.err();
    for words in [
        "asks for a[nosuchextra], but a 1.0 has no such extra",
        "warning: a 1.0 asks for b[other], but b 1.0 has no such extra",
    ] {
        assert!(said.contains(words), "{words:?} is not in\n{said}");
    }
    assert!(said.contains("warning: eryx.toml:"), "{said}");
    assert!(!said.contains("[known]"), "{said}");
}
