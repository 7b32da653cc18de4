//! The host's side of `wasi:clocks`.

use super::{timer::Sleep, types::Clocks};
use crate::capability::process::interrupt::Interrupt;
use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::atomic::Ordering,
    task::Poll,
    time::{Duration, Instant},
};
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
        let now = Instant::now();
        let until = match self.clocks {
            Clocks::System(_) => now.checked_add(Duration::from_nanos(duration)),
            Clocks::Fixed(ticks) => {
                ticks.fetch_add(duration, Ordering::Relaxed);
                Some(now)
            }
        };
        let interrupt = self.interrupt.clone();
        let sleep = InterruptibleSleep { until, interrupt };
        let sleep = self.table.push(sleep)?;
        subscribe(self.table, sleep)
    }
}

/// A sleep that is over at an instant, or never when there is none, or when the run is interrupted.
struct InterruptibleSleep {
    until: Option<Instant>,
    interrupt: Interrupt,
}

#[wasmtime_wasi::async_trait]
impl Pollable for InterruptibleSleep {
    async fn ready(&mut self) {
        let mut interrupted = pin!(self.interrupt.interrupted());
        match self.until {
            Some(until) => {
                let mut sleep = pin!(Sleep::until(until));
                poll_fn(|context| {
                    if sleep.as_mut().poll(context).is_ready() {
                        return Poll::Ready(());
                    }
                    interrupted.as_mut().poll(context)
                })
                .await;
            }
            None => interrupted.await,
        }
    }
}
