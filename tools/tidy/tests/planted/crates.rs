//! What crates may depend on.

use crate::workspace::Workspace;

#[test]
fn a_dependency_that_is_not_allowed_is_found() {
    let workspace = Workspace::new().change_rules("garden = ['house']", "garden = []");
    assert_eq!(
        workspace.findings(),
        "garden/Cargo.toml:6: garden must not depend on house; move what it needs to where it may reach it, \
         or allow it in tools/tidy/rules.toml and say there why"
    );
}

#[test]
fn tests_may_depend_on_more() {
    let manifest = "[package]\nname = 'house'\nversion = '1.0.0'\nedition = '2024'\n\
                    [dev-dependencies]\ngarden = { path = '../garden' }\n";
    assert_eq!(
        Workspace::new()
            .file("house/Cargo.toml", manifest)
            .findings(),
        ""
    );
}

#[test]
fn every_crate_is_in_the_table_and_no_other() {
    let found = Workspace::new()
        .change_rules("house = []", "shed = []")
        .findings();
    assert!(
        found.contains("house/Cargo.toml:1: the crate house is not in the table"),
        "{found}"
    );
    assert!(
        found.contains("tools/tidy/rules.toml:4: there is no crate shed any more"),
        "{found}"
    );
}

#[test]
fn a_banned_crate_is_found_through_others() {
    let ban = "[[bans]]\ncrates = ['garden']\nnever = ['ho*']\nbecause = 'no houses'";
    assert_eq!(
        Workspace::new().rules(ban).findings(),
        "garden/Cargo.toml:1: house gets into garden: no houses; `cargo tree -p garden -i house` shows by what"
    );
}
