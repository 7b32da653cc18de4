//! A C library out of a crate, unpacked so that it can be compiled.

use super::{compiler::Unit, failure::Failure, sources::Library};
use flate2::read::GzDecoder;
use std::{
    fs,
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

/// The most bytes that the files of one library may have.
const MOST_BYTES: u64 = 64 << 20;

/// What compiles like one library: see [`unpack`].
pub struct Unpacked {
    /// The library's own files.
    pub unit: Unit,
    /// Folders of headers, for whoever uses the library.
    pub include: Vec<PathBuf>,
}

/// Unpacks the C files and headers of a library out of the bytes of its crate, into a new folder.
///
/// `crate_folder` is the name of the one folder that the crate's archive holds.
pub fn unpack(
    library: &Library,
    bytes: &[u8],
    crate_folder: &str,
    folder: &Path,
) -> Result<Unpacked, Failure> {
    let failed = |error: io::Error| format!("{crate_folder}: {error}");
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    match &library.archive {
        None => extract(bytes, Path::new(crate_folder), folder).map_err(failed)?,
        Some(name) => {
            let inner = find(bytes, &Path::new(crate_folder).join(name)).map_err(failed)?;
            extract(&inner, Path::new(""), folder).map_err(failed)?;
        }
    }
    let root = folder.join(&library.root);
    let mut files = Vec::new();
    for pattern in &library.compile {
        files.extend(matching(&root, pattern, &library.except).map_err(failed)?);
    }
    let mut flags: Vec<String> = (library.define.iter())
        .map(|define| format!("-D{define}"))
        .collect();
    flags.push("-DNDEBUG".to_owned());
    // Others' code has others' warnings.
    flags.push("-w".to_owned());
    flags.extend(library.include.iter().map(|folder| format!("-I{folder}")));
    Ok(Unpacked {
        include: library.include.iter().map(|path| root.join(path)).collect(),
        unit: Unit { root, files, flags },
    })
}

/// One file of an archive.
pub fn find(bytes: &[u8], path: &Path) -> io::Result<Vec<u8>> {
    let mut archive = tar::Archive::new(GzDecoder::new(bytes));
    for entry in archive.entries()? {
        let entry = entry?;
        if entry.path()? == path {
            let mut found = Vec::new();
            entry.take(MOST_BYTES).read_to_end(&mut found)?;
            return Ok(found);
        }
    }
    Err(io::Error::other(format!("{} is missing", path.display())))
}

/// Writes the C files and headers of an archive that are below `prefix`.
fn extract(bytes: &[u8], prefix: &Path, folder: &Path) -> io::Result<()> {
    let mut left = MOST_BYTES;
    let mut archive = tar::Archive::new(GzDecoder::new(bytes));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let Ok(below) = path.strip_prefix(prefix) else {
            continue;
        };
        let is_plain = (below.components()).all(|part| matches!(part, Component::Normal(_)));
        let is_c = below
            .extension()
            .is_some_and(|end| end == "c" || end == "h");
        if !entry.header().entry_type().is_file() || !is_plain || !is_c {
            continue;
        }
        left = left
            .checked_sub(entry.size())
            .ok_or_else(|| io::Error::other("it is too large"))?;
        let target = folder.join(below);
        fs::create_dir_all(target.parent().unwrap_or(folder))?;
        io::copy(&mut entry, &mut fs::File::create(&target)?)?;
    }
    Ok(())
}

/// The files that a line of `compile` names, sorted.
fn matching(root: &Path, pattern: &str, except: &[String]) -> io::Result<Vec<String>> {
    let Some((folder, end)) = pattern.split_once("/*") else {
        return Ok(vec![pattern.to_owned()]);
    };
    let mut files: Vec<String> = fs::read_dir(root.join(folder))?
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(end) && !except.contains(name))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    files.sort();
    Ok(files)
}
