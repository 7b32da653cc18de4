//! Sleeping without an asynchronous runtime: one thread of the process wakes whoever's time has come. It
//! starts with the first sleep.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    thread,
    time::Instant,
};

static TIMERS: Timers = Timers {
    queue: Mutex::new(Queue {
        sleepers: BTreeMap::new(),
        next: 0,
        has_thread: false,
    }),
    changed: Condvar::new(),
};

/// When a sleeper wants to be woken, and a number of its own.
type Key = (Instant, u64);

struct Timers {
    queue: Mutex<Queue>,
    changed: Condvar,
}

struct Queue {
    sleepers: BTreeMap<Key, Waker>,
    next: u64,
    has_thread: bool,
}

impl Timers {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes sleepers, for ever.
    fn run(&self) {
        let mut queue = self.lock();
        loop {
            let now = Instant::now();
            let first = queue.sleepers.first_key_value().map(|(key, _)| *key);
            queue = match first {
                None => {
                    let waited = self.changed.wait(queue);
                    waited.unwrap_or_else(PoisonError::into_inner)
                }
                Some((until, _)) if until > now => {
                    let waited = self.changed.wait_timeout(queue, until - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                Some(_) => {
                    let due = queue.sleepers.pop_first();
                    // A waker may do anything, such as drop another sleeper.
                    drop(queue);
                    if let Some((_, waker)) = due {
                        waker.wake();
                    }
                    self.lock()
                }
            };
        }
    }
}

impl Queue {
    /// Whether there is a thread that wakes.
    fn ensure_thread(&mut self) -> bool {
        if !self.has_thread {
            let thread = thread::Builder::new().name("eryx-timers".to_owned());
            self.has_thread = thread.spawn(|| TIMERS.run()).is_ok();
        }
        self.has_thread
    }
}

/// A sleep until an instant.
pub(crate) struct Sleep {
    until: Instant,
    key: Option<Key>,
}

impl Sleep {
    pub(crate) fn until(until: Instant) -> Self {
        Self { until, key: None }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.until <= Instant::now() {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        let mut queue = TIMERS.lock();
        if !queue.ensure_thread() {
            // The system has no thread left: ask again at once, which is slow and right.
            waker.wake();
            return Poll::Pending;
        }
        let key = if let Some(key) = self.key {
            key
        } else {
            queue.next += 1;
            (self.until, queue.next)
        };
        queue.sleepers.insert(key, waker);
        // Whoever comes first decides how long the thread may wait.
        if queue.sleepers.first_key_value().map(|(first, _)| *first) == Some(key) {
            TIMERS.changed.notify_one();
        }
        drop(queue);
        self.key = Some(key);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            TIMERS.lock().sleepers.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::block_on;
    use std::time::Duration;

    #[test]
    fn sleepers_wake_in_time_and_not_before() {
        let start = Instant::now();
        let sleep = |milliseconds| Sleep::until(start + Duration::from_millis(milliseconds));
        thread::scope(|scope| {
            for milliseconds in [40, 5, 20] {
                scope.spawn(move || {
                    block_on(sleep(milliseconds));
                    assert!(start.elapsed() >= Duration::from_millis(milliseconds));
                });
            }
        });
        assert!(start.elapsed() < Duration::from_secs(10));
        block_on(Sleep::until(start));
    }

    #[test]
    fn a_dropped_sleeper_is_forgotten() {
        let mut sleep = Sleep::until(Instant::now() + Duration::from_secs(3600));
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut sleep).poll(&mut context).is_pending());
        let key = sleep.key.unwrap();
        assert!(TIMERS.lock().sleepers.contains_key(&key));
        drop(sleep);
        assert!(!TIMERS.lock().sleepers.contains_key(&key));
    }
}
