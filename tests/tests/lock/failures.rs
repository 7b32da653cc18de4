//! What is said when there is no solution.

use crate::index::{Index, wheel};

fn refuses(wheels: &[eryx_tests::wheels::Wheel], packages: &str) -> String {
    let index = Index::new(wheels, packages);
    let message = index.refuses(&[]);
    assert!(
        !index.project.path("pylock.toml").exists(),
        "a lock of nothing"
    );
    message
}

#[track_caller]
fn has(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{part:?} is not in\n{message}");
    }
}

#[test]
fn versions_that_contradict_each_other_are_named() {
    let message = refuses(
        &[
            wheel("a", "1.0").metadata("Requires-Dist: c<2"),
            wheel("b", "1.0").metadata("Requires-Dist: c>=2"),
            wheel("c", "1.0"),
            wheel("c", "2.0"),
        ],
        "requirements = [\"a\", \"b\"]",
    );
    has(
        &message,
        &[
            "contradict each other",
            "a 1.0 depends on c<2",
            "b 1.0 depends on c>=2",
            "packages.overrides",
        ],
    );
}

#[test]
fn a_hash_that_does_not_match_stops_the_resolution() {
    let hash = "0".repeat(64);
    let index = Index::new(
        &[wheel("a", "1.0")],
        "requirements = [\"-r requirements.txt\"]",
    );
    let text = format!("a==1.0 --hash=sha256:{hash}\n");
    std::fs::write(index.project.path("requirements.txt"), text).unwrap();
    let message = index.refuses(&[]);
    has(&message, &["HASHES", "a==1.0"]);
}

#[test]
fn a_file_that_is_not_the_locked_one_is_never_opened() {
    let index = Index::new(&[wheel("a", "1.0")], "requirements = [\"a\"]");
    index.lock(&[]);
    index.add(&wheel("a", "1.0").file("extra.py", ""));
    let cache = index.project.path("cache");
    let bake = index
        .command(&["build", "--locked", "--quiet"])
        .arg("--output")
        .arg(index.project.image())
        .env("ERYX_CACHE_DIR", cache);
    let message = eryx_tests::project::explained(&bake.run());
    has(&message, &["a==1.0", "not the file that the lock names"]);
    assert!(!index.project.image().exists());
}
