//! Archives that mean harm: each is refused for what it does.

use super::builder::{Tar, gz, pax_records};
use crate::{ArchiveProblem, read};
use eryx_wheel::unpack::MAX_ENTRIES;
use eryx_wheel::unpack::path::PathProblem;

fn refused(tar: &Tar) -> ArchiveProblem {
    refused_bytes(&tar.gz())
}

fn refused_bytes(bytes: &[u8]) -> ArchiveProblem {
    let read = read("a-1.tar.gz", bytes);
    read.map(drop).expect_err("it is refused")
}

fn whole() -> Tar {
    Tar::new().file("a-1/setup.py", b"")
}

#[test]
fn paths_that_leave_the_archive() {
    for (path, expected) in [
        ("../evil.py", PathProblem::Climbs),
        ("a-1/../../evil.py", PathProblem::Climbs),
        ("a-1/./evil.py", PathProblem::Climbs),
        ("/etc/cron.d/evil", PathProblem::Absolute),
        ("C:/evil.py", PathProblem::Absolute),
        ("a-1\\..\\evil.py", PathProblem::Backslash),
        ("\\\\server\\evil.py", PathProblem::Backslash),
        ("a-1//evil.py", PathProblem::Empty),
        ("a-1/evil\u{1b}[2J.py", PathProblem::Control),
    ] {
        for tar in [
            whole().file(path, b""),
            whole().directory(path),
            whole().symlink(path, "setup.py"),
            whole().hard_link(path, "a-1/setup.py"),
            whole().pax(&[("path", path)]).file("a-1/good", b""),
            whole()
                .entry(b'L', b"././@LongLink", "", path.as_bytes())
                .file("a-1/good", b""),
        ] {
            match refused(&tar) {
                ArchiveProblem::Path { problem, .. } => assert_eq!(problem, expected, "{path:?}"),
                other => panic!("{path:?}: {other}"),
            }
        }
    }
}

#[test]
fn names_that_are_not_utf_8_or_too_long() {
    for path in [b"a-1/\xff".to_vec(), b"".to_vec()] {
        let problem = refused(&whole().entry(b'0', &path, "", b""));
        assert!(matches!(problem, ArchiveProblem::Path { .. }), "{problem}");
    }
    for path in [
        "d/".repeat(600) + "x",
        "d/".repeat(100) + "x",
        "x".repeat(300),
    ] {
        let tar = whole().pax(&[("path", &path)]).file("good", b"");
        let problem = refused(&tar);
        assert!(matches!(problem, ArchiveProblem::Path { .. }), "{problem}");
    }
}

#[test]
fn links_that_leave_the_archive() {
    for target in [
        "/etc/passwd",
        "../../etc/passwd",
        "../a-2/x",
        "..",
        "x/../../y",
    ] {
        let problem = refused(&whole().symlink("a-1/link", target));
        assert!(
            matches!(problem, ArchiveProblem::LinkOut { .. }),
            "{target} {problem}"
        );
    }
    // In two steps: the first link makes the second one lead elsewhere.
    let tar = whole()
        .file("a-1/x/y/z", b"")
        .symlink("a-1/up", "x/y/../../..")
        .symlink("a-1/out", "up/up/etc/passwd");
    assert!(matches!(refused(&tar), ArchiveProblem::LinkOut { .. }));
    for target in ["/etc/passwd", "../etc/passwd", "a-1/later", "a-1", ""] {
        let tar = whole().hard_link("a-1/link", target).file("a-1/later", b"");
        let problem = refused(&tar);
        assert!(
            matches!(
                problem,
                ArchiveProblem::HardLink { .. } | ArchiveProblem::Path { .. }
            ),
            "{target} {problem}"
        );
    }
    let tar = whole()
        .symlink("a-1/link", "setup.py")
        .hard_link("a-1/hard", "a-1/link");
    assert!(matches!(refused(&tar), ArchiveProblem::HardLink { .. }));
}

#[test]
fn links_that_turn_in_circles() {
    for tar in [
        whole().symlink("a-1/l", "l"),
        whole().symlink("a-1/l", "m").symlink("a-1/m", "l"),
        whole().symlink("a-1/l", "."),
        whole().directory("a-1/d").symlink("a-1/d/l", "../d"),
        whole()
            .directory("a-1/d")
            .directory("a-1/e")
            .symlink("a-1/d/l", "../e")
            .symlink("a-1/e/l", "../d"),
    ] {
        let problem = refused(&tar);
        assert!(matches!(problem, ArchiveProblem::LinkLoop(_)), "{problem}");
    }
}

