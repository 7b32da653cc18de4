//! The host's side of `eryx:sandbox/host`.

mod interrupt;

pub use interrupt::Interrupt;

use crate::{
    capability::{
        stdio::OutputClosed,
        terminal::{GuestLine, LONGEST_TEXT, Line},
    },
    state::State,
};
use interrupt::{Cell, MOST_CELLS};
use std::{fmt, io};
use wasmtime::{
    StoreContextMut,
    component::{Linker, WasmList, WasmStr},
};

/// The longest module name that is shown, in bytes.
const LONGEST_MODULE: usize = 256;

/// The program asked to end with this status at once.
#[derive(Debug)]
pub(crate) struct Exit(pub i32);

impl fmt::Display for Exit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the program ended with status {}", self.0)
    }
}

impl std::error::Error for Exit {}

/// Adds the interface `eryx:sandbox/host`.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut host = linker.instance("eryx:sandbox/host@0.1.0")?;
    host.func_wrap(
        "exit",
        |_: StoreContextMut<'_, State>, (status,): (i32,)| {
            Err::<(), _>(wasmtime::Error::new(Exit(status)))
        },
    )?;
    host.func_wrap(
        "importing",
        |store: StoreContextMut<'_, State>, (module,): (WasmStr,)| {
            if store.data().importing.is_some() {
                let module = module.to_str(&store)?;
                if module.len() <= LONGEST_MODULE
                    && let Some(importing) = &store.data().importing
                {
                    importing(&module);
                }
            }
            Ok(())
        },
    )?;
    host.func_wrap(
        "interruptible",
        |store: StoreContextMut<'_, State>, (memory, cells): (WasmList<u8>, WasmList<Cell>)| {
            let mut store = store;
            let cells: Vec<Cell> = cells
                .iter(&mut store)?
                .take(MOST_CELLS)
                .collect::<wasmtime::Result<_>>()?;
            let interrupt = store.data().interrupt.clone();
            interrupt.offer(memory.as_le_slice(&store), &cells);
            Ok(())
        },
    )?;
    host.func_wrap(
        "read-line",
        |store: StoreContextMut<'_, State>, (prompt,): (WasmList<u8>,)| {
            let mut store = store;
            let bytes = prompt.as_le_slice(&store);
            let start = bytes.len().saturating_sub(LONGEST_TEXT);
            let prompt = bytes.get(start..).unwrap_or_default().to_vec();
            let state = store.data_mut();
            let line = match &mut state.lines {
                Some(lines) => lines.read(&prompt).map_err(|error| match error.kind() {
                    io::ErrorKind::BrokenPipe => wasmtime::Error::new(OutputClosed),
                    _ => wasmtime::Error::new(error),
                })?,
                None => Line::End,
            };
            if line == Line::Interrupted {
                // A handler of the program's own may want to know.
                state.interrupt.interrupt();
            }
            Ok((GuestLine::from(line),))
        },
    )
}
