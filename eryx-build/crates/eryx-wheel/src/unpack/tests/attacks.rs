//! Attacks by name, each tried on the whole crate: what they have in common is in `hostile.rs`.

use super::super::archive::{self, Budget};
use super::super::{MAX_RATIO, PathProblem, WheelProblem};
use super::builder::{Entry, archive, wheel_entries, zip64_end};
use super::{assert_refused, problem, unpack_bytes, unpack_entries};

/// A good wheel with one more entry, of this name.
fn named(name: &str) -> Vec<Entry> {
    wheel_entries(&[("a.py", b"pass\n"), (name, b"")])
}

/// Where the directory of an archive starts.
fn directory_start(bytes: &[u8]) -> usize {
    let end = bytes.len() - 6;
    u32::from_le_bytes(bytes[end..end + 4].try_into().unwrap()) as usize
}

#[test]
fn network_paths_devices_and_names_that_windows_shortens() {
    for (name, expected) in [
        ("\\\\server\\share\\a.py", PathProblem::Backslash),
        ("//server/share/a.py", PathProblem::Absolute),
        ("\\\\?\\C:\\a.py", PathProblem::Backslash),
        ("b/NUL", PathProblem::Reserved),
        ("b/aux.py", PathProblem::Reserved),
        ("CON/a.py", PathProblem::Reserved),
        ("a.py.", PathProblem::Reserved),
        ("a.py ", PathProblem::Reserved),
        (".. /a.py", PathProblem::Reserved),
        (".../a.py", PathProblem::Reserved),
        ("a-1.0.data/purelib/../a.py", PathProblem::Climbs),
        ("a-1.0.data/purelib//etc/a.py", PathProblem::Empty),
        ("b\u{7f}.py", PathProblem::Control),
    ] {
        let problem = problem(&archive(&named(name)));
        let refused =
            matches!(&problem, WheelProblem::Path { problem, .. } if *problem == expected);
        assert!(refused, "{name:?}: {problem:?}");
    }
}

#[test]
fn names_that_unicode_or_case_make_the_same() {
    for (first, second) in [
        ("caf\u{e9}.py", "cafe\u{301}.py"),
        ("\u{fb01}le.py", "file.py"),
        ("\u{ff41}.py", "a.py"),
        ("B/a.py", "b/A.py"),
        ("\u{212a}.py", "k.py"),
        ("A", "a/b.py"),
        ("Foo/x.py", "foo/y.py"),
    ] {
        let entries = wheel_entries(&[(first, b""), (second, b"")]);
        assert_refused!(entries, WheelProblem::CaseClash(_, _));
    }
}

/// Each small enough to be compressed at will; 500 of 4 MiB once took 2 GiB.
#[test]
fn a_bomb_of_many_small_files() {
    let zeros = vec![0; 4 << 20];
    let names: Vec<String> = (0..17).map(|number| format!("{number}.bin")).collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &zeros[..]))
        .collect();
    let mut entries = wheel_entries(&files);
    for entry in &mut entries {
        entry.deflated = true;
    }
    assert_refused!(entries, WheelProblem::ArchiveBomb);
    assert!(unpack_entries(&entries[2..]).is_err_and(|error| !error.to_string().contains("bomb")));
}

/// The parts of `.data` were checked as the paths in the archive, not as those in the tree.
#[test]
fn a_drive_letter_below_the_data_directory() {
    let problem = problem(&archive(&named("a-1.0.data/purelib/C:/x.py")));
    let refused = matches!(
        &problem,
        WheelProblem::Path {
            problem: PathProblem::Absolute,
            ..
        }
    );
    assert!(refused, "{problem:?}");
}

/// `importlib.metadata` took the directory for an installed package.
#[test]
fn metadata_of_another_package_in_the_old_format() {
    for name in [
        "b.egg-info/PKG-INFO",
        "B-9-py3.14.EGG-INFO",
        "a-1.0.data/purelib/b.egg-info",
    ] {
        assert_refused!(named(name), WheelProblem::ForeignMetadata(_));
    }
    let tree = unpack_entries(&named("A.egg-info/PKG-INFO")).unwrap();
    assert!(!tree.files.keys().any(|path| path.contains("egg-info")));
    let record = &tree.files["a-1.0.dist-info/RECORD"].contents;
    assert!(!String::from_utf8_lossy(record).contains("egg-info"));
}

