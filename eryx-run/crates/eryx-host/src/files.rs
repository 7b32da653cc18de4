//! The file system of a run: where image tree, scratch space, devices and mounts meet.

use crate::{
    capability::{clocks::types::Clocks, random::types::Random},
    policy::{
        mount::Access,
        rules::{HOME_DIRECTORY, Policy},
    },
};
use eryx_image::{Image, Tree};
use eryx_vfs::{
    Devices, FileError, Follow, HostAccess, HostFileSystem, HostMountError, HostMountOptions,
    ImageFileSystem, MountError, Namespace, NamespaceBuilder, ProtectedFiles, RandomSource,
    Scratch, ScratchLimits,
};
use std::{path::PathBuf, sync::Arc};

/// How many files `/tmp` holds.
const SCRATCH_FILES: u64 = 65_536;

/// How many files the home directory holds: settings and caches.
const HOME_FILES: u64 = 4096;

/// The most bytes that the home directory holds.
const HOME_BYTES: u64 = 64 << 20;

/// Why the file system of a run could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The host's side of a mount cannot be used.
    #[error(transparent)]
    Host(#[from] HostMountError),
    /// Two mounts at one path, or a path that is no sandbox path.
    #[error(transparent)]
    Mount(#[from] MountError),
    /// The working directory is not there.
    #[error(
        "the working directory `{path}` cannot be used in the sandbox: mount it, or name another"
    )]
    WorkingDirectory {
        /// The directory that the policy names.
        path: String,
        /// What the sandbox's file system said.
        source: FileError,
    },
}

/// What every sandbox sees: the image's tree at `/`, `/dev`, `/tmp` with room for `scratch` bytes, and a
/// home directory.
///
/// # Errors
/// Never; the paths are fixed.
pub fn base(
    tree: Tree,
    scratch: u64,
    clocks: &Clocks,
    random: RandomSource,
) -> Result<NamespaceBuilder, MountError> {
    let space = |bytes, files| {
        let clocks = clocks.clone();
        let limits = ScratchLimits { bytes, files };
        Arc::new(Scratch::new(limits, Arc::new(move || clocks.timestamp())))
    };
    Namespace::builder()
        .mount("/", Arc::new(ImageFileSystem::new(tree)))?
        .mount("/dev", Arc::new(Devices::new(random)))?
        .mount("/tmp", space(scratch, SCRATCH_FILES))?
        .mount(HOME_DIRECTORY, space(scratch.min(HOME_BYTES), HOME_FILES))
}

/// The file system that a policy describes, for a program in this image.
pub(crate) fn namespace(image: &Image, policy: &Policy) -> Result<Namespace, FilesError> {
    let mut builder = base(
        image.tree().clone(),
        policy.scratch,
        &Clocks::system(),
        Random::System.device(),
    )?;
    let protected = protected(image, policy);
    for mount in &policy.mounts {
        let access = match mount.access() {
            Access::ReadOnly => HostAccess::ReadOnly,
            Access::ReadWrite => HostAccess::ReadWrite,
        };
        let options = HostMountOptions {
            access,
            allow_unsafe: mount.is_unsafe_allowed(),
            protected: protected.clone(),
        };
        builder = builder.mount(
            mount.guest().as_str(),
            HostFileSystem::mount(mount.host(), options)?,
        )?;
    }
    if let Some(script) = &policy.script {
        builder = builder.mount_file(script.path().as_str(), script.contents().to_vec())?;
    }
    let namespace = builder.build();
    let directory = || {
        let path = namespace.resolve("/", policy.starts_in())?;
        match namespace.metadata(&path, Follow::Yes)?.is_directory() {
            true => Ok(()),
            false => Err(FileError::NotDirectory),
        }
    };
    match directory() {
        Ok(()) => Ok(namespace),
        Err(source) => Err(FilesError::WorkingDirectory {
            path: policy.starts_in().to_owned(),
            source,
        }),
    }
}

/// What no mount of a policy can change: the image, the program of this process, and what the policy
/// names. Nothing is looked for where nothing can be written to.
fn protected(image: &Image, policy: &Policy) -> ProtectedFiles {
    let mut mounts = policy.mounts.iter();
    if !mounts.any(|mount| mount.access() == Access::ReadWrite) {
        return ProtectedFiles::default();
    }
    let program = std::env::current_exe().ok();
    let named = policy.protected.iter().map(PathBuf::as_path);
    let own = [image.path()].into_iter().chain(program.as_deref());
    ProtectedFiles::at(own.chain(named))
}
