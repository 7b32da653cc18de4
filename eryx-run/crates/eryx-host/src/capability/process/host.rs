//! The host's side of what a program says about itself: its end, its imports, how to interrupt it.

use super::{
    exit::Exit,
    importing::ImportListener,
    interrupt::{Cell, Interrupt, MAX_CELLS},
};
use crate::interface;
use wasmtime::{
    StoreContextMut,
    component::{Linker, WasmList, WasmStr},
};
use wasmtime_wasi::{
    cli::{WasiCli, WasiCliCtxView},
    p2::bindings::cli::{environment, exit},
};

/// The longest module name that is shown, in bytes.
const MAX_MODULE: usize = 256;

/// What these functions work on.
pub(crate) struct ProcessView<'a> {
    pub interrupt: &'a Interrupt,
    pub importing: Option<&'a ImportListener>,
}

/// Adds `exit`, `importing` and `offer`, the environment and WASI's own exit.
pub(crate) fn add_to_linker<T: Send + 'static>(
    linker: &mut Linker<T>,
    view: fn(&T) -> ProcessView<'_>,
    wasi: fn(&mut T) -> WasiCliCtxView<'_>,
) -> wasmtime::Result<()> {
    environment::add_to_linker::<T, WasiCli>(linker, wasi)?;
    exit::add_to_linker::<T, WasiCli>(linker, wasi)?;
    let mut process = linker.instance(interface::PROCESS_EXIT)?;
    process.func_wrap("exit", |_: StoreContextMut<'_, T>, (status,): (i32,)| {
        Err::<(), _>(wasmtime::Error::new(Exit(status)))
    })?;
    linker.instance(interface::PROGRESS_IMPORTS)?.func_wrap(
        "importing",
        move |store: StoreContextMut<'_, T>, (module,): (WasmStr,)| {
            if let Some(importing) = view(store.data()).importing {
                let module = module.to_str(&store)?;
                if module.len() <= MAX_MODULE {
                    importing(&module);
                }
            }
            Ok(())
        },
    )?;
    linker.instance(interface::SIGNALS_INTERRUPT)?.func_wrap(
        "offer",
        move |store: StoreContextMut<'_, T>, (memory, cells): (WasmList<u8>, WasmList<Cell>)| {
            let mut store = store;
            let cells: Vec<Cell> = cells
                .iter(&mut store)?
                .take(MAX_CELLS)
                .collect::<wasmtime::Result<_>>()?;
            let interrupt = view(store.data()).interrupt.clone();
            interrupt.offer(memory.as_le_slice(&store), &cells);
            Ok(())
        },
    )
}
