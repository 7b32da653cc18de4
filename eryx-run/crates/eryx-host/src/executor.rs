//! Running a future to its end on the current thread.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

/// Wakes the thread that waits for a future.
struct Unpark {
    thread: Thread,
    woken: AtomicBool,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// Runs a future to its end on the current thread. No asynchronous runtime is made or needed: what a
/// sandbox waits for wakes it itself. Within such a runtime this blocks the thread, as any blocking call
/// does.
///
/// ```
/// assert_eq!(eryx_host::block_on(async { 6 * 7 }), 42);
/// ```
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let unpark = Arc::new(Unpark {
        thread: thread::current(),
        woken: AtomicBool::new(false),
    });
    let waker = Waker::from(unpark.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        // Others may park and unpark this thread, so being unparked alone says nothing.
        while !unpark.woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::poll_fn, time::Duration};

    #[test]
    fn a_future_that_another_thread_wakes_is_finished() {
        let mut polls = 0;
        let value = block_on(poll_fn(|context| {
            polls += 1;
            if polls == 3 {
                return Poll::Ready(polls);
            }
            let waker = context.waker().clone();
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(5));
                waker.wake();
            });
            Poll::Pending
        }));
        assert_eq!(value, 3);
    }

    #[test]
    fn one_within_another_does_not_take_its_wakes() {
        let mut first = true;
        block_on(poll_fn(|context| {
            if std::mem::take(&mut first) {
                context.waker().wake_by_ref();
                // This takes the token of the thread.
                thread::park();
                assert_eq!(block_on(async { 1 }), 1);
                return Poll::Pending;
            }
            Poll::Ready(())
        }));
    }
}
