//! The standard streams of a run.
//!
//! What a program prints reaches its sink at once, in order and without a bound: nothing is kept back
//! that a trap or a time limit could lose.

use crate::capability::{
    stdio::{
        input::Input,
        sink::{OutputSink, lock},
    },
    terminal::lines::LineReader,
};
use eryx_vfs::check_output;
use std::{
    fs::File,
    io::{self, Write},
    os::fd::AsFd,
    sync::{Arc, Mutex},
};

/// The standard streams of a run.
pub struct Streams {
    /// What the program reads.
    pub input: Input,
    /// What it prints.
    pub stdout: OutputSink,
    /// What it complains about.
    pub stderr: OutputSink,
    /// What reads lines for `input()` and the prompt, when input and standard output are terminals.
    pub lines: Option<Box<dyn LineReader>>,
}

impl Streams {
    /// The streams of this process.
    pub fn inherit() -> Self {
        Self {
            input: Input::Inherit,
            stdout: OutputSink::new(
                unbuffered(&io::stdout(), io::stdout()),
                io::IsTerminal::is_terminal(&io::stdout()),
            ),
            stderr: OutputSink::new(
                unbuffered(&io::stderr(), io::stderr()),
                io::IsTerminal::is_terminal(&io::stderr()),
            ),
            lines: None,
        }
    }

    /// Streams that read `input` and keep what is printed.
    pub fn captured(input: &[u8]) -> (Self, CapturedOutput) {
        let output = CapturedOutput::default();
        let streams = Self {
            input: Input::Bytes(input.to_vec()),
            stdout: OutputSink::collecting(&output.stdout),
            stderr: OutputSink::collecting(&output.stderr),
            lines: None,
        };
        (streams, output)
    }
}

/// What a run printed.
#[derive(Clone, Default)]
pub struct CapturedOutput {
    stdout: Arc<Mutex<Vec<u8>>>,
    stderr: Arc<Mutex<Vec<u8>>>,
}

impl CapturedOutput {
    /// What was written to descriptor 1 so far.
    pub fn stdout(&self) -> Vec<u8> {
        lock(&self.stdout).clone()
    }

    /// What was written to descriptor 2 so far.
    pub fn stderr(&self) -> Vec<u8> {
        lock(&self.stderr).clone()
    }
}

/// A descriptor of this process without the line buffer of the standard library, which would hold
/// bytes back. The process's own buffered handle serves when there is no spare descriptor.
fn unbuffered(stream: &impl AsFd, buffered: impl Write + Send + 'static) -> Box<dyn Write + Send> {
    match stream.as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(Output(File::from(descriptor))),
        Err(_) => Box::new(buffered),
    }
}

/// An output of this process. What a program prints must not raise a signal here where it is a file
/// that may not become larger.
struct Output(File);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        check_output(&self.0)?;
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
