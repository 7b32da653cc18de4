//! Archives that attack their reader.

use super::super::{MAX_ENTRIES, MAX_FILE_SIZE, PathProblem, WheelProblem};
use super::builder::{Entry, archive, wheel_entries};
use super::{assert_refused, problem, unpack_entries};

/// A good wheel whose first entry is changed.
fn changed(change: impl FnOnce(&mut Entry)) -> Vec<Entry> {
    let mut entries = wheel_entries(&[("a.py", b"pass\n")]);
    change(&mut entries[0]);
    entries
}

#[test]
fn the_unchanged_wheel_is_accepted() {
    assert!(unpack_entries(&changed(|_| {})).is_ok());
    assert!(unpack_entries(&changed(|entry| entry.deflated = true)).is_ok());
    assert!(unpack_entries(&changed(|entry| entry.zip64_size = Some(5))).is_ok());
    assert!(unpack_entries(&changed(|entry| entry.external_attributes = 0)).is_ok());
}

#[test]
fn what_is_not_a_zip_archive_is_refused() {
    let good = archive(&changed(|_| {}));
    let doubled = [good.clone(), good.clone()].concat();
    let after = [good.clone(), b"more".to_vec()].concat();
    let before = [b"#!/bin/sh\n".to_vec(), good.clone()].concat();
    for bytes in [
        b"".to_vec(),
        b"<html>".to_vec(),
        good[..good.len() - 1].to_vec(),
        good[100..].to_vec(),
        doubled,
        after,
        before,
    ] {
        let problem = problem(&bytes);
        let refused = matches!(
            problem,
            WheelProblem::NotAnArchive(_) | WheelProblem::Inconsistent(_)
        );
        assert!(refused, "{problem:?}");
    }
}

#[test]
fn every_truncation_and_every_changed_byte_is_an_error_or_harmless() {
    let good = archive(&changed(|entry| entry.deflated = true));
    for length in 0..good.len() {
        problem(&good[..length]);
    }
    for index in 0..good.len() {
        let mut bytes = good.clone();
        bytes[index] ^= 0x41;
        // Times and versions may change without harm; nothing may panic.
        let _ = super::unpack_bytes(&bytes);
    }
}

#[test]
fn paths_that_leave_the_tree_are_refused() {
    for (name, expected) in [
        ("../a.py", PathProblem::Climbs),
        ("b/../../a.py", PathProblem::Climbs),
        ("/etc/a.py", PathProblem::Absolute),
        ("C:/a.py", PathProblem::Absolute),
        ("b\\..\\a.py", PathProblem::Backslash),
        ("a\0.py", PathProblem::Control),
        ("b//a.py", PathProblem::Empty),
        ("", PathProblem::Empty),
    ] {
        let entries = changed(|entry| entry.name = name.as_bytes().to_vec());
        let problem = problem(&archive(&entries));
        let refused =
            matches!(&problem, WheelProblem::Path { problem, .. } if *problem == expected);
        assert!(refused, "{name:?}: {problem:?}");
    }
}

#[test]
fn names_that_readers_decode_differently_are_refused() {
    for (name, flags) in [(&b"\xff.py"[..], 1 << 11), ("é.py".as_bytes(), 0)] {
        let entries = changed(|entry| {
            entry.name = name.to_vec();
            entry.flags = flags;
        });
        assert_refused!(
            entries,
            WheelProblem::Path {
                problem: PathProblem::NotUtf8,
                ..
            }
        );
    }
}

#[test]
fn links_and_devices_are_refused() {
    let with_mode = |mode: u32| changed(|entry| entry.external_attributes = mode << 16);
    assert_refused!(with_mode(0o120_777), WheelProblem::Symlink(_));
    assert_refused!(with_mode(0o010_644), WheelProblem::Special(_));
    assert_refused!(with_mode(0o020_644), WheelProblem::Special(_));
    assert_refused!(with_mode(0o040_755), WheelProblem::Special(_));
    let directory = changed(|entry| entry.name = b"a/".to_vec());
    assert_refused!(directory, WheelProblem::Special(_));
}

