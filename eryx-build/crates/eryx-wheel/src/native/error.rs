//! Why native libraries cannot be used.

use std::error::Error;
use std::fmt;

use wasmparser::BinaryReaderError;

use super::suffix::EXTENSION_SUFFIX;

/// The most problems that a message lists.
const MAX_SHOWN: usize = 20;

/// Why the native libraries of a site tree cannot be used.
#[derive(Debug)]
pub struct NativeError {
    /// What is wrong; never empty.
    pub problems: Vec<NativeProblem>,
}

impl fmt::Display for NativeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [problem] = &self.problems[..] {
            return write!(formatter, "{problem}");
        }
        formatter.write_str("native libraries cannot be used:")?;
        for problem in self.problems.iter().take(MAX_SHOWN) {
            write!(formatter, "\n  {problem}")?;
            if let Some(source) = problem.source() {
                write!(formatter, ": {source}")?;
            }
        }
        match self.problems.len().saturating_sub(MAX_SHOWN) {
            0 => Ok(()),
            more => write!(formatter, "\n  and {more} more"),
        }
    }
}

impl Error for NativeError {
    // With several, each has its own in the message.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.problems[..] {
            [problem] => problem.source(),
            _ => None,
        }
    }
}

/// Why a native library cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NativeProblem {
    /// A library is machine code of another platform.
    #[error(
        "{path:?} in {wheel} is machine code for {platform}, which cannot run in the sandbox\
         {more}: if `{package}` works without its native libraries, add it to \
         `packages.without-native`; otherwise name a wheel of it for WASI in `packages.wheels`"
    )]
    Foreign {
        /// The package.
        package: String,
        /// The file name of its wheel, and who requires it.
        wheel: String,
        /// The first such file, relative to the site tree.
        path: String,
        /// The platform it is for.
        platform: String,
        /// How many more such files the wheel has, in words, or nothing.
        more: String,
    },
    /// An extension module is for another Python.
    #[error(
        "{path:?} in {wheel} is an extension module for another Python: the sandbox runs CPython \
         3.14 for WASI, whose modules end in {EXTENSION_SUFFIX} or .abi3.so"
    )]
    OtherPython {
        /// The file name of the wheel, and who requires it.
        wheel: String,
        /// The file, relative to the site tree.
        path: String,
    },
    /// A file has the name of an extension module for the sandbox, and is none.
    #[error(
        "{path:?} in {wheel} has the name of an extension module for the sandbox, and is no \
         WebAssembly at all: build the wheel again, or name another one in `packages.wheels`"
    )]
    NoLibrary {
        /// The file name of the wheel, and who requires it.
        wheel: String,
        /// The file, relative to the site tree.
        path: String,
    },
    /// A file with the name of a library is WebAssembly but no shared library.
    #[error(
        "{path:?} in {wheel} is WebAssembly but not a shared library (it does not begin with a \
         `dylink.0` section): link it with `wasm-ld -shared`"
    )]
    NotShared {
        /// The file name of the wheel, and who requires it.
        wheel: String,
        /// The file, relative to the site tree.
        path: String,
    },
    /// A wasm shared library is malformed.
    #[error("{path:?} in {wheel} is a damaged WebAssembly library")]
    Malformed {
        /// The file name of the wheel, and who requires it.
        wheel: String,
        /// The file, relative to the site tree.
        path: String,
        /// What is wrong, and at which byte.
        #[source]
        source: BinaryReaderError,
    },
}
