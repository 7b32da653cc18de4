//! `eryx diff`: what differs between two images.
//!
//! Images for other machines and loaders can be compared as well. All text in an image was written
//! by whoever baked it: nothing of it reaches a terminal unescaped.

mod compare;
mod files;
mod text;

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use thiserror::Error;

use self::compare::Comparison;
use self::files::FileList;
use eryx_base::json::write_json;
use eryx_image::{Image, ImageError};

/// Why two images could not be compared.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DiffError {
    /// One of the files is no sound image.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// Nobody takes the output.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

/// How a difference is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Telling {
    /// Nothing is told but whether there is one.
    pub quiet: bool,
    /// As JSON.
    pub json: bool,
    /// With every file that differs.
    pub files: bool,
}

/// Two images that were opened to be compared.
pub struct Images {
    old: Image,
    new: Image,
}

impl Images {
    /// Opens both.
    ///
    /// # Errors
    /// When one of them is no sound image.
    pub fn open(old: &Path, new: &Path) -> Result<Self, DiffError> {
        Ok(Self {
            old: Image::examine(old)?,
            new: Image::examine(new)?,
        })
    }

    /// Whether anything differs, be it one byte.
    pub fn differ(&self) -> bool {
        self.old.identity() != self.new.identity()
    }

    /// Tells what differs; of images that are the same, only JSON says so.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn tell(&self, telling: Telling, out: &mut dyn Write) -> Result<(), DiffError> {
        if telling.quiet {
            return Ok(());
        }
        let comparison = Comparison::of(&self.old, &self.new);
        let list = telling.files.then(|| FileList::new(&self.old, &self.new));
        if telling.json {
            let report = Report {
                comparison: &comparison,
                files: list,
            };
            write_json(&report, out)?;
        } else if self.differ() {
            text::write(&comparison, list.as_ref(), out)?;
        }
        out.flush()?;
        Ok(())
    }
}

