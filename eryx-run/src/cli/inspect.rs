//! `eryx inspect`: what is inside of an image.
//!
//! Images for other machines and loaders can be looked into as well. All text in an image was
//! written by whoever baked it: nothing of it reaches a terminal unescaped.

mod json;
mod walk;

use std::io::{self, Write};
use std::path::Path;

use thiserror::Error;

use self::walk::{Totals, Walk};
use crate::image::{Image, ImageError, Metadata, NodeKind, Part, printable};

/// Longest text of a package that is shown in a table, in characters. Some packages state the
/// whole text of their licence.
const MAX_CELL: usize = 48;

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

/// Shows what is inside of the image `path`: as a table, or all of it as JSON; with `files`, also
/// every file with its size.
///
/// # Errors
/// When the file is no sound image, or `out` cannot be written to.
pub fn run(path: &Path, json: bool, files: bool, out: &mut dyn Write) -> Result<(), InspectError> {
    let image = Image::examine(path)?;
    if json {
        json::write(&image, files, out)?;
    } else {
        table(&image, files, out)?;
    }
    out.flush()?;
    Ok(())
}

fn table(image: &Image, files: bool, out: &mut dyn Write) -> io::Result<()> {
    let metadata = image.metadata();
    let mut row = |name: &str, value: &str| match value {
        "" => Ok(()),
        value => writeln!(out, "{name:<12} {value}"),
    };
    let optional = |value: &Option<String>| shown(value.as_deref().unwrap_or(""));
    row("name", &shown(&metadata.name))?;
    row("version", &optional(&metadata.version))?;
    row("description", &optional(&metadata.description))?;
    row("entrypoint", &optional(&metadata.entrypoint))?;
    let runtime = &metadata.runtime;
    row(
        "python",
        &shown(&format!("{} ({})", runtime.python, runtime.name)),
    )?;
    row("target", &shown(&metadata.target))?;
    row("cpu", &cpu(metadata))?;
    row("wasmtime", &shown(&metadata.engine.wasmtime))?;
    row("toolchain", &shown(&metadata.toolchain))?;
    row("identity", &image.identity().to_string())?;
    match image.check_host() {
        Ok(()) => row("runs here", "yes")?,
        Err(error) => row("runs here", &format!("no: {}", error.problem()))?,
    }

    let totals = Totals::of(image.tree());
    row("size", &size(image.file_len()))?;
    let part = |part| size(image.part(part).length);
    row(
        "  code",
        &format!(
            "{} with a heap of {}",
            part(Part::Code),
            size(metadata.sizes.heap)
        ),
    )?;
    row(
        "  files",
        &format!(
            "{} for {} in {}",
            part(Part::Data),
            count(totals.files, "file"),
            count(totals.directories, "folder")
        ),
    )?;
    row("  index", &part(Part::Index))?;
    if metadata.preinit.script {
        row("preinit", "a script ran at bake time")?;
    }
    packages(metadata, out)?;
    list("imports", &metadata.imports, out)?;
    list("native libraries", &metadata.native_libraries, out)?;
    if files {
        file_list(image, out)?;
    }
    Ok(())
}

fn cpu(metadata: &Metadata) -> String {
    let cpu = &metadata.cpu;
    if cpu.features.is_empty() {
        return shown(&cpu.baseline);
    }
    shown(&format!("{} ({})", cpu.baseline, cpu.features.join(", ")))
}

fn packages(metadata: &Metadata, out: &mut dyn Write) -> io::Result<()> {
    if metadata.packages.is_empty() {
        return Ok(());
    }
    writeln!(out, "\npackages ({})", metadata.packages.len())?;
    let rows: Vec<[String; 4]> = metadata
        .packages
        .iter()
        .map(|package| {
            let license = package.license.as_deref().unwrap_or("no licence stated");
            [
                cell(&package.name),
                cell(&package.version),
                size(package.bytes),
                cell(license),
            ]
        })
        .collect();
    let width = |column: fn(&[String; 4]) -> &String| {
        rows.iter()
            .map(|row| column(row).chars().count())
            .max()
            .unwrap_or(0)
    };
    let names = width(|[name, ..]| name);
    let versions = width(|[_, version, ..]| version);
    let sizes = width(|[_, _, size, _]| size);
    for [name, version, size, license] in &rows {
        writeln!(
            out,
            "  {name:<names$}  {version:<versions$}  {size:>sizes$}  {license}"
        )?;
    }
    Ok(())
}

