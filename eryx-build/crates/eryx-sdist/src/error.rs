//! Why a source distribution cannot be used.

use std::error::Error;
use std::fmt;
use std::io;

use eryx_base::{errors::chain, escape::escape_lines};
use eryx_cache::CacheError;
use eryx_image::TreeError;
use eryx_interpreter::{PreinitError, bytecode::BytecodeError};
use eryx_vfs::{FileError, MountError};
use eryx_wasm::{fuse::FuseError, link::LinkError};
use eryx_wheel::{native::NativeError, unpack::UnpackError};

use super::archive_problem::ArchiveProblem;
use super::limits::MAX_ARCHIVE_SIZE;

/// Why a source distribution cannot be used.
#[derive(Debug)]
pub struct SourceError {
    /// The file name of the source distribution.
    pub archive: String,
    /// What is wrong.
    pub problem: Box<SourceProblem>,
}

impl SourceError {
    /// The last lines of what the build backend said, safe to show, when it was the backend that
    /// failed.
    #[must_use]
    pub fn traceback(&self) -> Option<String> {
        match &*self.problem {
            SourceProblem::Backend { said, .. }
            | SourceProblem::NativeCode { said, .. }
            | SourceProblem::Platform { said, .. }
            | SourceProblem::Program { said, .. } => Some(escape_lines(said).into_owned()),
            _ => None,
        }
    }
}

impl SourceError {
    /// Whether the build needs what the sandbox has not, a compiler or another program, so that it may
    /// succeed with programs of the machine. Not for packages whose native code is left out.
    #[must_use]
    pub fn needs_the_machine(&self) -> bool {
        match &*self.problem {
            SourceProblem::BackendProgram { .. } => true,
            SourceProblem::NativeCode { left_out, .. }
            | SourceProblem::Program { left_out, .. }
            | SourceProblem::Platform { left_out, .. } => !left_out,
            _ => false,
        }
    }

    /// The programs that the build needs, as far as they are known: at least a C compiler when
    /// [`SourceError::needs_the_machine`].
    #[must_use]
    pub fn programs(&self) -> Vec<String> {
        let program = match &*self.problem {
            SourceProblem::BackendProgram { programs, .. } => programs,
            SourceProblem::Program { program, .. } => program.as_str(),
            SourceProblem::NativeCode { .. } | SourceProblem::Platform { .. } => {
                "its build backend, a C compiler"
            }
            _ => return Vec::new(),
        };
        vec![program.to_owned()]
    }

    /// What is wrong, with all that lies beneath it and the last lines of what the backend said, but
    /// without the name of the archive.
    #[must_use]
    pub fn problem_in_full(&self) -> String {
        let problem = chain(&*self.problem);
        match self.traceback() {
            Some(said) => format!("{problem}\n{}", said.trim_end()),
            None => problem,
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.archive, self.problem)
    }
}

impl Error for SourceError {
    // The problem is in the message already; what lies beneath it is not.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.problem.source()
    }
}

