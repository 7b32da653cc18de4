//! Why the SDK cannot be installed or used.

use super::retag::RetagError;
use eryx_cache::CacheError;
use eryx_debian::DebianError;
use eryx_runtime::{RuntimeError, WheelError};
use std::{io, path::PathBuf};

/// Why the SDK cannot be installed or used.
#[derive(Debug, thiserror::Error)]
pub enum SdkError {
    /// There is none.
    #[error(
        "there is no SDK for this version of eryx and this runtime in {}: run `eryx sdk install`", .0.display()
    )]
    NotInstalled(PathBuf),
    /// The runtime has another Python than the headers are for.
    #[error(
        "the runtime {runtime} has Python {python}, and SDKs are made for Python 3.14 alone: choose another runtime"
    )]
    OtherPython {
        /// The runtime's name.
        runtime: String,
        /// Its version of Python.
        python: String,
    },
    /// It has lost a file, or another program changed it.
    #[error(
        "the SDK in {} is damaged: run `eryx sdk install --again`", path.display()
    )]
    Damaged {
        /// The SDK's directory.
        path: PathBuf,
        /// What is wrong with its record.
        #[source]
        source: io::Error,
    },
    /// The user's directory is not known or not fit.
    #[error(transparent)]
    Directory(#[from] CacheError),
    /// A file or directory cannot be read or written.
    #[error("cannot use {}: free or unlock it, or name another folder in ERYX_SDK_DIR", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The built-in runtime does not pass its own checks.
    #[error("the SDK needs the libraries of the built-in runtime, which cannot be used")]
    Runtime(#[from] RuntimeError),
    /// The runtime lacks what the SDK is derived from.
    #[error("the runtime has no usable `{0}`, which the SDK is derived from: use another runtime")]
    RuntimeLacks(&'static str),
    /// There is no compiler.
    #[error(transparent)]
    Compiler(#[from] WheelError),
    /// A program cannot be started.
    #[error("`{program}` cannot be started: run `eryx sdk install --again` if it was removed")]
    Start {
        /// The program.
        program: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// What was to run with the variables of a build cannot be started.
    #[error("`{program}` cannot be started: check its name")]
    Command {
        /// The program.
        program: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The compiler cannot compile its own runtime library.
    #[error("the compiler cannot compile {what}; it says:\n{output}")]
    Compile {
        /// What was compiled.
        what: &'static str,
        /// What it printed.
        output: String,
    },
    /// A directory of headers is none, or of another Python.
    #[error("{} has no headers of Python 3.14: {problem}", directory.display())]
    Headers {
        /// The directory.
        directory: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// No headers were found anywhere.
    #[error(
        "no headers of Python 3.14 were found: install Python 3.14 with its headers, or uv, or name a \
         folder that has `Python.h` with --python-include (tried {tried})"
    )]
    NoHeaders {
        /// What was tried and what came of it.
        tried: String,
        /// Why not even Debian's could be had.
        #[source]
        source: Box<DebianError>,
    },
    /// What is asked of the compiler cannot be understood.
    #[error("{0}")]
    Usage(String),
    /// A library that was made is not WebAssembly.
    #[error("the library {} is damaged: link it again", path.display())]
    Library {
        /// The library.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: wasmparser::BinaryReaderError,
    },
    /// A library needs what no library of the sandbox has.
    #[error("{0}")]
    Unresolved(String),
    /// A wheel cannot be retagged.
    #[error(transparent)]
    Retag(#[from] RetagError),
}

impl SdkError {
    /// For an operation on a file or directory.
    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
