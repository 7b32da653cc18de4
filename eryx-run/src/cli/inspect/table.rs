//! An image as a table for people.

use std::io::{self, Write};

use crate::cli::contents::{described, shares};
use crate::cli::text::{WIDTH, cell, count, shown, widest};
use crate::cli::walk::{Totals, Walk};
use eryx_base::{escape::escape, size::human_bytes};
use eryx_image::{Image, Metadata, NodeKind, PackageMetadata, Part};

/// How many of the largest things are named.
const LARGEST: usize = 10;

/// What the columns of packages are called: name, version, size, licence, origin.
const COLUMNS: [&str; 5] = ["name", "version", "size", "licence", "origin"];

/// How narrow these columns are made when a row does not fit, in characters. Sizes are never cut.
const NARROWEST: [usize; 5] = [28, 10, usize::MAX, 12, 10];

/// Shows what matters; with `files`, also every file with its size.
pub(super) fn write(image: &Image, files: bool, out: &mut dyn Write) -> io::Result<()> {
    let metadata = image.metadata();
    head(image, out)?;
    packages(metadata, out)?;
    entry_points(metadata, out)?;
    list("imports", &metadata.imports, out)?;
    list("native libraries", &metadata.native_libraries, out)?;
    largest(image, out)?;
    if files {
        file_list(image, out)?;
    }
    Ok(())
}

fn head(image: &Image, out: &mut dyn Write) -> io::Result<()> {
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
    row("threads", &optional(&metadata.threads))?;
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
    row("size", &human_bytes(image.file_len()))?;
    let part = |part| human_bytes(image.part(part).length);
    row(
        "  code",
        &format!(
            "{} with a heap of {}",
            part(Part::Code),
            human_bytes(metadata.sizes.heap)
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
    let mut rows = vec![COLUMNS.map(str::to_owned)];
    rows.extend(metadata.packages.iter().map(|package| {
        let license = package.license.as_deref().unwrap_or("not stated");
        [
            cell(&package.name, WIDTH),
            cell(&package.version, WIDTH),
            human_bytes(package.bytes),
            cell(license, WIDTH),
            cell(&where_from(package), WIDTH),
        ]
    }));
    let widths = widths(&rows);
    for row in &rows {
        let mut line = String::new();
        for (column, (text, width)) in row.iter().zip(widths).enumerate() {
            let text = cell(text, width);
            // Numbers are compared by their ends.
            let padded = if column == 2 {
                format!("  {text:>width$}")
            } else {
                format!("  {text:<width$}")
            };
            line.push_str(&padded);
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The widths of the columns. When a row is wider than a terminal, the widest columns lose.
fn widths(rows: &[[String; 5]]) -> [usize; 5] {
    let mut widths = [0; 5];
    for row in rows {
        for (width, text) in widths.iter_mut().zip(row) {
            *width = text.chars().count().max(*width);
        }
    }
    // Two spaces before each column.
    while widths.iter().sum::<usize>() + 10 > WIDTH {
        let wide = widths.iter_mut().zip(NARROWEST);
        let wide = wide.filter(|(width, narrowest)| **width > *narrowest);
        let Some((widest, _)) = wide.max_by_key(|(width, _)| **width) else {
            break;
        };
        *widest -= 1;
    }
    widths
}

/// Where a package came from: the host of an address, or else the kind of its source; and whether it
/// was built from a source distribution. It is not escaped.
fn where_from(package: &PackageMetadata) -> String {
    let Some(source) = &package.source else {
        return String::new();
    };
    let host = source.url.as_deref().and_then(|url| {
        let (_, rest) = url.split_once("://")?;
        rest.split('/').next().filter(|host| !host.is_empty())
    });
    let place = host.unwrap_or(&source.kind);
    match source.sdist {
        Some(_) => format!("{place}, built"),
        None => place.to_owned(),
    }
}

fn entry_points(metadata: &Metadata, out: &mut dyn Write) -> io::Result<()> {
    let points = metadata.packages.iter().flat_map(|package| {
        let points = package.entry_points.iter();
        points.map(|point| [&point.name, &point.value, &package.name].map(|text| shown(text)))
    });
    let points: Vec<[String; 3]> = points.collect();
    if points.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nentry points ({})", points.len())?;
    let names = widest(points.iter().map(|[name, ..]| &**name)).min(WIDTH);
    let values = widest(points.iter().map(|[_, value, _]| &**value)).min(WIDTH);
    points.iter().try_for_each(|[name, value, package]| {
        writeln!(out, "  {name:<names$}  {value:<values$}  {package}")
    })
}

fn list(name: &str, items: &[String], out: &mut dyn Write) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{name} ({})", items.len())?;
    items
        .iter()
        .try_for_each(|item| writeln!(out, "  {}", escape(item)))
}

fn largest(image: &Image, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nlargest")?;
    let shares = shares(image);
    let named = shares.get(..LARGEST).unwrap_or(&shares);
    let sizes: Vec<String> = named.iter().map(|share| human_bytes(share.bytes)).collect();
    let width = widest(sizes.iter().map(String::as_str));
    for (share, size) in named.iter().zip(&sizes) {
        let thousandths = u128::from(share.bytes) * 1000 / u128::from(image.file_len().max(1));
        let percent = format!("{}.{}", thousandths / 10, thousandths % 10);
        let name = shown(&described(share.kind, share.name.as_deref()));
        writeln!(out, "  {size:>width$}  {percent:>4} %  {name}")?;
    }
    Ok(())
}

fn file_list(image: &Image, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nfiles")?;
    let tree = image.tree();
    let mut walk = Walk::new(tree);
    while let Some((path, node)) = walk.advance() {
        let path = escape(path);
        match tree.kind(node) {
            NodeKind::File => writeln!(out, "{:>12}  {path}", tree.len(node))?,
            NodeKind::Directory => writeln!(out, "{:>12}  {path}/", "")?,
        }
    }
    Ok(())
}
