//! Objects that were compiled before, kept in the target directory: a change of one C file compiles one
//! C file, and not SQLite again.
//!
//! An object is named by the hash of all that goes into it: the compiler, its options, the C file and
//! whatever it may include. Beyond [`MAX_BYTES`] those go that were not used for longest.

use super::{kept, unit::Unit, zig::Zig};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// How much is kept; all objects of one guest together have some 5 MB.
const MAX_BYTES: u64 = 64 << 20;

/// The objects of a target directory.
pub(super) struct Objects {
    directory: PathBuf,
    compiler: Vec<u8>,
}

/// The hash of all that the files of a unit have in common.
pub(super) struct Common(Sha256);

impl Objects {
    /// Those below `out`, by this compiler with these options.
    pub(super) fn open(out: &Path, zig: &Zig, options: &[&str]) -> io::Result<Self> {
        let directory = out.join("objects");
        fs::create_dir_all(&directory)?;
        let mut hasher = Sha256::new();
        add(&mut hasher, zig.identity()?.as_bytes());
        for option in options {
            add(&mut hasher, option.as_bytes());
        }
        Ok(Self {
            directory,
            compiler: hasher.finalize().to_vec(),
        })
    }

    /// Reads what the files of a unit may include: everything else below its root, and the headers in
    /// its other directories of headers.
    pub(super) fn common(&self, unit: &Unit) -> io::Result<Common> {
        let mut hasher = Sha256::new();
        add(&mut hasher, &self.compiler);
        for flag in &unit.flags {
            add(&mut hasher, flag.as_bytes());
        }
        let root = unit.root.canonicalize()?;
        let own: Vec<PathBuf> = unit.files.iter().map(|file| root.join(file)).collect();
        add_below(&mut hasher, &root, &|path| {
            !own.iter().any(|own| own == path)
        })?;
        for directory in included(unit) {
            let directory = directory.canonicalize()?;
            // What is below the root was read.
            if !directory.starts_with(&root) {
                let is_header = |path: &Path| path.extension().is_some_and(|end| end == "h");
                add_below(&mut hasher, &directory, &is_header)?;
            }
        }
        Ok(Common(hasher))
    }

    /// Where the object of a file of a unit is kept.
    pub(super) fn path(&self, common: &Common, unit: &Unit, file: &str) -> io::Result<PathBuf> {
        let mut hasher = common.0.clone();
        add(&mut hasher, file.as_bytes());
        add(&mut hasher, &fs::read(unit.root.join(file))?);
        let name = super::crates::hex(&hasher.finalize());
        Ok(self.directory.join(name))
    }

    /// What is kept at a path, when it is there and whole.
    pub(super) fn read(path: &Path) -> Option<Vec<u8>> {
        let object = kept::read(path)?;
        // Those in use stay. When that fails, this one goes earlier, and is compiled again.
        let _ = File::options()
            .append(true)
            .open(path)
            .and_then(|file| file.set_modified(SystemTime::now()));
        Some(object)
    }

    /// Removes what was not used for longest.
    pub(super) fn forget_oldest(&self) {
        let mut kept: Vec<_> = (fs::read_dir(&self.directory)
            .into_iter()
            .flatten()
            .flatten())
        .filter_map(|entry| {
            let metadata = entry.metadata().ok()?;
            Some((metadata.modified().ok()?, metadata.len(), entry.path()))
        })
        .collect();
        kept.sort_by(|one, other| other.cmp(one));
        let mut bytes = 0_u64;
        for (_, size, path) in kept {
            bytes = bytes.saturating_add(size);
            if bytes > MAX_BYTES {
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// Directories that a unit names as places of headers.
fn included(unit: &Unit) -> Vec<PathBuf> {
    let mut directories = Vec::new();
    let mut flags = unit.flags.iter();
    while let Some(flag) = flags.next() {
        if flag == "-isystem" {
            directories.extend(flags.next().map(|path| unit.root.join(path)));
        } else if let Some(path) = flag.strip_prefix("-I") {
            directories.push(unit.root.join(path));
        }
    }
    directories
}

/// Adds paths and contents of the files below a directory that are wanted, in the order of the paths.
fn add_below(
    hasher: &mut Sha256,
    directory: &Path,
    is_wanted: &dyn Fn(&Path) -> bool,
) -> io::Result<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(directory)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add_below(hasher, &path, is_wanted)?;
        } else if is_wanted(&path) {
            add(hasher, path.as_os_str().as_encoded_bytes());
            add(hasher, &fs::read(&path)?);
        }
    }
    Ok(())
}

/// Adds a part so that no other parts look the same.
fn add(hasher: &mut Sha256, part: &[u8]) {
    hasher.update((part.len() as u64).to_le_bytes());
    hasher.update(part);
}
