//! Linking for `rustc`: stands for the linker of the target `wasm32-wasip2`.
//!
//! `rustc` gives the words of LLVM's linker for WebAssembly, for a module that is whole by itself: with a
//! C library, a stack, and an entry. A library of the sandbox shares all that with others, so what is about
//! it is left out, and the rest is linked as C is.

use super::{
    arguments::Input,
    libraries,
    link::{self, Linking},
    linker_words::{LinkerWords, Word},
};
use crate::{Sdk, SdkError, compiler::Compiler};
use eryx_base::escape::escape_short;
use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

/// The directory of the C library that comes with Rust's own, which is not the sandbox's.
const OWN_LIBC: &str = "self-contained";

/// What modules that are whole by themselves export: nothing of a library.
const OF_WHOLE_MODULES: [&str; 5] = [
    "cabi_realloc",
    "__main_void",
    "_start",
    "__heap_base",
    "__data_end",
];

/// What is linked always. Names that are not exported are the library's own: two libraries with the same
/// crates in them share nothing, and parts that nobody calls are left out.
const FLAGS: [&str; 3] = ["-Bdynamic", "-Bsymbolic", "--no-export-dynamic"];

/// Links what `rustc` compiled.
pub(super) fn link(
    sdk: &Sdk,
    compiler: &Compiler,
    arguments: &[OsString],
) -> Result<i32, SdkError> {
    let command = Command::read(arguments)?;
    let Some(output) = &command.output else {
        return Err(SdkError::Usage(
            "this stands for the linker that `rustc` calls, and there is no output: name one by `-o FILE`"
                .to_owned(),
        ));
    };
    if command.is_program {
        return Err(SdkError::Usage(program_refused(output)));
    }
    let mut linking = Linking::new(output.clone());
    linking.flags.extend(FLAGS.map(OsString::from));
    for input in &command.inputs {
        match input {
            Input::Linked(path) | Input::Source(path) => linking.file(path),
            Input::Flag(flag) => linking.arguments.push(flag.into()),
            Input::Library(name) => {
                if let Some(path) = libraries::find(name, &command.directories)? {
                    linking.file(&path);
                }
            }
        }
    }
    link::with_the_sandbox(sdk, compiler, &linking)
}

/// That a program of Rust is of no use.
fn program_refused(output: &Path) -> String {
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    format!(
        "{} is a program, and the sandbox runs no programs but Python's: build the library of the package alone \
         (`cargo build --lib`)",
        escape_short(&name, 80)
    )
}

/// What `rustc` asks for.
#[derive(Debug, PartialEq, Eq)]
struct Command {
    inputs: Vec<Input>,
    directories: Vec<PathBuf>,
    output: Option<PathBuf>,
    is_program: bool,
}

impl Command {
    fn read(arguments: &[OsString]) -> Result<Self, SdkError> {
        let mut command = Self {
            inputs: Vec::new(),
            directories: Vec::new(),
            output: None,
            // Libraries are linked with `--no-entry`.
            is_program: true,
        };
        let mut words = LinkerWords::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let text = argument.to_str().unwrap_or_default();
            let mut value = || {
                rest.next().ok_or_else(|| {
                    SdkError::Usage(format!(
                        "`{text}` needs a value behind it, and there is none"
                    ))
                })
            };
            match text {
                _ if words.is_waiting() => command.word(&mut words, text),
                "-o" => command.output = Some(value()?.into()),
                "-L" => {
                    let directory = value()?;
                    command.directory(directory);
                }
                "-l" => {
                    let name = value()?.to_string_lossy().into_owned();
                    command.inputs.push(Input::Library(name));
                }
                "--no-entry" | "-shared" | "--shared" => command.is_program = false,
                _ if !text.starts_with('-') => command.file(argument),
                _ => match (text.strip_prefix("-Wl,"), text.strip_prefix("-L")) {
                    (Some(all), _) => all
                        .split(',')
                        .for_each(|word| command.word(&mut words, word)),
                    (None, Some(joined)) => command.directory(OsStr::new(joined)),
                    (None, None) => command.word(&mut words, text),
                },
            }
        }
        Ok(command)
    }

    /// A file that is linked, unless it is of Rust's own C library.
    fn file(&mut self, path: &OsStr) {
        let path = PathBuf::from(path);
        let directory = path.parent().and_then(Path::file_name);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_start = name.starts_with("crt1") && name.ends_with(".o");
        if directory != Some(OsStr::new(OWN_LIBC)) && !is_start {
            self.inputs.push(Input::Linked(path));
        }
    }

    fn directory(&mut self, directory: &OsStr) {
        let path = PathBuf::from(directory);
        if path.file_name() != Some(OsStr::new(OWN_LIBC)) {
            self.directories.push(path);
        }
    }

    fn word(&mut self, words: &mut LinkerWords, word: &str) {
        match words.take(word) {
            Word::Kept(word) => {
                let symbol = word
                    .strip_prefix("--export=")
                    .or_else(|| word.strip_prefix("--export-if-defined="));
                // How many symbols are exported is not for others to say.
                let is_all = ["--export-dynamic", "--no-export-dynamic"].contains(&word.as_str());
                let is_left_out = symbol.is_some_and(|symbol| OF_WHOLE_MODULES.contains(&symbol));
                if !is_left_out && !is_all {
                    self.inputs.push(Input::Flag(word));
                }
            }
            Word::Other(word) => {
                if !word.starts_with('-') && word.ends_with(".a") {
                    self.file(OsStr::new(&word));
                } else if let Some(name) = word.strip_prefix("-l") {
                    self.inputs.push(Input::Library(name.to_owned()));
                } else if ["-O0", "-O1", "-O2", "-O3"].contains(&word.as_str()) {
                    self.inputs.push(Input::Flag(word));
                }
            }
            // `rustc` lets all symbols stay open, and finds out when the module is used; here they are named.
            Word::Open | Word::Dropped => {}
        }
    }
}

#[cfg(test)]
#[path = "rust_tests.rs"]
mod tests;
