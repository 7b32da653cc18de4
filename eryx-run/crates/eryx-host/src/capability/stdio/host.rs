//! The host's side of the standard streams.

use super::{
    input::Input,
    row::Row,
    sink::{OutputClosed, OutputSink},
};
use crate::capability::process::interrupt::Interrupt;
use eryx_vfs::FileError;
use std::{future::Future, io, task::Poll};
use wasmtime::component::Linker;
use wasmtime_wasi::{
    cli::{IsTerminal, StdinStream, StdoutStream, WasiCli, WasiCliCtxView},
    p2::{
        bindings::cli::{stderr, stdin, stdout},
        pipe::MemoryInputPipe,
    },
};
use wasmtime_wasi_io::{
    bytes::Bytes,
    poll::Pollable,
    streams::{InputStream, OutputStream, StreamError, StreamResult},
};

/// How many bytes a program may hand over at once. Larger writes come in several pieces.
const WRITE_PERMIT: usize = 1 << 20;

/// Adds the interfaces of the standard streams.
pub(crate) fn add_to_linker<T: Send + 'static>(
    linker: &mut Linker<T>,
    wasi: fn(&mut T) -> WasiCliCtxView<'_>,
) -> wasmtime::Result<()> {
    stdin::add_to_linker::<T, WasiCli>(linker, wasi)?;
    stdout::add_to_linker::<T, WasiCli>(linker, wasi)?;
    stderr::add_to_linker::<T, WasiCli>(linker, wasi)
}

/// An output as the guest sees it.
pub(crate) struct GuestOutput {
    sink: OutputSink,
    row: Option<Row>,
}

impl GuestOutput {
    /// An output into this sink. What goes to a terminal is noted in its row.
    pub(crate) fn new(sink: OutputSink, row: Option<Row>) -> Self {
        let row = row.filter(|_| sink.is_terminal());
        Self { sink, row }
    }
}

impl IsTerminal for GuestOutput {
    fn is_terminal(&self) -> bool {
        self.sink.is_terminal()
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
                // As the guest learns it of files: `filesystem-error-code` knows this type.
                StreamError::LastOperationFailed(wasmtime::Error::new(FileError::from(error)))
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
    pub(crate) fn new(input: Input, interrupt: Interrupt, row: Option<Row>) -> Self {
        let (pipe, terminal) = match input {
            Input::Inherit => (None, io::IsTerminal::is_terminal(&io::stdin())),
            Input::Bytes(bytes) => (Some(MemoryInputPipe::new(bytes)), false),
        };
        Self {
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
