//! What well-formed archives must and must not have in them.

use std::collections::BTreeSet;

use eryx_base::Digest;
use eryx_packaging::{Origin, SourceFile};

use super::super::{UnpackError, WheelProblem, unpack};
use super::builder::{DIST_INFO, Entry, archive, distribution, record, wheel_entries};
use super::{EVERYTHING, assert_refused, unpack_entries};
use crate::note::Note;
use crate::package::PackageMetadata;
use crate::site_tree::SiteTree;
use crate::strip::strip;

fn text(tree: &SiteTree, path: &str) -> String {
    String::from_utf8(tree.files[path].contents.to_vec()).unwrap()
}

fn paths(tree: &SiteTree) -> Vec<&str> {
    tree.files.keys().map(String::as_str).collect()
}

fn metadata(tree: &SiteTree) -> &PackageMetadata {
    &tree.packages[0]
}

#[test]
fn a_wheel_becomes_files_and_metadata() {
    let tree = unpack_entries(&wheel_entries(&[
        ("a/__init__.py", b"x = 1\n"),
        ("a/__pycache__/__init__.cpython-314.pyc", b"stale"),
        ("a-1.0.data/purelib/pure.py", b"pure"),
        ("a-1.0.data/platlib/plat.py", b"plat"),
        ("a-1.0.data/data/share/a.txt", b"data"),
        ("a-1.0.data/scripts/run", b"#!python\n"),
        ("a-1.0.data/headers/a.h", b"int a;\n"),
        (
            "a-1.0.dist-info/entry_points.txt",
            b"[console_scripts]\na=a:b\n",
        ),
    ]))
    .unwrap();
    assert_eq!(
        paths(&tree),
        [
            "a-1.0.data/data/share/a.txt",
            "a-1.0.dist-info/INSTALLER",
            "a-1.0.dist-info/METADATA",
            "a-1.0.dist-info/RECORD",
            "a-1.0.dist-info/WHEEL",
            "a-1.0.dist-info/entry_points.txt",
            "a/__init__.py",
            "plat.py",
            "pure.py",
        ]
    );
    assert_eq!(text(&tree, "a-1.0.dist-info/INSTALLER"), "eryx\n");
    let metadata = metadata(&tree);
    assert_eq!(
        (metadata.name.as_str(), metadata.version.as_str()),
        ("A", "1.0")
    );
    assert_eq!(metadata.summary.as_deref(), Some("A test"));
    assert_eq!(metadata.license.as_deref(), Some("MIT"));
    assert_eq!(metadata.requires_dist, ["six"]);
    assert_eq!(metadata.entry_points["console_scripts"]["a"], "a:b");
    assert_eq!(metadata.wheel, "a-1.0-py3-none-any.whl");
    assert_eq!(metadata.file_count, 9);
    let size: usize = tree.files.values().map(|file| file.contents.len()).sum();
    assert_eq!(metadata.size, u64::try_from(size).unwrap());
}

#[test]
fn the_record_lists_the_files_as_they_are_placed() {
    let tree = unpack_entries(&wheel_entries(&[("a-1.0.data/purelib/pure.py", b"")])).unwrap();
    let record = text(&tree, "a-1.0.dist-info/RECORD");
    let empty = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    assert!(
        record.contains(&format!("\npure.py,sha256={empty},0\n")),
        "{record}"
    );
    assert!(record.contains("INSTALLER,sha256="), "{record}");
    assert!(record.ends_with("\na-1.0.dist-info/RECORD,,\n"), "{record}");
    assert_eq!(record.lines().count(), tree.files.len());
}

#[test]
fn the_record_must_agree_with_the_files() {
    let good = wheel_entries(&[("a.py", b"pass\n")]);
    let mut entries = good.clone();
    entries.push(Entry::new("extra.py", b""));
    assert_refused!(entries, WheelProblem::RecordExtra(_));
    let mut entries = good.clone();
    entries.remove(0);
    assert_refused!(entries, WheelProblem::RecordMissing(_));
    let mut entries = good.clone();
    entries[0].contents = b"evil\n".to_vec();
    assert_refused!(entries, WheelProblem::RecordHash(_));
    let mut entries = good.clone();
    entries[0].contents = b"pass\n\n".to_vec();
    assert_refused!(entries, WheelProblem::RecordSize(_));
    let mut entries = good;
    entries.pop();
    assert_refused!(entries, WheelProblem::Missing(_));
}

#[test]
fn metadata_must_be_there_and_agree_with_the_file_name() {
    let with = |name: &str, contents: &[u8]| {
        let path = format!("{DIST_INFO}/{name}");
        wheel_entries(&[(path.as_str(), contents)])
    };
    assert_refused!(
        with("METADATA", b"Name: b\nVersion: 1.0\n"),
        WheelProblem::Disagrees { .. }
    );
    assert_refused!(
        with("METADATA", b"Name: a\nVersion: 1.1\n"),
        WheelProblem::Disagrees { .. }
    );
    assert_refused!(with("METADATA", b"Name: a\n"), WheelProblem::Field { .. });
    assert_refused!(
        with("WHEEL", b"Root-Is-Purelib: true\n"),
        WheelProblem::Field { .. }
    );
    assert_refused!(
        with("WHEEL", b"Wheel-Version: 1.0\n"),
        WheelProblem::Field { .. }
    );
    let version = b"Wheel-Version: 2.0\nRoot-Is-Purelib: true\n";
    assert_refused!(with("WHEEL", version), WheelProblem::WheelVersion(_));
    assert!(unpack_entries(&with("METADATA", b"Name: a\nVersion: 1\n")).is_ok());
}

