//! Readers that have stopped reading: nothing that the loader says keeps a process from ending.

use eryx_tests::{binaries, images};
use std::{
    io::{PipeReader, PipeWriter, Write, pipe},
    os::fd::AsRawFd,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A pipe that nobody reads, with no room left.
fn full_pipe() -> (PipeReader, PipeWriter) {
    let (reader, mut writer) = pipe().unwrap();
    // SAFETY: this only asks for the capacity of a pipe that is open.
    let capacity = unsafe { libc::fcntl(writer.as_raw_fd(), libc::F_GETPIPE_SZ) };
    let bytes = vec![b'.'; usize::try_from(capacity).unwrap()];
    writer.write_all(&bytes).unwrap();
    (reader, writer)
}

/// Starts a run whose standard error, and standard output if it is asked for, are full.
fn start(options: &[&str], source: &str, is_output_full: bool) -> (Child, PipeReader) {
    let (reader, writer) = full_pipe();
    let stdout = match is_output_full {
        true => Stdio::from(writer.try_clone().unwrap()),
        false => Stdio::null(),
    };
    let child = Command::new(&binaries().eryx_run)
        .args(options)
        .arg(images::bare())
        .args(["-c", source])
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(writer)
        .spawn()
        .unwrap();
    (child, reader)
}

/// Waits for the end of a run, and ends it when that takes too long.
fn wait(mut child: Child) -> ExitStatus {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match child.try_wait().unwrap() {
            Some(status) => return status,
            None if Instant::now() > deadline => {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("the run did not end");
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// A time limit ends a run, whatever it waits for.
#[test]
fn a_time_limit() {
    for (source, is_output_full) in [
        ("while True: pass", false),
        ("print('x', flush=True)", true),
        ("import os; os.write(2, b'x')", true),
    ] {
        let (child, _reader) = start(&["--timeout", "300ms"], source, is_output_full);
        assert_eq!(wait(child).code(), Some(124), "{source}");
    }
}

fn press_ctrl_c(child: &Child) {
    thread::sleep(Duration::from_millis(500));
    let pid = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
}

/// Ctrl-C ends a run that waits for its reader.
#[test]
fn ctrl_c() {
    let (child, _reader) = start(&[], "import os; os.write(2, b'x')", true);
    press_ctrl_c(&child);
    assert_eq!(wait(child).code(), Some(130));
}

/// A program that waits with its traceback, as under `python3`, is ended by the second Ctrl-C.
#[test]
fn ctrl_c_twice() {
    let (child, _reader) = start(&[], "while True: pass", true);
    press_ctrl_c(&child);
    press_ctrl_c(&child);
    assert_eq!(wait(child).code(), Some(130));
}

/// So do a trap, a missing script and wrong options.
#[test]
fn sentences() {
    let (child, _reader) = start(&[], "import os; os.abort()", false);
    assert_eq!(wait(child).code(), Some(126));
    let (child, _reader) = start(&["--entry-point", "none"], "", false);
    assert_eq!(wait(child).code(), Some(2));
    let (child, _reader) = start(&["--no-such-option"], "", false);
    assert_eq!(wait(child).code(), Some(2));
}