fn list(name: &str, items: &[String], out: &mut dyn Write) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{name} ({})", items.len())?;
    items
        .iter()
        .try_for_each(|item| writeln!(out, "  {}", printable(item)))
}

fn file_list(image: &Image, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nfiles")?;
    let tree = image.tree();
    let mut walk = Walk::new(tree);
    while let Some((path, node)) = walk.advance() {
        let path = printable(path);
        match tree.kind(node) {
            NodeKind::File => writeln!(out, "{:>12}  {path}", tree.len(node))?,
            NodeKind::Directory => writeln!(out, "{:>12}  {path}/", "")?,
        }
    }
    Ok(())
}

fn shown(text: &str) -> String {
    printable(text).into_owned()
}

/// The first line of a text, cut where a table would become unreadable.
fn cell(text: &str) -> String {
    let text = text.trim();
    let line = text.lines().next().unwrap_or("");
    let shown = printable(line);
    if shown.chars().count() <= MAX_CELL && line.len() == text.len() {
        return shown.into_owned();
    }
    let mut cut: String = shown.chars().take(MAX_CELL - 1).collect();
    cut.push('…');
    cut
}

fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A size for people: `517 B`, `3.4 KiB`, `20.1 MiB`.
pub(super) fn size(bytes: u64) -> String {
    let mut unit = 1_u64;
    let mut name = "B";
    for larger in ["KiB", "MiB", "GiB", "TiB"] {
        if bytes / unit < 1024 {
            break;
        }
        unit *= 1024;
        name = larger;
    }
    if unit == 1 {
        return format!("{bytes} B");
    }
    // One decimal, rounded down, in whole numbers. No overflow: the remainder is below 2⁴⁰.
    format!("{}.{} {name}", bytes / unit, (bytes % unit) * 10 / unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::fixture::{Folder, metadata, write_image};

    fn inspected(metadata: &Metadata, json: bool, files: bool) -> String {
        let folder = Folder::new();
        let path = folder.join("x.cwasm");
        write_image(&path, metadata);
        let mut out = Vec::new();
        run(&path, json, files, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_table_has_what_matters() {
        let shown = inspected(&metadata(), false, false);
        for line in [
            "name         sample\n",
            "version      1.2\n",
            "entrypoint   six:main\n",
            "python       3.14.0 (cpython-wasi)\n",
            "wasmtime     48.0.8\n",
            "runs here    yes\n",
            "  files      34 B for 3 files in 7 folders\n",
            "\npackages (1)\n  six  1.17.0  23 B  MIT\n",
            "\nimports (1)\n  six\n",
        ] {
            assert!(shown.contains(line), "{line}{shown}");
        }
        assert!(!shown.contains("native"));
    }

    #[test]
    fn files_are_listed_with_their_sizes() {
        let shown = inspected(&metadata(), false, true);
        let (_, files) = shown.split_once("\nfiles\n").unwrap();
        let expected = "              /site-packages/\n              /site-packages/six-1.17.0.dist-info/\n          10  /site-packages/six-1.17.0.dist-info/METADATA\n          13  /site-packages/six.py\n              /tmp/\n";
        assert!(files.starts_with(expected), "{files}");
    }

    #[test]
    fn json_has_everything() {
        let shown = inspected(&metadata(), true, true);
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
        let without: serde_json::Value =
            serde_json::from_str(&inspected(&metadata(), true, false)).unwrap();
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
        metadata.packages[0].license = Some(hostile.to_owned());
        metadata.packages[0].name = hostile.to_owned();
        for json in [false, true] {
            let shown = inspected(&metadata, json, true);
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
            serde_json::from_str(&inspected(&metadata, true, false)).unwrap();
        assert_eq!(value["metadata"]["name"], hostile);
        assert_eq!(value["runnable"], false);
    }

    #[test]
    fn long_licences_are_cut() {
        assert_eq!(cell("MIT"), "MIT");
        assert_eq!(cell("MIT License\n\nPermission is hereby"), "MIT License…");
        assert_eq!(cell(&"x".repeat(1000)).chars().count(), MAX_CELL);
    }

    #[test]
    fn sizes_are_readable() {
        let sizes = [0, 1023, 1024, 1_536, 21_100_000, u64::MAX].map(size);
        assert_eq!(
            sizes,
            [
                "0 B",
                "1023 B",
                "1.0 KiB",
                "1.5 KiB",
                "20.1 MiB",
                "16777215.9 TiB"
            ]
        );
    }
}
