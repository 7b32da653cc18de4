//! The compiler driver: takes what a C compiler takes, and compiles and links for the sandbox.
//!
//! A build on another machine says much that is about that machine: its headers, its libraries, its
//! processor. `arguments` tells what is meant from what does not fit; `link` links with the libraries of
//! the sandbox and nothing else, and lets no symbol open that none of them has. Programs that `configure`
//! links to find out what there is are therefore told the truth.

mod adapt;
mod argument_files;
mod arguments;
mod compile;
mod dependencies;
mod explain;
mod libraries;
mod link;
mod symbols;

use super::{Sdk, SdkError, compiler::Compiler};
use arguments::{Action, Command};
use std::{ffi::OsString, process};

/// What is compiled for, as the compiler names it.
pub(super) const TARGET: &str = "wasm32-wasi";

/// Which program is stood for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// A compiler of C.
    C,
    /// A compiler of C++.
    Cxx,
    /// A linker.
    Linker,
    /// `ar`.
    Archiver,
    /// `ranlib`.
    Indexer,
}

/// What C++ exceptions come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Exceptions {
    /// Code with `throw` and `try` is refused.
    #[default]
    Refuse,
    /// Throwing ends the program.
    Abort,
}

/// The variable that says what C++ exceptions come to.
const EXCEPTIONS_VARIABLE: &str = "ERYX_SDK_EXCEPTIONS";

/// Does what the program would with these arguments. Gives its exit status.
///
/// # Errors
/// When a program can not be started, when libraries are damaged, or when symbols can not be resolved.
/// Errors in what is compiled are told by the compiler, and show in the status.
pub fn run(sdk: &Sdk, program: Program, arguments: &[OsString]) -> Result<i32, SdkError> {
    let compiler = Compiler::new(&sdk.record().compiler, sdk.folder().join("cache"));
    let tool = match program {
        Program::Archiver => Some("ar"),
        Program::Indexer => Some("ranlib"),
        _ => None,
    };
    if let Some(name) = tool {
        return status(&compiler, compiler.command(name).args(arguments));
    }
    let exceptions = exceptions()?;
    let arguments = argument_files::expand(arguments)?;
    let command = Command::read(program, &arguments)?;
    match command.action {
        Action::LinkerVersion => status(&compiler, compiler.command("wasm-ld").arg("--version")),
        Action::Target => {
            println!("{TARGET}");
            Ok(0)
        }
        Action::Ask => compile::ask(&compiler, program, &command),
        Action::Preprocess | Action::Assembly | Action::Object => {
            compile::compile(sdk, &compiler, &command, exceptions)
        }
        Action::Shared | Action::Executable => link::link(sdk, &compiler, &command, exceptions),
    }
}

fn exceptions() -> Result<Exceptions, SdkError> {
    let value = std::env::var_os(EXCEPTIONS_VARIABLE).unwrap_or_default();
    match value.to_str() {
        Some("" | "refuse") => Ok(Exceptions::Refuse),
        Some("abort") => Ok(Exceptions::Abort),
        _ => Err(SdkError::Usage(format!(
            "{EXCEPTIONS_VARIABLE} is {value:?}, but can be `refuse` or `abort` alone: set one of them"
        ))),
    }
}

/// Runs a command to its end, with this process's own streams.
fn status(compiler: &Compiler, command: &mut process::Command) -> Result<i32, SdkError> {
    let status = command.status().map_err(compiler.not_started())?;
    // One that a signal ended has no status.
    Ok(status.code().unwrap_or(1))
}
