//! Source distributions made out of the choices of an input, and what must hold for each of them.
//! This file is also a part of the fuzzer `source`, see `fuzz/`.

use std::collections::BTreeSet;

use crate::{MAX_SOURCE_SIZE, SourceTree, read};
use eryx_wheel::unpack::{MAX_DEPTH, MAX_ENTRIES, MAX_NAME, MAX_PATH};

use super::builder::{Tar, fix_checksums, gz, pax_records};
use super::zips::builder as zip;
use super::zips::choices::{Choices, Words, from_hex, has_drive_letter};

/// Names that mean something to somebody.
const NAMES: [&str; 40] = [
    "a-1/setup.py",
    "a-1/pyproject.toml",
    "a-1/d/x",
    "a-1/d/e/y",
    "a-1/d",
    "a-1/d/",
    "a-1/l",
    "a-1/l/x",
    "a-1/m",
    "a-1/m/l",
    "a-1",
    "a-1/",
    "./a-1/x",
    "././",
    "./",
    ".",
    "",
    "/",
    "/etc/passwd",
    "../a-1/x",
    "a-1/../../b",
    "a-1/./x",
    "a-1//x",
    "a-1\\x",
    "a-1/a\0b",
    "C:/x",
    "a-1/C:/x",
    "a-1/NUL",
    "a-1/x.",
    "a-1/\u{1b}[2J",
    "A-1/x",
    "a-1/D/y",
    "a-1/D",
    "a-1/SETUP.PY",
    "a-1/setup.py/x",
    "a-1/caf\u{e9}",
    "a-1/cafe\u{301}",
    "b-1/setup.py",
    "b-1/",
    "PKG-INFO",
];

/// Contents that mean something to somebody.
const CONTENTS: [&[u8]; 6] = [
    b"",
    b"x = 1\n",
    b"a-1/x\0y",
    b"PK\x05\x06",
    b"13 path=a-1/x\n",
    b"\0\0\0\0",
];

const WORDS: Words = Words {
    names: &NAMES,
    contents: &CONTENTS,
};

/// What links point to.
const TARGETS: [&str; 24] = [
    "setup.py",
    "d",
    "d/x",
    "l",
    "m",
    "m/l",
    "../l",
    "../d",
    ".",
    "..",
    "../..",
    "../../etc/passwd",
    "/etc/passwd",
    "",
    "a-1/setup.py",
    "a-1/d/x",
    "a-1/l",
    "../a-1/d",
    "l/../m",
    "./d//x",
    "missing",
    "d\\x",
    "D",
    "C:/x",
];

/// What extended headers speak of.
const KEYS: [&str; 8] = [
    "path",
    "linkpath",
    "size",
    "mtime",
    "comment",
    "GNU.sparse.name",
    "hdrcharset",
    "",
];

/// The kinds of entries that there are, and one that there is not.
const KINDS: &[u8] = b"0\x00123456 7gxLKSDMVNZ";

/// The most bytes that a header has for a name.
const NAME_FIELD: usize = 100;

fn cut(name: &[u8]) -> &[u8] {
    &name[..name.len().min(NAME_FIELD)]
}

/// The name of an entry, or one that is longer than a header has room for.
fn long_name(choices: &mut Choices<'_>) -> Vec<u8> {
    let name = choices.name(&WORDS);
    match choices.byte() {
        0..0xc0 => name,
        times => [b"a-1/".as_slice(), &b"d/".repeat(times.into()), &name].concat(),
    }
}

/// Adds one entry, with the headers before it that describe it.
fn add(tar: Tar, choices: &mut Choices<'_>) -> Tar {
    let name = choices.name(&WORDS);
    let name = cut(&name);
    match choices.byte() % 16 {
        0..4 => tar.entry(b'0', name, "", &choices.contents(&WORDS)),
        4 => tar.entry(b'5', name, "", b""),
        5 | 6 => tar.entry(b'2', name, choices.one_of(&TARGETS), b""),
        7 => tar.entry(b'1', name, choices.one_of(&TARGETS), b""),
        8 => {
            let long = String::from_utf8_lossy(&long_name(choices)).into_owned();
            let kind = choices.one_of(b"0521");
            tar.pax(&[("path", &long)])
                .entry(kind, name, "setup.py", b"")
        }
        9 => {
            let long = [&long_name(choices), b"\0".as_slice()].concat();
            let tar = tar.entry(b'L', b"././@LongLink", "", &long);
            tar.entry(b'0', name, "", &choices.contents(&WORDS))
        }
        10 => {
            let target = choices.one_of(&TARGETS);
            let kind = choices.one_of(b"21");
            tar.pax(&[("linkpath", target)]).entry(kind, name, "", b"")
        }
        11 => {
            let long = [choices.one_of(&TARGETS).as_bytes(), b"\0"].concat();
            let tar = tar.entry(b'K', b"././@LongLink", "", &long);
            tar.entry(choices.one_of(b"21"), name, "", b"")
        }
        // Any header that describes what follows, or the whole archive, or stands alone.
        12 => {
            let value = String::from_utf8_lossy(choices.bytes()).into_owned();
            let records = pax_records(&[(choices.one_of(&KEYS), &value)]);
            tar.entry(choices.one_of(b"xg"), b"pax", "", &records)
        }
        13 => {
            let contents = choices.contents(&WORDS);
            tar.entry(
                choices.one_of(KINDS),
                name,
                choices.one_of(&TARGETS),
                &contents,
            )
        }
        14 => {
            let size = u64::from(choices.number()) % (8 << 30);
            let contents = choices.contents(&WORDS);
            tar.sized_entry(choices.one_of(KINDS), name, "setup.py", &contents, size)
        }
        _ => tar.raw(&choices.bytes().repeat(2)),
    }
}

