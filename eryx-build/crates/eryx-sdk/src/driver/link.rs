//! Linking for the sandbox.
//!
//! A library is linked twice: once to see which symbols it leaves open, and once with those libraries of the
//! sandbox that have them, so that an image holds no library that nothing needs. One whose C++ has exceptions is
//! linked with a C++ library that has them before the others are looked at.

use super::{
    arguments::{Action, Command, Input},
    compile, cxx, explain, libraries,
    program::Exceptions,
    symbols::{self, Symbols},
};
use crate::{Sdk, SdkError, compiler};
use compiler::Compiler;
use eryx_wasm::dylink::is_shared_library;
use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{Read as _, Write as _},
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
    let default = PathBuf::from("a.out");
    let output = command.output.as_ref().unwrap_or(&default);
    let mut linking = Linking::new(output.clone());
    linking.may_be_open = command.may_be_open;
    linking.is_probe = command.action == Action::Executable;
    for (number, input) in command.inputs.iter().enumerate() {
        match input {
            Input::Linked(path) => linking.file(path),
            Input::Flag(flag) => linking.arguments.push(flag.into()),
            Input::Library(name) => {
                if let Some(path) = libraries::find(name, &command.directories)? {
                    linking.file(&path);
                }
            }
            Input::Source(source) => {
                let object = temporary.path().join(format!("{number}.o"));
                let status =
                    compile::one(sdk, compiler, command, exceptions, source, Some(&object))?;
                if status != 0 {
                    return Ok(status);
                }
                linking.file(&object);
            }
        }
    }
    if exceptions == Exceptions::Abort {
        linking.file(&sdk.lib().join(compiler::THROW_OBJECT));
    }
    with_the_sandbox(sdk, compiler, &linking)
}

/// What is linked, and into what.
pub(super) struct Linking {
    output: PathBuf,
    /// Files, and flags that hold from their place on.
    pub arguments: Vec<OsString>,
    /// Flags for the whole.
    pub flags: Vec<OsString>,
    files: Vec<PathBuf>,
    /// Whether symbols may stay open.
    pub may_be_open: bool,
    /// Whether it is a program, by which a build finds out what there is.
    pub is_probe: bool,
}

impl Linking {
    pub(super) fn new(output: PathBuf) -> Self {
        Self {
            output,
            arguments: Vec::new(),
            flags: Vec::new(),
            files: Vec::new(),
            may_be_open: false,
            is_probe: false,
        }
    }

    /// Adds a file.
    pub(super) fn file(&mut self, path: &Path) {
        self.arguments.push(path.into());
        self.files.push(path.to_owned());
    }
}

/// Links with the libraries of the sandbox, as far as they are needed.
pub(super) fn with_the_sandbox(
    sdk: &Sdk,
    compiler: &Compiler,
    linking: &Linking,
) -> Result<i32, SdkError> {
    let temporary = tempfile::tempdir().map_err(SdkError::file(std::env::temp_dir()))?;
    // Shared libraries that the caller names: one of the package itself, most likely.
    let others: Vec<Symbols> = linking
        .files
        .iter()
        .filter(|path| is_shared(path))
        .map(|path| Symbols::read(path))
        .collect::<Result<_, _>>()?;

    let output = &linking.output;
    let linked = temporary.path().join("linked.so");
    let run = |more: &[PathBuf]| {
        let mut run = compiler.command("wasm-ld");
        run.args(["-shared", "--experimental-pic", "--strip-debug"]);
        // Which symbols may stay open is decided here, with better words.
        run.arg("--unresolved-symbols=import-dynamic");
        run.args(&linking.flags);
        if !linking.is_probe {
            run.args(exports(output));
        }
        run.args(&linking.arguments);
        if linking.is_probe {
            // What a program that is never run would do counts, all of it.
            run.arg("--no-gc-sections");
        }
        run.args(more);
        run.arg(sdk.lib().join(compiler::RUNTIME_LIBRARY));
        compiler.status(run.arg("-o").arg(&linked))
    };
    match run(&[])? {
        0 => {}
        failed => return Ok(failed),
    }
    let symbols = Symbols::read(&linked)?;
    let mut resolved = symbols::resolve(&symbols, &others, &sdk.lib())?;
    let mut more = Vec::new();
    if symbols.has_exceptions && resolved.need_cxx() {
        more.push(cxx::library(sdk, compiler)?);
        match run(&more)? {
            0 => {}
            failed => return Ok(failed),
        }
        resolved = symbols::resolve(&Symbols::read(&linked)?, &others, &sdk.lib())?;
    }
    if !resolved.open.is_empty() && (linking.is_probe || !linking.may_be_open) {
        let name = output.display().to_string();
        return Err(SdkError::Unresolved(explain::open_symbols(
            &name,
            &resolved.open,
        )));
    }
    // Programs that ask whether a function is there declare it anyhow; its name is all that counts.
    if !linking.is_probe {
        more.append(&mut resolved.libraries);
        match run(&more)? {
            0 => {}
            failed => return Ok(failed),
        }
    }
    put(&linked, output).map_err(SdkError::file(output))?;
    Ok(0)
}

fn is_shared(path: &Path) -> bool {
    // An archive can be large, and is none.
    let mut magic = [0; 4];
    let start = File::open(path).and_then(|mut file| file.read_exact(&mut magic));
    start.is_ok()
        && magic == *b"\0asm"
        && fs::read(path).is_ok_and(|bytes| is_shared_library(&bytes))
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
