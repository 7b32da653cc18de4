//! What a build asks of a compiler, and what of it fits the sandbox.

use super::{
    super::SdkError,
    linker_words::{LinkerWords, OPEN_SYMBOLS, Word},
    program::Program,
};
use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

/// Flags with a value behind them that are about the machine, or about the form of its libraries.
const DROPPED_PAIRS: [&str; 16] = [
    "-arch",
    "-isysroot",
    "--sysroot",
    "-target",
    "-T",
    "-z",
    "-e",
    "-R",
    "-h",
    "-soname",
    "-framework",
    "-install_name",
    "-undefined",
    "-rpath",
    "-m",
    "--param",
];

/// Flags with a value behind them that stay.
const KEPT_PAIRS: [&str; 10] = [
    "-include",
    "-imacros",
    "-D",
    "-U",
    "-MF",
    "-MT",
    "-MQ",
    "-Xclang",
    "-mllvm",
    "-Xpreprocessor",
];

/// Flags that begin like this are about the machine, its processor, or ways to link that there are not here.
const DROPPED_PREFIXES: [&str; 28] = [
    "-Wp,",
    "-march=",
    "-mtune=",
    "-mcpu=",
    "-mfpmath=",
    "-msse",
    "-mssse",
    "-mavx",
    "-mfma",
    "-mno-",
    "-mmacosx-version-min",
    "-mbranch-protection",
    "-fstack-protector",
    "-fstack-clash-protection",
    "-fno-stack-",
    "-fcf-protection",
    "-fsanitize",
    "-flto",
    "-fno-lto",
    "-ffat-lto-objects",
    "-fno-plt",
    "-fuse-ld",
    "-fprofile-",
    "-specs=",
    "-static-lib",
    "--target=",
    "--sysroot=",
    "-D_FORTIFY_SOURCE",
];

/// The same for whole flags.
const DROPPED: [&str; 26] = [
    "-m64",
    "-m32",
    "-mpopcnt",
    "-maes",
    "-mpclmul",
    "-mcrc32",
    "-mneon",
    "-pthread",
    "-pipe",
    "-rdynamic",
    "-static",
    "-dynamic",
    "-pie",
    "-no-pie",
    "-fPIE",
    "-fpie",
    "-fno-pie",
    "-fno-pic",
    "-s",
    "-nostdlib",
    "-nodefaultlibs",
    "-fvar-tracking-assignments",
    "-U_FORTIFY_SOURCE",
    "-shared-libgcc",
    // The compiler itself gives its front end more than that looks at.
    "-Wunused-command-line-argument",
    "-Werror=unused-command-line-argument",
];

/// What is to come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Action {
    /// Preprocessed text.
    Preprocess,
    /// Assembly.
    Assembly,
    /// An object.
    Object,
    /// A shared library.
    Shared,
    /// A program, by which builds find out what there is.
    Executable,
    /// Something about the compiler itself.
    #[default]
    Ask,
    /// The linker's name and version.
    LinkerVersion,
    /// The name of the target.
    Target,
}

/// Something that is compiled or linked, in its place among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// A file to compile.
    Source(PathBuf),
    /// An object, archive or library.
    Linked(PathBuf),
    /// A library by its name, without `lib` and ending.
    Library(String),
    /// A flag of the linker.
    Flag(String),
}

/// What is asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Command {
    pub action: Action,
    /// Whether C++ is asked for by the name of the program.
    pub is_cxx: bool,
    pub inputs: Vec<Input>,
    pub output: Option<PathBuf>,
    /// What goes to the compiler as it is.
    pub flags: Vec<OsString>,
    /// Directories of headers, each with its flag.
    pub includes: Vec<(OsString, PathBuf)>,
    /// Directories of libraries.
    pub directories: Vec<PathBuf>,
    /// Whether symbols may stay open.
    pub may_be_open: bool,
    /// Whether exceptions are asked for, when something is said of them.
    pub wants_exceptions: Option<bool>,
    /// The language of what follows, when it is not told by names.
    pub language: Option<OsString>,
}