/// They became too much metadata for an image only after everything was compiled.
#[test]
fn entry_points_without_end() {
    for text in [
        "a = b\n".repeat(5000),
        format!("a = {}\n", "b".repeat(5000)),
    ] {
        let points = ("a-1.0.dist-info/entry_points.txt", text.as_bytes());
        assert_refused!(wheel_entries(&[points]), WheelProblem::EntryPoints { .. });
    }
}

#[test]
fn bytes_between_entries() {
    let good = archive(&named("b.py"));
    let second = 1 + good[1..]
        .windows(4)
        .position(|bytes| bytes == b"PK\x03\x04")
        .unwrap();
    for junk in [&b"PK\x03\x04junk"[..], b"\0", &[0; 12]] {
        let mut bytes = [&good[..second], junk, &good[second..]].concat();
        // Every entry but the first, and the directory, have moved.
        let start = directory_start(&bytes);
        let moved = start + junk.len();
        let length = bytes.len();
        let shift = u32::try_from(junk.len()).unwrap();
        bytes[length - 6..length - 2].copy_from_slice(&u32::try_from(moved).unwrap().to_le_bytes());
        let mut at = moved;
        let mut first = true;
        while bytes[at..].starts_with(b"PK\x01\x02") {
            let number =
                |from: usize| usize::from(u16::from_le_bytes([bytes[from], bytes[from + 1]]));
            let next = at + 46 + number(at + 28) + number(at + 30) + number(at + 32);
            if !first {
                let offset = u32::from_le_bytes(bytes[at + 42..at + 46].try_into().unwrap());
                bytes[at + 42..at + 46].copy_from_slice(&(offset + shift).to_le_bytes());
            }
            first = false;
            at = next;
        }
        let problem = problem(&bytes);
        assert!(
            matches!(problem, WheelProblem::Gap(_)),
            "{junk:?}: {problem:?}"
        );
    }
}

#[test]
fn a_second_name_in_an_extra_field() {
    let mut entries = named("b.py");
    let mut crc = flate2::Crc::new();
    crc.update(b"b.py");
    let mut field = vec![0x75, 0x70, 11, 0, 1];
    field.extend(crc.sum().to_le_bytes());
    field.extend(b"../e.x");
    entries[1].extra = field;
    assert_refused!(
        entries,
        WheelProblem::TwoNames(_) | WheelProblem::Path { .. } | WheelProblem::Inconsistent(_)
    );
    let mut entries = named("b.py");
    entries[1].extra = vec![0x75, 0x70, 0, 0];
    let refused = unpack_entries(&entries).is_err();
    assert!(refused, "an empty second name");
}

#[test]
fn a_comment_with_another_archive_in_it() {
    let good = archive(&named("b.py"));
    let other = archive(&named("evil.py"));
    let mut bytes = good.clone();
    let length = bytes.len();
    bytes[length - 2..].copy_from_slice(&u16::try_from(other.len()).unwrap().to_le_bytes());
    bytes.extend(&other);
    let found = problem(&bytes);
    let refused = matches!(
        found,
        WheelProblem::NotAnArchive(_) | WheelProblem::Inconsistent(_)
    );
    assert!(refused, "{found:?}");
    let mut bytes = good;
    bytes[length - 2..].copy_from_slice(&[0xff, 0xff]);
    bytes.extend([b' '; 0xffff]);
    assert!(matches!(problem(&bytes), WheelProblem::NotAnArchive(_)));
}

