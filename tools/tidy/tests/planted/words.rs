//! Words that are not ours.

use crate::workspace::Workspace;

const CANNOT: &str = "[[words]]\nwords = ['can not', \"can't\"]\nwrite = 'cannot'";

#[test]
fn a_word_is_found_in_code_and_documents() {
    let found = Workspace::new()
        .file("a.md", "It can\nnot be. This cannot.\n")
        .file(
            "house/src/door.rs",
            "pub struct Door;\nconst WHY: &str = \"it can't\";\n",
        )
        .rules(CANNOT)
        .findings();
    assert_eq!(
        found,
        "a.md:1: `can not` is no word of this project's; write cannot\n\
         house/src/door.rs:2: `can't` is no word of this project's; write cannot"
    );
}

#[test]
fn a_name_is_found_in_code_alone_if_the_rule_says_so() {
    let found = Workspace::new()
        .file("a.md", "MOST_BYTES\n")
        .file(
            "house/src/door.rs",
            "pub struct Door;\n// MOST_BYTES\nconst MOST_BYTES: u8 = 1;\n",
        )
        .rules("[[words]]\nwords = ['MOST_*']\nwrite = 'MAX_'\nin = 'code'")
        .findings();
    assert_eq!(
        found,
        "house/src/door.rs:3: `MOST_*` is no word of this project's; write MAX_"
    );
}

#[test]
fn a_word_in_prose_alone() {
    let found = Workspace::new()
        .file("a.md", "Rooms.\n")
        .file(
            "house/src/door.rs",
            "pub struct Door;\n/// A room.\nconst room: u8 = 1;\n",
        )
        .rules("[[words]]\nwords = ['room', 'rooms']\nwrite = 'module'\nin = 'prose'")
        .findings();
    assert_eq!(
        found,
        "a.md:1: `rooms` is no word of this project's; write module\n\
         house/src/door.rs:2: `room` is no word of this project's; write module"
    );
}

#[test]
fn a_file_may_have_its_own_words() {
    let except = "[[words.except]]\nfiles = 'a.md'\nbecause = 'it quotes another'";
    let quoted = Workspace::new()
        .file("a.md", "It can't.\n")
        .rules(CANNOT)
        .rules(except);
    assert_eq!(quoted.findings(), "");
    let not = Workspace::new().rules(CANNOT).rules(except).findings();
    assert!(
        not.contains("nothing needs the exception for a.md any more"),
        "{not}"
    );
}

#[test]
fn a_file_s_name_and_a_public_name_are_places_too() {
    let rule = "[[words]]\nwords = ['printable']\nwrite = 'escape'\nin = 'files'\n\
                [[words]]\nwords = ['*_folder']\nwrite = 'directory'\nin = 'api'";
    let found = Workspace::new()
        .file("house/src/printable.rs", "// printable a_folder\n")
        .file(
            "house/src/door.rs",
            "pub struct Door;\nfn a_folder() {}\npub fn my_folder() {}\n",
        )
        .rules(rule)
        .findings();
    assert_eq!(
        found,
        "house/src/door.rs:3: `*_folder` is no word of this project's; write directory\n\
         house/src/printable.rs:1: `printable` is no word of this project's; write escape"
    );
}
