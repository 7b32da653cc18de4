//! Open files as streams of `wasi:io`: always ready, because everything is done at once.

use std::sync::Arc;

use bytes::Bytes;
use wasmtime_wasi_io::async_trait;
use wasmtime_wasi_io::poll::Pollable;
use wasmtime_wasi_io::streams::{InputStream, OutputStream, StreamError, StreamResult};

use super::descriptor::FileDescriptor;
use crate::error::FileError;
use crate::file_system::OpenFile;

/// How many bytes one write may hand over. Longer ones come in several.
const WRITE_PERMIT: usize = 1024 * 1024;

/// The guest asks `filesystem-error-code` what is in it.
fn failed(error: FileError) -> StreamError {
    StreamError::LastOperationFailed(wasmtime::Error::new(error))
}

/// Reads a file from some offset on.
pub(super) struct FileInput {
    file: Arc<dyn OpenFile>,
    position: u64,
}

impl FileInput {
    pub(super) fn new(file: &Arc<dyn OpenFile>, position: u64) -> Self {
        Self {
            file: Arc::clone(file),
            position,
        }
    }
}

#[async_trait]
impl Pollable for FileInput {
    async fn ready(&mut self) {}
}

#[async_trait]
impl InputStream for FileInput {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        if size == 0 {
            return Ok(Bytes::new());
        }
        let data = self.file.read_at(self.position, size).map_err(failed)?;
        if data.is_empty() {
            // Not remembered: the file may have grown when the guest asks again.
            return Err(StreamError::Closed);
        }
        self.position = self.position.saturating_add(data.len() as u64);
        Ok(data)
    }
}

/// Writes a file from some offset on, or at its end.
pub(super) struct FileOutput {
    file: FileDescriptor,
    position: Option<u64>,
}

impl FileOutput {
    /// # Errors
    /// When the file is not open to be written.
    pub(super) fn new(file: &FileDescriptor, position: Option<u64>) -> Result<Self, FileError> {
        file.writable()?;
        Ok(Self {
            file: file.clone(),
            position,
        })
    }
}

#[async_trait]
impl Pollable for FileOutput {
    async fn ready(&mut self) {}
}

#[async_trait]
impl OutputStream for FileOutput {
    fn write(&mut self, data: Bytes) -> StreamResult<()> {
        self.file.write(self.position, &data).map_err(failed)?;
        if let Some(position) = &mut self.position {
            *position = position.saturating_add(data.len() as u64);
        }
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE_PERMIT)
    }
}
