//! Signals that a program raises for itself.

use eryx_tests::{Output, eryx_run, images};

fn run(source: &str) -> Output {
    eryx_run(images::bare()).args(["-c", source]).run()
}

/// One that nobody handles ends the program at once, with the status that a shell gives it.
#[test]
fn those_that_end_a_program() {
    for (raise, status) in [
        ("signal.raise_signal(signal.SIGTERM)", 143),
        ("os.kill(os.getpid(), signal.SIGTERM)", 143),
        ("os.kill(0, signal.SIGHUP)", 129),
        ("signal.raise_signal(signal.SIGKILL)", 137),
        ("signal.raise_signal(40)", 168),
        ("signal.raise_signal(64)", 192),
        (
            "signal.signal(2, signal.SIG_DFL); signal.raise_signal(2)",
            130,
        ),
    ] {
        let output = run(&format!(
            "import atexit, os, signal\natexit.register(print, 'handler')\nprint('before')\n\
             {raise}\nprint('after')"
        ));
        assert_eq!(output.status, status, "{raise}\n{output}");
        assert_eq!(
            (output.out().as_ref(), output.err().as_ref()),
            ("before\n", ""),
            "{raise}"
        );
    }
}

/// Others do nothing, reach their handler, or are no signals.
#[test]
fn those_that_do_not() {
    let source = "import os, signal
signal.raise_signal(0)
os.kill(os.getpid(), 0)
for number in (signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH, signal.SIGTSTP):
    signal.raise_signal(number)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.raise_signal(signal.SIGTERM)
for number in (signal.SIGUSR1, 34, 64):
    signal.signal(number, lambda number, frame: print('handled', number))
    signal.raise_signal(number)
    os.kill(os.getpid(), number)
for number in (-1, 65):
    try: signal.raise_signal(number)
    except OSError as error: print(error.strerror)
try: os.kill(1, signal.SIGTERM)
except ProcessLookupError as error: print(error.strerror)
valid = signal.valid_signals()
print(len(valid), signal.SIGTERM in valid, {0, 32, 33, 65} & valid, repr(min(valid)))";
    let expected = "handled 10\nhandled 10\nhandled 34\nhandled 34\nhandled 64\nhandled 64\n\
                    Invalid argument\nInvalid argument\nNo such process\n\
                    62 True set() <Signals.SIGHUP: 1>\n";
    assert_eq!(run(source).ok(), expected);
}

/// An event loop takes handlers, calls them, and forgets them.
#[test]
fn handlers_of_an_event_loop() {
    let source = "import asyncio, signal
async def main():
    loop = asyncio.get_running_loop()
    came = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, came.set)
    loop.call_later(0.05, signal.raise_signal, signal.SIGTERM)
    await came.wait()
    print(loop.remove_signal_handler(signal.SIGTERM), loop.remove_signal_handler(signal.SIGTERM))
    print(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL)
    for wrong in (lambda: loop.add_signal_handler(99, print),
                  lambda: loop.add_signal_handler(signal.SIGKILL, print),
                  lambda: loop.add_signal_handler(signal.SIGTERM, main)):
        try: wrong()
        except Exception as error: print(type(error).__name__)
asyncio.run(main())";
    assert_eq!(
        run(source).ok(),
        "True False\nTrue\nValueError\nRuntimeError\nTypeError\n"
    );
}

/// A loop in which a handler for Ctrl-C is all that is waited for waits for it.
#[test]
fn ctrl_c_in_a_loop_that_waits_for_it() {
    let source = "import asyncio, signal
async def main():
    came = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, came.set)
    print('ready', flush=True)
    await came.wait()
    print('came')
asyncio.run(main())";
    let mut run = eryx_run(images::bare()).args(["-c", source]).start();
    run.wait_for("ready\n");
    run.interrupt();
    assert_eq!(run.finish().ok(), "ready\ncame\n");
}
