//! Wheels that cannot be used: each is refused by name, and nothing of it is written anywhere.

use eryx_tests::{
    project::Project,
    wheels::{Entry, Wheel, archive, record},
};

fn sample() -> Wheel {
    Wheel::new("sample")
        .file("sample/__init__.py", "x = 1\n")
        .metadata("License-Expression: MIT")
}

/// Bakes one wheel that is refused with its name and all these words.
#[track_caller]
fn refused(project: &Project, words: &[&str]) {
    let message = project.refused();
    for word in words {
        assert!(message.contains(word), "{word:?} is not said in\n{message}");
    }
    assert_eq!(
        message.trim_end().lines().count(),
        1,
        "not one sentence\n{message}"
    );
}

/// The same for a sample whose archive has these bytes.
#[track_caller]
fn check_bytes(bytes: &[u8], words: &[&str]) {
    let project = Project::with_wheels(&[]);
    sample().write_bytes(&project.path("wheels"), bytes);
    refused(&project, words);
    refused(&project, &["sample-1.0-py3-none-any.whl"]);
}

/// The same for a sample with other entries, and a RECORD that is right for them.
#[track_caller]
fn check_entries(change: impl FnOnce(&mut Vec<Entry>), words: &[&str]) {
    let mut entries = sample().entries();
    entries.pop();
    change(&mut entries);
    entries.push(record("sample-1.0.dist-info/RECORD", &entries));
    check_bytes(&archive(&entries), words);
}

#[test]
fn what_is_no_zip_archive() {
    for bytes in [&b""[..], b"\0", b"not a zip archive", &[b'x'; 100_000]] {
        check_bytes(bytes, &["not a whole zip archive"]);
    }
    let whole = archive(&sample().entries());
    check_bytes(&whole[..whole.len() - 30], &["not a whole zip archive"]);
    check_bytes(
        &[b"#!/bin/sh\n", whole.as_slice()].concat(),
        &["not a whole zip archive"],
    );
    check_bytes(
        &[whole.as_slice(), b"more"].concat(),
        &["not a whole zip archive"],
    );
}

#[test]
fn paths_that_leave_the_site_tree() {
    for path in [
        "../evil.py",
        "sample/../../evil.py",
        "/evil.py",
        "//host/evil.py",
        "C:\\evil.py",
        "C:/evil.py",
        "sample\\..\\evil.py",
        "sample/./evil.py",
        "sample//evil.py",
        "sample/evil\u{1b}[2J.py",
        "sample-1.0.data/purelib/../../../evil.py",
        "sample-1.0.data/purelib//etc/evil.py",
    ] {
        check_entries(
            |entries| entries.push(Entry::new(path, "evil")),
            &["is not allowed"],
        );
    }
    let long = format!("{}.py", "a/".repeat(5_000));
    check_entries(
        |entries| entries.push(Entry::new(&long, "evil")),
        &["is not allowed"],
    );
}

#[test]
fn links_and_other_special_files() {
    check_entries(
        |entries| entries.push(Entry::link("sample/link", "/etc/passwd")),
        &["\"sample/link\"", "symbolic link"],
    );
    check_entries(
        |entries| {
            entries.push(Entry {
                mode: 0o020_666,
                ..Entry::new("sample/device", "")
            });
        },
        &["\"sample/device\"", "neither a file nor a folder"],
    );
}

#[test]
fn two_entries_for_one_place() {
    check_entries(
        |entries| entries.push(Entry::new("sample/__init__.py", "x = 2")),
        &["two entries"],
    );
    check_entries(
        |entries| entries.push(Entry::new("sample", "x = 2")),
        &["both a file and a folder"],
    );
    check_entries(
        |entries| entries.push(Entry::new("Sample/__init__.py", "x = 2")),
        &["differ only in case"],
    );
    check_entries(
        |entries| {
            entries.push(Entry::new(
                "sample-1.0.data/purelib/sample/__init__.py",
                "x = 2",
            ));
        },
        &["two of its files would become \"sample/__init__.py\""],
    );
}

#[test]
fn sizes_and_checksums_that_are_lies() {
    for declared in [0, 1, 4_000_000_000] {
        check_entries(
            |entries| {
                let lie = Entry::deflated("sample/lie.py", "x = 1\n".repeat(100));
                entries.push(Entry {
                    declared_size: Some(declared),
                    ..lie
                });
            },
            &["\"sample/lie.py\""],
        );
    }
    check_entries(
        |entries| {
            let lie = Entry::new("sample/lie.py", "x = 1\n");
            entries.push(Entry {
                declared_checksum: Some(1),
                ..lie
            });
        },
        &["\"sample/lie.py\"", "damaged"],
    );
}