#[test]
fn files_below_a_link() {
    let tar = whole()
        .file("a-1/d/x", b"good")
        .symlink("a-1/l", "d")
        .file("a-1/l/x", b"evil");
    assert!(matches!(refused(&tar), ArchiveProblem::Duplicate(_)));
    let tar = whole()
        .symlink("a-1/l", "setup.py")
        .file("a-1/l/x", b"evil");
    assert!(matches!(refused(&tar), ArchiveProblem::FileAndDirectory(_)));
}

/// Each directory has two links to the next one, and the last has nothing.
#[test]
fn links_that_multiply_without_a_file() {
    let mut tar = whole();
    for number in 0..30 {
        tar = tar.directory(&format!("a-1/d{number}"));
        for name in ["x", "y"] {
            let next = format!("../d{}", number + 1);
            tar = tar.symlink(&format!("a-1/d{number}/{name}"), &next);
        }
    }
    let tar = tar.directory("a-1/d30");
    assert!(matches!(refused(&tar), ArchiveProblem::TooManyEntries));
}

#[test]
fn links_that_multiply() {
    let mut tar = Tar::new();
    for number in 0..1_000 {
        tar = tar.file(&format!("a-1/d/{number}"), b"x");
    }
    for number in 0..200 {
        tar = tar.symlink(&format!("a-1/l{number}"), "d");
    }
    assert!(matches!(refused(&tar), ArchiveProblem::TooManyEntries));
    for number in 200..=1_000 {
        tar = tar.symlink(&format!("a-1/l{number}"), "missing");
    }
    assert!(matches!(refused(&tar), ArchiveProblem::TooManyLinks));
}

#[test]
fn devices_and_other_kinds() {
    for kind in [b'3', b'4', b'6', b'S', b'D', b'M', b'V', b'Z', 255] {
        let problem = refused(&whole().entry(kind, b"a-1/x", "", b""));
        assert!(
            matches!(problem, ArchiveProblem::Special(_)),
            "{kind} {problem}"
        );
    }
    let problem = refused(&whole().entry(b'5', b"a-1/folder", "", b"contents"));
    assert!(matches!(problem, ArchiveProblem::Special(_)), "{problem}");
}

#[test]
fn names_that_occur_twice() {
    for tar in [
        whole().file("a-1/setup.py", b"evil"),
        whole().file("./a-1/setup.py", b"evil"),
        whole().symlink("a-1/setup.py", "x"),
        whole().symlink("a-1/l", "x").file("a-1/l", b"evil"),
        whole().symlink("a-1/l", "x").symlink("a-1/l", "y"),
    ] {
        let problem = refused(&tar);
        assert!(matches!(problem, ArchiveProblem::Duplicate(_)), "{problem}");
    }
    for (first, second) in [
        ("a-1/setup.py", "a-1/Setup.py"),
        ("a-1/caf\u{e9}.py", "a-1/cafe\u{301}.py"),
        ("a-1/\u{fb01}le.py", "a-1/file.py"),
        ("a-1/A", "a-1/a/b.py"),
        ("a-1/B/x.py", "a-1/b/y.py"),
    ] {
        let problem = refused(&Tar::new().file(first, b"").file(second, b""));
        assert!(
            matches!(problem, ArchiveProblem::CaseClash(..)),
            "{second}: {problem}"
        );
    }
    for tar in [
        whole().file("a-1/setup.py/x", b""),
        whole().directory("a-1/setup.py"),
        whole().directory("a-1/setup.py/x"),
    ] {
        let problem = refused(&tar);
        assert!(
            matches!(problem, ArchiveProblem::FileAndDirectory(_)),
            "{problem}"
        );
    }
}

#[test]
fn headers_that_contradict_each_other() {
    let problem = refused(&whole().pax(&[("size", "0")]).file("a-1/x", b"hidden"));
    assert!(
        matches!(problem, ArchiveProblem::Contradiction(_)),
        "{problem}"
    );
    for tar in [
        whole()
            .pax(&[("path", "a-1/x"), ("path", "a-1/y")])
            .file("a-1/z", b""),
        whole()
            .pax(&[("path", "a-1/x")])
            .entry(b'L', b"L", "", b"a-1/y")
            .file("a-1/z", b""),
        whole().pax(&[("size", "many")]).file("a-1/x", b""),
        whole().pax(&[("GNU.sparse.major", "1")]).file("a-1/x", b""),
        whole().pax(&[("path", "a-1/x")]),
        whole()
            .entry(b'x', b"pax", "", b"999 path=a\n")
            .file("a-1/x", b""),
        whole().entry(b'g', b"pax", "", &pax_records(&[("path", "a-1/x")])),
        whole()
            .entry(b'L', b"L", "", &[b'x'; 100 << 10])
            .file("a-1/x", b""),
    ] {
        let problem = refused(&tar);
        assert!(matches!(problem, ArchiveProblem::Extension), "{problem}");
    }
}