impl Command {
    /// Reads the arguments of a program.
    pub(super) fn read(program: Program, arguments: &[OsString]) -> Result<Self, SdkError> {
        let mut reader = Reader::new(program);
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            reader.take(argument, &mut rest)?;
        }
        Ok(reader.finish())
    }

    /// Whether a file is C++.
    pub(super) fn is_cxx_source(&self, path: &Path) -> bool {
        if let Some(language) = &self.language {
            return language.to_string_lossy().starts_with("c++");
        }
        let ending = path.extension().unwrap_or_default();
        self.is_cxx
            || ["cc", "cpp", "cxx", "c++", "C", "CPP", "ii"]
                .iter()
                .any(|one| ending == *one)
    }
}

struct Reader {
    command: Command,
    words: LinkerWords,
    is_linker: bool,
    wanted: Option<Action>,
    asked: Option<Action>,
}

impl Reader {
    fn new(program: Program) -> Self {
        Self {
            command: Command {
                is_cxx: program == Program::Cxx,
                ..Command::default()
            },
            words: LinkerWords::default(),
            is_linker: program == Program::Linker,
            wanted: None,
            asked: None,
        }
    }

    fn take<'a>(
        &mut self,
        argument: &'a OsStr,
        rest: &mut impl Iterator<Item = &'a OsString>,
    ) -> Result<(), SdkError> {
        // Flags are text; names of files need not be.
        let text = argument.to_str().unwrap_or_default();
        let mut value = |flag: &str| {
            rest.next().ok_or_else(|| {
                SdkError::Usage(format!(
                    "`{flag}` needs a value behind it, and there is none"
                ))
            })
        };
        if self.is_linker && self.words.is_waiting() {
            self.take_word(text);
            return Ok(());
        }
        let command = &mut self.command;
        if !text.starts_with('-') || text == "-" {
            command.inputs.push(input(argument));
            return Ok(());
        }
        for flag in ["-I", "-isystem", "-iquote", "-idirafter"] {
            if let Some(joined) = text.strip_prefix(flag) {
                let directory = match joined {
                    "" => PathBuf::from(value(flag)?),
                    joined => joined.into(),
                };
                command.includes.push((flag.into(), directory));
                return Ok(());
            }
        }
        match text {
            "-c" => self.want(Action::Object),
            "-S" => self.want(Action::Assembly),
            "-E" | "-M" | "-MM" => {
                if text != "-E" {
                    command.flags.push(text.into());
                }
                self.want(Action::Preprocess);
            }
            "-shared" | "--shared" | "-bundle" | "-dynamiclib" => {
                if self.wanted.is_none() {
                    self.wanted = Some(Action::Shared);
                }
            }
            "-o" => command.output = Some(value("-o")?.into()),
            "-x" => {
                let language = value("-x")?;
                command.language = (language != "none").then(|| language.clone());
            }
            "-Wl,--version" | "-Wl,-v" => self.asked = Some(Action::LinkerVersion),
            "-dumpmachine" => self.asked = Some(Action::Target),
            "--version" | "-v" | "-V" if self.is_linker => {
                self.asked = Some(Action::LinkerVersion);
            }
            "-L" => command.directories.push(value("-L")?.into()),
            "-l" => {
                let name = value("-l")?.to_string_lossy().into_owned();
                command.inputs.push(Input::Library(name));
            }
            "-Xlinker" => {
                let word = value("-Xlinker")?.to_string_lossy().into_owned();
                self.take_word(&word);
            }
            "-u" => {
                let symbol = value("-u")?.to_string_lossy();
                let flag = format!("--undefined={symbol}");
                command.inputs.push(Input::Flag(flag));
            }
            "-fexceptions" => command.wants_exceptions = Some(true),
            "-fno-exceptions" => command.wants_exceptions = Some(false),
            _ if DROPPED_PAIRS.contains(&text) => {
                let value = value(text)?.to_string_lossy();
                command.may_be_open |= OPEN_SYMBOLS.contains(&value.as_ref());
            }
            _ if KEPT_PAIRS.contains(&text) => {
                let value = value(text)?.clone();
                command.flags.extend([text.into(), value]);
            }
            _ => self.take_joined(text),
        }
        Ok(())
    }

    fn want(&mut self, action: Action) {
        // `-E -c` is `-E`; what comes out earliest wins.
        let earlier = |one: Action| match one {
            Action::Preprocess => 0,
            Action::Assembly => 1,
            Action::Object => 2,
            _ => 3,
        };
        if self
            .wanted
            .is_none_or(|wanted| earlier(action) < earlier(wanted))
        {
            self.wanted = Some(action);
        }
    }

    /// Flags that have their value with them, or none.
    fn take_joined(&mut self, text: &str) {
        let command = &mut self.command;
        if let Some(directory) = text.strip_prefix("-L") {
            command.directories.push(directory.into());
        } else if let Some(name) = text.strip_prefix("-l") {
            command.inputs.push(Input::Library(name.to_owned()));
        } else if let Some(output) = text.strip_prefix("-o").filter(|_| !self.is_linker) {
            command.output = Some(output.into());
        } else if let Some(words) = text.strip_prefix("-Wl,") {
            words.split(',').for_each(|word| self.take_word(word));
        } else if self.is_linker || is_export(text) || OPEN_SYMBOLS.contains(&text) {
            self.take_word(text);
        } else if !is_dropped(text) {
            command.flags.push(text.into());
        }
    }

    /// A word for the linker.
    fn take_word(&mut self, word: &str) {
        let inputs = &mut self.command.inputs;
        match self.words.take(word) {
            Word::Kept(flag) => inputs.push(Input::Flag(flag)),
            Word::Open => self.command.may_be_open = true,
            Word::Other(word) => match (word.strip_prefix("-l"), input(OsStr::new(&word))) {
                (Some(name), _) => inputs.push(Input::Library(name.to_owned())),
                // Between `-Wl,--whole-archive` and its end.
                (None, file @ Input::Linked(_)) => inputs.push(file),
                _ => {}
            },
            Word::Dropped => {}
        }
    }

    fn finish(self) -> Command {
        let mut command = self.command;
        let is_flag = |input: &Input| matches!(input, Input::Flag(_));
        let nothing = command.inputs.iter().all(is_flag);
        command.action = match (self.asked, self.wanted) {
            (Some(asked), _) => asked,
            (None, _) if nothing => Action::Ask,
            (None, Some(wanted)) => wanted,
            (None, None) if self.is_linker => Action::Shared,
            (None, None) => Action::Executable,
        };
        command
    }
}

/// What a file is, by its name.
fn input(argument: &OsStr) -> Input {
    let path = PathBuf::from(argument);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let is_linked =
        ["o", "obj", "a", "so", "lo", "wasm"].contains(&ending.as_ref()) || name.contains(".so.");
    match is_linked {
        true => Input::Linked(path),
        false => Input::Source(path),
    }
}

/// Compilers for WebAssembly hand these on by themselves.
fn is_export(flag: &str) -> bool {
    flag.starts_with("--export=") || flag.starts_with("--export-if-defined=")
}

fn is_dropped(flag: &str) -> bool {
    // Libraries are stripped anyway. `-gnu…` would be another flag, but there is none.
    let is_debug = flag.starts_with("-g");
    is_debug
        || DROPPED.contains(&flag)
        || DROPPED_PREFIXES
            .iter()
            .any(|prefix| flag.starts_with(prefix))
}

#[cfg(test)]
#[path = "arguments_tests.rs"]
mod tests;
