//! Wheels made out of the choices of an input, and what must hold for each of them. This file is also
//! a part of the fuzzer `unpack`, see `fuzz/`.

use crate::requires::{self, Wanted};
use crate::site_tree::SiteTree;
use crate::strip::{Strip, strip, strip_sources};
use crate::unpack::{MAX_TOTAL_SIZE, unpack};

use super::builder::{DIST_INFO, Entry, archive, distribution, record, zip64_end};
use super::choices::{Choices, Words, from_hex, has_drive_letter};

/// Names that mean something to somebody.
const NAMES: [&str; 64] = [
    "a.py",
    "a/__init__.py",
    "a/b.so",
    "a/tests/x.py",
    "a/docs/x.py",
    "A/B.SO",
    "a",
    "a/",
    "",
    "/",
    "../a.py",
    "a/../../b",
    "/etc/passwd",
    "C:/a",
    "a\\b",
    "a\0b",
    "\u{1b}[2J",
    "a//b",
    ".",
    "NUL",
    "caf\u{e9}",
    "cafe\u{301}",
    "a.pth",
    ".pth",
    "a-1.0.data/purelib/a.py",
    "a-1.0.data/data/x",
    "a-1.0.data/scripts/x",
    "a-1.0.data/headers/x.h",
    "a-1.0.data/x/y",
    "a-1.0.data/purelib/b-1.0.dist-info/METADATA",
    "a-1.0.data/purelib/a-1.0.dist-info/RECORD",
    "a-1.0.dist-info/RECORD",
    "a-1.0.dist-info/RECORD.jws",
    "a-1.0.dist-info/METADATA",
    "a-1.0.dist-info/WHEEL",
    "a-1.0.dist-info/entry_points.txt",
    "a-1.0.dist-info/INSTALLER",
    "b-1.0.dist-info/METADATA",
    "a-1.0.DIST-INFO/x",
    "__pycache__/a.cpython-314.pyc",
    // What one module is read from, or looks like one.
    "a.pyc",
    "a.py/x.txt",
    "a.pyc/x.txt",
    "a/__init__.pyc",
    "a/b.py",
    "a/b.pyc",
    "a/b/__init__.py",
    "a.so",
    "A",
    "A.py",
    "A/b.py",
    "a/B.py",
    "a-1.0.data/platlib/a.pyc",
    "a-1.0.data/platlib/A/c.py",
    "a-1.0.data/purelib/a/__pycache__/b.cpython-314.pyc",
    // Metadata in other places and forms.
    "a-1.0.egg-info/PKG-INFO",
    "b-1.0.egg-info/PKG-INFO",
    "b.egg-info",
    "a-1.0.data/purelib/b.egg-info/PKG-INFO",
    "a-1.0.data/data/b-1.0.dist-info/METADATA",
    // Paths that are harmless as they are, and not without what they begin with.
    "a-1.0.data/purelib/C:/x.py",
    "a-1.0.data/platlib/../../x.py",
    "a-1.0.data/purelib/",
    "a-1.0.data/purelib/NUL",
];

/// Contents that mean something to somebody.
const CONTENTS: [&[u8]; 14] = [
    b"", b"pass\n", b"\x7fELF\x02\x01\x01", b"\0asm\x01\0\0\0\0\x0f\x08dylink.0", b"PK\x05\x06",
    b"PK\x01\x02", b"from .tests import x\nfrom . import (\n docs\n", b"import a.tests",
    b"Wheel-Version: 1.9\nRoot-Is-Purelib: false\n", b"Name: a\nVersion: 1.0\nRequires-Dist: ",
    b"Name: A\nVersion: 1\nRequires-Python: >=4\nProvides-Extra: x\nRequires-Dist: a[x] ; extra == 'x'\n",
    b"[console_scripts]\na = b:c [d]\n[\n=\n", b"a.py,sha256=x,1\n", b"\xff\xfe\"",
];

const WORDS: Words = Words {
    names: &NAMES,
    contents: &CONTENTS,
};

/// The wheels that an input stands for: one of package `a`, and sometimes one of package `b`.
pub(super) fn wheels(input: &[u8]) -> Vec<Vec<u8>> {
    let mut choices = Choices(input);
    if choices.rarely() {
        return vec![choices.0.to_vec()];
    }
    let mut wheels = vec![wheel(&mut choices, "a")];
    if choices.rarely() {
        wheels.push(wheel(&mut choices, "b"));
    }
    wheels
}

/// A wheel of this package; what the words say of package `a` is said of it.
fn wheel(choices: &mut Choices<'_>, package: &str) -> Vec<u8> {
    let mut entries: Vec<Entry> = (0..choices.byte() % 16)
        .map(|_| choices.entry(&WORDS))
        .collect();
    for entry in &mut entries {
        if entry.name.starts_with(b"a-1.0.d") {
            entry.name.splice(..1, package.bytes());
        }
    }
    let has = |entries: &[Entry], name: &str| entries.iter().any(|e| e.name == name.as_bytes());
    let directory = format!("{package}-1.0.dist-info");
    let metadata = format!("Name: {package}\nVersion: 1.0\n");
    for (name, contents) in [
        ("WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"),
        ("METADATA", metadata.as_str()),
    ] {
        let name = format!("{directory}/{name}");
        if !has(&entries, &name) && !choices.rarely() {
            entries.push(Entry::new(&name, contents.as_bytes()));
        }
    }
    let name = format!("{directory}/RECORD");
    if !has(&entries, &name) && !choices.rarely() {
        // It lists itself as that of package `a` first.
        let mut record = record(&entries)
            .replacen(DIST_INFO, &directory, 1)
            .into_bytes();
        if choices.rarely() {
            record.extend(choices.bytes());
        }
        entries.push(Entry::new(&name, &record));
    }
    let mut bytes = archive(&entries);
    if choices.rarely() {
        let end = bytes.len().saturating_sub(22);
        let numbers = [choices.number(), choices.number(), choices.number()];
        let [count, size, start] = numbers.map(u64::from);
        bytes.splice(end..end, zip64_end(count, size, start >> 8));
    }
    choices.damage(&mut bytes);
    bytes
}

