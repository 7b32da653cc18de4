//! All that stands in the way of a lock is told at once, each with who requires it.

use crate::index::{Index, wheel};

#[test]
fn every_package_that_cannot_be_had_is_named_at_once_with_the_whole_chain() {
    let index = Index::new(
        &[
            wheel("top", "1.0").metadata("Requires-Dist: middle"),
            wheel("middle", "1.0").metadata("Requires-Dist: native"),
            wheel("native", "1.0").tag("cp314-cp314-win_amd64"),
            wheel("other", "1.0").tag("cp313-cp313-manylinux_2_17_x86_64"),
            wheel("old", "1.0"),
        ],
        "requirements = [\"top\", \"other\", \"old>=2\", \"nothing\"]",
    );
    let message = index.refuses(&[]);
    for words in [
        "4 packages stand in the way:",
        "`native` (`top` requires `middle`, which requires `native`) has neither",
        "`other` (eryx.toml:",
        "no version of `old` satisfies `old>=2`",
        "no package named `nothing` was found",
    ] {
        assert!(message.contains(words), "{words:?} is not in\n{message}");
    }
    assert!(!index.project.path("pylock.toml").exists());
}

#[test]
fn every_wheel_that_does_not_fit_is_named_at_once() {
    let index = Index::new(&[], "wheels = [\"links/*.whl\"]");
    index.add(&wheel("one", "1.0").tag("cp314-cp314-win_amd64"));
    index.add(&wheel("two", "1.0").tag("cp313-cp313-manylinux_2_17_x86_64"));
    let message = index.refuses(&[]);
    for words in ["2 wheels cannot be used:", "one-1.0-", "two-1.0-"] {
        assert!(message.contains(words), "{words:?} is not in\n{message}");
    }
}
