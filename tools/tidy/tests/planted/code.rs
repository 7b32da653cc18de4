//! Circles, and what must not be known.

use crate::workspace::Workspace;

const CIRCLE: &str = "\
house/src/door.rs:1: 2 files import each other in a circle, so that none can be read or moved by itself; move what they share into a file below them:
    house/src/door.rs:1 imports house/src/wall.rs: Wall
    house/src/wall.rs:1 imports house/src/door.rs: Door";

#[test]
fn two_files_in_a_circle_are_found() {
    let workspace = Workspace::new()
        .file(
            "house/src/wall.rs",
            "use crate::door::Door;\npub struct Wall(Door);\n",
        )
        .file(
            "house/src/door.rs",
            "use super::wall::Wall;\npub struct Door(Option<Box<Wall>>);\n",
        );
    assert_eq!(workspace.findings(), CIRCLE);
}

#[test]
fn a_circle_through_a_re_export_is_found() {
    // `crate::Door` is an import of door.rs, not of lib.rs, which only hands it on.
    let workspace = Workspace::new().file(
        "house/src/door.rs",
        "use crate::wall::Wall;\npub struct Door(Option<Box<Wall>>);\n",
    );
    assert_eq!(workspace.findings(), CIRCLE);
}

#[test]
fn a_path_within_code_is_an_import_and_so_is_one_in_a_macro() {
    for code in [
        "fn new() -> crate::wall::Wall { todo!() }",
        "fn new() { println!(\"{:?}\", crate::wall::Wall::NAME) }",
        "fn new() { use super::wall; let _: Option<wall::Wall>; }",
        "use crate::wall;\nfn new() { wall::Wall::new() }",
    ] {
        let code = format!("pub struct Door;\n{code}\n");
        let found = Workspace::new().file("house/src/door.rs", &code).findings();
        assert!(
            found.contains("imports house/src/wall.rs: Wall"),
            "{code}{found}"
        );
    }
}

#[test]
fn names_come_through_a_star() {
    let workspace = Workspace::new().file(
        "house/src/door.rs",
        "use crate::wall::*;\npub struct Door(Option<Box<Wall>>);\n",
    );
    assert!(
        workspace
            .findings()
            .contains("house/src/door.rs:2 imports house/src/wall.rs: Wall")
    );
}

#[test]
fn tests_may_import_what_they_test() {
    let workspace = Workspace::new().file(
        "house/src/door.rs",
        "pub struct Door;\n#[cfg(test)]\nmod tests {\n    use crate::wall::Wall;\n}\n",
    );
    assert_eq!(workspace.findings(), "");
}

#[test]
fn a_type_of_the_module_around_is_part_of_a_circle_if_that_counts() {
    let planted = || {
        Workspace::new()
            .file(
                "house/src/wall.rs",
                "mod brick;\npub struct Wall(brick::Brick);\npub enum Error {}\n",
            )
            .file(
                "house/src/wall/brick.rs",
                "use super::Error;\npub struct Brick(Error);\n",
            )
    };
    assert!(
        planted()
            .findings()
            .starts_with("house/src/wall.rs:2: 2 files import each other")
    );
    let lenient = planted().change_rules("parents = true", "parents = false");
    assert_eq!(lenient.findings(), "");
}

#[test]
fn two_directories_that_need_each_other_are_found() {
    let workspace = Workspace::new()
        .file(
            "house/src/lib.rs",
            "mod door;\nmod wall;\npub use door::Door;\n",
        )
        .file("house/src/door.rs", "pub mod handle;\npub struct Door;\n")
        .file(
            "house/src/door/handle.rs",
            "pub struct Handle(crate::wall::brick::Brick);\n",
        )
        .file(
            "house/src/wall.rs",
            "pub mod brick;\npub struct Wall(crate::Door);\n",
        )
        .file("house/src/wall/brick.rs", "pub struct Brick;\n");
    assert_eq!(
        workspace.findings(),
        "house/src/door/handle.rs:1: the modules house/src/door, house/src/wall import each other in a \
         circle, so that none can be understood or moved by itself; move what they share below them:\n    \
         house/src/door/handle.rs:1 imports house/src/wall/brick.rs: Brick\n    \
         house/src/wall.rs:2 imports house/src/door.rs: Door"
    );
}

#[test]
fn a_known_circle_is_no_finding_until_it_is_cut() {
    let known =
        "[[circles.known]]\nfiles = ['house/src/door.rs', 'house/src/wall.rs']\nbecause = 'old'";
    let workspace = Workspace::new()
        .file(
            "house/src/door.rs",
            "use crate::wall::Wall;\npub struct Door(Option<Box<Wall>>);\n",
        )
        .rules(known);
    assert_eq!(workspace.findings(), "");
    let cut = Workspace::new().rules(known).findings();
    assert!(cut.contains("no circle of these is left"), "{cut}");
}

#[test]
fn what_a_part_must_not_know_is_found_through_re_exports_too() {
    let rule = "[[must-not-know]]\nof = 'house/src/wall.rs'\nnames = ['house/src/door.rs']\nbecause = 'it is older'";
    assert_eq!(
        Workspace::new().rules(rule).findings(),
        "house/src/wall.rs:1: imports Door of house/src/door.rs, which house/src/wall.rs must not know: it is \
         older; pass it in, or move it to where both may reach it"
    );
}

#[test]
fn a_part_must_not_know_a_crate() {
    let rule =
        "[[must-not-know]]\nof = 'garden/src'\nnames = ['house', 'std']\nbecause = 'it is outside'";
    let found = Workspace::new()
        .file(
            "garden/src/lib.rs",
            "pub use house::Door;\npub fn now() { std::time::Instant::now(); }\n",
        )
        .rules(rule)
        .findings();
    assert!(
        found.starts_with("garden/src/lib.rs:1: imports Door of house"),
        "{found}"
    );
    assert!(
        found.contains("garden/src/lib.rs:2: imports time of std"),
        "{found}"
    );
}

#[test]
fn a_rule_about_code_that_is_gone_is_found() {
    let rule = "[[must-not-know]]\nof = 'house/src/roof'\nnames = ['std']\nbecause = 'why not'";
    let found = Workspace::new().rules(rule).findings();
    assert!(
        found.contains("there is no code in house/src/roof"),
        "{found}"
    );
}

#[test]
fn a_file_that_two_crates_have_belongs_to_that_whose_directory_it_is_in() {
    let workspace = Workspace::new()
        .file(
            "house/src/door.rs",
            "use crate::wall::Wall;\npub struct Door(Option<Box<Wall>>);\n",
        )
        .file(
            "garden/src/lib.rs",
            "#[path = \"../../house/src/wall.rs\"]\nmod wall;\nuse house::Door;\n",
        );
    assert_eq!(workspace.findings(), CIRCLE);
}

#[test]
fn tests_that_another_crate_has_as_well_may_import_what_they_test() {
    let workspace = Workspace::new()
        .file(
            "house/src/door.rs",
            "pub struct Door;\n#[cfg(test)]\nmod tests;\n",
        )
        .file(
            "house/src/door/tests/mod.rs",
            "use house::wall::Wall;\nfn check(_: Wall) {}\n",
        )
        .file(
            "house/src/lib.rs",
            "mod door;\npub mod wall;\npub use door::Door;\n",
        )
        .file(
            "garden/src/lib.rs",
            "#[path = \"../../house/src/door/tests/mod.rs\"]\nmod check;\n",
        );
    assert_eq!(workspace.findings(), "");
}
