//! Sizes, binaries, hosts and columns.

use crate::workspace::Workspace;

fn long(lines: usize) -> String {
    "// A line.\n".repeat(lines)
}

#[test]
fn a_long_file_is_found_and_a_test_may_be_longer() {
    let found = Workspace::new()
        .file(
            "house/src/door.rs",
            format!("pub struct Door;\n{}", long(20)),
        )
        .file("house/src/tests.rs", long(25))
        .findings();
    assert_eq!(
        found,
        "house/src/door.rs:21: 21 lines, more than 20: such a file has two subjects as a rule; split it by \
         subject, or say in [size] why it has one"
    );
}

#[test]
fn an_exception_is_needed_or_found() {
    let except = "[[size.except]]\nfiles = 'house/src/*.rs'\nbecause = 'a table'";
    let long = Workspace::new()
        .file("house/src/table.rs", long(30))
        .rules(except);
    assert_eq!(long.findings(), "");
    let short = Workspace::new().rules(except).findings();
    assert!(
        short.ends_with("nothing needs the exception for house/src/*.rs any more; remove it"),
        "{short}"
    );
}

#[test]
fn large_and_binary_files_are_found() {
    let found = Workspace::new()
        .file("large.txt", "a\n".repeat(3000))
        .file("binary", b"a\0b")
        .findings();
    assert_eq!(
        found,
        "binary:1: binary, so no change of it can be read; make it by code\n\
         large.txt:1: 6000 bytes, more than 5000; make it by code"
    );
}

#[test]
fn texts_that_must_not_be_there_are_found() {
    let rule = "[[texts]]\ntexts = [['/s', 'rv/']]\nallow = ['/srv/a']\nbecause = 'whose is it?'";
    let found = Workspace::new()
        .file("a.txt", "/srv/a is fine\n/srv/kim is not\n")
        .rules(rule)
        .findings();
    assert_eq!(found, "a.txt:2: has /srv/: whose is it?");
}

#[test]
fn wide_lines_of_documents_are_found_where_that_is_on() {
    let wide = "A line of a document that has more than forty columns.\n";
    let found = Workspace::new().file("a.md", wide).findings();
    assert_eq!(found, "a.md:1: 54 columns, more than 40; wrap it");
    let off = Workspace::new()
        .file("a.md", wide)
        .change_rules("check = true", "check = false");
    assert_eq!(off.findings(), "");
}
