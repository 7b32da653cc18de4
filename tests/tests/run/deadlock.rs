//! Waits that nothing can end, since there is no other thread.

use eryx_tests::{eryx_run, images};

/// Each is an exception that can be caught, with a traceback where it is not, and does not end the interpreter.
#[test]
fn waits_that_nothing_ends() {
    for wait in [
        "threading.Event().wait()",
        "lock = threading.Lock(); lock.acquire(); lock.acquire()",
        "threading.Semaphore(0).acquire()",
        "threading.Barrier(2).wait()",
        "condition = threading.Condition(); condition.acquire(); condition.wait()",
        "queue.Queue().get()",
        "full = queue.Queue(1); full.put(1); full.put(2)",
        "queue.SimpleQueue().get()",
        "queue.LifoQueue().get()",
        "tasks = queue.Queue(); tasks.put(1); tasks.join()",
        "concurrent.futures.Future().result()",
        "concurrent.futures.wait([concurrent.futures.Future()])",
    ] {
        let source = format!(
            "import concurrent.futures, queue, threading
for _ in range(2):
    try: {wait}
    except RuntimeError as error: print(error)
print('on', flush=True)
{wait}"
        );
        let output = eryx_run(images::bare()).args(["-c", &source]).run();
        let deadlock = "deadlock: the sandbox has no threads, and nothing else can end this wait\n";
        assert_eq!(output.out(), format!("{deadlock}{deadlock}on\n"), "{wait}");
        assert_eq!(output.status, 1, "{output}");
        let said = output.err();
        assert!(said.starts_with("Traceback"), "{output}");
        assert!(
            said.ends_with(&format!("RuntimeError: {deadlock}")),
            "{output}"
        );
    }
}

/// With a time limit they end when it is over, and say so as ever.
#[test]
fn waits_with_a_time_limit() {
    let source = "import concurrent.futures, queue, threading
print(threading.Event().wait(0.05))
lock = threading.Lock()
print(lock.acquire(timeout=0.05), lock.acquire(timeout=0.05), lock.acquire(False))
print(threading.Semaphore(0).acquire(timeout=0.05))
for wait in (
    lambda: queue.Queue().get(timeout=0.05),
    lambda: queue.SimpleQueue().get(timeout=0.05),
    lambda: concurrent.futures.Future().result(0.05),
    lambda: threading.Barrier(2).wait(0.05),
):
    try: wait()
    except Exception as error: print(type(error).__name__)
again = threading.RLock()
print(again.acquire(), again.acquire())";
    let output = eryx_run(images::bare()).args(["-c", source]).run();
    let expected = "False\nTrue False False\nFalse\nEmpty\nEmpty\nTimeoutError\nBrokenBarrierError\nTrue True\n";
    assert_eq!(output.ok(), expected);
}
