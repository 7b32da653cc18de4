//! Whether a runtime's guest and this version's host speak the same interfaces.
//!
//! Each interface has a version of its own. This module holds a runtime to those that the host has,
//! before anything is baked on it.

use eryx_host::interface;
use eryx_runtime::Distribution;
use eryx_wasm::{interfaces, link::LinkError};

/// A runtime cannot be run by loaders of this version.
#[derive(Debug, thiserror::Error)]
pub enum InterfaceError {
    /// Its guest imports what the host lacks, or exports what the host does not call.
    #[error(
        "the runtime {runtime} is for another version of eryx: it needs the interface `{name}`, which \
         this eryx does not have; use a runtime of this version, which `eryx runtime export` writes"
    )]
    Missing {
        /// The runtime's name.
        runtime: String,
        /// The interface, as WIT names it.
        name: String,
    },
    /// What it says of its interfaces cannot be read.
    #[error("the interfaces of the runtime {runtime} cannot be read")]
    Unreadable {
        /// The runtime's name.
        runtime: String,
        /// Why not.
        source: LinkError,
    },
}

/// Whether images on this runtime can be run by a loader of this version.
///
/// # Errors
/// When its guest needs an interface that the host does not have.
pub fn check(runtime: &Distribution) -> Result<(), InterfaceError> {
    let found = interfaces::of_world(runtime.world()).map_err(|source| {
        let runtime = runtime.name().to_owned();
        InterfaceError::Unreadable { runtime, source }
    })?;
    let imports = found.imports.iter().map(String::as_str);
    let missing = eryx_image::missing_interface(imports, interface::HOST)
        .or_else(|| eryx_image::missing_interface([found.world.as_str()], &[interface::GUEST]));
    match missing {
        None => Ok(()),
        Some(name) => Err(InterfaceError::Missing {
            runtime: runtime.name().to_owned(),
            name: name.to_owned(),
        }),
    }
}
