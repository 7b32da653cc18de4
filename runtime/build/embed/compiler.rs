//! Compiling C for the sandbox: many files side by side, and one library out of their objects.

use super::{failure::Failure, zig::Zig};
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// Independent of the machine: no debug information, no absolute path.
const COMPILE: [&str; 10] = [
    "cc",
    "-target",
    "wasm32-wasi",
    "-std=c11",
    "-O2",
    "-g0",
    "-fPIC",
    "-fvisibility=hidden",
    "-fno-sanitize=all",
    "-c",
];

/// Files that are compiled alike.
pub(super) struct Unit {
    /// The directory that everything else is below, which keeps its own path out of the objects.
    pub root: PathBuf,
    /// C files, relative to the root.
    pub files: Vec<String>,
    /// What else the compiler is told.
    pub flags: Vec<String>,
}

/// Compiles every file of the units and returns the objects, in the order of the files.
pub(super) fn compile(zig: &Zig, units: &[Unit], out: &Path) -> Result<Vec<PathBuf>, Failure> {
    let work: Vec<(&Unit, &String, PathBuf)> = (units.iter().enumerate())
        .flat_map(|(number, unit)| {
            unit.files.iter().map(move |file| {
                let name = format!("{number}-{}.o", file.replace('/', "-"));
                (unit, file, out.join(name))
            })
        })
        .collect();
    let next = AtomicUsize::new(0);
    let worker = || {
        while let Some((unit, file, object)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
            run(zig
                .command(out)
                .current_dir(&unit.root)
                .args(COMPILE)
                .args(&unit.flags)
                .arg(file)
                .arg("-o")
                .arg(object))?;
        }
        Ok(())
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        running.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err("compiling C failed".to_owned()))
        })
    })?;
    Ok(work.into_iter().map(|(_, _, object)| object).collect())
}

/// Links objects into a shared library. The linker is shown other libraries so that it knows what is
/// imported from them; it copies nothing of them.
pub(super) fn link(
    zig: &Zig,
    objects: &[PathBuf],
    libraries: &[PathBuf],
    out: &Path,
    library: &Path,
) -> Result<(), Failure> {
    run(zig
        .command(out)
        .args(["wasm-ld", "-shared", "--experimental-pic", "--strip-debug"])
        .args(objects)
        .args(libraries)
        .arg("-o")
        .arg(library))
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
    // The command names a hundred objects, and what it says names those that matter.
    Err(format!(
        "C of the runtime could not be compiled or linked.\n{}",
        String::from_utf8_lossy(&result.stderr).trim()
    ))
}
