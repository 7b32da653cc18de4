//! A lock that is there: kept, updated, upgraded, demanded.

use std::fs;

use crate::index::{Index, wheel};

/// Two packages of which newer versions came out after they were locked.
fn aged() -> Index {
    let index = Index::new(
        &[wheel("a", "1.0"), wheel("b", "1.0")],
        "requirements = [\"a\", \"b\"]",
    );
    index.lock(&[]);
    index.add(&wheel("a", "1.1"));
    index.add(&wheel("b", "1.1"));
    index
}

#[test]
fn a_lock_is_kept_while_the_manifest_asks_for_the_same() {
    let index = aged();
    let text = index.text();
    assert_eq!(index.lock(&[]), "pylock.toml is up to date: 2 packages\n");
    assert_eq!(
        index.lock(&["--locked"]),
        "pylock.toml is up to date: 2 packages\n"
    );
    assert_eq!(index.text(), text);
}

#[test]
fn what_the_manifest_asks_for_anew_is_added_and_the_rest_is_kept() {
    let index = aged();
    index.add(&wheel("c", "1.0"));
    index.packages("requirements = [\"b\", \"a\", \"c\"]");
    let message = index.refuses(&["--locked"]);
    assert!(
        message.contains("`c` is new in `requirements`"),
        "{message}"
    );
    assert_eq!(
        index.lock(&[]),
        "pylock.toml has drifted: `c` is new in `requirements`\n\
         added c 1.0\nupdated pylock.toml: 3 packages\n"
    );
    assert_eq!(index.versions(), ["a 1.0", "b 1.0", "c 1.0"]);
    // What is asked for by hand wins over what was locked.
    index.packages("requirements = [\"b\", \"a>=1.1\"]");
    let said = index.lock(&[]);
    let changed = "updated a 1.0 to 1.1\nremoved c 1.0\nupdated pylock.toml: 2 packages\n";
    assert!(said.ends_with(changed), "{said}");
    for drift in ["`a>=1.1` is new", "`c` is "] {
        assert!(said.contains(drift), "{said}");
    }
    assert_eq!(index.versions(), ["a 1.1", "b 1.0"]);
}

#[test]
fn locked_versions_give_way_when_they_are_in_the_way() {
    let index = aged();
    index.add(&wheel("c", "1.0").metadata("Requires-Dist: a>=1.1"));
    index.packages("requirements = [\"a\", \"b\", \"c\"]");
    index.lock(&[]);
    assert!(
        index.versions().contains(&"a 1.1".to_owned()),
        "{}",
        index.text()
    );
}

#[test]
fn upgrades_take_all_or_one() {
    let index = aged();
    assert_eq!(
        index.lock(&["--upgrade", "B"]),
        "updated b 1.0 to 1.1\nupdated pylock.toml: 2 packages\n"
    );
    assert_eq!(index.versions(), ["a 1.0", "b 1.1"]);
    index.lock(&["--upgrade"]);
    assert_eq!(index.versions(), ["a 1.1", "b 1.1"]);
    let message = index.refuses(&["--upgrade", "nothing"]);
    assert!(
        message.contains("`nothing` is not in the lock"),
        "{message}"
    );
}

#[test]
fn a_lock_is_demanded() {
    let index = Index::new(&[wheel("a", "1.0")], "requirements = [\"a\"]");
    let message = index.refuses(&["--locked"]);
    assert!(message.contains("there is no lock"), "{message}");
    assert!(!index.project.path("pylock.toml").exists());
}

#[test]
fn a_damaged_lock_is_neither_used_nor_overwritten() {
    let index = aged();
    for damage in ["", "lock-version = \"9.0\"\ncreated-by = \"x\"", "\u{0}"] {
        fs::write(index.project.path("pylock.toml"), damage).unwrap();
        let message = index.refuses(&[]);
        assert!(message.contains("pylock.toml"), "{message}");
        assert_eq!(index.text(), damage);
    }
}

#[test]
fn the_lock_of_another_tool_is_used_as_it_is() {
    let index = aged();
    let foreign = index
        .text()
        .replace("created-by = \"eryx\"", "created-by = \"other\"");
    let (foreign, _) = foreign.split_once("[tool.eryx]").unwrap();
    fs::write(index.project.path("pylock.toml"), foreign).unwrap();
    let said = index.lock(&[]);
    assert_eq!(
        said,
        "pylock.toml was made by other, and is left alone: 2 packages\n"
    );
    let message = index.refuses(&["--upgrade"]);
    assert!(message.contains("was made by `other`"), "{message}");
    assert_eq!(index.text(), foreign);
}

