//! The host's side of `wasi:io/poll`.
//!
//! WASI has a wait for nothing trap, and POSIX has it last until a signal comes. Programs in Python know
//! POSIX: `select.select([], [], [])` waits, and Ctrl-C or the time limit ends it.

use crate::capability::{clocks::types::Clocks, process::interrupt::Interrupt};
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi_io::{
    bindings::wasi::io::poll::{self, Host, HostPollable},
    poll::DynPollable,
};

/// What polling works on.
pub(crate) struct PollView<'a> {
    pub table: &'a mut ResourceTable,
    pub interrupt: &'a Interrupt,
    pub clocks: &'a Clocks,
}

struct HasPoll;

impl HasData for HasPoll {
    type Data<'a> = PollView<'a>;
}

/// Adds `wasi:io/poll`.
pub(crate) fn add_to_linker<T: Send + 'static>(
    linker: &mut Linker<T>,
    view: fn(&mut T) -> PollView<'_>,
) -> wasmtime::Result<()> {
    poll::add_to_linker::<T, HasPoll>(linker, view)
}

impl Host for PollView<'_> {
    async fn poll(&mut self, pollables: Vec<Resource<DynPollable>>) -> wasmtime::Result<Vec<u32>> {
        if pollables.is_empty() {
            match self.clocks {
                Clocks::System(_) => self.interrupt.interrupted().await,
                // At bake time nobody interrupts, and every sleep is over at once.
                Clocks::Fixed(_) => {}
            }
            return Ok(Vec::new());
        }
        Host::poll(self.table, pollables).await
    }
}

impl HostPollable for PollView<'_> {
    async fn block(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        HostPollable::block(self.table, pollable).await
    }

    async fn ready(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<bool> {
        HostPollable::ready(self.table, pollable).await
    }

    fn drop(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        HostPollable::drop(self.table, pollable)
    }
}
