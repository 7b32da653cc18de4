//! Runs as futures: on any executor, and blocking within one.

use eryx::{Ending, Image, Policy, Program, Sandbox, Streams, blocking};
use eryx_tests::images;
use std::{
    future::Future,
    pin::pin,
    task::{Context, Waker},
    time::{Duration, Instant},
};
use tokio::runtime::Builder;

/// Sleeps, so that the future is polled more than once.
const SLEEPER: &str = "import time; time.sleep(0.05); print('slept')";

fn sandbox() -> Sandbox {
    Sandbox::load(&Image::open(images::bare()).unwrap()).unwrap()
}

/// What the sleeper prints, run as a future of the caller's executor.
async fn sleeper(sandbox: Sandbox) -> Vec<u8> {
    let (streams, output) = Streams::captured(b"");
    let program = Program::command(SLEEPER);
    let outcome = sandbox.run(program, &[], &Policy::default(), streams).await;
    assert_eq!(outcome.unwrap().ending, Ending::Exited(0));
    output.stdout()
}

/// One executor with one thread runs many sandboxes side by side: while one sleeps, others go on.
#[test]
fn sandboxes_share_the_thread_of_an_executor() {
    let sandbox = sandbox();
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let runs: Vec<_> = (0..4)
            .map(|_| tokio::spawn(sleeper(sandbox.clone())))
            .collect();
        for run in runs {
            assert_eq!(run.await.unwrap(), b"slept\n");
        }
    });
}

/// Blocking calls neither make a runtime nor refuse to be made within one.
#[test]
fn blocking_calls_work_within_a_runtime() {
    let sandbox = blocking::Sandbox::from(sandbox());
    for runtime in [Builder::new_current_thread(), Builder::new_multi_thread()] {
        let mut runtime = runtime;
        let runtime = runtime.worker_threads(1).build().unwrap();
        runtime.block_on(async {
            let (streams, output) = Streams::captured(b"");
            let program = Program::command(SLEEPER);
            let outcome = sandbox.run(program, &[], &Policy::default(), streams);
            assert_eq!(outcome.unwrap().ending, Ending::Exited(0));
            assert_eq!(output.stdout(), b"slept\n");
        });
    }
}

/// A run that is dropped where it waits is stopped, and others go on.
#[test]
fn a_dropped_run_is_stopped() {
    let sandbox = sandbox();
    let started = Instant::now();
    let (streams, output) = Streams::captured(b"");
    let source = "import time; print('started', flush=True); time.sleep(3600); print('never')";
    let running = sandbox.prepare(&Policy::default(), streams).unwrap();
    let interrupt = running.interrupt();
    {
        let mut run = pin!(running.finish(Program::command(source), &[]));
        let mut context = Context::from_waker(Waker::noop());
        assert!(run.as_mut().poll(&mut context).is_pending());
        assert_eq!(output.stdout(), b"started\n");
    }
    assert!(!interrupt.interrupt(), "there is nothing left to interrupt");
    assert!(started.elapsed() < Duration::from_secs(60));
    let runtime = Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(sleeper(sandbox)), b"slept\n");
}