#[test]
fn there_is_exactly_one_metadata_directory() {
    let two = wheel_entries(&[("b-1.0.dist-info/METADATA", b"")]);
    assert_refused!(two, WheelProblem::DistInfo(2));
    let none = [Entry::new("a.py", b"")];
    assert_refused!(none, WheelProblem::DistInfo(0));
    let vendored = wheel_entries(&[("a/_vendor/b-1.0.dist-info/METADATA", b"")]);
    assert!(unpack_entries(&vendored).is_ok());
    let mut renamed = wheel_entries(&[]);
    for entry in &mut renamed {
        let name = String::from_utf8(entry.name.clone()).unwrap();
        entry.name = name.replace("a-1.0", "b-1.0").into_bytes();
    }
    assert_refused!(renamed, WheelProblem::Disagrees { .. });
}

#[test]
fn files_of_a_data_directory_stay_inside_the_tree() {
    let same = wheel_entries(&[("pure.py", b""), ("a-1.0.data/purelib/pure.py", b"")]);
    assert_refused!(same, WheelProblem::SamePlace(_));
    let unknown = wheel_entries(&[("a-1.0.data/boot/vmlinuz", b"")]);
    assert_refused!(unknown, WheelProblem::DataDirectory(_));
    let clash = wheel_entries(&[("b", b""), ("a-1.0.data/purelib/b/c.py", b"")]);
    assert_refused!(clash, WheelProblem::FileAndDirectory(_));
}

#[test]
fn signatures_of_the_record_need_no_line_and_are_dropped() {
    let mut entries = wheel_entries(&[("a.py", b"")]);
    entries.push(Entry::new("a-1.0.dist-info/RECORD.jws", b"{}"));
    let tree = unpack_entries(&entries).unwrap();
    assert!(!tree.files.contains_key("a-1.0.dist-info/RECORD.jws"));
}

#[test]
fn native_libraries_are_left_out_only_when_asked() {
    let entries = wheel_entries(&[("a.py", b""), ("a/b.so", b"\x7fELF")]);
    let directory = tempfile::tempdir().unwrap();
    let wheels = [distribution(directory.path(), "a", &archive(&entries))];
    let tree = unpack(&wheels, &BTreeSet::new()).unwrap();
    assert!(tree.files.contains_key("a/b.so"));
    let tree = unpack(&wheels, &BTreeSet::from(["a".to_owned()])).unwrap();
    assert!(!tree.files.contains_key("a/b.so"));
    assert_eq!(tree.left_out.len(), 1);
    assert_eq!(tree.left_out[0].path, "a/b.so");
    assert!(!text(&tree, "a-1.0.dist-info/RECORD").contains("b.so"));
}

#[test]
fn a_wheel_that_changed_after_it_was_locked_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let wheel = distribution(directory.path(), "a", &archive(&wheel_entries(&[])));
    std::fs::write(&wheel.wheel, archive(&wheel_entries(&[("a.py", b"evil")]))).unwrap();
    let message = unpack(&[wheel], &BTreeSet::new()).unwrap_err().to_string();
    assert!(message.contains("it changed"), "{message}");
}

/// Two packages, `a` and `b`, with one file each.
fn unpack_two(first: (&str, &[u8]), second: (&str, &[u8])) -> Result<SiteTree, UnpackError> {
    let directory = tempfile::tempdir().unwrap();
    let a = archive(&wheel_entries(&[first]));
    let mut entries = wheel_entries(&[
        second,
        ("a-1.0.dist-info/METADATA", b"Name: b\nVersion: 1.0\n"),
    ]);
    entries.pop();
    for entry in &mut entries {
        let name = String::from_utf8(entry.name.clone()).unwrap();
        entry.name = name.replace("a-1.0", "b-1.0").into_bytes();
    }
    let record = record(&entries).replace("a-1.0", "b-1.0");
    entries.push(Entry::new("b-1.0.dist-info/RECORD", record.as_bytes()));
    let wheels = [
        distribution(directory.path(), "a", &a),
        distribution(directory.path(), "b", &archive(&entries)),
    ];
    unpack(&wheels, &BTreeSet::new())
}