#[test]
fn sizes_that_are_not_true() {
    for size in [4 << 10, 1 << 20, (8 << 30) - 1] {
        for kind in [b'0', b'L', b'x'] {
            let problem = refused(&whole().sized_entry(kind, b"a-1/x", "", b"short", size));
            assert!(
                matches!(
                    problem,
                    ArchiveProblem::Damaged(_) | ArchiveProblem::Extension
                ),
                "{kind} {size} {problem}"
            );
        }
    }
}

/// A few kilobytes took all memory of the machine when they were laid out for a build.
#[test]
fn bombs_of_links() {
    let zeros = vec![0; 10 << 20];
    let one = whole().file("a-1/zeros", &zeros);
    let hard = (0..10).fold(one.clone(), |tar, number| {
        tar.hard_link(&format!("a-1/{number}"), "a-1/zeros")
    });
    let soft = (0..10).fold(one.clone(), |tar, number| {
        tar.symlink(&format!("a-1/{number}"), "zeros")
    });
    let directories = (0..10).fold(whole().file("a-1/d/zeros", &zeros), |tar, number| {
        tar.symlink(&format!("a-1/{number}"), "d")
    });
    for tar in [hard, soft, directories] {
        let problem = refused(&tar);
        assert!(matches!(problem, ArchiveProblem::TooLarge), "{problem}");
    }
    assert!(read("a-1.tar.gz", &one.gz()).is_ok());
}

#[test]
fn bombs() {
    let problem = refused(&whole().file("a-1/zeros", &vec![0; 80 << 20]));
    assert!(matches!(problem, ArchiveProblem::TooLarge), "{problem}");
    // Behind the end of the archive it costs time all the same.
    let tar = whole().raw(&vec![0; 80 << 20]);
    assert!(matches!(refused(&tar), ArchiveProblem::TooLarge));
    // Many members of gzip, each small.
    let one = gz(&vec![0; 1 << 20]);
    let bytes = [gz(&vec![0; 1 << 20]), one.repeat(100)].concat();
    assert!(matches!(refused_bytes(&bytes), ArchiveProblem::TooLarge));
}

#[test]
fn too_many_entries() {
    let one = Tar::new().directory("a-1/x");
    let mut many = whole();
    for _ in 0..MAX_ENTRIES {
        many = many.raw(one.bytes());
    }
    assert!(matches!(refused(&many), ArchiveProblem::TooManyEntries));
}

#[test]
fn what_is_no_whole_archive() {
    let bytes = whole().gz();
    for bytes in [
        &b""[..],
        b"\0",
        b"not an archive",
        &bytes[..bytes.len() - 9],
        &[0x1f, 0x8b],
    ] {
        let problem = refused_bytes(bytes);
        assert!(
            matches!(problem, ArchiveProblem::Damaged(_) | ArchiveProblem::Top(_)),
            "{problem}"
        );
    }
    let mut damaged = whole();
    damaged.bytes_mut()[0] ^= 1;
    assert!(matches!(refused(&damaged), ArchiveProblem::Damaged(_)));
    let hidden = whole()
        .raw(&[0; 1024])
        .file("a-1/hidden", b"seen by other readers");
    assert!(matches!(refused(&hidden), ArchiveProblem::Damaged(_)));
    for name in ["a-1.tar.bz2", "a-1.whl", "a-1.tar", "a-1", ""] {
        assert!(
            matches!(read(name, &bytes), Err(ArchiveProblem::Form)),
            "{name}"
        );
    }
}

#[test]
fn other_than_one_directory_at_the_top() {
    for tar in [
        Tar::new(),
        Tar::new().directory("a-1"),
        whole().file("b-1/setup.py", b""),
        whole().file("setup.py", b""),
    ] {
        assert!(matches!(refused(&tar), ArchiveProblem::Top(_)));
    }
}
