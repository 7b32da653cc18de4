//! `cargo xtask upgrade-stdlib`: a runtime distribution with newer files of Python's standard library.
//!
//! `runtime/stdlib/3.14.10.sha256` names the files and their hashes: those of a newer release that work with the
//! C code of the base. Each is taken from an installed library when it is exactly that file, so that
//! whoever does it gets the same runtime.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use clap::Args;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

/// The files that are taken, in the format of `sha256sum`.
const LIST: &str = "runtime/stdlib/3.14.10.sha256";

/// The archive of a runtime distribution that has the standard library.
const ARCHIVE: &str = "stdlib.tar";

/// The most bytes of one file.
const MAX_FILE: u64 = 8 << 20;

/// Which runtime, and where newer files are.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A directory that `eryx runtime export` wrote
    runtime: PathBuf,
    /// Directories with the standard library of the release that runtime/stdlib/3.14.10.sha256 names
    #[arg(long, required = true, value_name = "DIR")]
    from: Vec<PathBuf>,
}

/// Puts the newer files into the runtime.
#[expect(clippy::print_stdout, reason = "its result")]
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let list = fs::read_to_string(workspace.root.join(LIST))?;
    let archive = options.runtime.join(ARCHIVE);
    let manifest = options.runtime.join("runtime.toml");
    let old = fs::read(&archive)
        .with_context(|| format!("{} has no {ARCHIVE}", options.runtime.display()))?;
    let text = fs::read_to_string(&manifest)?;
    let mut files = unpack(&old)?;
    let newer = newer(&list, &options.from)?;
    let count = newer.len();
    for (path, bytes) in newer {
        if files.insert(path.clone(), bytes).is_none() {
            bail!("the runtime has no {path}, which {LIST} names");
        }
    }
    let new = pack(&files)?;
    let text = with_hash(&text, &hex(&old), &hex(&new))?;
    fs::write(&archive, new)?;
    fs::write(&manifest, text)?;
    println!(
        "{count} files of {LIST} are in {}",
        options.runtime.display()
    );
    Ok(())
}

/// The files of the list, each out of the first directory that has it.
fn newer(list: &str, directories: &[PathBuf]) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let (hash, path) = line
            .split_once("  ")
            .with_context(|| format!("{LIST}: `{line}` is no hash and path"))?;
        let found = directories.iter().map(|one| one.join(path));
        let found: Vec<PathBuf> = found.filter(|path| path.is_file()).collect();
        let Some(file) = found.first() else {
            bail!("{path} is in none of the directories");
        };
        let bytes = read(file)?;
        if hex(&bytes) != hash {
            bail!("{} is not the file whose hash {LIST} has", file.display());
        }
        files.insert(path.to_owned(), bytes);
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?
        .take(MAX_FILE)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unpack(archive: &[u8]) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        files.insert(path, bytes);
    }
    Ok(files)
}

/// An archive without times and owners, as the build of the runtime makes it.
fn pack(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, bytes.as_slice())?;
    }
    Ok(builder.into_inner()?)
}

/// The manifest of a runtime with another hash of the archive.
fn with_hash(manifest: &str, old: &str, new: &str) -> Result<String> {
    if manifest.matches(old).count() != 1 {
        bail!("runtime.toml does not have the hash of {ARCHIVE}: export the runtime again");
    }
    Ok(manifest.replace(old, new))
}

fn hex(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_with_their_hash_are_taken() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("http")).unwrap();
        fs::write(directory.path().join("http/client.py"), "new").unwrap();
        let from = [
            directory.path().join("missing"),
            directory.path().to_owned(),
        ];
        let list = format!("# of a release\n{}  http/client.py\n", hex(b"new"));
        assert_eq!(newer(&list, &from).unwrap()["http/client.py"], b"new");
        let other = format!("{}  http/client.py\n", hex(b"other"));
        assert!(newer(&other, &from).is_err());
        assert!(newer(&format!("{}  tarfile.py\n", hex(b"")), &from).is_err());
        assert!(newer("no line", &from).is_err());
    }

    #[test]
    fn an_archive_is_the_same_after_unpacking_and_packing() {
        let files = BTreeMap::from([
            ("a/b.py".to_owned(), b"1".to_vec()),
            ("c.py".to_owned(), vec![]),
        ]);
        let packed = pack(&files).unwrap();
        assert_eq!(unpack(&packed).unwrap(), files);
        assert_eq!(pack(&unpack(&packed).unwrap()).unwrap(), packed);
    }

    #[test]
    fn the_hash_of_the_archive_changes_and_nothing_else() {
        let new = with_hash("a = \"1\"\nsha256 = \"old\"\n", "old", "new").unwrap();
        assert_eq!(new, "a = \"1\"\nsha256 = \"new\"\n");
        assert!(with_hash("sha256 = \"x\"", "old", "new").is_err());
    }
}
