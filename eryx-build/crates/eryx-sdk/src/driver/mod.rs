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
mod cxx;
mod dependencies;
mod explain;
mod libraries;
mod link;
mod linker_words;
mod program;
mod rust;
mod symbols;

pub use program::Program;

use super::{
    Sdk, SdkError,
    compiler::{Compiler, TARGET},
};
use arguments::{Action, Command};
use eryx_base::variables::SDK_EXCEPTIONS;
use program::Exceptions;
use std::ffi::OsString;

/// Does what the program would with these arguments. Gives its exit status.
///
/// # Errors
/// When a program cannot be started, when libraries are damaged, or when symbols cannot be resolved.
/// Errors in what is compiled are told by the compiler, and show in the status.
pub fn run(sdk: &Sdk, program: Program, arguments: &[OsString]) -> Result<i32, SdkError> {
    let compiler = Compiler::new(&sdk.record().compiler, sdk.directory().join("cache"));
    let tool = match program {
        Program::Archiver => Some("ar"),
        Program::Indexer => Some("ranlib"),
        _ => None,
    };
    if let Some(name) = tool {
        return compiler.status(compiler.command(name).args(arguments));
    }
    let arguments = argument_files::expand(arguments)?;
    if program == Program::RustLinker {
        return rust::link(sdk, &compiler, &arguments);
    }
    let exceptions = exceptions()?;
    let command = Command::read(program, &arguments)?;
    match command.action {
        Action::LinkerVersion => compiler.status(compiler.command("wasm-ld").arg("--version")),
        Action::Target => {
            #[expect(
                clippy::print_stdout,
                reason = "the driver stands for a compiler, which prints the answer"
            )]
            {
                println!("{TARGET}");
            }
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
    let name = SDK_EXCEPTIONS.name;
    let value = SDK_EXCEPTIONS.get().unwrap_or_default();
    match value.to_str() {
        Some("" | "throw") => Ok(Exceptions::Throw),
        Some("refuse") => Ok(Exceptions::Refuse),
        Some("abort") => Ok(Exceptions::Abort),
        _ => Err(SdkError::Usage(format!(
            "{name} is {value:?}, but can be `throw`, `refuse` or `abort` alone: set one of them"
        ))),
    }
}