#[test]
fn encrypted_and_oddly_compressed_entries_are_refused() {
    let encrypted = changed(|entry| entry.flags |= 1);
    assert_refused!(encrypted, WheelProblem::Encrypted(_));
    let lzma = changed(|entry| entry.method = Some(14));
    assert_refused!(lzma, WheelProblem::Compression(_));
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let mut entries = changed(|_| {});
    entries.push(Entry::new("a.py", b"evil\n"));
    assert_refused!(entries, WheelProblem::Duplicate);
}

#[test]
fn names_that_differ_only_in_case_are_refused() {
    let entries = wheel_entries(&[("B/a.py", b""), ("b/A.py", b"")]);
    assert_refused!(entries, WheelProblem::CaseClash(_, _));
}

#[test]
fn a_file_that_is_also_a_directory_is_refused() {
    let inside = wheel_entries(&[("a", b""), ("a/b.py", b"")]);
    assert_refused!(inside, WheelProblem::FileAndDirectory(_));
    let mut directory = Entry::new("a/", b"");
    directory.external_attributes = 0o040_755 << 16;
    let mut entries = wheel_entries(&[("a", b"")]);
    entries.push(directory);
    assert_refused!(entries, WheelProblem::FileAndDirectory(_));
}

#[test]
fn headers_that_disagree_are_refused() {
    let cloaked = changed(|entry| entry.local_name = Some(b"b.py".to_vec()));
    assert_refused!(cloaked, WheelProblem::Inconsistent(_));
}

#[test]
fn two_entries_over_the_same_bytes_are_refused() {
    let mut entries = wheel_entries(&[("a.py", b"pass\n"), ("b.py", b"pass\n")]);
    entries[1].local_name = Some(b"a.py".to_vec());
    let mut bytes = archive(&entries);
    // The directory's second entry is made to point at the data of the first.
    let mut directory = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, window)| *window == b"PK\x01\x02")
        .map(|(index, _)| index);
    let second = directory.nth(1).unwrap();
    bytes[second + 42..second + 46].copy_from_slice(&[0; 4]);
    assert!(matches!(problem(&bytes), WheelProblem::Inconsistent(_)));
}

#[test]
fn lies_about_sizes_are_found() {
    let lie = |size| {
        changed(|entry| {
            entry.deflated = true;
            entry.size = Some(size);
        })
    };
    for size in [0, 4, 6, 100] {
        let problem = problem(&archive(&lie(size)));
        let refused = matches!(
            problem,
            WheelProblem::SizeLie(_) | WheelProblem::Damaged { .. }
        );
        assert!(refused, "{size}: {problem:?}");
    }
    let zip64 = |size| changed(|entry| entry.zip64_size = Some(size));
    assert_refused!(zip64(u64::MAX), WheelProblem::FileTooLarge(_));
    assert_refused!(zip64(MAX_FILE_SIZE + 1), WheelProblem::FileTooLarge(_));
    assert_refused!(zip64(MAX_FILE_SIZE), WheelProblem::Bomb(_));
    let stored = changed(|entry| entry.size = Some(6));
    assert_refused!(stored, WheelProblem::SizeLie(_));
}

#[test]
fn a_wrong_checksum_is_found() {
    let entries = changed(|entry| entry.crc = Some(1));
    assert_refused!(entries, WheelProblem::Damaged { .. });
}

#[test]
fn a_bomb_is_not_unpacked() {
    let zeros = vec![0; 8 << 20];
    let honest = |declared| {
        let mut entries = wheel_entries(&[("a.py", b"pass\n")]);
        let mut bomb = Entry::new("bomb", &zeros);
        bomb.deflated = true;
        bomb.size = declared;
        entries.push(bomb);
        entries
    };
    assert_refused!(honest(None), WheelProblem::Bomb(_));
    // One that says it is small is read no further than it says.
    let problem = problem(&archive(&honest(Some(100))));
    let refused = matches!(
        problem,
        WheelProblem::SizeLie(_) | WheelProblem::Damaged { .. }
    );
    assert!(refused, "{problem:?}");
}

#[test]
fn too_many_entries_are_not_listed() {
    let signatures = b"PK\x01\x02".repeat(MAX_ENTRIES + 1);
    let entries = wheel_entries(&[("a.bin", &signatures)]);
    assert_refused!(entries, WheelProblem::TooManyEntries(_));
}
