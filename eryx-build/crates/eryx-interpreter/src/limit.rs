//! Time limits for what runs at bake time: an engine that asks at every loop whether time is up.

use std::time::Duration;

use wasmtime::{Engine, EngineWeak};

/// How often whatever runs is asked whether its time is up.
const TICK: Duration = Duration::from_millis(100);

/// Moves an engine's epoch for as long as there is such an engine.
pub fn keep_time(engine: &Engine) {
    let engine: EngineWeak = engine.weak();
    std::thread::spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    });
}

/// A time limit in ticks of the engine's epoch, rounded up.
pub fn ticks(limit: Duration) -> u64 {
    let ticks = limit.as_millis().div_ceil(TICK.as_millis());
    // One more, as the first tick may come at once.
    u64::try_from(ticks)
        .unwrap_or(u64::MAX / 2)
        .saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_rounded_up() {
        assert_eq!(ticks(Duration::ZERO), 1);
        assert_eq!(ticks(Duration::from_millis(101)), 3);
        assert_eq!(ticks(Duration::from_secs(600)), 6001);
    }
}
