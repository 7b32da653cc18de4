//! Extras that a package does not have: a warning, as pip and uv give one.

use std::collections::BTreeSet;

use crate::index::{Index, wheel};

#[test]
fn an_extra_that_no_package_has_is_warned_of_by_locks_and_bakes_alike() {
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
    // A bake from the lock finds the same in the wheels, and says it in the same words.
    let baked = index.command(&["build"]).run();
    assert_eq!(baked.status, 0, "{baked}");
    let warnings = |text: &str| {
        let lines = text.lines().filter(|line| line.contains("no such extra"));
        lines.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    assert_eq!(warnings(&baked.err()), warnings(&said));
    assert_eq!(warnings(&said).len(), 2);
}