#[test]
fn a_decompression_bomb() {
    check_entries(
        |entries| entries.push(Entry::deflated("sample/bomb.bin", vec![0; 64 << 20])),
        &["\"sample/bomb.bin\"", "decompression bomb"],
    );
}

#[test]
fn files_that_a_wheel_must_have() {
    for name in ["WHEEL", "METADATA", "RECORD"] {
        let path = format!("sample-1.0.dist-info/{name}");
        let mut entries = sample().entries();
        entries.retain(|entry| entry.name != path);
        if name != "RECORD" {
            entries.pop();
            entries.push(record("sample-1.0.dist-info/RECORD", &entries));
        }
        check_bytes(&archive(&entries), &[&path, "missing"]);
    }
    check_bytes(
        &archive(&[Entry::new("sample.py", "x = 1")]),
        &["0 top-level .dist-info folders"],
    );
}

#[test]
fn a_record_that_is_wrong() {
    let path = "sample-1.0.dist-info/RECORD";
    let check = |change: &dyn Fn(&str) -> String, words: &[&str]| {
        let mut entries = sample().entries();
        let record = entries.pop().unwrap();
        let text = String::from_utf8(record.contents).unwrap();
        entries.push(Entry::new(path, change(&text)));
        check_bytes(&archive(&entries), words);
    };
    check(
        &|text| text.replace("/__init__.py,sha256=", "/__init__.py,sha256=AA"),
        &["its RECORD"],
    );
    check(
        &|text| text.replace(",6\n", ",7\n"),
        &["\"sample/__init__.py\"", "size that its RECORD says"],
    );
    check(
        &|text| {
            text.lines()
                .filter(|line| !line.starts_with("sample/"))
                .collect::<Vec<_>>()
                .join("\n")
        },
        &["\"sample/__init__.py\"", "not listed in its RECORD"],
    );
    check(
        &|text| format!("{text}gone.py,sha256=abc,3\n"),
        &["\"gone.py\"", "does not have"],
    );
    check(&|text| format!("{text}\"open"), &["line", "its RECORD"]);
    let mut entries = sample().entries();
    entries[0].contents = b"x = 2\n".to_vec();
    check_bytes(
        &archive(&entries),
        &["\"sample/__init__.py\"", "hash that its RECORD says"],
    );
}

#[test]
fn a_wheel_that_is_another_package() {
    let other = Wheel::new("other").file("other.py", "");
    check_bytes(
        &archive(&other.entries()),
        &["other-1.0.dist-info", "sample 1.0"],
    );
    let newer = sample().version("1.1");
    check_bytes(
        &archive(&newer.entries()),
        &["sample-1.1.dist-info", "sample 1.0"],
    );
}

#[test]
fn tags_of_other_pythons_and_platforms() {
    for (tag, words) in [
        (
            "cp313-cp313-wasi_0_0_0_wasm32",
            ["another Python", "CPython 3.14"],
        ),
        ("py2-none-any", ["another Python", "CPython 3.14"]),
        ("pp310-pypy310_pp73-any", ["another Python", "CPython 3.14"]),
        (
            "cp314-cp314-manylinux_2_28_x86_64",
            ["Linux", "without-native"],
        ),
        ("cp314-cp314-macosx_11_0_arm64", ["macOS", "without-native"]),
        ("cp314-cp314-win_amd64", ["Windows", "without-native"]),
        (
            "cp314-cp314-pyodide_2026_0_wasm32",
            ["cannot run in the sandbox", "without-native"],
        ),
    ] {
        let wheel = sample().tag(tag);
        let project = Project::with_wheels(&[&wheel]);
        refused(&project, &words);
        refused(&project, &[&wheel.file_name()]);
    }
}

#[test]
fn names_that_are_none_of_a_wheel() {
    for name in [
        "sample.whl",
        "sample-1.0.whl",
        "sample-one-py3-none-any.whl",
        "-1.0-py3-none-any.whl",
    ] {
        let project = Project::with_wheels(&[]).file(&format!("wheels/{name}"), "");
        refused(&project, &[name]);
    }
    let project = Project::sample("[packages]\nwheels = [\"sample-1.0.tar.gz\"]\n")
        .file("sample-1.0.tar.gz", "");
    let message = project.refused();
    assert!(
        message.contains("`sample-1.0.tar.gz` in `wheels` does not end in `.whl`"),
        "{message}"
    );
}

#[test]
fn two_packages_for_one_place() {
    let first = sample();
    let second = Wheel::new("second").file("sample/__init__.py", "x = 2\n");
    refused(
        &Project::with_wheels(&[&first, &second]),
        &[
            "\"sample/__init__.py\"",
            "sample-1.0-py3-none-any.whl",
            "second-1.0-py3-none-any.whl",
        ],
    );
    refused(
        &Project::with_wheels(&[&first, &first.clone().version("2.0")]),
        &["`sample`", "twice"],
    );
}