/// What is written as JSON. The names of the fields are a promise to scripts.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    comparison: &'a Comparison,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<FileList<'a>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use eryx_image::fixture::{TemporaryDirectory, code, metadata, write_image};
    use eryx_image::{ImageParts, Metadata, PackageMetadata, TreeBuilder, write};

    fn told(change: impl FnOnce(&mut Metadata), telling: Telling) -> (bool, String) {
        let folder = TemporaryDirectory::new();
        let (old, new) = (folder.join("old.cwasm"), folder.join("new.cwasm"));
        write_image(&old, &metadata());
        let mut changed = metadata();
        change(&mut changed);
        write_image(&new, &changed);
        tell(&old, &new, telling)
    }

    fn tell(old: &Path, new: &Path, telling: Telling) -> (bool, String) {
        let images = Images::open(old, new).unwrap();
        let mut out = Vec::new();
        images.tell(telling, &mut out).unwrap();
        (images.differ(), String::from_utf8(out).unwrap())
    }

    const TEXT: Telling = Telling {
        quiet: false,
        json: false,
        files: false,
    };

    #[test]
    fn the_same_image_differs_in_nothing() {
        assert_eq!(told(|_| {}, TEXT), (false, String::new()));
        let (_, json) = told(|_| {}, Telling { json: true, ..TEXT });
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["different"], false);
        assert_eq!(value["packages"]["changed"], serde_json::json!([]));
    }

    #[test]
    fn packages_fields_and_imports_are_compared() {
        let change = |metadata: &mut Metadata| {
            metadata.version = None;
            metadata.runtime.python = "3.14.1".to_owned();
            metadata.packages[0].version = "1.18.0".to_owned();
            metadata.packages[0].bytes = 2000;
            metadata.packages.push(PackageMetadata {
                name: "Yarl".to_owned(),
                version: "2.0".to_owned(),
                bytes: 100,
                ..PackageMetadata::default()
            });
            metadata.imports = vec!["yarl".to_owned()];
        };
        let (differ, shown) = told(change, TEXT);
        assert!(differ);
        for lines in [
            "version      1.2 → (none)\n",
            "python       3.14.0 → 3.14.1\n",
            "differs in   metadata\n",
            "\npackages: 1 added, 1 changed\n  + Yarl 2.0             100 B\n  ~ six 1.17.0 → 1.18.0  +2.0 kB\n",
            "\nimports: 1 added, 1 removed\n  - six\n  + yarl\n",
        ] {
            assert!(shown.contains(lines), "{lines}\n{shown}");
        }
        assert!(!shown.contains("files:"), "{shown}");

        let (_, json) = told(change, Telling { json: true, ..TEXT });
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["different"], true);
        assert_eq!(value["packages"]["added"][0]["name"], "Yarl");
        assert_eq!(value["packages"]["changed"][0]["old"]["version"], "1.17.0");
        assert_eq!(value["fields"][0]["name"], "version");
        assert_eq!(value["fields"][0]["new"], serde_json::Value::Null);
    }

    #[test]
    fn another_file_of_the_same_version_is_a_change() {
        let change = |metadata: &mut Metadata| metadata.packages[0].sha256 = "ef".repeat(32);
        let (_, shown) = told(change, TEXT);
        assert!(shown.contains("  ~ six 1.17.0 (another file)\n"), "{shown}");
    }

    #[test]
    fn files_are_compared_by_their_contents() {
        let folder = TemporaryDirectory::new();
        let (old, new) = (folder.join("old.cwasm"), folder.join("new.cwasm"));
        write_image(&old, &metadata());
        let mut builder = TreeBuilder::new();
        for (path, contents) in [
            ("/site-packages/six.py", "moves = Some\n"),
            (
                "/site-packages/six-1.17.0.dist-info/METADATA",
                "Name: six\n",
            ),
            ("/usr/lib/python3.14/os.py", "import sys\n"),
            ("/app/main.py", "main\n"),
            ("/tmp", ""),
        ] {
            builder.add_file(path, contents).unwrap();
        }
        let (code, tree) = (code(), builder.build().unwrap());
        let parts = ImageParts {
            code: &code,
            tree: &tree,
            metadata: &metadata(),
        };
        write(&new, &parts).unwrap();
        let (_, shown) = tell(
            &old,
            &new,
            Telling {
                files: true,
                ..TEXT
            },
        );
        for lines in [
            "\nfiles: 2 added, 1 changed\n  files in /app  1 added\n  files in /tmp  1 added\n  package six    1 changed\n",
            "\n+ /app/main.py  5 B\n~ /site-packages/six.py  13 B\n+ /tmp  0 B\n",
        ] {
            assert!(shown.contains(lines), "{lines}\n{shown}");
        }
        let telling = Telling {
            json: true,
            files: true,
            ..TEXT
        };
        let (_, json) = tell(&old, &new, telling);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            value["files"][1],
            serde_json::json!({"path": "/site-packages/six.py", "old": 13, "new": 13})
        );
        let (_, back) = tell(&new, &old, TEXT);
        assert!(back.contains("files: 2 removed, 1 changed\n"), "{back}");
    }

    #[test]
    fn siblings_that_sort_unlike_their_paths_are_matched() {
        let folder = TemporaryDirectory::new();
        let image = |name: &str, paths: &[&str]| {
            let mut builder = TreeBuilder::new();
            for path in paths {
                builder.add_file(path, "x").unwrap();
            }
            let (code, tree) = (code(), builder.build().unwrap());
            let parts = ImageParts {
                code: &code,
                tree: &tree,
                metadata: &metadata(),
            };
            let path = folder.join(name);
            write(&path, &parts).unwrap();
            path
        };
        let old = image("old.cwasm", &["/a/z", "/a.py", "/a-b/c"]);
        let new = image("new.cwasm", &["/a/z", "/a.py", "/a/b", "/a-b"]);
        let (_, shown) = tell(
            &old,
            &new,
            Telling {
                files: true,
                ..TEXT
            },
        );
        let (_, list) = shown.rsplit_once("\n\n").unwrap();
        assert_eq!(list, "+ /a/b  1 B\n+ /a-b  1 B\n- /a-b/c  1 B\n");
    }

    #[test]
    fn hostile_text_reaches_no_terminal() {
        let hostile = "\u{1b}[2J\u{202e}\nsame";
        let change = |metadata: &mut Metadata| {
            metadata.name = hostile.to_owned();
            metadata.entrypoint = Some(hostile.to_owned());
            metadata.packages[0].name = hostile.to_owned();
            metadata.imports = vec![hostile.to_owned()];
        };
        for json in [false, true] {
            let (_, shown) = told(change, Telling { json, ..TEXT });
            assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
            assert!(!shown.lines().any(|line| line == "same"), "{shown}");
        }
    }
}
