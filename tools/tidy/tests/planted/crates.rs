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

#[test]
fn a_feature_that_only_tests_ask_for_is_found() {
    let house = "[package]\nname = 'house'\nversion = '1.0.0'\nedition = '2024'\n\
                 [features]\nheated = []\n";
    let garden = "[package]\nname = 'garden'\nversion = '1.0.0'\nedition = '2024'\n\
                  [dependencies]\nhouse = { path = '../house' }\n\
                  [dev-dependencies]\nhouse = { path = '../house', features = ['heated'] }\n";
    let rule = "[same-features]\nof = 'garden'\nbecause = 'bricks are slow'";
    let workspace = |garden: &str| {
        let workspace = Workspace::new().file("house/Cargo.toml", house);
        workspace.file("garden/Cargo.toml", garden).rules(rule)
    };
    let found = workspace(garden).findings();
    let expected =
        "house v1.0.0 has other features in the tests of the workspace than in garden (`heated`)";
    assert!(found.contains(expected), "{found}");
    let without = garden.replace("'../house', features = ['heated']", "'../house'");
    assert_eq!(workspace(&without).findings(), "");
}
