//! The host's side of modes and space. The files themselves are served by `eryx-vfs`.

use crate::interface;
use eryx_vfs::{FileSystemView, Space};
use wasmtime::{
    StoreContextMut,
    component::{ComponentType, Lift, Linker, Lower},
};

/// `amount` of the interface.
#[derive(Debug, Clone, Copy, ComponentType, Lift, Lower)]
#[component(record)]
struct Amount {
    #[component(name = "total-bytes")]
    total_bytes: u64,
    #[component(name = "free-bytes")]
    free_bytes: u64,
    #[component(name = "available-bytes")]
    available_bytes: u64,
    #[component(name = "total-files")]
    total_files: u64,
    #[component(name = "free-files")]
    free_files: u64,
    #[component(name = "read-only")]
    read_only: bool,
}

impl From<Space> for Amount {
    fn from(space: Space) -> Self {
        Self {
            total_bytes: space.total_bytes,
            free_bytes: space.free_bytes,
            available_bytes: space.available_bytes,
            total_files: space.total_files,
            free_files: space.free_files,
            read_only: space.read_only,
        }
    }
}

/// Adds `create-with` and `of-device`.
pub(crate) fn add_to_linker<T: Send + 'static>(
    linker: &mut Linker<T>,
    view: fn(&mut T) -> FileSystemView<'_>,
) -> wasmtime::Result<()> {
    linker.instance(interface::FILES_MODES)?.func_wrap(
        "create-with",
        move |mut store: StoreContextMut<'_, T>, (files, directories): (u32, u32)| {
            view(store.data_mut()).state.create_with(files, directories);
            Ok(())
        },
    )?;
    linker.instance(interface::FILES_SPACE)?.func_wrap(
        "of-device",
        move |mut store: StoreContextMut<'_, T>, (device,): (u32,)| {
            let space = view(store.data_mut()).state.namespace().space_of(device);
            // A host that cannot say is a host that does not know.
            Ok((space.and_then(Result::ok).map(Amount::from),))
        },
    )
}
