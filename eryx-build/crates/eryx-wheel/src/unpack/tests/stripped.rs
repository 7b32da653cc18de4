//! What stripping takes, and what it must leave.

use std::sync::LazyLock;

use super::builder::wheel_entries;
use super::{EVERYTHING, unpack_entries};
use crate::note::Note;
use crate::site_tree::SiteTree;
use crate::strip::Strip;
use crate::strip::{strip, strip_sources};

/// The files of package `a` with these files, after stripping, without its metadata.
fn stripped(files: &[(&str, &[u8])], section: Strip) -> (Vec<String>, SiteTree) {
    let mut tree = unpack_entries(&wheel_entries(files)).unwrap();
    strip(&mut tree, section);
    let paths = tree.files.keys();
    let own = paths.filter(|path| !path.contains(".dist-info/"));
    (own.cloned().collect(), tree)
}

const FILES: [(&str, &[u8]); 18] = [
    ("a-1.0.data/data/share/doc/a/guide.txt", b""),
    ("a-1.0.data/data/share/man/man1/a.1", b""),
    ("a-1.0.data/data/share/table.csv", b""),
    ("a/__init__.py", b"import a.b\n"),
    ("a/__init__.pyi", b""),
    ("a/b/doc/index.rst", b""),
    ("a/b/doc/deep/index.rst", b""),
    ("a/b/test/__init__.py", b""),
    ("a/core.c", b""),
    ("a/core.pyx", b""),
    ("a/docs.py", b""),
    ("a/include/core.h", b""),
    (
        "a/lazy.py",
        b"import lazy_loader\nlazy_loader.attach_stub(__name__, __file__)\n",
    ),
    ("a/lazy.pyi", b""),
    ("a/py.typed", b""),
    ("a/testing.py", b""),
    ("a/tests/data/table.csv", b"1"),
    ("tests/__init__.py", b""),
];

/// What is said of the files of `a-1.0.data/data`.
static DATA_NOTE: LazyLock<Note> = LazyLock::new(|| Note::Data {
    package: "A".to_owned(),
    directory: "a-1.0.data/data".to_owned(),
    files: 3,
});

#[test]
fn nothing_goes_unless_it_is_asked_for() {
    let (paths, tree) = stripped(&FILES, Strip::default());
    assert_eq!(paths.len(), FILES.len());
    assert_eq!(tree.notes, std::slice::from_ref(&*DATA_NOTE));
}

#[test]
fn each_kind_takes_its_own() {
    let gone = |section: Strip| {
        let (paths, _) = stripped(&FILES, section);
        let all = FILES.iter().map(|(path, _)| *path);
        all.filter(|path| !paths.iter().any(|kept| kept == path))
            .collect::<Vec<_>>()
    };
    let none = Strip::default();
    assert_eq!(
        gone(Strip {
            tests: true,
            ..none
        }),
        ["a/b/test/__init__.py", "a/tests/data/table.csv"]
    );
    assert_eq!(
        gone(Strip { docs: true, ..none }),
        [
            "a-1.0.data/data/share/doc/a/guide.txt",
            "a-1.0.data/data/share/man/man1/a.1",
            "a/b/doc/index.rst",
            "a/b/doc/deep/index.rst",
        ]
    );
    assert_eq!(
        gone(Strip {
            stubs: true,
            ..none
        }),
        ["a/__init__.pyi", "a/py.typed"]
    );
    assert_eq!(
        gone(Strip {
            headers: true,
            ..none
        }),
        ["a/core.c", "a/core.pyx", "a/include/core.h"]
    );
    assert_eq!(gone(EVERYTHING).len(), 11);
}

#[test]
fn record_and_sizes_stay_true() {
    let (_, tree) = stripped(&FILES, EVERYTHING);
    let record = &tree.files["a-1.0.dist-info/RECORD"].contents;
    let record = std::str::from_utf8(record).unwrap();
    let listed = record.lines().map(|line| line.split(',').next().unwrap());
    assert!(
        listed.eq(tree
            .files
            .keys()
            .filter(|path| *path != "a-1.0.dist-info/RECORD")
            .map(String::as_str)
            .chain(["a-1.0.dist-info/RECORD"])),
        "{record}"
    );
    let package = &tree.packages[0];
    assert_eq!(package.file_count, tree.files.len());
    let size: usize = tree.files.values().map(|file| file.contents.len()).sum();
    assert_eq!(package.size, u64::try_from(size).unwrap());
    assert_eq!(
        tree.notes,
        [
            DATA_NOTE.clone(),
            Note::Stripped {
                files: 11,
                bytes: 1
            }
        ]
    );
}