/// What is wrong with a source distribution or its build.
#[derive(Debug, thiserror::Error)]
pub enum SourceProblem {
    /// The file cannot be read.
    #[error("it cannot be read")]
    Read(#[source] io::Error),
    /// The file is too large.
    #[error("it is larger than {} MiB", MAX_ARCHIVE_SIZE >> 20)]
    TooLarge,
    /// The file is not the one whose hash is known.
    #[error("it changed while it was needed; build again")]
    Changed,
    /// The archive is malformed or hostile.
    #[error(transparent)]
    Archive(#[from] ArchiveProblem),
    /// There is nothing in it that says how to build it.
    #[error("it has neither a pyproject.toml nor a setup.py, so that nothing says how to build it")]
    NoProject,
    /// `pyproject.toml` is not valid.
    #[error("its pyproject.toml is not valid: {problem}")]
    Project {
        /// What is wrong with it.
        problem: String,
    },
    /// A build requirement cannot be taken.
    #[error("its build requirement {requirement:?} {problem}")]
    Requirement {
        /// The requirement, as written.
        requirement: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The build requirements cannot be had.
    #[error("what its build requires cannot be had ({})", requirements.join(", "))]
    Requirements {
        /// The requirements.
        requirements: Vec<String>,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A distribution is needed to build itself.
    #[error("it is needed to build itself ({0}): name a wheel of one of them in `packages.wheels`")]
    Cycle(String),
    /// The backend does its work in a program.
    #[error(
        "its build backend `{backend}` needs {programs}, and no other program runs in the sandbox in \
         which builds run: let its build run programs of this machine with `packages.build.allow`, \
         take a version of it that has a wheel for any platform, name a wheel of it for WASI in \
         `packages.wheels`, or leave it out with `packages.exclude`"
    )]
    BackendProgram {
        /// The backend.
        backend: String,
        /// What it needs.
        programs: &'static str,
    },
    /// The build needs a compiler.
    #[error(
        "it has native code{}, and there is no compiler in the sandbox in which builds run: {}let its \
         build run programs of this machine with `packages.build.allow`, name a wheel of it for WASI in \
         `packages.wheels`, or leave it out with `packages.exclude`",
        extension.as_ref().map(|name| format!(" ({name})")).unwrap_or_default(),
        without_native_hint(package, *left_out)
    )]
    NativeCode {
        /// The package.
        package: String,
        /// The extension module, when it is known.
        extension: Option<String>,
        /// Whether its native parts were to be left out already.
        left_out: bool,
        /// The last lines of what the backend said.
        said: String,
    },
    /// The build needs another program.
    #[error(
        "its build runs the program `{program}`, and no other program runs in the sandbox in which \
         builds run: {}let its build run programs of this machine with `packages.build.allow`, name a \
         wheel of it for WASI in `packages.wheels`, or leave it out with `packages.exclude`",
        without_native_hint(package, *left_out)
    )]
    Program {
        /// The package.
        package: String,
        /// The program.
        program: String,
        /// Whether the package's native parts were to be left out already.
        left_out: bool,
        /// The last lines of what the backend said.
        said: String,
    },
    /// The build stops on platforms that it does not know.
    #[error(
        "its build does not know the platform of the sandbox, WASI ({message}): {}let its build \
         run on this machine with `packages.build.allow`, name a wheel of it for WASI in \
         `packages.wheels`, or leave it out with `packages.exclude`",
        without_native_hint(package, *left_out)
    )]
    Platform {
        /// The package.
        package: String,
        /// What it says, in one line.
        message: String,
        /// Whether the package's native parts were to be left out already.
        left_out: bool,
        /// The last lines of what the backend said.
        said: String,
    },
    /// The backend failed.
    #[error(
        "its build backend `{backend}` failed: {message}: take another version of it, build a wheel \
         elsewhere (`pip wheel`) and name it in `packages.wheels`, or leave it out with \
         `packages.exclude`"
    )]
    Backend {
        /// The backend.
        backend: String,
        /// The exception in one line.
        message: String,
        /// The last lines of the traceback.
        said: String,
    },
    /// The backend ended the interpreter, or did not answer as PEP 517 asks.
    #[error("its build backend `{backend}` gave no valid answer: {problem}")]
    Answer {
        /// The backend.
        backend: String,
        /// What is wrong with the answer.
        problem: String,
    },
    /// The build took too long.
    #[error(
        "its build did not end within {seconds} seconds: build a wheel elsewhere (`pip wheel`) and \
         name it in `packages.wheels`"
    )]
    TimeLimit {
        /// The limit.
        seconds: u64,
    },
    /// The sandbox of the build stopped.
    #[error("its build stopped the sandbox: {0}")]
    Trapped(String),
    /// The wheel that was built is not one of this package, or does not fit the sandbox.
    #[error("its build made the wheel {wheel:?}, which cannot be used: {problem}")]
    Wheel {
        /// The file name of the wheel.
        wheel: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The metadata is not that of this package.
    #[error("its metadata cannot be used: {0}")]
    Metadata(String),
    /// The packages that the build requires cannot be unpacked.
    #[error("what its build requires cannot be installed")]
    Install(#[source] UnpackError),
    /// A native library that the build requires cannot be used.
    #[error("what its build requires cannot be installed")]
    Native(#[from] NativeError),
    /// The interpreter of the build cannot be linked.
    #[error("the interpreter for its build cannot be made")]
    Link(#[from] LinkError),
    /// The libraries of the build cannot be fused, and are too many for an interpreter that is not.
    #[error(
        "its build requires so much that its interpreter has {libraries} native libraries, which are more than one \
         can have that is not fused, and they cannot be: take a wheel of the package"
    )]
    Unfused {
        /// How many there are, with those of the runtime.
        libraries: usize,
        /// Why they cannot be fused.
        source: FuseError,
    },
    /// The libraries of the build cannot be fused, and throw exceptions.
    #[error(
        "its build requires native libraries that throw exceptions, which an interpreter that is not fused \
         does not have, and they cannot be fused: take a wheel of the package"
    )]
    UnfusedExceptions(#[source] FuseError),
    /// The interpreter of the build cannot be started.
    #[error("the interpreter for its build cannot be started")]
    Start(#[from] PreinitError),
    /// The standard library cannot be compiled.
    #[error("the interpreter for its build cannot be made")]
    Bytecode(#[from] BytecodeError),
    /// The files of the build cannot be put together.
    #[error("the files of its build cannot be put together")]
    Files(#[from] TreeError),
    /// A path of the build is taken.
    #[error("the files of its build cannot be put together")]
    Mount(#[from] MountError),
    /// The sources cannot be put into the sandbox, or the result cannot be taken out.
    #[error("the files of its build cannot be handed over")]
    Scratch(#[from] FileError),
    /// The cache cannot be used.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

fn without_native_hint(package: &str, left_out: bool) -> String {
    if left_out {
        return "leaving native code out did not help; ".to_owned();
    }
    format!(
        "if it works without native code, add `{package}` to `packages.without-native`; otherwise "
    )
}
