//! Why a bake failed.

use super::PreinitFailure;
use super::unallowed::Unallowed;
use crate::{
    bytecode::BytecodeError, cache::CacheError, compile::CompileError, fetch::FetchError,
    fuse::FuseError, interface::InterfaceError, link::LinkError, native::NativeError,
    requires::RequiresError, resolve::ResolveError, source::SourceError, tree::FilesError,
    unpack::UnpackError,
};
use eryx_base::errors::chain;
use eryx_image::WriteError;
use eryx_interpreter::PreinitError;
use eryx_native::NativeBuildError;
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
    /// In resolve, as builds would run programs of the machine to tell what packages require, and the
    /// manifest does not allow it.
    #[error("{}", chain(&**error))]
    Unresolved {
        /// The packages.
        packages: Vec<Unallowed>,
        /// What resolving says of it.
        error: Box<ResolveError>,
    },
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
    /// The recipes of native builds cannot be used.
    #[error("the recipes cannot be used")]
    NativeBuilds(#[source] Box<NativeBuildError>),
    /// Builds would run programs of the machine, and the manifest does not allow it.
    #[error("{}", unallowed(.0))]
    Unallowed(Vec<Unallowed>),
    /// A package cannot be built with programs of the machine.
    #[error("`{package}`{required} cannot be built")]
    NativeBuild {
        /// The package.
        package: String,
        /// Who requires it, as a part of the sentence.
        required: String,
        /// Why.
        source: Box<NativeBuildError>,
    },
    /// A wheel cannot be written.
    #[error("cannot write {}", path.display())]
    Wheels {
        /// The wheel, or the directory that it should be in.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
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
    /// The libraries cannot be fused, and throw exceptions.
    #[error(
        "native libraries throw exceptions, which an image that is not fused does not have, and they \
         cannot be fused"
    )]
    UnfusedExceptions(#[source] FuseError),
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

impl BakeError {
    /// The packages whose builds failed for no other reason than that they may not run programs of
    /// the machine; none when something else is wrong.
    #[must_use]
    pub fn unallowed(&self) -> Vec<Unallowed> {
        match self {
            Self::Unallowed(packages) => packages.clone(),
            Self::Source {
                package, source, ..
            } if source.needs_the_machine() => vec![Unallowed::new(package, source)],
            Self::Unresolved { packages, .. } => packages.clone(),
            Self::Sources(errors) => {
                let each: Vec<_> = errors.iter().map(Self::unallowed).collect();
                match each.iter().any(Vec::is_empty) {
                    true => Vec::new(),
                    false => each.concat(),
                }
            }
            _ => Vec::new(),
        }
    }
}

/// Which packages would run what, and the line that allows it.
fn unallowed(packages: &[Unallowed]) -> String {
    let lines = packages.iter().map(|one| format!("\n  {one}"));
    let names = packages.iter().map(|one| format!("{:?}", one.name));
    format!(
        "{} to be built with programs of this machine, which run with your rights:{}\nif you trust \
         them, allow it in the manifest:\n  [packages.build]\n  allow = [{}]",
        match packages.len() {
            1 => "a package has".to_owned(),
            number => format!("{number} packages have"),
        },
        lines.collect::<String>(),
        names.collect::<Vec<_>>().join(", "),
    )
}

/// A line for each of several failures, with what lies beneath it.
fn lines(errors: &[BakeError]) -> String {
    let lines = errors.iter().map(|error| format!("\n  {}", chain(error)));
    lines.collect()
}