#[test]
fn what_other_code_names_stays() {
    for (path, source) in [
        ("a/x.py", "from .docs import x"),
        ("a/x.py", "from . import (\n    y,\n    docs,\n)"),
        ("a/y/x.py", "from ..docs.z import *"),
        ("a/x.py", "def f():\n    import a.docs.z"),
        ("a/x.py", "importlib.import_module('a.docs')"),
        ("b.py", "from a import docs"),
        (
            "a-1.0.dist-info/entry_points.txt",
            "[x]\ny = a.docs.z:run\n",
        ),
    ] {
        let files: [(&str, &[u8]); 3] = [
            ("a/docs/z.py", b""),
            ("a/other/docs/z.py", b"import a.docs.z"),
            (path, source.as_bytes()),
        ];
        let (paths, tree) = stripped(&files, EVERYTHING);
        assert!(paths.iter().any(|path| path == "a/docs/z.py"), "{source}");
        assert!(
            !paths.iter().any(|path| path == "a/other/docs/z.py"),
            "{source}"
        );
        let note = tree.notes[0].to_string();
        assert_eq!(note, format!("not stripped: a/docs, which {path} names"));
    }
}

#[test]
fn what_a_kept_directory_names_stays_too() {
    let files: [(&str, &[u8]); 4] = [
        ("a/__init__.py", b"from .test import client"),
        ("a/test/client.py", b"from a.db.tests.util import x"),
        ("a/db/tests/util.py", b""),
        ("a/db/tests/test_x.py", b"import a.web.tests"),
    ];
    let (paths, _) = stripped(&files, EVERYTHING);
    assert_eq!(paths.len(), 4);
}

#[test]
fn bytecode_takes_the_place_of_sources() {
    let files: [(&str, &[u8]); 3] = [
        ("a/__init__.py", b"x = 1\n"),
        ("a/broken.py", b"def"),
        ("a/data.txt", b"1"),
    ];
    let (_, mut tree) = stripped(&files, EVERYTHING);
    strip_sources(
        &mut tree,
        [("a/__init__.py", &b"code"[..]), ("no/such.py", b"")],
    );
    let paths: Vec<&str> = tree.files.keys().map(String::as_str).collect();
    assert!(paths.contains(&"a/__init__.pyc") && !paths.contains(&"a/__init__.py"));
    assert!(paths.contains(&"a/broken.py") && !paths.contains(&"no/such.pyc"));
    let record = &tree.files["a-1.0.dist-info/RECORD"].contents;
    let record = std::str::from_utf8(record).unwrap();
    assert!(
        record.contains("\na/__init__.pyc,sha256=") && record.contains(",4\na/broken.py,"),
        "{record}"
    );
    assert_eq!(tree.notes, [Note::SourcesStripped { files: 1, bytes: 6 }]);
}

/// A file or directory `a.pyc` of the package was overwritten, or made the image impossible to pack.
#[test]
fn a_source_stays_when_the_place_of_its_bytecode_is_taken() {
    let files: [(&str, &[u8]); 4] = [
        ("a.py", b"x = 1\n"),
        ("a.pyc", b"its own"),
        ("b.py", b"x = 2\n"),
        ("b.pyc/x.txt", b""),
    ];
    let (_, mut tree) = stripped(&files, EVERYTHING);
    let before: Vec<String> = tree.files.keys().cloned().collect();
    let record = tree.files["a-1.0.dist-info/RECORD"].clone();
    strip_sources(&mut tree, [("a.py", &b"code"[..]), ("b.py", b"code")]);
    assert!(tree.files.keys().eq(&before));
    assert_eq!(tree.files["a.pyc"].contents.as_ref(), b"its own");
    assert_eq!(tree.files["a-1.0.dist-info/RECORD"], record);
}

#[test]
fn hostile_sources_take_no_time() {
    let size = 4 << 20;
    let line = "x.tests ".repeat(size / 8);
    let open = "from . import (".repeat(size / 15);
    let dots = ".".repeat(size);
    // Found by fuzzing: each name was looked for a word before it, through all that is no space.
    let calls = "a.b(".repeat(size / 4);
    let indent = format!("{}{}", " ".repeat(size / 2), "a.b(".repeat(size / 8));
    let files = [line, open, dots, calls, indent];
    let names = ["a/1.py", "a/2.py", "a/3.py", "a/4.py", "a/5.py"];
    let mut all: Vec<(&str, &[u8])> = vec![("a/tests/x.py", b"")];
    all.extend(
        names
            .iter()
            .zip(&files)
            .map(|(name, text)| (*name, text.as_bytes())),
    );
    stripped(&all, EVERYTHING);
}
