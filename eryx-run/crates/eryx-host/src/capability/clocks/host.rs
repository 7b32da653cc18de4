//! The host's side of `wasi:clocks`.

use super::types::Clocks;
use crate::capability::process::interrupt::Interrupt;
use std::{sync::atomic::Ordering, time::Duration};
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi::p2::bindings::clocks::{monotonic_clock, wall_clock};
use wasmtime_wasi_io::poll::{DynPollable, Pollable, subscribe};

/// What the clock interfaces work on.
pub(crate) struct ClocksView<'a> {
    pub clocks: &'a Clocks,
    pub interrupt: &'a Interrupt,
    pub table: &'a mut ResourceTable,
}

struct HasClocks;

impl HasData for HasClocks {
    type Data<'a> = ClocksView<'a>;
}

/// Adds the interfaces of `wasi:clocks`.
pub(crate) fn add_to_linker<T: 'static>(
    linker: &mut Linker<T>,
    view: fn(&mut T) -> ClocksView<'_>,
) -> wasmtime::Result<()> {
    monotonic_clock::add_to_linker::<T, HasClocks>(linker, view)?;
    wall_clock::add_to_linker::<T, HasClocks>(linker, view)
}

impl wall_clock::Host for ClocksView<'_> {
    fn now(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        let now = self.clocks.wall();
        Ok(wall_clock::Datetime {
            seconds: now.as_secs(),
            nanoseconds: now.subsec_nanos(),
        })
    }

    fn resolution(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        Ok(wall_clock::Datetime {
            seconds: 0,
            nanoseconds: 1,
        })
    }
}

impl monotonic_clock::Host for ClocksView<'_> {
    fn now(&mut self) -> wasmtime::Result<u64> {
        Ok(self.clocks.monotonic())
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        Ok(1)
    }

    fn subscribe_instant(&mut self, when: u64) -> wasmtime::Result<Resource<DynPollable>> {
        let wait = when.saturating_sub(self.clocks.monotonic());
        self.subscribe_duration(wait)
    }

    fn subscribe_duration(&mut self, duration: u64) -> wasmtime::Result<Resource<DynPollable>> {
        let sleep = match self.clocks {
            Clocks::System(_) => Sleep {
                until: tokio::time::Instant::now().checked_add(Duration::from_nanos(duration)),
                interrupt: self.interrupt.clone(),
            },
            Clocks::Fixed(ticks) => {
                ticks.fetch_add(duration, Ordering::Relaxed);
                Sleep {
                    until: Some(tokio::time::Instant::now()),
                    interrupt: self.interrupt.clone(),
                }
            }
        };
        let sleep = self.table.push(sleep)?;
        subscribe(self.table, sleep)
    }
}

/// A sleep that is over at an instant, or never when there is none, or when the run is interrupted.
struct Sleep {
    until: Option<tokio::time::Instant>,
    interrupt: Interrupt,
}

#[wasmtime_wasi::async_trait]
impl Pollable for Sleep {
    async fn ready(&mut self) {
        let interrupted = std::pin::pin!(self.interrupt.interrupted());
        match self.until {
            Some(until) if until <= tokio::time::Instant::now() => {}
            Some(until) => {
                let _ = tokio::time::timeout_at(until, interrupted).await;
            }
            None => interrupted.await,
        }
    }
}
