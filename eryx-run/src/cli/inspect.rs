//! `eryx inspect`: what is inside an image.
//!
//! Images for other machines and loaders can be looked into as well. All text in an image was
//! written by whoever baked it: nothing of it reaches a terminal unescaped.

mod dependencies;
mod json;
mod table;

use std::io::{self, Write};
use std::path::Path;

use thiserror::Error;

use eryx_image::{Image, ImageError};

/// Why an image could not be shown.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InspectError {
    /// The file is no sound image.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// Nobody takes the output; a closed pipe, for instance.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

/// What is shown of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// A table of what matters; with `files`, also every file with its size.
    Table {
        /// Whether the files are listed.
        files: bool,
    },
    /// All of it as JSON; the files only with `files`.
    Json {
        /// Whether the files are listed.
        files: bool,
    },
    /// Which package requires which.
    Tree,
}

/// Shows what is inside the image `path`.
///
/// # Errors
/// When the file is no sound image, or `out` cannot be written to.
pub fn run(path: &Path, view: View, out: &mut dyn Write) -> Result<(), InspectError> {
    let image = Image::examine(path)?;
    match view {
        View::Table { files } => table::write(&image, files, out)?,
        View::Json { files } => json::write(&image, files, out)?,
        View::Tree => dependencies::write(image.metadata(), out)?,
    }
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use eryx_image::Metadata;
    use eryx_image::fixture::{TemporaryDirectory, metadata, write_image};

    fn inspected(metadata: &Metadata, view: View) -> String {
        let folder = TemporaryDirectory::new();
        let path = folder.join("x.cwasm");
        write_image(&path, metadata);
        let mut out = Vec::new();
        run(&path, view, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const TABLE: View = View::Table { files: false };

    #[test]
    fn the_table_has_what_matters() {
        let shown = inspected(&metadata(), TABLE);
        for line in [
            "name         sample\n",
            "version      1.2\n",
            "entrypoint   six:main\n",
            "python       3.14.0 (cpython-wasi)\n",
            "wasmtime     48.0.8\n",
            "runs here    yes\n",
            "  files      34 B for 3 files in 7 folders\n",
            "\npackages (1)\n  name  version  size  licence  origin\n  six   1.17.0   23 B  MIT      index\n",
            "\nentry points (1)\n  six-demo  six:main  six\n",
            "\nimports (1)\n  six\n",
            "\nlargest\n",
            " %  machine code\n",
        ] {
            assert!(shown.contains(line), "{line}{shown}");
        }
        assert!(!shown.contains("native"));
    }

    #[test]
    fn rows_of_packages_fit_a_terminal() {
        let mut metadata = metadata();
        let package = &mut metadata.packages[0];
        package.name = "a-package-with-a-very-long-name-indeed".to_owned();
        package.version = "2026.11.24.post1+local.version".to_owned();
        package.license = Some("Apache Software License; BSD License; and others".to_owned());
        package.source = Some(eryx_image::SourceMetadata {
            kind: "url".to_owned(),
            url: Some("https://packages.example.com/some/where/x.whl".to_owned()),
            sdist: None,
        });
        let shown = inspected(&metadata, TABLE);
        let row =
            "  a-package-with-a-very-long-…  2026.11.24.p…  23 B  Apache Softw…  packages.ex…\n";
        assert!(shown.contains(row), "{shown}");
        let too_long = shown.lines().find(|line| line.chars().count() > 80);
        assert_eq!(too_long.filter(|line| !line.starts_with("identity")), None);
    }

    #[test]
    fn files_are_listed_with_their_sizes() {
        let shown = inspected(&metadata(), View::Table { files: true });
        let (_, files) = shown.split_once("\nfiles\n").unwrap();
        let expected = "              /site-packages/\n              /site-packages/six-1.17.0.dist-info/\n          10  /site-packages/six-1.17.0.dist-info/METADATA\n          13  /site-packages/six.py\n              /tmp/\n";
        assert!(files.starts_with(expected), "{files}");
    }

    #[test]
    fn json_has_everything() {
        let shown = inspected(&metadata(), View::Json { files: true });
        let value: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(value["metadata"], serde_json::to_value(metadata()).unwrap());
        assert_eq!(value["runnable"], true);
        assert_eq!(value["problem"], serde_json::Value::Null);
        assert_eq!(value["parts"]["code"]["offset"], 0);
        assert_eq!(
            value["parts"]["index"]["sha256"].as_str().unwrap().len(),
            64
        );
        assert_eq!(value["tree"]["files"], 3);
        assert_eq!(value["files"][1]["path"], "/site-packages/six.py");
        assert_eq!(value["files"][1]["bytes"], 13);
        assert_eq!(value["shares"][0]["kind"], "code");
        assert_eq!(
            value["shares"][3],
            serde_json::json!({"kind": "package", "name": "six", "bytes": 23, "files": 2})
        );
        let without: serde_json::Value =
            serde_json::from_str(&inspected(&metadata(), View::Json { files: false })).unwrap();
        assert_eq!(without.get("files"), None);
    }

    #[test]
    fn hostile_text_reaches_no_terminal() {
        let hostile = "\u{1b}[2J\u{9b}31m\u{202e}\nruns here    yes";
        let mut metadata = metadata();
        for text in [
            &mut metadata.name,
            &mut metadata.engine.wasmtime,
            &mut metadata.toolchain,
        ] {
            *text = hostile.to_owned();
        }
        metadata.description = Some(hostile.to_owned());
        metadata.cpu.features = vec![hostile.to_owned()];
        metadata.imports = vec![hostile.to_owned()];
        let package = &mut metadata.packages[0];
        package.license = Some(hostile.to_owned());
        package.name = hostile.to_owned();
        package.entry_points[0].name = hostile.to_owned();
        package.entry_points[0].value = hostile.to_owned();
        let source = package.source.as_mut().unwrap();
        source.kind = hostile.to_owned();
        source.url = Some(hostile.to_owned());
        for view in [
            View::Table { files: true },
            View::Json { files: true },
            View::Tree,
        ] {
            let shown = inspected(&metadata, view);
            let steers = |character: char| {
                (character.is_control() && character != '\n') || character == '\u{202e}'
            };
            assert!(!shown.contains(steers), "{shown}");
            assert!(
                !shown.lines().any(|line| line == "runs here    yes"),
                "{shown}"
            );
        }
        let value: serde_json::Value =
            serde_json::from_str(&inspected(&metadata, View::Json { files: false })).unwrap();
        assert_eq!(value["metadata"]["name"], hostile);
        assert_eq!(value["runnable"], false);
    }
}
