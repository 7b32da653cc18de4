//! Wheels made out of any bytes, and what must hold for each of them.
//!
//! The bytes of an archive are no good to mutate: nearly every change is caught by a checksum. So an
//! input is a list of choices, from which an archive is put together whose checksums and RECORD are
//! right unless a choice says otherwise. This file is also a part of the fuzzer in `fuzz/`.

use crate::manifest::StripSection;
use crate::requires::{self, Wanted};
use crate::unpack::{MAX_TOTAL_SIZE, SiteTree, strip, strip_sources, unpack};

use super::builder::{Entry, archive, distribution, record, zip64_end};

/// Names that mean something to somebody.
const NAMES: [&str; 40] = [
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
];

/// Contents that mean something to somebody.
const CONTENTS: [&[u8]; 14] = [
    b"", b"pass\n", b"\x7fELF\x02\x01\x01", b"\0asm\x01\0\0\0\0\x0f\x08dylink.0", b"PK\x05\x06",
    b"PK\x01\x02", b"from .tests import x\nfrom . import (\n docs\n", b"import a.tests",
    b"Wheel-Version: 1.9\nRoot-Is-Purelib: false\n", b"Name: a\nVersion: 1.0\nRequires-Dist: ",
    b"Name: A\nVersion: 1\nRequires-Python: >=4\nProvides-Extra: x\nRequires-Dist: a[x] ; extra == 'x'\n",
    b"[console_scripts]\na = b:c [d]\n[\n=\n", b"a.py,sha256=x,1\n", b"\xff\xfe\"",
];

/// Reads choices out of an input; at its end every choice is the first.
struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn number(&mut self) -> u32 {
        u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()])
    }

    /// Whether something rare is to be.
    fn rarely(&mut self) -> bool {
        self.byte() > 0xf0
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.byte()) % all.len()]
    }

    fn bytes(&mut self) -> &'a [u8] {
        let length = usize::from(self.byte()).min(self.0.len());
        let (bytes, rest) = self.0.split_at(length);
        self.0 = rest;
        bytes
    }

    fn name(&mut self) -> Vec<u8> {
        if self.rarely() {
            return self.bytes().to_vec();
        }
        let mut name = self.one_of(&NAMES).as_bytes().to_vec();
        if self.rarely() {
            name.extend(self.bytes());
        }
        name
    }

    fn contents(&mut self) -> Vec<u8> {
        let mut contents = self.one_of(&CONTENTS).to_vec();
        if self.byte() > 0x80 {
            contents.extend(self.bytes());
        }
        if self.rarely() {
            contents = contents.repeat(usize::from(self.byte()) << 4);
        }
        contents
    }

    fn entry(&mut self) -> Entry {
        let mut entry = Entry::new("", &[]);
        entry.name = self.name();
        entry.contents = self.contents();
        entry.deflated = self.byte() > 0x80;
        if !self.rarely() {
            return entry;
        }
        // One lie at a time, or a few: two hide each other.
        match self.byte() % 11 {
            0 => entry.local_name = Some(self.name()),
            1 => entry.method = Some(self.one_of(&[0, 1, 8, 9, 12, 14, 93, 95, 98, 99])),
            2 => entry.flags = u16::from_le_bytes([self.byte(), self.byte()]),
            3 => entry.external_attributes = self.number(),
            4 => entry.size = Some(self.number()),
            5 => entry.crc = Some(self.number()),
            6 => entry.zip64_size = Some(u64::from(self.number()) << (self.byte() % 33)),
            7 => entry.extra = self.bytes().to_vec(),
            8 => entry.streamed = true,
            9 => {
                entry.streamed = true;
                entry.flags |= 1 << 3;
            }
            _ => entry.external_attributes = self.one_of(&[0o120_777, 0o040_755, 0o010_644]) << 16,
        }
        entry
    }
}