#[test]
fn more_entries_than_the_old_format_counts() {
    let names: Vec<String> = (0..70_000).map(|n| format!("a/{n}")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let bytes = archive(&wheel_entries(&files));
    assert_eq!(unpack_bytes(&bytes).unwrap().files.len(), 70_000 + 4);
    // A reader of the old format would see another number of entries.
    let mut other = bytes;
    let length = other.len();
    other[length - 14..length - 10].copy_from_slice(&[1, 0, 1, 0]);
    assert!(unpack_bytes(&other).is_err());
}

#[test]
fn zip64_records_that_say_something_else() {
    let good = archive(&named("b.py"));
    let start = directory_start(&good);
    let (front, end) = good.split_at(good.len() - 22);
    let size = (front.len() - start) as u64;
    let with = |record: Vec<u8>| [front, &record, end].concat();
    for (count, size, start) in [
        (1, size, start as u64),
        (u64::MAX, size, start as u64),
        (5, size, 0),
        (5, u64::MAX, start as u64),
        (5, size, u64::MAX),
        (0, 0, start as u64),
    ] {
        // Either what the ordinary record says counts, or nothing does.
        let record = zip64_end(count, size.min(1 << 40), start.min(1 << 40));
        if let Ok(tree) = unpack_bytes(&with(record)) {
            assert!(tree.files.contains_key("b.py") && tree.files.len() == 6);
        }
    }
    // A locator that leads elsewhere, and one without a record.
    let mut stray = zip64_end(5, size, start as u64);
    let length = stray.len();
    stray[length - 12..length - 4].copy_from_slice(&0_u64.to_le_bytes());
    let marked = |mut bytes: Vec<u8>| {
        let length = bytes.len();
        bytes[length - 14..length - 10].fill(0xff);
        bytes
    };
    for bytes in [
        marked(with(stray)),
        marked(with(vec![0; 76])),
        marked(good.clone()),
    ] {
        assert!(unpack_bytes(&bytes).is_err());
    }
}

#[test]
fn sizes_behind_the_data() {
    let streamed = |change: fn(&mut Entry)| {
        let mut entries = named("b.py");
        for deflated in [false, true] {
            let entry = &mut entries[usize::from(deflated)];
            entry.deflated = deflated;
            entry.streamed = true;
            entry.flags |= 1 << 3;
        }
        change(&mut entries[0]);
        entries
    };
    // Tools that write to a pipe make such archives.
    let tree = unpack_entries(&streamed(|_| {})).unwrap();
    assert_eq!(&*tree.files["a.py"].contents, b"pass\n");
    for change in [
        |entry: &mut Entry| entry.size = Some(4),
        |entry: &mut Entry| entry.crc = Some(1),
        |entry: &mut Entry| entry.flags &= !(1 << 3),
    ] {
        assert!(unpack_entries(&streamed(change)).is_err());
    }
}

#[test]
fn entries_within_the_data_of_others() {
    // The first file is stored, and what it holds is the second entry with its header.
    let inner = archive(&[Entry::new("b.py", b"evil\n")]);
    let inner = &inner[..directory_start(&inner)];
    let entries = wheel_entries(&[("a.bin", inner), ("b.py", b"evil\n")]);
    let mut bytes = archive(&entries);
    let position = bytes.windows(4).position(|window| window == b"PK\x01\x02");
    let start = position.unwrap();
    let second = start
        + 4
        + bytes[start + 4..]
            .windows(4)
            .position(|window| window == b"PK\x01\x02")
            .unwrap();
    let offset = u32::try_from(30 + "a.bin".len()).unwrap();
    bytes[second + 42..second + 46].copy_from_slice(&offset.to_le_bytes());
    assert!(matches!(problem(&bytes), WheelProblem::Inconsistent(_)));
}

#[test]
fn an_archive_in_the_archive_stays_packed() {
    let mut bomb = Entry::new("bomb", &vec![0; 8 << 20]);
    bomb.deflated = true;
    let nested = archive(&[bomb]);
    let tree = unpack_entries(&wheel_entries(&[("a/nested.zip", &nested)])).unwrap();
    assert_eq!(&*tree.files["a/nested.zip"].contents, nested);
}

#[test]
fn many_small_bombs_use_up_one_budget() {
    let zeros = vec![0; 1 << 20];
    let names: Vec<String> = (0..20).map(|n| format!("{n}")).collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|n| (n.as_str(), zeros.as_slice()))
        .collect();
    let mut entries = wheel_entries(&files);
    entries.iter_mut().for_each(|entry| entry.deflated = true);
    let bytes = archive(&entries);
    assert!((bytes.len() as u64) < (20 << 20) / MAX_RATIO);
    let budget = Budget::new(50 << 20);
    archive::read(&bytes, &budget).unwrap();
    archive::read(&bytes, &budget).unwrap();
    let third = archive::read(&bytes, &budget).unwrap_err();
    assert!(matches!(third, WheelProblem::TotalTooLarge), "{third:?}");
}