/// The choices of one entry of these indices.
fn one(name: u8, contents: u8, deflated: u8) -> [u8; 9] {
    [1, 0, name, 0, contents, 0, 0, deflated, 0]
}

/// Inputs that fuzzing found, see `fuzz/keep`.
pub(super) fn kept() -> Vec<Vec<u8>> {
    from_hex(include_str!("../../../../../../fuzz/seeds/unpack.hex"))
}

/// Inputs to start from, made here.
pub(super) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![Vec::new()];
    for name in 0..NAMES.len() as u8 {
        for contents in 0..CONTENTS.len() as u8 {
            // One entry of this name and these contents, deflated or not.
            let deflated = name.wrapping_mul(37);
            seeds.push([&[0], one(name, contents, deflated).as_slice()].concat());
        }
        // Two wheels, and two files in one: `a.py` or the same, and this one.
        for other in [0, name] {
            let (first, second) = (one(other, 0, 0), one(name, 1, 0));
            seeds.push([&[0], &first[..], &[0; 8], &[0xff], &second].concat());
            seeds.push([&[0, 2], &first[1..], &second[1..]].concat());
        }
    }
    for lie in 0..11 {
        seeds.push(vec![
            0, 2, 0, 0, 0, 1, 0, 0, 0, 0xff, lie, 9, 9, 9, 9, 0, 1, 0, 1, 0, 0, 0,
        ]);
    }
    // The bytes of whole wheels.
    let inputs: Vec<Vec<u8>> = seeds.iter().step_by(50).cloned().collect();
    let bytes = inputs.iter().flat_map(|input| wheels(input));
    seeds.extend(bytes.map(|bytes| [vec![0xff], bytes].concat()));
    seeds
}

/// Unpacks what an input stands for and does all with it that a bake does before it runs anything.
/// Gives back whether the wheels were taken.
///
/// # Panics
/// When something does not hold that must.
pub(super) fn check(input: &[u8]) -> bool {
    let directory = tempfile::tempdir().expect("a folder is made");
    let wheels: Vec<_> = (["a", "b"].iter().zip(wheels(input)))
        .map(|(name, bytes)| distribution(directory.path(), name, &bytes))
        .collect();
    let Ok(mut tree) = unpack(&wheels, &[].into()) else {
        return false;
    };
    assert_eq!(
        std::fs::read_dir(directory.path())
            .expect("it is there")
            .count(),
        wheels.len(),
        "a file was written"
    );
    check_tree(&tree);
    let _ = requires::check(&tree.packages, &Wanted::default(), "3.14.0");
    strip(
        &mut tree,
        Strip {
            tests: true,
            docs: true,
            stubs: true,
            headers: true,
        },
    );
    check_tree(&tree);
    strip_sources(&mut tree, [("a.py", &b"code"[..]), ("a/__init__.py", b"")]);
    check_tree(&tree);
    for note in &tree.notes {
        let _ = note.to_string();
    }
    true
}

fn check_tree(tree: &SiteTree) {
    let mut total = 0;
    for (path, file) in &tree.files {
        let is_plain = |name: &str| {
            !matches!(name, "" | "." | "..")
                && !name.contains(['\\', '\0'])
                && name != "__pycache__"
        };
        assert!(path.split('/').all(is_plain), "{path:?}");
        assert!(!has_drive_letter(path), "{path:?}");
        let lower = path.to_ascii_lowercase();
        assert!(
            !lower.split('/').next().unwrap().ends_with(".egg-info"),
            "{path:?}"
        );
        let directories = path
            .match_indices('/')
            .filter_map(|(end, _)| path.get(..end));
        for directory in directories {
            assert!(
                !tree.files.contains_key(directory),
                "{directory:?} is a file and a folder"
            );
        }
        assert!(file.package < tree.packages.len());
        total += file.contents.len() as u64;
    }
    assert!(total <= MAX_TOTAL_SIZE);
    let sizes: u64 = tree.packages.iter().map(|one| one.size).sum();
    for (package, name) in (0..tree.packages.len()).zip(["a", "b"]) {
        // RECORD lists every file once and nothing else.
        let record = &tree.files[&format!("{name}-1.0.dist-info/RECORD")].contents;
        let lines = record.iter().filter(|byte| **byte == b'\n').count();
        let owned = tree.files.values().filter(|file| file.package == package);
        let owned = owned.count();
        let record = String::from_utf8_lossy(record);
        // What two packages share belongs to the first.
        match package {
            0 => assert_eq!(lines, owned, "{record:?}"),
            _ => assert!(lines >= owned, "{record:?}"),
        }
    }
    match tree.packages.len() {
        1 => assert_eq!(sizes, total),
        _ => assert!(sizes >= total),
    }
}
