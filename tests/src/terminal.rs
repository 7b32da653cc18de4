//! Running a program at a terminal: what is typed, and what the screen shows.

use crate::process::{LIMIT, hear_ctrl_c};
use rustix::{
    process::{Pid, Signal, kill_process},
    termios::{LocalModes, tcgetattr},
};
use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read, Write},
    os::{
        fd::{FromRawFd, OwnedFd},
        unix::process::ExitStatusExt,
    },
    path::Path,
    process::{Child, Command},
    ptr,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Instant,
};

/// A program whose three streams are a terminal of its own.
pub struct Terminal {
    child: Child,
    controller: File,
    chunks: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    deadline: Instant,
}

impl Terminal {
    /// Starts a program at a terminal of this kind, as `TERM` names it.
    pub fn start<A: AsRef<OsStr>>(
        program: &Path,
        arguments: impl IntoIterator<Item = A>,
        kind: &str,
    ) -> Self {
        let (controller, terminal) = open_pair().expect("a terminal");
        let stream = || terminal.try_clone().expect("a descriptor is duplicated");
        hear_ctrl_c();
        let child = Command::new(program)
            .args(arguments)
            .env("TERM", kind)
            .stdin(stream())
            .stdout(stream())
            .stderr(stream())
            .spawn()
            .expect("the program starts");
        let mut reader = controller.try_clone().expect("a descriptor is duplicated");
        let (sender, chunks) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The end of a terminal is an error on Linux and no bytes elsewhere.
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            controller,
            chunks,
            seen: Vec::new(),
            deadline: Instant::now() + LIMIT,
        }
    }

    /// Types text. `\r` is the key Enter, `\x03` Ctrl-C and `\x04` Ctrl-D.
    pub fn type_keys(&mut self, keys: &str) {
        self.controller
            .write_all(keys.as_bytes())
            .expect("the terminal takes keys");
    }

    /// Waits until what the screen shows ends with a text.
    #[track_caller]
    pub fn wait_for(&mut self, end: &str) {
        while !self.screen().ends_with(end) {
            let more = self.receive();
            assert!(more, "{end:?} does not appear\n{}", self.screen());
        }
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("a signal is sent");
    }

    /// Whether the terminal is as a shell needs it: it echoes, and lines come when they end.
    pub fn is_usable(&self) -> bool {
        let mode = tcgetattr(&self.controller).expect("the terminal has a mode");
        mode.local_modes
            .contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    /// Waits for the end. Returns what the screen shows, and the exit status or the negative number of a
    /// signal.
    #[track_caller]
    pub fn finish(mut self) -> (String, i32) {
        while self.receive() {}
        let screen = self.screen();
        let status = self.child.wait().expect("the program can be waited for");
        assert!(self.is_usable(), "the terminal is left unusable\n{screen}");
        let code = status.code();
        (screen, code.unwrap_or(-status.signal().unwrap_or_default()))
    }

    /// Takes what comes next. False when the program is gone; fails when it takes too long.
    #[track_caller]
    fn receive(&mut self) -> bool {
        let left = self.deadline.saturating_duration_since(Instant::now());
        match self.chunks.recv_timeout(left) {
            Ok(chunk) => {
                self.seen.extend(chunk);
                true
            }
            Err(RecvTimeoutError::Disconnected) => false,
            Err(RecvTimeoutError::Timeout) => {
                panic!("nothing more happens in time\n{}", self.screen())
            }
        }
    }

    /// What the screen shows, without colours: rows end with `\n`.
    fn screen(&self) -> String {
        let text = String::from_utf8_lossy(&self.seen);
        let mut rows = vec![Vec::new()];
        let mut column: usize = 0;
        let mut rest = text.chars();
        while let Some(character) = rest.next() {
            let row = rows.last_mut().expect("a screen has a row");
            match character {
                '\n' => rows.push(Vec::new()),
                '\r' => column = 0,
                '\u{8}' => column = column.saturating_sub(1),
                '\u{1b}' => {
                    let mut number = String::new();
                    let last = rest.find(|next| {
                        number.extend(next.is_ascii_digit().then_some(*next));
                        next.is_ascii_alphabetic()
                    });
                    match last {
                        Some('K' | 'J') => row.truncate(column),
                        Some('D') => {
                            column = column.saturating_sub(number.parse().unwrap_or(1));
                        }
                        Some('C') => column += number.parse().unwrap_or(1),
                        _ => {}
                    }
                }
                _ => {
                    if row.len() <= column {
                        row.resize(column + 1, ' ');
                    }
                    row[column] = character;
                    column += 1;
                }
            }
        }
        let rows: Vec<String> = rows.into_iter().map(String::from_iter).collect();
        rows.join("\n")
    }
}

/// A new terminal: the end that types and sees, and the end of the program. libc's own function,
/// because the feature of rustix for terminals has cargo compile the whole engine once more.
fn open_pair() -> io::Result<(File, File)> {
    let (mut controller, mut terminal) = (-1, -1);
    // SAFETY: both numbers are ours to write to, and the null pointers ask for nothing more.
    let opened = unsafe {
        libc::openpty(
            &raw mut controller,
            &raw mut terminal,
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    if opened != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call succeeded, so these are open descriptors, and nobody else has them.
    let ends = unsafe {
        [
            OwnedFd::from_raw_fd(controller),
            OwnedFd::from_raw_fd(terminal),
        ]
    };
    for end in &ends {
        // A child that kept the controller open would keep the terminal from ever hanging up.
        rustix::io::fcntl_setfd(end, rustix::io::FdFlags::CLOEXEC)?;
    }
    let [controller, terminal] = ends.map(File::from);
    Ok((controller, terminal))
}

/// Tests that fail leave nothing running.
impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
