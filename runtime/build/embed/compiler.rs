//! Compiling C for the sandbox: many files side by side, and one library out of their objects.

use super::{
    failure::Failure,
    kept,
    objects::{Common, Objects},
    unit::Unit,
    zig::Zig,
};
use std::{
    fs, io,
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

/// Compiles every file of the units whose object is not kept below `out`, and returns the objects, which
/// are in `directory`, in the order of the files.
pub(super) fn compile(
    zig: &Zig,
    units: &[Unit],
    out: &Path,
    directory: &Path,
) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: io::Error| format!("what the guest is compiled of: {error}");
    let work: Vec<(usize, &String, PathBuf)> = (units.iter().enumerate())
        .flat_map(|(number, unit)| {
            unit.files.iter().map(move |file| {
                let name = format!("{number}-{}.o", file.replace('/', "-"));
                (number, file, directory.join(name))
            })
        })
        .collect();
    let objects = Objects::open(out, zig, &COMPILE).map_err(unreadable)?;
    let common: Vec<Common> = (units.iter())
        .map(|unit| objects.common(unit).map_err(unreadable))
        .collect::<Result<_, _>>()?;
    let next = AtomicUsize::new(0);
    let worker = || {
        while let Some((number, file, object)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (Some(unit), Some(common)) = (units.get(*number), common.get(*number)) else {
                continue;
            };
            let known = objects.path(common, unit, file).map_err(unreadable)?;
            if let Some(bytes) = Objects::read(&known) {
                fs::write(object, bytes).map_err(unreadable)?;
                continue;
            }
            run(zig
                .command(directory)
                .current_dir(&unit.root)
                .args(COMPILE)
                .args(&unit.flags)
                .arg(file)
                .arg("-o")
                .arg(object))?;
            // Failing to keep it only costs time.
            let _ = fs::read(object).and_then(|bytes| kept::put(&known, &bytes));
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
    objects.forget_oldest();
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
