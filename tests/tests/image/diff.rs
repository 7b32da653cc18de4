//! `eryx diff`.

use crate::shop;
use eryx_tests::{Output, eryx};
use serde_json::{Value, json};
use std::{fs, path::Path};

fn diff(options: &[&str], old: &Path, new: &Path) -> Output {
    eryx().arg("diff").args(options).args([old, new]).run()
}

/// What changed from the first image to the second.
fn changed(options: &[&str]) -> String {
    let output = diff(options, shop::before(), shop::after());
    assert!(
        output.status == 1 && output.stderr.is_empty(),
        "no difference\n{output}"
    );
    output.out().into_owned()
}

/// Packages, fields, sizes, and files by whose they are.
#[test]
fn two_versions() {
    let shown = changed(&[]);
    let (head, rest) = shown.split_once("\n\n").unwrap();
    let (before, after) = (shop::before().display(), shop::after().display());
    assert_eq!(head, format!("--- {before}\n+++ {after}"));
    for lines in [
        "version      1.0 → 1.1\ndiffers in   code, data, index, metadata\n",
        "\npackages: 1 added, 1 changed\n  + bell 1.0        656 B\n  ~ till 1.0 → 1.1\n",
        "\nsizes\n",
        "\nfiles: 11 added, 4 removed, 3 changed\n  files in /data  1 changed\n  package bell    7 added\n\
         \u{20} package till    4 added, 4 removed, 2 changed\n",
    ] {
        assert!(rest.contains(lines), "{lines}\n{rest}");
    }
    assert!(!rest.contains("imports"), "{rest}");
}

/// Every file on request.
#[test]
fn files() {
    let shown = changed(&["--files"]);
    for line in [
        "~ /data/note.txt  4 B → 6 B",
        "+ /site-packages/bell.py  15 B",
        "~ /site-packages/till/__init__.py  16 B",
        "- /site-packages/till-1.0.dist-info/METADATA  60 B",
    ] {
        assert!(shown.lines().any(|other| other == line), "{line}\n{shown}");
    }
    assert!(!shown.contains("coins.txt"), "{shown}");
}

/// For programs.
#[test]
fn json() {
    let value: Value = serde_json::from_str(&changed(&["--json", "--files"])).unwrap();
    assert_eq!(value["different"], true);
    assert_eq!(value["packages"]["added"][0]["name"], "bell");
    assert_eq!(value["packages"]["changed"][0]["old"]["version"], "1.0");
    assert_eq!(value["packages"]["changed"][0]["new"]["version"], "1.1");
    assert_eq!(
        value["fields"],
        json!([{"name": "version", "old": "1.0", "new": "1.1"}])
    );
    assert_eq!(
        value["files"][0],
        json!({"path": "/data/note.txt", "old": 4, "new": 6})
    );
    assert_eq!(value["files"].as_array().unwrap().len(), 18);
}

/// An image and a copy of it are the same; then nothing is printed.
#[test]
fn the_same() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.cwasm");
    fs::copy(shop::before(), &copy).unwrap();
    assert_eq!(diff(&[], shop::before(), &copy).ok(), "");
    let json = diff(&["--json"], shop::before(), &copy).ok();
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["different"], false);
}

/// `--quiet` leaves it to the exit status.
#[test]
fn quiet() {
    assert_eq!(changed(&["--quiet"]), "");
}

/// Statuses are those of diff(1).
#[test]
fn trouble_is_status_2() {
    let nowhere = Path::new("/no/such/image.cwasm");
    let sentence = diff(&[], shop::before(), nowhere).refused(2);
    assert!(sentence.contains("/no/such/image.cwasm"), "{sentence}");
    let foreign = Path::new(file!()).file_name().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let foreign = folder.path().join(foreign);
    fs::write(&foreign, "no image").unwrap();
    diff(&[], &foreign, shop::before()).refused(2);
    let output = eryx().arg("diff").arg(shop::before()).run();
    assert_eq!(output.status, 2, "{output}");
}
