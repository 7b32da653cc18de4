//! What manifests mean, and how each kind of mistake is reported.

use std::fs;
use std::path::{Path, PathBuf};

use miette::Diagnostic as _;
use tempfile::TempDir;

use super::*;
use crate::key::{self, Shape, with_inner};
use crate::manifest::{RawManifest, SECTIONS};

mod hostile;
mod mistakes;
mod packages;
mod reference;
mod schema;
mod sections;
mod values;

/// A directory with the files that the manifests below name.
struct Project(TempDir);

impl Project {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        for file in [
            "app.py",
            "warm_up.py",
            "notes.txt",
            "data/a.csv",
            "wheels/b-2.0-py3-none-any.whl",
            "wheels/a_x-1.0-py3-none-any.whl",
            "odd[1]/c-1.0-py3-none-any.whl",
            "runtime/runtime.toml",
        ] {
            let path = directory.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        Self(directory)
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.0.path().join(relative)
    }

    /// Writes one more file.
    fn file(self, path: &str, contents: &str) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
        self
    }

    fn read(&self, text: &str) -> Result<Manifest, ManifestError> {
        Manifest::from_text(text, &self.path("eryx.toml"))
    }
}

/// Checks every mistake of a manifest: `line:column: message | suggestion`.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    check_in(&Project::new(), text, expected);
}

/// As [`check`] in a project with more files.
#[track_caller]
fn check_in(project: &Project, text: &str, expected: &[&str]) {
    let error = project.read(text).expect_err("the manifest has a mistake");
    let directory = project.path("").display().to_string();
    let found: Vec<String> = error
        .diagnostics()
        .iter()
        .map(|mistake| {
            let suggestion = mistake.suggestion().unwrap_or("-");
            let (line, column) = (mistake.line(), mistake.column());
            format!("{line}:{column}: {} | {suggestion}", mistake.message())
                .replace(directory.trim_end_matches('/'), "DIRECTORY")
        })
        .collect();
    assert_eq!(found, expected);
    // What a terminal would show must be possible to draw: every label lies in the text.
    let mut drawn = String::new();
    miette::GraphicalReportHandler::new()
        .render_report(&mut drawn, &error)
        .unwrap();
    assert!(!drawn.contains("Failed to read contents"), "{drawn}");
}

/// As [`check`] for a manifest whose `[image]` is right.
#[track_caller]
fn check_section(text: &str, expected: &[&str]) {
    check(&format!("image.name = \"x\"\n{text}"), expected);
}
