//! Linking for the sandbox.
//!
//! A library is linked twice: once to see which symbols it leaves open, and once with those libraries of the
//! sandbox that have them, so that an image holds no library that nothing needs.

use super::{
    arguments::{Action, Command, Input},
    compile, explain, libraries,
    program::Exceptions,
    symbols::{self, Symbols},
};
use crate::{Sdk, SdkError, compiler};
use compiler::Compiler;
use eryx_wasm::dylink::is_shared_library;
use std::{
    ffi::{OsStr, OsString},
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

/// Links objects, compiling sources first.
pub(super) fn link(
    sdk: &Sdk,
    compiler: &Compiler,
    command: &Command,
    exceptions: Exceptions,
) -> Result<i32, SdkError> {
    let temporary = tempfile::tempdir().map_err(SdkError::file(std::env::temp_dir()))?;
    let mut files: Vec<PathBuf> = Vec::new();
    for (number, input) in command.inputs.iter().enumerate() {
        match input {
            Input::Linked(path) => files.push(path.clone()),
            Input::Library(name) => files.extend(libraries::find(name, &command.directories)?),
            Input::Source(source) => {
                let object = temporary.path().join(format!("{number}.o"));
                let status =
                    compile::one(sdk, compiler, command, exceptions, source, Some(&object))?;
                if status != 0 {
                    return Ok(status);
                }
                files.push(object);
            }
        }
    }
    if exceptions == Exceptions::Abort {
        files.push(sdk.lib().join(compiler::THROW_OBJECT));
    }
    // Shared libraries that the caller names: one of the package itself, most likely.
    let others: Vec<Symbols> = files
        .iter()
        .filter(|path| is_shared(path))
        .map(|path| Symbols::read(path))
        .collect::<Result<_, _>>()?;

    let default = PathBuf::from("a.out");
    let output = command.output.as_ref().unwrap_or(&default);
    let linked = temporary.path().join("linked.so");
    let run = |more: &[PathBuf]| {
        let mut run = compiler.command("wasm-ld");
        run.args(["-shared", "--experimental-pic", "--strip-debug"]);
        // Which symbols may stay open is decided here, with better words.
        run.arg("--unresolved-symbols=import-dynamic");
        match command.action {
            // What a program that is never run would do counts, all of it.
            Action::Executable => run.arg("--no-gc-sections"),
            _ => run.args(exports(output)),
        };
        run.args(&files).args(more);
        run.arg(sdk.lib().join(compiler::RUNTIME_LIBRARY));
        compiler.status(run.arg("-o").arg(&linked))
    };
    match run(&[])? {
        0 => {}
        failed => return Ok(failed),
    }
    let resolved = symbols::resolve(&Symbols::read(&linked)?, &others, &sdk.lib())?;
    let may_be_open = command.may_be_open && command.action == Action::Shared;
    if !resolved.open.is_empty() && !may_be_open {
        let name = output.display().to_string();
        return Err(SdkError::Unresolved(explain::open_symbols(
            &name,
            &resolved.open,
        )));
    }
    // Programs that ask whether a function is there declare it anyhow; its name is all that counts.
    if command.action == Action::Shared {
        match run(&resolved.libraries)? {
            0 => {}
            failed => return Ok(failed),
        }
    }
    put(&linked, output).map_err(SdkError::file(output))?;
    Ok(0)
}

fn is_shared(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| is_shared_library(&bytes))
}

/// The function that initialises a module of this file's name, for code that does not mark it as visible.
fn exports(output: &Path) -> Option<OsString> {
    let name = output.file_name()?.to_str()?;
    let module = name.split('.').next().filter(|module| !module.is_empty())?;
    Some(OsString::from(format!(
        "--export-if-defined=PyInit_{module}"
    )))
}

/// Writes beside and renames, so that a build that is killed leaves no half library.
fn put(linked: &Path, output: &Path) -> std::io::Result<()> {
    let bytes = fs::read(linked)?;
    let directory = match output.parent() {
        Some(directory) if directory != OsStr::new("") => directory,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(&bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o755))?;
    }
    file.persist(output)?;
    Ok(())
}
