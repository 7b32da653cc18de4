//! Which time a sandbox sees.

use eryx_vfs::Timestamp;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

/// Bake time, as seconds since 1970: 1980-01-01, the earliest time that a zip archive can hold.
const BAKE_TIME: u64 = 315_532_800;

/// How far a fixed clock moves each time it is read, so that loops that wait for it end.
const TICK_NANOSECONDS: u64 = 1_000;

/// Which time a sandbox sees.
#[derive(Debug, Clone)]
pub enum Clocks {
    /// The machine's time, the monotonic clock counting from this instant.
    System(Instant),
    /// The same times for every bake; a sleep is over at once.
    Fixed(Arc<AtomicU64>),
}

impl Clocks {
    /// The machine's clocks.
    pub fn system() -> Self {
        Self::System(Instant::now())
    }

    /// The clocks of a bake.
    pub fn fixed() -> Self {
        Self::Fixed(Arc::default())
    }

    /// Nanoseconds of the monotonic clock.
    pub(crate) fn monotonic(&self) -> u64 {
        match self {
            Self::System(start) => u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX),
            Self::Fixed(ticks) => ticks.fetch_add(TICK_NANOSECONDS, Ordering::Relaxed),
        }
    }

    /// Time since 1970.
    pub fn wall(&self) -> Duration {
        match self {
            Self::System(_) => SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default(),
            Self::Fixed(_) => {
                Duration::from_secs(BAKE_TIME) + Duration::from_nanos(self.monotonic())
            }
        }
    }

    /// The time that new files get.
    pub fn timestamp(&self) -> Timestamp {
        let wall = match self {
            Self::System(_) => self.wall(),
            Self::Fixed(_) => Duration::from_secs(BAKE_TIME),
        };
        Timestamp::new(wall.as_secs(), wall.subsec_nanos()).unwrap_or_default()
    }
}
