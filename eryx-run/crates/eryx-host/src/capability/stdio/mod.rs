//! The standard streams of a run.
//!
//! What a program prints reaches its sink at once, in order and without a bound: nothing is kept back
//! that a trap or a time limit could lose.

use crate::capability::{
    process::Interrupt,
    terminal::{LineReader, Row},
};
use std::{
    future::Future,
    io::{self, Write},
    os::fd::AsFd,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
};
use wasmtime_wasi::{
    cli::{IsTerminal, StdinStream, StdoutStream},
    p2::pipe::MemoryInputPipe,
};
use wasmtime_wasi_io::{
    bytes::Bytes,
    poll::Pollable,
    streams::{InputStream, OutputStream, StreamError, StreamResult},
};

/// How many bytes a program may hand over at once. Larger writes come in several pieces.
const WRITE_PERMIT: usize = 1 << 20;

/// Where a program's input comes from.
pub enum Input {
    /// The standard input of this process.
    Inherit,
    /// These bytes, and then the end.
    Bytes(Vec<u8>),
}

/// Where a program's output goes.
#[derive(Clone)]
pub struct OutputSink {
    write: Arc<Mutex<dyn Write + Send>>,
    terminal: bool,
}

impl OutputSink {
    /// A sink that takes every write of the program as it comes. `terminal` is what the program is told.
    pub fn new(write: impl Write + Send + 'static, terminal: bool) -> OutputSink {
        OutputSink {
            write: Arc::new(Mutex::new(write)),
            terminal,
        }
    }

    /// Writes all of it at once.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        lock(&self.write).write_all(bytes)
    }
}

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
    pub fn inherit() -> Streams {
        Streams {
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
    pub fn captured(input: &[u8]) -> (Streams, CapturedOutput) {
        let output = CapturedOutput::default();
        let streams = Streams {
            input: Input::Bytes(input.to_vec()),
            stdout: OutputSink {
                write: output.stdout.clone(),
                terminal: false,
            },
            stderr: OutputSink {
                write: output.stderr.clone(),
                terminal: false,
            },
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

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A descriptor of this process without the line buffer of the standard library, which would hold
/// bytes back. The process's own buffered handle serves when there is no spare descriptor.
fn unbuffered(stream: &impl AsFd, buffered: impl Write + Send + 'static) -> Box<dyn Write + Send> {
    match stream.as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(std::fs::File::from(descriptor)),
        Err(_) => Box::new(buffered),
    }
}

/// Says that nobody reads an output any more.
#[derive(Debug)]
pub(crate) struct OutputClosed;

impl std::fmt::Display for OutputClosed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("nobody reads the program's output any more")
    }
}

impl std::error::Error for OutputClosed {}

/// An output as the guest sees it.
pub(crate) struct GuestOutput {
    sink: OutputSink,
    row: Option<Row>,
}

impl GuestOutput {
    /// An output into this sink. What goes to a terminal is noted in its row.
    pub fn new(sink: OutputSink, row: Option<Row>) -> GuestOutput {
        let row = row.filter(|_| sink.terminal);
        GuestOutput { sink, row }
    }
}

impl IsTerminal for GuestOutput {
    fn is_terminal(&self) -> bool {
        self.sink.terminal
    }
}

impl StdoutStream for GuestOutput {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncWrite + Send + Sync> {
        // Only components with async exports use this, and the world has none.
        Box::new(tokio::io::sink())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(Writer {
            sink: self.sink.clone(),
            row: self.row.clone(),
        })
    }
}

struct Writer {
    sink: OutputSink,
    row: Option<Row>,
}

#[wasmtime_wasi::async_trait]
impl Pollable for Writer {
    async fn ready(&mut self) {}
}

impl OutputStream for Writer {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        if let Some(row) = &self.row {
            row.print(&bytes);
        }
        self.sink.write(&bytes).map_err(|error| {
            if error.kind() == io::ErrorKind::BrokenPipe {
                StreamError::Trap(wasmtime::Error::new(OutputClosed))
            } else {
                StreamError::LastOperationFailed(wasmtime::Error::new(error))
            }
        })
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE_PERMIT)
    }
}

/// An input as the guest sees it.
pub(crate) struct GuestInput {
    pipe: Option<MemoryInputPipe>,
    terminal: bool,
    interrupt: Interrupt,
    row: Option<Row>,
}

impl GuestInput {
    pub fn new(input: Input, interrupt: Interrupt, row: Option<Row>) -> GuestInput {
        let (pipe, terminal) = match input {
            Input::Inherit => (None, io::IsTerminal::is_terminal(&io::stdin())),
            Input::Bytes(bytes) => (Some(MemoryInputPipe::new(bytes)), false),
        };
        GuestInput {
            pipe,
            terminal,
            interrupt,
            row,
        }
    }
}

impl IsTerminal for GuestInput {
    fn is_terminal(&self) -> bool {
        self.terminal
    }
}

impl StdinStream for GuestInput {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncRead + Send + Sync> {
        Box::new(tokio::io::empty())
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        match &self.pipe {
            Some(pipe) => Box::new(pipe.clone()),
            None => Box::new(Reader {
                inner: StdinStream::p2_stream(&wasmtime_wasi::cli::stdin()),
                interrupt: self.interrupt.clone(),
                interrupted: false,
                row: self.row.clone(),
            }),
        }
    }
}

/// The standard input of this process. An interrupt ends what waits for it: the guest then sees an end
/// of file, and raises KeyboardInterrupt as soon as Python code runs.
struct Reader {
    inner: Box<dyn InputStream>,
    interrupt: Interrupt,
    interrupted: bool,
    row: Option<Row>,
}

#[wasmtime_wasi::async_trait]
impl Pollable for Reader {
    async fn ready(&mut self) {
        let mut interrupted = std::pin::pin!(self.interrupt.interrupted());
        let mut ready = self.inner.ready();
        self.interrupted = std::future::poll_fn(|context| {
            if ready.as_mut().poll(context).is_ready() {
                Poll::Ready(false)
            } else {
                interrupted.as_mut().poll(context).map(|()| true)
            }
        })
        .await;
    }
}

#[wasmtime_wasi::async_trait]
impl InputStream for Reader {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        if std::mem::take(&mut self.interrupted) {
            return Err(StreamError::Closed);
        }
        let bytes = self.inner.read(size)?;
        if let Some(row) = self.row.as_ref().filter(|_| !bytes.is_empty()) {
            // At a terminal the end of a line has been typed.
            row.leave();
        }
        Ok(bytes)
    }
}
