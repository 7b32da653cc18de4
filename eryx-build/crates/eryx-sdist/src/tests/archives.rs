//! What is taken from well-formed archives of every form in use.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::builder::Tar;
use crate::{SourceTree, read};

fn read_tar(tar: &Tar) -> SourceTree {
    read("a-1.tar.gz", &tar.gz()).unwrap()
}

fn names(tree: &SourceTree) -> Vec<&str> {
    tree.files.keys().map(String::as_str).collect()
}

#[test]
fn files_and_directories_are_read() {
    let tree = read_tar(
        &Tar::new()
            .directory("a-1/")
            .directory("a-1/empty/")
            .directory("a-1/empty/")
            .file("a-1/setup.py", b"x = 1")
            .file("a-1/PKG-INFO", b""),
    );
    assert_eq!(tree.top, "a-1");
    assert_eq!(names(&tree), ["a-1/PKG-INFO", "a-1/setup.py"]);
    assert_eq!(tree.get("setup.py").unwrap(), "x = 1");
    assert!(tree.directories.contains("a-1/empty"));
    assert_eq!(tree.size(), 5);
}

fn zip_with(comment: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    writer.start_file("a-1/setup.py", options).unwrap();
    writer.write_all(b"x = 1").unwrap();
    writer.set_comment(comment).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_comment_that_could_be_an_archive_is_no_comment() {
    for bytes in [
        zip_with("PK\u{5}\u{6} and more than twenty-two bytes"),
        [zip_with("comment").as_slice(), b"more"].concat(),
        [b"before".as_slice(), &zip_with("comment")].concat(),
    ] {
        assert!(read("a-1.zip", &bytes).is_err());
    }
}

#[test]
fn a_zip_archive_is_read_too() {
    for comment in ["", "d94b4cd"] {
        let tree = read("a-1.zip", &zip_with(comment)).unwrap();
        assert_eq!(tree.get("setup.py").unwrap(), "x = 1");
    }
}

#[test]
fn names_may_be_long() {
    let long = format!("a-1/{}/{}.py", "d".repeat(120), "f".repeat(120));
    let pax = Tar::new().pax(&[("path", &long), ("mtime", "1.5")]);
    let gnu = Tar::new().entry(b'L', b"././@LongLink", "", format!("{long}\0").as_bytes());
    for tar in [pax, gnu] {
        assert_eq!(
            names(&read_tar(&tar.file("cut short", b"x"))),
            [long.as_str()]
        );
    }
}

#[test]
fn headers_that_do_not_matter_are_passed_over() {
    let comment = super::builder::pax_records(&[("comment", "a commit")]);
    let tree = read_tar(
        &Tar::new()
            .entry(b'g', b"pax_global_header", "", &comment)
            .directory("./")
            .pax(&[("size", "1"), ("uid", "70000")])
            .file("./a-1/x", b"x")
            .entry(b'7', b"a-1/contiguous", "", b"")
            .entry(0, b"a-1/old", "", b"old")
            .entry(0, b"a-1/old-folder/", "", b""),
    );
    assert_eq!(names(&tree), ["a-1/contiguous", "a-1/old", "a-1/x"]);
    assert!(tree.directories.contains("a-1/old-folder"));
}

#[test]
fn links_become_what_they_point_to() {
    let long_target = "./".repeat(100) + "LICENSE";
    let tree = read_tar(
        &Tar::new()
            .file("a-1/LICENSE", b"MIT")
            .file("a-1/data/x", b"x")
            .symlink("a-1/sub/LICENSE", "../LICENSE")
            .symlink("a-1/again", "sub/LICENSE")
            .symlink("a-1/copy", "data")
            .symlink("a-1/nothing", "missing")
            .hard_link("a-1/hard", "a-1/LICENSE")
            .pax(&[("linkpath", &long_target)])
            .symlink("a-1/long", "cut short"),
    );
    for path in ["sub/LICENSE", "again", "hard", "long"] {
        assert_eq!(tree.get(path).unwrap(), "MIT", "{path}");
    }
    assert_eq!(tree.get("copy/x").unwrap(), "x");
    assert_eq!(tree.get("nothing"), None);
}

#[test]
fn links_to_directories_keep_all_that_these_have() {
    let tree = read_tar(
        &Tar::new()
            .file("a-1/shared/one", b"1")
            .directory("a-1/shared/empty")
            .symlink("a-1/shared/two", "../data/two")
            .symlink("a-1/shared/more", "../data")
            .symlink("a-1/shared/deep", "empty")
            .file("a-1/data/two", b"2")
            .symlink("a-1/pkg/shared", "../shared"),
    );
    for (path, contents) in [
        ("pkg/shared/one", "1"),
        ("pkg/shared/two", "2"),
        ("pkg/shared/more/two", "2"),
        ("shared/more/two", "2"),
    ] {
        assert_eq!(tree.get(path).unwrap(), contents.as_bytes(), "{path}");
    }
    for path in [
        "a-1/pkg/shared/empty",
        "a-1/pkg/shared/deep",
        "a-1/shared/deep",
    ] {
        assert!(tree.directories.contains(path), "{path}");
    }
}

#[test]
fn a_link_may_come_before_its_target() {
    let tree = read_tar(&Tar::new().symlink("a-1/l", "f").file("a-1/f", b"later"));
    assert_eq!(tree.get("l").unwrap(), "later");
}
