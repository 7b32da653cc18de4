//! The texts of the licences of what the runtime is made of, out of the same packages.

use super::{
    base::Base,
    failure::Failure,
    library,
    sources::{Part, Source},
    zig::Zig,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A text: its path in the distribution, and its bytes.
pub(super) type Text = (String, Vec<u8>);

/// Where the texts of one package's parts come from.
pub(super) enum Origin<'a> {
    /// The bytes of a crate.
    Crate(&'a [u8]),
    /// The directory of a wheel's metadata.
    Wheel(PathBuf),
}

/// Gathers the texts of a package's parts, under `licenses/PART/`.
pub(super) fn take(
    source: &Source,
    origin: &Origin<'_>,
    base: &Base,
    zig: &Zig,
) -> Result<Vec<Text>, Failure> {
    let mut texts = Vec::new();
    for part in &source.parts {
        for place in &part.texts {
            let bytes = read(source, place, origin, base, zig)
                .map_err(|error| format!("the licence of {}: {place}: {error}", part.name))?;
            texts.push((path(part, place), bytes));
        }
    }
    Ok(texts)
}

/// Where a text is in the distribution. Files of one part may have one name in several directories.
pub(super) fn path(part: &Part, place: &str) -> String {
    let below = place.split_once(':').map_or(place, |(_, below)| below);
    format!("licenses/{}/{}", part.name, below.replace('/', "-"))
}

fn read(
    source: &Source,
    place: &str,
    origin: &Origin<'_>,
    base: &Base,
    zig: &Zig,
) -> Result<Vec<u8>, Failure> {
    let file =
        |path: PathBuf| fs::read(&path).map_err(|error| format!("{}: {error}", path.display()));
    if let Some(path) = place.strip_prefix("stdlib:") {
        let text = base.stdlib.get(path);
        return text.cloned().ok_or_else(|| "it is missing".to_owned());
    }
    if let Some(path) = place.strip_prefix("compiler:") {
        return file(zig.library_directory()?.join(path));
    }
    if let Some(path) = place.strip_prefix("comment:") {
        return leading_comment(&read(source, path, origin, base, zig)?);
    }
    match origin {
        Origin::Wheel(directory) => file(directory.join(place)),
        Origin::Crate(bytes) => {
            let directory = format!("{}-{}", source.name, source.version);
            let archive = source.library.as_ref();
            let archive = archive.and_then(|library| library.archive.as_ref());
            let found = match archive {
                None => library::find(bytes, &Path::new(&directory).join(place)),
                Some(name) => library::find(bytes, &Path::new(&directory).join(name))
                    .and_then(|inner| library::find(&inner, Path::new(place))),
            };
            found.map_err(|error| error.to_string())
        }
    }
}

/// The comment that a file of C begins with, which is all the licence that some have.
fn leading_comment(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let text = String::from_utf8_lossy(bytes);
    let comment = (text.trim_start().strip_prefix("/*"))
        .and_then(|text| text.split_once("*/"))
        .map(|(comment, _)| comment);
    let comment = comment.ok_or_else(|| "it begins with no comment".to_owned())?;
    let lines = comment.lines().map(|line| {
        let line = line.trim_start().trim_start_matches('*');
        line.strip_prefix(' ').unwrap_or(line).trim_end()
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    Ok(format!("{}\n", text.trim()).into_bytes())
}