#[test]
fn metadata_without_measure() {
    let with = |name: &str, contents: &[u8]| {
        let path = format!("a-1.0.dist-info/{name}");
        wheel_entries(&[(path.as_str(), contents)])
    };
    let good = b"Metadata-Version: 2.4\nName: a\nVersion: 1.0\n".to_vec();
    let huge = [good.clone(), vec![b'\n'; 9 << 20]].concat();
    assert_refused!(
        with("METADATA", &huge),
        WheelProblem::MetadataTooLarge { .. }
    );
    let many = [good, b"Requires-Dist: b\n".repeat(5_000)].concat();
    assert_refused!(with("METADATA", &many), WheelProblem::TooManyFields { .. });
    let wheel = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\n".to_vec();
    let huge = [wheel, b"Tag: py3-none-any\n".repeat(10_000)].concat();
    assert_refused!(with("WHEEL", &huge), WheelProblem::MetadataTooLarge { .. });
    let points = b"[console_scripts]\na = b:c\n".repeat(1 << 20);
    assert_refused!(
        with("entry_points.txt", &points),
        WheelProblem::MetadataTooLarge { .. }
    );
    let record = vec![b'\n'; (64 << 20) + 1];
    assert_refused!(
        with("RECORD", &record),
        WheelProblem::MetadataTooLarge { .. }
    );
    // Text beyond any sense is cut where it would be shown.
    let long = format!(
        "Name: a\nVersion: 1.0\nSummary: {0}\nLicense-Expression: {0}\n",
        "é".repeat(100_000)
    );
    let tree = unpack_entries(&with("METADATA", long.as_bytes())).unwrap();
    let package = &tree.packages[0];
    assert!(package.summary.as_ref().unwrap().len() < 2_000);
    assert!(package.license.as_ref().unwrap().len() < 2_000);
}

#[test]
fn metadata_of_another_package() {
    for name in [
        "b-1.0.dist-info/METADATA",
        "b-1.0.Dist-Info/METADATA",
        "a-1.0.dist-info.dist-info/METADATA",
    ] {
        assert_refused!(named(name), WheelProblem::DistInfo(2));
    }
    let other_case = named("A-1.0.DIST-INFO/other");
    assert_refused!(other_case, WheelProblem::CaseClash(_, _));
    for name in [
        "a-1.0.data/purelib/b-1.0.dist-info/METADATA",
        "a-1.0.data/platlib/a-1.0.dist-info/RECORD",
        "a-1.0.data/purelib/a-1.0.dist-info/extra",
        "a-1.0.data/purelib/B-1.0.DIST-INFO/METADATA",
    ] {
        assert_refused!(named(name), WheelProblem::ForeignMetadata(_));
    }
}

#[test]
fn records_that_name_files_in_other_ways() {
    let with = |line: &str| {
        let mut entries = wheel_entries(&[("a.py", b"pass\n")]);
        let record = entries.last_mut().unwrap();
        let text = String::from_utf8(record.contents.clone()).unwrap();
        record.contents = format!("{text}{line}").into_bytes();
        entries
    };
    for line in [
        "./a.py,,\n",
        "../a.py,,\n",
        "/site-packages/a.py,,\n",
        "A.PY,,\n",
        "a.py ,,\n",
    ] {
        assert_refused!(with(line), WheelProblem::RecordMissing(_));
    }
    for line in [
        "a.py,,\n",
        "\"a.py\",,\n",
        "a.py\n",
        "\"a.py",
        "a.py,sha256=x,5,6\n",
    ] {
        assert_refused!(with(line), WheelProblem::RecordLine { .. });
    }
    let mut entries = with("");
    entries.last_mut().unwrap().contents.extend(b"\xff,,\n");
    assert_refused!(entries, WheelProblem::RecordLine { .. });
}

#[test]
fn archives_of_nothing() {
    assert_refused!([], WheelProblem::DistInfo(0));
    let mut directory = Entry::new("a/", b"");
    directory.external_attributes = 0o040_755 << 16;
    assert_refused!([directory], WheelProblem::DistInfo(0));
}
