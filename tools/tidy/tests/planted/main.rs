//! Each rule finds what is planted for it in a small tree, and nothing in one where all is well.

mod code;
mod crates;
mod files;
mod words;
mod workspace;

use workspace::Workspace;

#[test]
fn a_clean_tree_has_no_findings() {
    assert_eq!(Workspace::new().findings(), "");
}
