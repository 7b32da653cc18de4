//! Why a bake failed.

use super::PreinitFailure;
use crate::{
    bytecode::BytecodeError, cache::CacheError, compile::CompileError, fetch::FetchError,
    fuse::FuseError, interface::InterfaceError, link::LinkError, native::NativeError,
    requires::RequiresError, resolve::ResolveError, source::SourceError, tree::FilesError,
    unpack::UnpackError,
};
use eryx_base::errors::chain;
use eryx_image::WriteError;
use eryx_interpreter::PreinitError;
use eryx_runtime::RuntimeError;
use eryx_vfs::MountError;
use std::{io, path::PathBuf};

/// Why a bake failed: the stage's own error.
#[derive(Debug, thiserror::Error)]
pub enum BakeError {
    /// No cache.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The runtime cannot be used.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    /// The runtime is for another version of eryx.
    #[error(transparent)]
    Interface(#[from] InterfaceError),
    /// In resolve.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// In fetch.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A source distribution cannot be built.
    #[error("`{package}`{required} cannot be built from its source distribution")]
    Source {
        /// The package.
        package: String,
        /// Who requires it, as a part of the sentence.
        required: String,
        /// Why.
        source: Box<SourceError>,
    },
    /// Several source distributions cannot be built.
    #[error("{} packages cannot be built:{}", .0.len(), lines(.0))]
    Sources(Vec<Self>),
    /// In unpack.
    #[error(transparent)]
    Unpack(#[from] UnpackError),
    /// The packages do not fit together.
    #[error(transparent)]
    Requires(#[from] RequiresError),
    /// A native library cannot be used.
    #[error(transparent)]
    Native(#[from] NativeError),
    /// The manifest's files cannot be taken.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The entrypoint is not in the image.
    #[error(
        "the entrypoint `{0}` is not in the image: name a script that `image.files` puts there, or a \
         function in a module of a package or below /app"
    )]
    Entrypoint(String),
    /// The preinit script cannot be read.
    #[error("the preinit script `{}` cannot be read", path.display())]
    Script {
        /// The script.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A path of the bake's own is taken.
    #[error(transparent)]
    Mount(#[from] MountError),
    /// In link.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The libraries cannot be fused, and are too many for an image that is not.
    #[error(
        "{libraries} libraries are more than an image can have that is not fused, and they cannot be"
    )]
    Unfused {
        /// How many there are, with those of the runtime.
        libraries: usize,
        /// Why they cannot be fused.
        source: FuseError,
    },
    /// In preinit.
    #[error(transparent)]
    Preinit(#[from] PreinitFailure),
    /// The component cannot be compiled for preinit.
    #[error(transparent)]
    Interpreter(#[from] PreinitError),
    /// In compile.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// In bytecode.
    #[error(transparent)]
    Bytecode(#[from] BytecodeError),
    /// In pack.
    #[error(transparent)]
    Pack(#[from] WriteError),
}

/// A line for each of several failures, with what lies beneath it.
fn lines(errors: &[BakeError]) -> String {
    let lines = errors.iter().map(|error| format!("\n  {}", chain(error)));
    lines.collect()
}
