//! The linker of all that a sandbox may import.

use crate::{
    capability::{clocks, files, lookup, polling, process, random, stdio, terminal},
    state::State,
};
use wasmtime::{
    Engine,
    component::{HasData, Linker, ResourceTable},
};
use wasmtime_wasi::{
    cli::WasiCliView,
    p2::bindings::sockets,
    random::WasiRandomView,
    sockets::{WasiSockets, WasiSocketsView},
};
use wasmtime_wasi_io::bindings::wasi::io;

struct HasTable;

impl HasData for HasTable {
    type Data<'a> = &'a mut ResourceTable;
}

/// A linker of everything that a component of ours may import: WASI 0.2 without HTTP, with our own file
/// system and clocks, and the host's side of `eryx:sandbox`.
///
/// # Errors
/// Never for an engine made from [`crate::engine::config`].
pub fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    let l = &mut linker;
    eryx_vfs::add_to_linker::<State>(l, State::files)?;
    files::host::add_to_linker::<State>(l, State::files)?;
    clocks::host::add_to_linker::<State>(l, State::clocks)?;
    random::host::add_to_linker::<State>(l, State::random)?;
    stdio::host::add_to_linker::<State>(l, State::cli)?;
    terminal::host::add_to_linker::<State>(l, State::terminal, State::cli)?;
    process::host::add_to_linker::<State>(l, State::process, State::cli)?;

    io::error::add_to_linker::<State, HasTable>(l, |state| &mut state.table)?;
    polling::host::add_to_linker::<State>(l, State::polls)?;
    io::streams::add_to_linker::<State, HasTable>(l, |state| &mut state.table)?;

    // A sandbox has no network; libc imports the interfaces all the same.
    sockets::tcp::add_to_linker::<State, WasiSockets>(l, State::sockets)?;
    sockets::udp::add_to_linker::<State, WasiSockets>(l, State::sockets)?;
    sockets::tcp_create_socket::add_to_linker::<State, WasiSockets>(l, State::sockets)?;
    sockets::udp_create_socket::add_to_linker::<State, WasiSockets>(l, State::sockets)?;
    sockets::instance_network::add_to_linker::<State, WasiSockets>(l, State::sockets)?;
    sockets::network::add_to_linker::<State, WasiSockets>(l, &Default::default(), State::sockets)?;
    lookup::host::add_to_linker::<State>(l, State::sockets)?;
    Ok(linker)
}
