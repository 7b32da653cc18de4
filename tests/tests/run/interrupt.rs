//! Ctrl-C.

use eryx_tests::{Output, Run, binaries, eryx_run, images};
use std::path::Path;

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
        "import atexit
atexit.register(print, 'handler')
try:
    print('ready', flush=True)
    while True: pass
finally: print('finally')",
    );
    is_keyboard_interrupt(&output);
    assert_eq!(output.out(), "ready\nfinally\nhandler\n");
    assert!(output.err().contains("Traceback"), "{output}");
}

/// In a sleep, which ends at once.
#[test]
fn asleep() {
    let output = interrupted(
        "import time
try:
    print('ready', flush=True)
    time.sleep(600)
finally: print('finally')",
    );
    is_keyboard_interrupt(&output);
    assert_eq!(output.out(), "ready\nfinally\n");
}

/// In a wait for nothing at all, which only Ctrl-C ends.
#[test]
fn waiting_for_nothing() {
    for wait in ["select.select([], [], [])", "select.poll().poll()"] {
        let source = format!("import select\nprint('ready', flush=True)\n{wait}");
        is_keyboard_interrupt(&interrupted(&source));
    }
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
        "import asyncio
async def main():
    try:
        print('ready', flush=True)
        await asyncio.sleep(600)
    finally: print('finally')
asyncio.run(main())",
    );
    is_keyboard_interrupt(&output);
    assert_eq!(output.out(), "ready\nfinally\n");
}

/// In an event loop that has just decided how long to wait: the handler runs before the wait and ends it.
#[test]
fn before_the_wait_of_an_event_loop() {
    let source = "import asyncio, signal
async def main():
    selector = asyncio.get_running_loop()._selector
    select = selector.select
    def late(timeout):
        if timeout: signal.getsignal(signal.SIGINT)(signal.SIGINT, None)
        return select(timeout)
    selector.select = late
    try: await asyncio.sleep(600)
    finally: print('finally')
asyncio.run(main())";
    let output = eryx_run(images::bare()).args(["-c", source]).run();
    is_keyboard_interrupt(&output);
    assert_eq!(output.out(), "finally\n");
}

/// A program may catch it and go on.
#[test]
fn caught() {
    let output = interrupted(
        "try:
    print('ready', flush=True)
    while True: pass
except KeyboardInterrupt: print('caught')
print('goes on')",
    );
    assert_eq!(output.ok(), "ready\ncaught\ngoes on\n");
}

/// A program may handle the signal itself.
#[test]
fn handled() {
    let output = interrupted(
        "import os, signal, time
pressed = []
signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
os.write(1, b'ready\\n')
while not pressed: time.sleep(0.01)
print(pressed)",
    );
    assert_eq!(output.ok(), "ready\n[2]\n");
}

/// A program may ignore it: nothing ends early.
#[test]
fn ignored() {
    let mut run = eryx_run(images::bare())
        .args([
            "-c",
            "import signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print('ready', flush=True)
sys.stdin.readline()
start = time.monotonic()
time.sleep(0.5)
print(time.monotonic() - start >= 0.5)",
        ])
        .start();
    run.wait_for("ready\n");
    run.interrupt();
    run.write("\n");
    run.interrupt();
    assert_eq!(run.finish().ok(), "ready\nTrue\n");
}

/// A program that leaves it to the system is ended, without a word of its own.
#[test]
fn left_to_the_system() {
    let output = interrupted(
        "import signal, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
try:
    print('ready', flush=True)
    time.sleep(600)
finally: print('finally')",
    );
    assert_eq!(output.status, 130, "{output}");
    assert_eq!(output.out(), "ready\n");
}

/// Who starts the loader may have it ignore Ctrl-C, as a shell does with what runs in the background.
#[test]
fn ignored_by_inheritance() {
    let source = "import time; print('ready', flush=True); time.sleep(0.5); print('done')";
    let mut run = Run::new(Path::new("/bin/sh"))
        .args(["-c", "trap '' INT; exec \"$0\" \"$1\" -c \"$2\""])
        .arg(&binaries().eryx_run)
        .arg(images::bare())
        .arg(source)
        .start();
    run.wait_for("ready\n");
    run.interrupt();
    assert_eq!(run.finish().ok(), "ready\ndone\n");
}

/// One that does not look, in a long call of native code, is ended nevertheless.
#[test]
fn deaf() {
    let output = interrupted("print('ready', flush=True)\nsum(range(10**15))\nstr(7 ** 10**8)");
    assert_eq!(output.status, 130, "{output}");
}

/// A second Ctrl-C ends a program that has caught the first.
#[test]
fn twice() {
    let source = "try:
    print('ready', flush=True)
    while True: pass
except KeyboardInterrupt: pass
try:
    print('once', flush=True)
    while True: pass
finally: print('over')";
    let mut run = eryx_run(images::bare()).args(["-c", source]).start();
    run.wait_for("ready\n");
    run.interrupt();
    run.wait_for("once\n");
    run.interrupt();
    let output = run.finish();
    is_keyboard_interrupt(&output);
    assert_eq!(output.out(), "ready\nonce\nover\n");
}