/// Some bytes of an archive changed, with checksums that are mostly right all the same.
fn compressed(mut tar: Vec<u8>, choices: &mut Choices<'_>) -> Vec<u8> {
    for _ in 0..choices.byte() % 4 {
        let at = usize::from(u16::from_le_bytes([choices.byte(), choices.byte()]));
        let byte = choices.byte();
        if let Some(target) = tar.get_mut(at) {
            *target = byte;
        }
    }
    if !choices.rarely() {
        fix_checksums(&mut tar);
    }
    if !choices.rarely() {
        tar.resize(tar.len() + 1024, 0);
    }
    // One member of gzip, or two.
    let mut bytes = match choices.rarely() {
        true => {
            let (first, second) = tar.split_at(usize::from(choices.byte()) % (tar.len() + 1));
            [gz(first), gz(second)].concat()
        }
        false => gz(&tar),
    };
    choices.damage(&mut bytes);
    bytes
}

/// The source distribution that an input stands for: a file name, and its bytes.
pub(super) fn archive(input: &[u8]) -> (&'static str, Vec<u8>) {
    let mut choices = Choices(input);
    match choices.byte() {
        0..0xb0 => {
            let count = choices.byte() % 24;
            let tar = (0..count).fold(Tar::new(), |tar, _| add(tar, &mut choices));
            ("a-1.tar.gz", compressed(tar.bytes().to_vec(), &mut choices))
        }
        0xb0..0xe0 => {
            let count = choices.byte() % 16;
            let entries: Vec<_> = (0..count).map(|_| choices.entry(&WORDS)).collect();
            let mut bytes = zip::archive(&entries);
            if choices.rarely() {
                // A comment.
                let comment = choices.bytes();
                bytes.truncate(bytes.len() - 2);
                bytes.extend((comment.len() as u16).to_le_bytes());
                bytes.extend(comment);
            }
            choices.damage(&mut bytes);
            ("a-1.zip", bytes)
        }
        0xe0..0xf0 => ("a-1.tgz", gz(choices.0)),
        0xf0..0xf8 => ("a-1.tar.gz", choices.0.to_vec()),
        _ => ("a-1.ZIP", choices.0.to_vec()),
    }
}

/// Inputs that fuzzing found, see `fuzz/keep`.
pub(super) fn kept() -> Vec<Vec<u8>> {
    from_hex(include_str!("../../../../../fuzz/seeds/source.hex"))
}

/// Inputs to start from, made here.
pub(super) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![Vec::new()];
    // A file, a file in a directory, and one entry of every name and every form.
    let before = [[0, 0, 0, 0, 0, 0, 0], [0, 2, 0, 0, 1, 0, 0]].concat();
    for name in 0..NAMES.len() as u8 {
        for form in 0..16 {
            let last = [0, name, 0, form, 0, name, 0, 0, 0];
            seeds.push([&[0, 3], &before[..], &last].concat());
        }
        // In a zip archive, deflated or not.
        seeds.push(vec![0xb0, 1, 0, name, 0, 1, 0, 0, name << 3, 0]);
    }
    // Links to everything.
    for target in 0..TARGETS.len() as u8 {
        for form in [5, 7, 10, 11] {
            seeds.push([&[0, 3], &before[..], &[0, 6, 0, form, target]].concat());
        }
    }
    // The bytes of whole archives.
    let inputs: Vec<Vec<u8>> = seeds.iter().step_by(100).cloned().collect();
    seeds.extend(inputs.iter().map(|input| {
        let (name, bytes) = archive(input);
        let form = if name == "a-1.zip" { 0xf8 } else { 0xf0 };
        [vec![form], bytes].concat()
    }));
    seeds
}

/// Reads what an input stands for. Gives back whether it was taken.
///
/// # Panics
/// When something does not hold that must.
pub(super) fn check(input: &[u8]) -> bool {
    let (name, bytes) = archive(input);
    let Ok(tree) = read(name, &bytes) else {
        return false;
    };
    check_tree(&tree);
    true
}

/// Asserts what holds for every source distribution that was read.
pub(super) fn check_tree(tree: &SourceTree) {
    let mut lower_case = BTreeSet::new();
    assert!(!tree.files.is_empty() && tree.files.len() <= MAX_ENTRIES);
    assert!(tree.size() <= MAX_SOURCE_SIZE);
    for path in tree.files.keys() {
        check_path(path);
        let inside = path
            .strip_prefix(&tree.top)
            .and_then(|rest| rest.strip_prefix('/'));
        assert!(
            inside.is_some_and(|rest| !rest.is_empty()),
            "{path:?} is outside"
        );
        assert!(lower_case.insert(path.to_lowercase()), "{path:?} is twice");
        for (slash, _) in path.match_indices('/') {
            assert!(!tree.files.contains_key(&path[..slash]), "{path:?}");
        }
    }
    for path in &tree.directories {
        check_path(path);
        assert!(!tree.files.contains_key(path), "{path:?} is a file, too");
        assert_eq!(
            path.split('/').next(),
            Some(tree.top.as_str()),
            "{path:?} is outside"
        );
    }
}

fn check_path(path: &str) {
    assert!(path.len() <= MAX_PATH, "{path:?}");
    assert!(path.split('/').count() <= MAX_DEPTH, "{path:?}");
    let is_plain = |name: &str| {
        !matches!(name, "" | "." | "..")
            && name.len() <= MAX_NAME
            && !name.contains(|one: char| one == '\\' || one.is_control())
    };
    assert!(path.split('/').all(is_plain), "{path:?}");
    assert!(!has_drive_letter(path), "{path:?}");
}
