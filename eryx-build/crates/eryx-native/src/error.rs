//! Why a package cannot be built with programs of the machine.

use std::{
    io,
    path::{Path, PathBuf},
};

use eryx_cache::CacheError;
use eryx_debian::DebianError;
use eryx_sdist::ArchiveProblem;
use eryx_sdk::{SdkError, retag::RetagError};
use eryx_wheel::unpack::WheelProblem;

/// Why a package cannot be built with programs of the machine.
#[derive(Debug, thiserror::Error)]
pub enum NativeBuildError {
    /// A file or directory cannot be read or written.
    #[error("cannot use {}", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// A recipe is not right.
    #[error("the recipe {} is not right: {problem}", path.display())]
    Recipe {
        /// The recipe.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A package has no recipe.
    #[error("`{0}` has no recipe: `eryx recipe list` shows those that there are")]
    NoRecipe(String),
    /// A recipe says nothing of how to see that it works.
    #[error("the recipe of `{0}` has no [check]: write `imports` and a line of `code` into one")]
    NoCheck(String),
    /// A library has no recipe.
    #[error(
        "the library `{0}` has no recipe: write one into the directory that `packages.build.recipes` names"
    )]
    NoLibrary(String),
    /// Libraries need each other.
    #[error("libraries need each other ({0}): break the circle in their recipes")]
    Circle(String),
    /// The source distribution changed or is too large.
    #[error("{0} is not what the lock names: fetch it again")]
    Changed(String),
    /// The source distribution is malformed.
    #[error("{archive} is malformed")]
    Archive {
        /// Its file name.
        archive: String,
        /// What is wrong.
        #[source]
        source: ArchiveProblem,
    },
    /// `pyproject.toml` is not valid.
    #[error("the pyproject.toml of {package} is not valid: {problem}")]
    Project {
        /// The package.
        package: String,
        /// What is wrong.
        problem: String,
    },
    /// A patch does not fit.
    #[error(
        "the recipe's patch of {file} does not fit {package}: the recipe is for other sources ({problem})"
    )]
    Patch {
        /// The package or library.
        package: String,
        /// The file.
        file: String,
        /// Why not.
        problem: String,
    },
    /// There is no Python that can run the build.
    #[error(
        "no Python {wanted}with pip was found to run the build: install one or uv, or name one in \
         `packages.build.python` (tried {tried})"
    )]
    NoPython {
        /// Which versions would do, as a part of the sentence.
        wanted: String,
        /// What was tried.
        tried: String,
    },
    /// A program cannot be started.
    #[error("`{program}` cannot be started{hint}")]
    Start {
        /// The program.
        program: String,
        /// What to do, as the end of the sentence.
        hint: &'static str,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// A program failed.
    #[error("{what} failed{first}; all it said is in {}{said}", log.display())]
    Failed {
        /// What was done.
        what: String,
        /// The first error of the log, as a part of the sentence.
        first: String,
        /// The log.
        log: PathBuf,
        /// The last lines, indented.
        said: String,
    },
    /// A program took too long.
    #[error("{what} did not end within {minutes} minutes; all it said is in {}", log.display())]
    TimeLimit {
        /// What was done.
        what: String,
        /// The limit.
        minutes: u64,
        /// The log.
        log: PathBuf,
    },
    /// What a build requires cannot be had.
    #[error("what the build of {package} requires cannot be had ({requirements}):{said}")]
    Requirements {
        /// The package.
        package: String,
        /// The requirements.
        requirements: String,
        /// What pip said, indented.
        said: String,
    },
    /// The network is forbidden.
    #[error("{what} is not in the cache, and `--offline` forbids to fetch it")]
    Offline {
        /// What is missing.
        what: String,
    },
    /// The sources of a library cannot be had.
    #[error("the sources of {library} cannot be had:{problems}")]
    Sources {
        /// The library.
        library: String,
        /// A line for each place.
        problems: String,
    },
    /// Debian's sources cannot be had.
    #[error(transparent)]
    Debian(Box<DebianError>),
    /// Something has another hash than its recipe says.
    #[error("{what} has the SHA-256 {found}, and its recipe says {wanted}: it was changed since")]
    Hash {
        /// What it is.
        what: String,
        /// The hash in the recipe.
        wanted: String,
        /// Its own.
        found: String,
    },
    /// The build backend answered something else than PEP 517 says.
    #[error("the build backend of {package} gave no valid answer: {problem}")]
    Answer {
        /// The package.
        package: String,
        /// What is wrong.
        problem: String,
    },
    /// The wheel is not one of the package.
    #[error("the build of {package} made {wheel}, which is not a wheel of it")]
    OtherWheel {
        /// The package and version.
        package: String,
        /// The file.
        wheel: String,
    },
    /// The wheel is malformed.
    #[error("the wheel that the build of {package} made is malformed")]
    Wheel {
        /// The package.
        package: String,
        /// What is wrong.
        #[source]
        source: WheelProblem,
    },
    /// The wheel cannot be tagged.
    #[error(transparent)]
    Retag(Box<RetagError>),
    /// The SDK cannot be used.
    #[error(transparent)]
    Sdk(Box<SdkError>),
    /// The cache cannot be used.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

impl NativeBuildError {
    /// For an operation on a file or directory.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }

    /// For a recipe that is not right.
    pub(crate) fn recipe(path: &Path, problem: impl Into<String>) -> Self {
        Self::Recipe {
            path: path.to_owned(),
            problem: problem.into(),
        }
    }
}

impl From<DebianError> for NativeBuildError {
    fn from(error: DebianError) -> Self {
        Self::Debian(Box::new(error))
    }
}

impl From<RetagError> for NativeBuildError {
    fn from(error: RetagError) -> Self {
        Self::Retag(Box::new(error))
    }
}

impl From<SdkError> for NativeBuildError {
    fn from(error: SdkError) -> Self {
        Self::Sdk(Box::new(error))
    }
}
