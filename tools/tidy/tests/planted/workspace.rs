//! A small workspace in a temporary directory.

use std::{fmt::Write, fs, process::Command};
use tempfile::TempDir;

/// A workspace with the crates `house` and `garden`, in which all is well.
pub(crate) struct Workspace {
    directory: TempDir,
    rules: String,
}

const RULES: &str = "\
[circles]
count-imports-from-parents = true
[crates]
house = []
garden = ['house']
[size]
files = ['**/*.rs']
lines = 20
tests = ['**/tests.rs']
lines-of-tests = 30
[bytes]
largest = 5000
[columns]
check = true
files = ['**/*.md']
width = 40
";

impl Workspace {
    pub(crate) fn new() -> Self {
        let workspace = Self {
            directory: tempfile::tempdir().expect("a directory is made"),
            rules: RULES.to_owned(),
        };
        let status = Command::new("git")
            .current_dir(workspace.directory.path())
            .args(["init", "--quiet"])
            .status();
        assert!(status.expect("git is there").success());
        workspace
            .file(
                "Cargo.toml",
                "[workspace]\nresolver = '3'\nmembers = ['garden', 'house']\n",
            )
            .file(".gitignore", "/Cargo.lock\n")
            .manifest("house", "")
            .manifest("garden", "house = { path = '../house' }")
            .file(
                "house/src/lib.rs",
                "mod door;\nmod wall;\npub use door::Door;\n",
            )
            .file("house/src/door.rs", "pub struct Door;\n")
            .file(
                "house/src/wall.rs",
                "use crate::Door;\npub struct Wall(Door);\n",
            )
            .file("garden/src/lib.rs", "pub struct Tree(house::Door);\n")
    }

    /// Writes a file.
    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.directory.path().join(path);
        fs::create_dir_all(path.parent().expect("it is below the root")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
        self
    }

    /// Writes a crate's `Cargo.toml`.
    pub(crate) fn manifest(self, name: &str, dependencies: &str) -> Self {
        let text = format!(
            "[package]\nname = '{name}'\nversion = '1.0.0'\nedition = '2024'\n[dependencies]\n{dependencies}\n"
        );
        self.file(&format!("{name}/Cargo.toml"), text)
    }

    /// Adds to the rules.
    pub(crate) fn rules(mut self, more: &str) -> Self {
        writeln!(self.rules, "{more}").expect("a text takes all");
        self
    }

    /// Changes the rules.
    pub(crate) fn change_rules(mut self, from: &str, to: &str) -> Self {
        assert!(self.rules.contains(from));
        self.rules = self.rules.replace(from, to);
        self
    }

    /// What is found, a line each.
    pub(crate) fn findings(self) -> String {
        let rules = self.rules.clone();
        let workspace = self.file("tools/tidy/rules.toml", rules);
        let root = workspace
            .directory
            .path()
            .canonicalize()
            .expect("it is there");
        let findings = eryx_tidy::check(&root).expect("the tree can be read");
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        lines.join("\n")
    }
}
