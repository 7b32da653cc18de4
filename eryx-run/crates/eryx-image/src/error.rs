//! Why an image is refused, and why one could not be written.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use eryx_base::escape::escape;
use thiserror::Error;

use super::elf::CodeError;
use super::index::IndexError;
use super::layout::{FORMAT_VERSION, Part, TrailerError};
use super::metadata::MAX_METADATA;

/// Why an image cannot be used: which file, and what the matter is.
#[derive(Debug)]
pub struct ImageError {
    path: PathBuf,
    problem: Box<ImageProblem>,
}

impl ImageError {
    pub(super) fn new(path: &Path, problem: ImageProblem) -> Self {
        Self {
            path: path.to_owned(),
            problem: Box::new(problem),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the matter with it is.
    pub fn problem(&self) -> &ImageProblem {
        &self.problem
    }
}

impl fmt::Display for ImageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.to_string_lossy();
        write!(
            formatter,
            "cannot use image `{}`: {}",
            escape(&path),
            self.problem
        )
    }
}

impl Error for ImageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.problem.source()
    }
}

/// What the matter with an image is.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImageProblem {
    /// There is no file at the path.
    #[error("there is no such file")]
    NotFound,
    /// There is a directory at the path.
    #[error("it is a directory, not a file")]
    Directory,
    /// There is a device, a pipe or a socket at the path.
    #[error("it is not a regular file")]
    NotAFile,
    /// The operating system refuses to open, map or read the file.
    #[error("it cannot be read: {0}")]
    Read(#[source] io::Error),
    /// Others can write to the file, and there is no room for a copy that nobody can change.
    #[error(
        "other users can write to it, and it cannot be copied into memory ({0}): \
         take the permission away, or make room"
    )]
    Copy(#[source] io::Error),
    /// The file is empty.
    #[error("the file is empty")]
    Empty,
    /// The file is larger than the address space.
    #[error("the file is too large for this machine")]
    TooLarge,
    /// The file is something else than an image.
    #[error("it is not an eryx image but {0}")]
    Foreign(Foreign),
    /// The file begins like an image, but its end is not one.
    #[error("the end of the file is missing or damaged: copy it again, or bake it again")]
    Truncated,
    /// The trailer contradicts itself or the file.
    #[error("the trailer of the image is damaged ({0}): copy it again, or bake it again")]
    Trailer(#[source] TrailerError),
    /// The image has a newer format.
    #[error(
        "its format is version {0}, and this loader knows none newer than {FORMAT_VERSION}: \
         use a newer eryx-run"
    )]
    TooNew(u32),
    /// A part does not match its sha256 in the trailer.
    #[error("the {0} in it does not match its sha256: copy the image again, or bake it again")]
    Digest(Part),
    /// Padding between the parts is not zero.
    #[error("the padding before byte {0} is not zero: copy the image again, or bake it again")]
    Padding(u64),
    /// The metadata are longer than [`MAX_METADATA`].
    #[error("it has {0} bytes of metadata, and no more than {MAX_METADATA} are possible")]
    MetadataSize(u64),
    /// The metadata are not what this format wants.
    #[error("its metadata cannot be understood: {}", escape(&.0.to_string()))]
    Metadata(#[source] serde_json::Error),
    /// The tree index is not sound.
    #[error("the index of its files is damaged: {0}")]
    Index(#[source] IndexError),
    /// The compiled component is not sound.
    #[error("the machine code in it is damaged: {0}")]
    Code(#[source] CodeError),
    /// The image was baked for another version of wasmtime.
    #[error(
        "it was baked for wasmtime {image}; this loader has {loader}: \
         bake it again with the matching eryx-build"
    )]
    Wasmtime {
        /// The version in the image.
        image: String,
        /// The version in the loader.
        loader: &'static str,
    },
    /// The image was baked for another architecture or operating system.
    #[error(
        "it was baked for {image}, and this machine is {host}: bake it again with `target` set"
    )]
    Target {
        /// The target triple of the image.
        image: String,
        /// The architecture and operating system of this machine.
        host: String,
    },
    /// The CPU of this machine lacks features that the image was baked for.
    #[error(
        "it was baked for `{baseline}` CPUs, and this one lacks {missing}: \
         bake it again with `cpu = \"portable\"`"
    )]
    CpuFeatures {
        /// The baseline in the image.
        baseline: String,
        /// The features that are missing, separated by commas.
        missing: String,
    },
    /// The engine of the loader is set otherwise than that of the toolchain was.
    #[error(
        "it was baked with the engine setting `{name}` = {image}, and this loader has {loader}: \
         bake it again with the matching eryx-build"
    )]
    Setting {
        /// The first setting that differs.
        name: String,
        /// Its value in the image.
        image: String,
        /// Its value in the loader.
        loader: String,
    },
    /// The image does not say which interfaces it needs.
    #[error(
        "it does not say which interfaces it needs, as images did before these had versions: bake it \
         again (it was baked by {toolchain})"
    )]
    NoInterfaces {
        /// What baked the image.
        toolchain: String,
    },
    /// The loader lacks an interface that the image imports, or to whose guests it does not speak.
    #[error(
        "it needs the interface `{name}`, which this loader does not have: bake it again, or use the \
         loader of the version that baked it ({toolchain})"
    )]
    Interface {
        /// The interface, as WIT names it.
        name: String,
        /// What baked the image.
        toolchain: String,
    },
}

/// What a file is that is no image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Foreign {
    /// `\0asm`, version 1.
    WasmModule,
    /// `\0asm`, a component.
    WasmComponent,
    /// A compiled component without what makes it an image.
    Compiled,
    /// An ELF program or library.
    Elf,
    /// A zip archive, such as a wheel.
    Zip,
    /// Text.
    Text,
    /// Anything else.
    Unknown,
}

impl fmt::Display for Foreign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::WasmModule => "a WebAssembly module: images are baked with `eryx build`",
            Self::WasmComponent => "a WebAssembly component: images are baked with `eryx build`",
            Self::Compiled => {
                "a component compiled by wasmtime, without files and metadata: \
                 images are baked with `eryx build`"
            }
            Self::Elf => "a program or library (ELF)",
            Self::Zip => "a zip archive",
            Self::Text => "a text file: name the image first, then the script",
            Self::Unknown => "something else",
        })
    }
}

/// Why an image could not be written. What was at the path before is still there.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The path has no file name, or there is something else than a file.
    #[error("cannot write image `{}`: {reason}", .path.display())]
    Path {
        /// The path of the image.
        path: PathBuf,
        /// What is in the way.
        reason: &'static str,
    },
    /// The operating system refuses; the disk may be full, or the directory read-only.
    #[error("cannot write image `{}`: {source}", .path.display())]
    Write {
        /// The path of the image.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The compiled component is not one that a loader would take.
    #[error("cannot write image `{}`: its machine code cannot be used: {source}", .path.display())]
    Code {
        /// The path of the image.
        path: PathBuf,
        /// What the matter with it is.
        source: CodeError,
    },
    /// The metadata cannot be encoded.
    #[error("cannot write image `{}`: its metadata cannot be encoded: {source}", .path.display())]
    Metadata {
        /// The path of the image.
        path: PathBuf,
        /// Why not.
        source: serde_json::Error,
    },
    /// The metadata are longer than [`MAX_METADATA`].
    #[error(
        "cannot write image `{}`: {length} bytes of metadata are more than the {MAX_METADATA} \
         that are possible; shorten descriptions or leave out packages",
        .path.display()
    )]
    MetadataSize {
        /// The path of the image.
        path: PathBuf,
        /// How long they are.
        length: u64,
    },
}
