//! A C library out of a crate, unpacked so that it can be compiled.

use super::{failure::Failure, sources::Library, unit::Unit};
use flate2::read::GzDecoder;
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

/// The most bytes that the files of one library may have.
const MAX_BYTES: u64 = 64 << 20;

/// What compiles like one library: see [`unpack`].
pub(super) struct Unpacked {
    /// The library's own files.
    pub unit: Unit,
    /// Directories of headers, for whoever uses the library.
    pub include: Vec<PathBuf>,
}

/// Unpacks the C files and headers of a library out of the bytes of its crate, into a new directory.
///
/// `crate_directory` is the name of the one directory that the crate's archive holds.
pub(super) fn unpack(
    library: &Library,
    bytes: &[u8],
    crate_directory: &str,
    directory: &Path,
) -> Result<Unpacked, Failure> {
    let failed = |error: io::Error| format!("{crate_directory}: {error}");
    if directory.exists() {
        fs::remove_dir_all(directory).map_err(failed)?;
    }
    match &library.archive {
        None => extract(bytes, Path::new(crate_directory), directory).map_err(failed)?,
        Some(name) => {
            let inner = find(bytes, &Path::new(crate_directory).join(name)).map_err(failed)?;
            extract(&inner, Path::new(""), directory).map_err(failed)?;
        }
    }
    let root = directory.join(&library.root);
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
    flags.extend(
        library
            .include
            .iter()
            .map(|directory| format!("-I{directory}")),
    );
    Ok(Unpacked {
        include: library.include.iter().map(|path| root.join(path)).collect(),
        unit: Unit { root, files, flags },
    })
}

/// One file of an archive.
pub(super) fn find(bytes: &[u8], path: &Path) -> io::Result<Vec<u8>> {
    let mut archive = tar::Archive::new(GzDecoder::new(bytes));
    for entry in archive.entries()? {
        let entry = entry?;
        if entry.path()? == path {
            let mut found = Vec::new();
            entry.take(MAX_BYTES).read_to_end(&mut found)?;
            return Ok(found);
        }
    }
    Err(io::Error::other(format!("{} is missing", path.display())))
}

/// The files of an archive below `root` whose paths from there are wanted.
pub(super) fn find_all(
    bytes: &[u8],
    root: &Path,
    is_wanted: impl Fn(&str) -> bool,
) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut archive = tar::Archive::new(GzDecoder::new(bytes));
    for entry in archive.entries()? {
        let entry = entry?;
        let path = entry.path()?.into_owned();
        let below = path.strip_prefix(root).ok().and_then(Path::to_str);
        if let Some(below) = below.filter(|below| is_wanted(below)) {
            let mut file = Vec::new();
            entry.take(MAX_BYTES).read_to_end(&mut file)?;
            found.insert(below.to_owned(), file);
        }
    }
    Ok(found)
}

/// Writes the C files and headers of an archive that are below `prefix`.
fn extract(bytes: &[u8], prefix: &Path, directory: &Path) -> io::Result<()> {
    let mut left = MAX_BYTES;
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
        let target = directory.join(below);
        fs::create_dir_all(target.parent().unwrap_or(directory))?;
        io::copy(&mut entry, &mut fs::File::create(&target)?)?;
    }
    Ok(())
}

/// The files that a line of `compile` names, sorted.
fn matching(root: &Path, pattern: &str, except: &[String]) -> io::Result<Vec<String>> {
    let Some((directory, end)) = pattern.split_once("/*") else {
        return Ok(vec![pattern.to_owned()]);
    };
    let mut files: Vec<String> = fs::read_dir(root.join(directory))?
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(end) && !except.contains(name))
        .map(|name| format!("{directory}/{name}"))
        .collect();
    files.sort();
    Ok(files)
}
