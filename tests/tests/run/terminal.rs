//! Programs at a terminal.

use eryx_tests::{binaries, images};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    process::{Child, Command},
};

/// Starts a program with a terminal for its three streams. Returns the other side of the terminal.
fn at_terminal(source: &str) -> (Child, File) {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let name = ptsname(&controller, Vec::new()).unwrap();
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let child = Command::new(&binaries().eryx_run)
        .arg(images::bare())
        .args(["-c", source])
        .stdin(terminal.try_clone().unwrap())
        .stdout(terminal.try_clone().unwrap())
        .stderr(terminal)
        .spawn()
        .unwrap();
    (child, File::from(controller))
}

/// What the terminal shows until it is hung up.
fn shown(mut terminal: File) -> String {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    // The end of a terminal is an error on Linux and no bytes elsewhere.
    while let Ok(count @ 1..) = terminal.read(&mut buffer) {
        text.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8(text).unwrap()
}

/// Programs know that they are at a terminal.
#[test]
fn known() {
    let (mut child, terminal) = at_terminal(
        "import os, sys\nprint(sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty(), \
         sys.stdout.line_buffering)\nopen('/tmp/x', 'w').isatty() or os._exit(4)",
    );
    assert_eq!(shown(terminal), "True True True True\r\n");
    assert_eq!(child.wait().unwrap().code(), Some(4));
}

/// A line is shown when it ends, without a flush.
#[test]
fn line_by_line() {
    let (mut child, mut terminal) =
        at_terminal("print('first')\nname = input('name? ')\nprint('hello', name)");
    let mut seen = Vec::new();
    while !seen.ends_with(b"first\r\nname? ") {
        let mut byte = [0];
        terminal.read_exact(&mut byte).unwrap();
        seen.extend(byte);
    }
    terminal.write_all(b"Ann\n").unwrap();
    assert_eq!(shown(terminal), "Ann\r\nhello Ann\r\n");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
