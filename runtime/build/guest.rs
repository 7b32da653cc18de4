//! Compiles the guest, our C code inside the sandbox, to a wasm shared library.

use crate::{Failure, base::Base, zig::Zig};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Independent of the machine: no debug information, no absolute path, warnings are errors.
const COMPILE: [&str; 13] = [
    "cc",
    "-target",
    "wasm32-wasi",
    "-std=c11",
    "-O2",
    "-g0",
    "-fPIC",
    "-fvisibility=hidden",
    "-fno-sanitize=all",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-c",
];

/// The guest's library, with the names of its functions kept for backtraces.
pub fn compile(zig: &Zig, base: &Base, out: &Path) -> Result<Vec<u8>, Failure> {
    let source =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?)
            .join("guest");
    let work = out.join("guest");
    fs::create_dir_all(&work).map_err(|error| format!("{}: {error}", work.display()))?;

    let mut objects = Vec::new();
    for name in sources(&source)? {
        let object = work.join(&name).with_extension("o");
        run(zig
            .command(out)
            .current_dir(&source)
            .args(COMPILE)
            .arg(&name)
            .arg("-o")
            .arg(&object))?;
        objects.push(object);
    }

    // The linker is shown the libraries so that it knows what is imported; it copies nothing of them.
    let mut libraries = Vec::new();
    for name in ["libpython3.14.so", "libc.so"] {
        let path = work.join(name);
        let bytes = base
            .libraries
            .get(name)
            .ok_or_else(|| format!("the base lacks {name}"))?;
        fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        libraries.push(path);
    }
    let library = work.join("liberyx.so");
    run(zig
        .command(out)
        .args(["wasm-ld", "-shared", "--experimental-pic", "--strip-debug"])
        .args(&objects)
        .args(&libraries)
        .arg("-o")
        .arg(&library))?;
    fs::read(&library).map_err(|error| format!("{}: {error}", library.display()))
}

/// The C files of the guest, sorted, so that the library is the same everywhere.
fn sources(folder: &Path) -> Result<Vec<String>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".c"))
        .collect();
    names.sort();
    Ok(names)
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let result = command.output().map_err(|error| {
        format!(
            "{} could not be started: {error}",
            command.get_program().display()
        )
    })?;
    if result.status.success() {
        return Ok(());
    }
    Err(format!(
        "The guest could not be compiled: {command:?}\n{}",
        String::from_utf8_lossy(&result.stderr).trim()
    ))
}
