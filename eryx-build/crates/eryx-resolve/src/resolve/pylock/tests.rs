//! Locks as text: of this tool, of others, and of attackers.

use std::collections::BTreeSet;

use super::*;
use crate::resolve::LockedRuntime;

const HASH: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn read_text(text: &str) -> Result<Lock, PylockError> {
    let foreign = BTreeSet::from(["native".to_owned()]);
    let preference = Preference {
        platform_tags: &[],
        without_native: Some(&foreign),
        hashes: None,
    };
    read(text, Path::new("/project"), "3.14.0", &preference)
}

fn lock_of(packages: &str) -> Result<Lock, PylockError> {
    read_text(&format!(
        "lock-version = \"1.0\"\ncreated-by = \"x\"\n{packages}"
    ))
}

fn package(name: &str, more: &str) -> String {
    format!("[[packages]]\nname = \"{name}\"\nversion = \"1.0\"\n{more}\n")
}

fn wheels(names: &[&str]) -> String {
    let wheels = names.iter().map(|name| {
        format!("{{ name = \"{name}\", url = \"https://packages.example.com/{name}\", hashes = {{ sha256 = \"{HASH}\" }} }}")
    });
    format!("wheels = [{}]", wheels.collect::<Vec<_>>().join(", "))
}

#[test]
fn what_is_written_is_what_is_read() {
    let file = |name: &str, place| LockedFile {
        name: name.to_owned(),
        sha256: Digest::from_hex(HASH).unwrap(),
        size: Some(7),
        place,
    };
    let url = |name: &str| format!("https://packages.example.com/{name}");
    let entry = |name: &str, file: LockedFile| LockedPackage {
        name: name.to_owned(),
        version: "1.0".to_owned(),
        file,
        dependencies: vec!["d".to_owned()],
    };
    let (a, b, c) = ("a-1.0-py3-none-any.whl", "b-1.0.tar.gz", "c-1.0.zip");
    let lock = Lock {
        created_by: "eryx".to_owned(),
        inputs: Some(Inputs {
            python: "3.14.0".to_owned(),
            runtime: Some(LockedRuntime {
                identity: "0a".repeat(32),
                built_in: true,
            }),
            requirements: vec!["a; extra == \"x\"".to_owned(), "b\\\u{7f}".to_owned()],
            pre: true,
            index: Some("https://packages.example.com/simple".to_owned()),
            ..Inputs::default()
        }),
        packages: vec![
            entry("a", file(a, Place::Index(Some(url(a))))),
            entry("b", file(b, Place::Index(Some(url(b))))),
            entry("c", file(c, Place::Url(url(c)))),
            entry(
                "d",
                file(a, Place::Path(format!("/project/sub/{a}").into())),
            ),
            entry("e", file(a, Place::Index(None))),
        ],
    };
    let text = write(&lock, Path::new("/project"));
    assert!(!text.contains("/project"), "{text}");
    assert_eq!(read_text(&text).unwrap(), lock);
    // The format wants every file to have a place.
    let places = text.matches("\nurl = ").count() + text.matches("\npath = ").count();
    assert_eq!(places, lock.packages.len(), "{text}");
}

#[test]
fn markers_and_tags_are_those_of_the_sandbox() {
    let any = wheels(&["a-1.0-py3-none-any.whl"]);
    let text = [
        package("a", &format!("marker = \"sys_platform == 'win32'\"\n{any}")),
        package(
            "A",
            &format!("marker = \"platform_machine == 'wasm32'\"\n{any}"),
        ),
        package(
            "native",
            &wheels(&[
                "native-1.0-cp314-cp314-win_amd64.whl",
                "native-1.0-cp314-cp314-manylinux_2_17_x86_64.whl",
            ]),
        ),
    ];
    let lock = lock_of(&text.join("")).unwrap();
    let files: Vec<&str> = lock
        .packages
        .iter()
        .map(|one| one.file.name.as_str())
        .collect();
    assert_eq!(
        files,
        [
            "a-1.0-py3-none-any.whl",
            "native-1.0-cp314-cp314-manylinux_2_17_x86_64.whl"
        ]
    );
    assert_eq!(lock.inputs, None);
}

#[test]
fn a_source_distribution_is_taken_when_no_wheel_fits() {
    let sdist = format!(
        "sdist = {{ url = \"https://packages.example.com/x/b%2B1-1.0.tar.gz?y#z\", hashes = {{ sha256 = \"{HASH}\" }} }}"
    );
    let foreign = wheels(&["b-1.0-cp314-cp314-win_amd64.whl"]);
    let lock = lock_of(&package("b", &format!("{foreign}\n{sdist}"))).unwrap();
    assert_eq!(lock.packages[0].file.name, "b+1-1.0.tar.gz");
    let error = lock_of(&package("b", &foreign)).unwrap_err();
    assert!(matches!(error, PylockError::NoFile(name) if name == "b"));
}

#[test]
fn a_lock_that_makes_no_sense_is_refused_for_its_own_reason() {
    let any = wheels(&["a-1.0-py3-none-any.whl"]);
    let short = any.replace(HASH, "abc");
    for (text, expected) in [
        (String::from("?"), "is not a lock"),
        (package("a", ""), "has no file for `a`"),
        (package("../a", &any), "its name is not one"),
        (package("a", &short), "a file of it has no sha256"),
        (
            package("a", &format!("marker = \"?\"\n{any}")),
            "has a marker for `a`",
        ),
        (
            [package("a", &any), package("A", &any)].join(""),
            "has two entries for `a`",
        ),
    ] {
        let error = lock_of(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let later = read_text("lock-version = \"2.0\"\ncreated-by = \"x\"\npackages = []");
    assert!(matches!(later, Err(PylockError::Version(version)) if version == "2.0"));
}
