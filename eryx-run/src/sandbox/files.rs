//! The file system of a run: where image tree, scratch space, devices and mounts meet.

use super::{Clocks, Policy};
use crate::{
    image::Tree,
    policy::Access,
    vfs::{
        Devices, FileError, Follow, HostAccess, HostFileSystem, HostMountError, ImageFileSystem,
        MountError, Namespace, NamespaceBuilder, RandomSource, Scratch, ScratchLimits,
    },
};
use std::sync::Arc;

/// How many files `/tmp` holds.
const SCRATCH_FILES: u64 = 65_536;

/// Why the file system of a run could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The host's side of a mount can not be used.
    #[error(transparent)]
    Host(#[from] HostMountError),
    /// Two mounts at one path, or a path that is no sandbox path.
    #[error(transparent)]
    Mount(#[from] MountError),
    /// The working folder is not there.
    #[error(
        "the working folder `{path}` can not be used in the sandbox: mount it, or name another"
    )]
    WorkingFolder {
        /// The folder that the policy names.
        path: String,
        /// What the sandbox's file system said.
        source: FileError,
    },
}

/// What every sandbox sees: the image's tree at `/`, `/dev`, and `/tmp` with room for `scratch` bytes.
///
/// # Errors
/// Never; the paths are fixed.
pub fn base(
    tree: Tree,
    scratch: u64,
    clocks: &Clocks,
    random: RandomSource,
) -> Result<NamespaceBuilder, MountError> {
    let clocks = clocks.clone();
    let limits = ScratchLimits {
        bytes: scratch,
        files: SCRATCH_FILES,
    };
    let scratch = Scratch::new(limits, Arc::new(move || clocks.timestamp()));
    Namespace::builder()
        .mount("/", Arc::new(ImageFileSystem::new(tree)))?
        .mount("/dev", Arc::new(Devices::new(random)))?
        .mount("/tmp", Arc::new(scratch))
}

/// The file system that a policy describes.
pub(super) fn namespace(tree: Tree, policy: &Policy) -> Result<Namespace, FilesError> {
    let random: RandomSource = Box::new(|bytes| {
        // The call fails only on systems without a source of random data; zeros are then all there is.
        let _ = getrandom::fill(bytes);
    });
    let mut builder = base(tree, policy.scratch, &Clocks::system(), random)?;
    for mount in &policy.mounts {
        let access = match mount.access {
            Access::ReadOnly => HostAccess::ReadOnly,
            Access::ReadWrite => HostAccess::ReadWrite,
        };
        builder = builder.mount(&mount.guest, HostFileSystem::mount(&mount.host, access)?)?;
    }
    if let Some(script) = &policy.script {
        builder = builder.mount_file(&script.path, script.contents.clone())?;
    }
    let namespace = builder.build();
    let folder = || {
        let path = namespace.resolve("/", &policy.working_folder)?;
        match namespace.metadata(&path, Follow::Yes)?.is_directory() {
            true => Ok(()),
            false => Err(FileError::NotDirectory),
        }
    };
    match folder() {
        Ok(()) => Ok(namespace),
        Err(source) => Err(FilesError::WorkingFolder {
            path: policy.working_folder.clone(),
            source,
        }),
    }
}
