//! Compiles the guest, our C code inside the sandbox, and the C libraries whose modules it offers, to
//! one wasm shared library.

use super::{base::Base, compiler, failure::Failure, library::Unpacked, unit::Unit, zig::Zig};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Our own directories of C. Warnings are errors there.
const DIRECTORIES: [&str; 2] = ["guest", "modules"];

/// The guest's library, with the names of its functions kept for backtraces.
pub(super) fn compile(
    zig: &Zig,
    base: &Base,
    libraries: Vec<Unpacked>,
    here: &Path,
    out: &Path,
) -> Result<Vec<u8>, Failure> {
    let work = out.join("guest");
    if work.exists() {
        fs::remove_dir_all(&work).map_err(|error| format!("{}: {error}", work.display()))?;
    }
    fs::create_dir_all(&work).map_err(|error| format!("{}: {error}", work.display()))?;

    let mut flags: Vec<String> = ["-Wall", "-Wextra", "-Werror", "-I../guest"]
        .map(str::to_owned)
        .into();
    let mut units = Vec::new();
    for library in libraries {
        // As those of a system, in which warnings are nobody's concern.
        for directory in library.include {
            flags.push("-isystem".to_owned());
            flags.push(directory.display().to_string());
        }
        flags.extend(
            (library.unit.flags.iter())
                .filter(|flag| flag.starts_with("-D"))
                .cloned(),
        );
        units.push(library.unit);
    }
    for directory in DIRECTORIES {
        let root = here.join(directory);
        units.push(Unit {
            files: sources(&root)?,
            root,
            flags: flags.clone(),
        });
    }
    let objects = compiler::compile(zig, &units, out, &work)?;

    let mut shown = Vec::new();
    for name in [
        "libpython3.14.so",
        "libc.so",
        "libwasi-emulated-process-clocks.so",
        "libwasi-emulated-signal.so",
    ] {
        let path = work.join(name);
        let bytes = (base.libraries.get(name)).ok_or_else(|| format!("the base lacks {name}"))?;
        fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        shown.push(path);
    }
    let library: PathBuf = work.join("liberyx.so");
    compiler::link(zig, &objects, &shown, &work, &library)?;
    fs::read(&library).map_err(|error| format!("{}: {error}", library.display()))
}

/// The C files of a directory, sorted, so that the library is the same everywhere.
fn sources(directory: &Path) -> Result<Vec<String>, Failure> {
    let entries =
        fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".c"))
        .collect();
    names.sort();
    Ok(names)
}