#[test]
fn a_lock_that_was_edited_is_not_what_the_manifest_asks_for() {
    let index = Index::new(
        &[
            wheel("a", "1.0").metadata("Requires-Dist: b"),
            wheel("b", "1.0"),
        ],
        "requirements = [\"a\"]",
    );
    index.lock(&[]);
    let whole = index.text();
    let path = index.project.path("pylock.toml");
    let (start, rest) = whole.split_once("[[packages]]\nname = \"a\"").unwrap();
    let (a, b) = rest.split_once("[[packages]]").unwrap();
    let end = b.split_once("[tool.eryx]").unwrap().1;
    let edited = format!("{start}[[packages]]\nname = \"a\"{a}[tool.eryx]{end}");
    fs::write(&path, edited).unwrap();
    let message = index.refuses(&["--locked"]);
    assert!(
        message.contains("`b`, which a requires, is not in it"),
        "{message}"
    );
    fs::write(&path, format!("{start}[tool.eryx]{end}")).unwrap();
    let message = index.refuses(&["--locked"]);
    assert!(message.contains("`a` is not in it"), "{message}");
    index.lock(&[]);
    assert_eq!(index.text(), whole);
}

#[test]
fn an_upgrade_to_what_is_there_changes_nothing_and_needs_no_lock() {
    let index = Index::new(&[wheel("a", "1.0")], "requirements = [\"a\"]");
    assert_eq!(
        index.lock(&["--upgrade", "a"]),
        "wrote pylock.toml: 1 packages\n"
    );
    assert_eq!(
        index.lock(&["--upgrade"]),
        "pylock.toml is up to date: 1 packages\n"
    );
}

/// The line of a lock that names the runtime.
fn runtime_of(text: &str) -> &str {
    let line = text.lines().find(|line| line.starts_with("runtime = "));
    line.unwrap_or_else(|| panic!("no runtime in\n{text}"))
}

/// Another runtime whose every file is the built-in one's.
fn other_runtime(index: &Index) -> std::path::PathBuf {
    let folder = index.project.path("runtime");
    eryx_tests::eryx()
        .args(["runtime", "export"])
        .arg(&folder)
        .run()
        .ok();
    let path = folder.join("runtime.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("cpython-wasi", "cpython-changed", 1)).unwrap();
    folder
}

/// The runtime inside a newer eryx makes no lock stale, nor does that of the time before it was recorded.
#[test]
fn a_newer_eryx_keeps_the_lock_and_tells_its_runtime_when_it_writes_the_next() {
    let index = aged();
    let text = index.text();
    let ours = runtime_of(&text);
    assert!(ours.contains("built-in = true"), "{ours}");
    let older = ours.replace(|digit: char| digit.is_ascii_digit(), "0");
    let path = index.project.path("pylock.toml");
    for line in [older.as_str(), ""] {
        let old = text.replace(ours, line);
        fs::write(&path, &old).unwrap();
        let kept = index.lock(&["--locked"]);
        assert_eq!(kept, "pylock.toml is up to date: 2 packages\n");
        assert_eq!(index.text(), old);
        index.lock(&["--upgrade", "a"]);
        assert_eq!(runtime_of(&index.text()), ours);
    }
}

/// Whoever chooses a runtime wants that one.
#[test]
fn another_runtime_that_was_chosen_is_drift() {
    let index = aged();
    let runtime = other_runtime(&index);
    let chosen = |arguments: &[&str]| {
        let command = index.command(&[&["lock"], arguments].concat());
        command.env("ERYX_RUNTIME_DIR", &runtime).run()
    };
    let refused = chosen(&["--locked"]);
    assert_eq!(refused.status, 1, "{refused}");
    assert!(
        refused.err().contains("not the built-in one"),
        "{}",
        refused.err()
    );
    let updated = chosen(&[]);
    assert_eq!(updated.status, 0, "{updated}");
    let updated = updated.out();
    let drift = "pylock.toml has drifted: the runtime is ";
    assert!(updated.starts_with(drift), "{updated}");
    assert!(!runtime_of(&index.text()).contains("built-in"));
    let kept = chosen(&["--locked"]);
    assert_eq!(kept.out(), "pylock.toml is up to date: 2 packages\n");
    let message = index.refuses(&["--locked"]);
    assert!(
        message.contains("the runtime is the built-in one, not "),
        "{message}"
    );
    assert_eq!(index.versions(), ["a 1.0", "b 1.0"]);
}