/// The wheel that an input stands for.
pub fn wheel(input: &[u8]) -> Vec<u8> {
    let mut choices = Choices(input);
    if choices.rarely() {
        return choices.0.to_vec();
    }
    let mut entries: Vec<Entry> = (0..choices.byte() % 16).map(|_| choices.entry()).collect();
    let has = |entries: &[Entry], name: &str| entries.iter().any(|e| e.name == name.as_bytes());
    for (name, contents) in [
        (
            "a-1.0.dist-info/WHEEL",
            &b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"[..],
        ),
        ("a-1.0.dist-info/METADATA", b"Name: a\nVersion: 1.0\n"),
    ] {
        if !has(&entries, name) && !choices.rarely() {
            entries.push(Entry::new(name, contents));
        }
    }
    let name = "a-1.0.dist-info/RECORD";
    if !has(&entries, name) && !choices.rarely() {
        let mut record = record(&entries).into_bytes();
        if choices.rarely() {
            record.extend(choices.bytes());
        }
        entries.push(Entry::new(name, &record));
    }
    let mut bytes = archive(&entries);
    if choices.rarely() {
        let end = bytes.len().saturating_sub(22);
        let numbers = [choices.number(), choices.number(), choices.number()];
        let [count, size, start] = numbers.map(u64::from);
        bytes.splice(end..end, zip64_end(count, size, start >> 8));
    }
    for _ in 0..choices.byte() % 4 {
        let at = choices.number() as usize % bytes.len().max(1);
        let byte = choices.byte();
        if let Some(target) = bytes.get_mut(at) {
            *target = byte;
        }
    }
    if choices.rarely() {
        let length = choices.number() as usize % bytes.len().max(1);
        bytes.truncate(length);
    }
    if choices.rarely() {
        bytes.extend(choices.bytes());
    }
    bytes
}

/// Inputs to start from.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![Vec::new()];
    for name in 0..NAMES.len() as u8 {
        for contents in 0..CONTENTS.len() as u8 {
            // One entry of this name and these contents, deflated or not.
            seeds.push(vec![
                0,
                1,
                0,
                name,
                0,
                contents,
                0,
                0,
                name.wrapping_mul(37),
                0,
            ]);
        }
    }
    for lie in 0..11 {
        seeds.push(vec![
            0, 2, 0, 0, 0, 1, 0, 0, 0, 0xff, lie, 9, 9, 9, 9, 0, 1, 0, 1, 0, 0, 0,
        ]);
    }
    // The bytes of whole wheels.
    let inputs: Vec<Vec<u8>> = seeds.iter().step_by(50).cloned().collect();
    seeds.extend(
        inputs
            .iter()
            .map(|input| [vec![0xff], wheel(input)].concat()),
    );
    seeds
}

/// Unpacks what an input stands for and does all with it that a bake does before it runs anything.
/// Gives back whether the wheel was taken.
///
/// # Panics
/// When something does not hold that must.
pub fn check(input: &[u8]) -> bool {
    let folder = tempfile::tempdir().expect("a folder is made");
    let wheels = [distribution(folder.path(), "a", &wheel(input))];
    let Ok(mut tree) = unpack(&wheels, &[].into()) else {
        return false;
    };
    assert_eq!(
        std::fs::read_dir(folder.path())
            .expect("it is there")
            .count(),
        1,
        "a file was written"
    );
    check_tree(&tree);
    let _ = requires::check(&tree.packages, &Wanted::default(), "3.14.0");
    strip(
        &mut tree,
        StripSection {
            tests: true,
            docs: true,
            stubs: true,
            headers: true,
            sources: true,
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
        let folders = path
            .match_indices('/')
            .filter_map(|(end, _)| path.get(..end));
        for folder in folders {
            assert!(
                !tree.files.contains_key(folder),
                "{folder:?} is a file and a folder"
            );
        }
        assert!(file.package < tree.packages.len());
        total += file.contents.len() as u64;
    }
    assert!(total <= MAX_TOTAL_SIZE);
    assert_eq!(tree.packages.iter().map(|one| one.size).sum::<u64>(), total);
    // RECORD lists every file once and nothing else.
    let record = &tree.files["a-1.0.dist-info/RECORD"].contents;
    let lines = record.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(
        lines,
        tree.files.len(),
        "{:?}",
        String::from_utf8_lossy(record)
    );
}