#[test]
fn one_file_of_two_packages_names_both() {
    let error = unpack_two(("x.py", b"1"), ("x.py", b"2")).unwrap_err();
    assert!(matches!(error, UnpackError::TwoOwners { .. }));
    let error = unpack_two(("x", b""), ("x/y.py", b"")).unwrap_err();
    assert!(matches!(error, UnpackError::FileAndDirectory { .. }));
    for part in ["a-1.0-py3-none-any.whl", "b-1.0-py3-none-any.whl", "\"x\""] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn the_same_file_of_two_packages_is_taken_once() {
    let tree = unpack_two(("x/__init__.py", b"1"), ("x/__init__.py", b"1")).unwrap();
    assert_eq!(tree.files["x/__init__.py"].package, 0);
    assert_eq!(tree.packages.len(), 2);
}

#[test]
fn later_formats_of_the_same_kind_are_noted() {
    let with = |version: &str| {
        let text = format!("Wheel-Version: {version}\nRoot-Is-Purelib: false\n");
        wheel_entries(&[("a-1.0.dist-info/WHEEL", text.as_bytes())])
    };
    let notes = |version| unpack_entries(&with(version)).unwrap().notes;
    assert_eq!(notes("1.0"), []);
    let later = Note::LaterFormat {
        wheel: "a-1.0-py3-none-any.whl".to_owned(),
        version: "1.10".to_owned(),
    };
    assert_eq!(notes("1.10"), [later]);
    for version in ["2.0", "10", "0.9"] {
        assert_refused!(with(version), WheelProblem::WheelVersion(_));
    }
    for version in ["one", "1.x", "1.", "-1"] {
        assert_refused!(with(version), WheelProblem::Field { .. });
    }
}

#[test]
fn scripts_and_path_files_are_named() {
    let tree = unpack_entries(&wheel_entries(&[
        ("a-1.0.data/scripts/run.py", b"#!python\n"),
        ("a-1.0.data/scripts/run.sh", b"#!/bin/sh\n"),
        ("a-1.0.data/purelib/a.pth", b"import a\n"),
        (".hidden.pth", b""),
        ("a/b.pth", b""),
    ]))
    .unwrap();
    assert_eq!(metadata(&tree).scripts, ["run.py", "run.sh"]);
    assert!(tree.has_path_files());
    let notes: Vec<String> = tree.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "A: left out scripts, which nothing in a sandbox could start: run.py, run.sh",
            "A: a.pth is processed at bake time, in the sandbox",
        ]
    );
}

#[test]
fn licences_and_bills_of_materials_stay() {
    let files: [(&str, &[u8]); 3] = [
        ("a-1.0.dist-info/licenses/LICENSE", b"MIT"),
        ("a-1.0.dist-info/licenses/vendored/tests/COPYING", b"GPL"),
        ("a-1.0.dist-info/sboms/a.cdx.json", b"{}"),
    ];
    let mut tree = unpack_entries(&wheel_entries(&files)).unwrap();
    strip(&mut tree, EVERYTHING);
    for (path, contents) in files {
        assert_eq!(&*tree.files[path].contents, contents, "{path}");
    }
}

#[test]
fn where_it_came_from_is_written_for_addresses_alone() {
    let directory = tempfile::tempdir().unwrap();
    let info = |name: &str| format!("a-1.0.dist-info/{name}");
    let lie = (info("direct_url.json"), info("REQUESTED"));
    let entries = wheel_entries(&[(&lie.0, b"{}"), (&lie.1, b"")]);
    let mut wheel = distribution(directory.path(), "a", &archive(&entries));
    for (origin, expected) in [
        (Origin::Index, None),
        (Origin::LocalFile, None),
        (Origin::Url("file:///home/me/a.whl".to_owned()), None),
        (
            Origin::Url("https://me:secret@example.com/a.whl".to_owned()),
            Some("\"url\":\"https://example.com/a.whl\""),
        ),
    ] {
        wheel.origin = origin;
        let tree = unpack(std::slice::from_ref(&wheel), &BTreeSet::new()).unwrap();
        assert!(!tree.files.contains_key(&lie.1));
        let written = tree.files.contains_key(&lie.0).then(|| text(&tree, &lie.0));
        assert_eq!(written.is_some(), expected.is_some());
        if let (Some(written), Some(expected)) = (written, expected) {
            assert!(written.contains(expected), "{written}");
            assert!(written.contains(&wheel.sha256.to_string()), "{written}");
            assert!(text(&tree, &info("RECORD")).contains("direct_url.json,sha256="));
        }
    }
    // The hash is of what is at the address, which may be a source distribution.
    wheel.source = Some(SourceFile {
        name: "a-1.0.tar.gz".to_owned(),
        sha256: Digest::of(b"source"),
    });
    let tree = unpack(&[wheel], &BTreeSet::new()).unwrap();
    let written = text(&tree, &lie.0);
    assert!(
        written.contains(&Digest::of(b"source").to_string()),
        "{written}"
    );
}

#[test]
fn names_that_look_alike_between_packages_name_both() {
    for (first, second) in [("x/Y.py", "X/y.py"), ("caf\u{e9}.py", "cafe\u{301}.py")] {
        let error = unpack_two((first, b"1"), (second, b"1")).unwrap_err();
        assert!(matches!(error, UnpackError::CaseClash { .. }), "{error:?}");
        for part in ["a-1.0-py3-none-any.whl", "b-1.0-py3-none-any.whl", first] {
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
