//! The host's side of `read-line`, and of WASI's terminals.

use super::lines::{GuestLine, Line, Lines, MAX_TEXT};
use crate::{
    capability::{process::interrupt::Interrupt, stdio::sink::OutputClosed},
    interface,
};
use std::io;
use wasmtime::{
    StoreContextMut,
    component::{Linker, WasmList},
};
use wasmtime_wasi::{
    cli::{WasiCli, WasiCliCtxView},
    p2::bindings::cli::{
        terminal_input, terminal_output, terminal_stderr, terminal_stdin, terminal_stdout,
    },
};

/// What reading a line works on.
pub(crate) struct TerminalView<'a> {
    pub lines: Option<&'a mut Lines>,
    pub interrupt: &'a Interrupt,
}

/// Adds `read-line`, and the interfaces that say which streams are terminals.
pub(crate) fn add_to_linker<T: Send + 'static>(
    linker: &mut Linker<T>,
    view: fn(&mut T) -> TerminalView<'_>,
    wasi: fn(&mut T) -> WasiCliCtxView<'_>,
) -> wasmtime::Result<()> {
    terminal_input::add_to_linker::<T, WasiCli>(linker, wasi)?;
    terminal_output::add_to_linker::<T, WasiCli>(linker, wasi)?;
    terminal_stdin::add_to_linker::<T, WasiCli>(linker, wasi)?;
    terminal_stdout::add_to_linker::<T, WasiCli>(linker, wasi)?;
    terminal_stderr::add_to_linker::<T, WasiCli>(linker, wasi)?;
    linker.instance(interface::TERMINAL_LINES)?.func_wrap(
        "read-line",
        move |store: StoreContextMut<'_, T>, (prompt,): (WasmList<u8>,)| {
            let mut store = store;
            let bytes = prompt.as_le_slice(&store);
            let start = bytes.len().saturating_sub(MAX_TEXT);
            let prompt = bytes.get(start..).unwrap_or_default().to_vec();
            let TerminalView { lines, interrupt } = view(store.data_mut());
            let line = match lines {
                Some(lines) => lines.read(&prompt).map_err(|error| match error.kind() {
                    io::ErrorKind::BrokenPipe => wasmtime::Error::new(OutputClosed),
                    _ => wasmtime::Error::new(error),
                })?,
                None => Line::End,
            };
            if line == Line::Interrupted {
                // A handler of the program's own may want to know.
                interrupt.interrupt();
            }
            Ok((GuestLine::from(line),))
        },
    )
}
