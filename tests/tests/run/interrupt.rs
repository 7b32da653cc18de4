//! Ctrl-C.

use eryx_tests::{Output, eryx_run, images};

/// Runs a program, presses Ctrl-C when it says that it is ready, and waits for its end.
fn interrupted(source: &str) -> Output {
    let mut run = eryx_run(images::bare()).args(["-c", source]).start();
    run.wait_for("ready\n");
    run.interrupt();
    run.finish()
}

#[track_caller]
fn is_keyboard_interrupt(output: &Output) {
    assert_eq!(output.status, 130, "{output}");
    assert!(output.err().ends_with("KeyboardInterrupt\n"), "{output}");
}

/// In a loop: the program's own `finally` and exit handlers run.
#[test]
fn busy() {
    let output = interrupted(
        "import atexit\natexit.register(print, 'handler')\nprint('ready', flush=True)\n\
         try:\n    while True: pass\nfinally: print('finally')",
    );
    is_keyboard_interrupt(&output);
    assert_eq!(output.out(), "ready\nfinally\nhandler\n");
    assert!(output.err().contains("Traceback"), "{output}");
}

/// In a sleep, which ends at once.
#[test]
fn asleep() {
    let output = interrupted(
        "import time\nprint('ready', flush=True)\n\
         try: time.sleep(600)\nfinally: print('finally')",
    );
    is_keyboard_interrupt(&output);
    assert_eq!(output.out(), "ready\nfinally\n");
}

/// While the program waits for input.
#[test]
fn waiting_for_input() {
    is_keyboard_interrupt(&interrupted("print('ready', flush=True)\ninput()"));
}

/// In an event loop: tasks are cancelled first.
#[test]
fn in_an_event_loop() {
    let output = interrupted(
        "import asyncio\nasync def main():\n    print('ready', flush=True)\n    \
         try: await asyncio.sleep(600)\n    finally: print('finally')\nasyncio.run(main())",
    );
    is_keyboard_interrupt(&output);
    assert_eq!(output.out(), "ready\nfinally\n");
}

/// A program may catch it and go on.
#[test]
fn caught() {
    let output = interrupted(
        "print('ready', flush=True)\ntry:\n    while True: pass\n\
         except KeyboardInterrupt: print('caught')\nprint('goes on')",
    );
    assert_eq!(output.ok(), "ready\ncaught\ngoes on\n");
}

/// A program may handle the signal itself.
#[test]
fn handled() {
    let output = interrupted(
        "import signal, time\nsignal.signal(signal.SIGINT, lambda *_: print('handled', flush=True))\n\
         print('ready', flush=True)\ntime.sleep(0.2)\nprint('goes on')",
    );
    assert_eq!(output.ok(), "ready\nhandled\ngoes on\n");
}

/// One that does not look is ended nevertheless.
#[test]
fn deaf() {
    let output = interrupted(
        "print('ready', flush=True)\nn = 7 ** 300_000\nwhile True: str(sorted(range(10**8)))",
    );
    assert_eq!(output.status, 130, "{output}");
}

/// A second Ctrl-C ends a program that has caught the first.
#[test]
fn twice() {
    let source = "print('ready', flush=True)\ntry:\n    while True: pass\n\
                  except KeyboardInterrupt: print('once', flush=True)\nwhile True: pass";
    let mut run = eryx_run(images::bare()).args(["-c", source]).start();
    run.wait_for("ready\n");
    run.interrupt();
    run.wait_for("once\n");
    run.interrupt();
    is_keyboard_interrupt(&run.finish());
}
