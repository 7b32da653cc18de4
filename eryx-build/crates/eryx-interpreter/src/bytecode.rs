//! Bytecode: compiles every Python source of the tree inside the sandbox, so that no run ever
//! compiles a library.
//!
//! Sources are split into a fixed number of shares, each compiled by an interpreter of its own, so that
//! the result does not depend on how many cores there are. What comes out lies beside each source, under
//! the name where an import looks for it.

use crate::{error::PreinitError, files::ImageFiles, random::fixed_device, run::Run};
use bytes::Bytes;
use eryx_base::{
    Digest,
    excerpt::{TRACEBACK, excerpt},
};
use eryx_host::{Clocks, Program, files};
use eryx_image::Tree;
use eryx_vfs::{FileError, FileSystem, OpenOptions, Opened, RelativePath, Scratch, ScratchLimits};
use rayon::prelude::*;
use std::sync::Arc;

/// How many interpreters share the work.
const SHARES: usize = 4;

/// Where the guest finds its task and leaves what it made.
const DIRECTORY: &str = "/bytecode";

/// How much the guest may leave there, in bytes and files.
const LIMITS: ScratchLimits = ScratchLimits {
    bytes: 2 << 30,
    files: 1 << 20,
};

/// The cache's kind of bytecode.
pub const KIND: &str = "bytecode";

/// The key in the cache of the standard library's bytecode: it depends on the runtime alone.
#[must_use]
pub fn stdlib_key(runtime: &eryx_runtime::Distribution) -> Digest {
    Digest::of_parts([runtime.identity().as_bytes()])
}

/// Why there is no bytecode.
#[derive(Debug, thiserror::Error)]
pub enum BytecodeError {
    /// The guest could not be run.
    #[error(transparent)]
    Preinit(#[from] PreinitError),
    /// The guest's own compiler run failed.
    #[error("compiling the Python sources failed in the sandbox: {0}")]
    Failed(String),
    /// What the guest left cannot be read.
    #[error("the bytecode that the sandbox made cannot be read")]
    Read(#[from] FileError),
}

/// A source's path and the bytecode for it.
pub type Compiled = Vec<(String, Bytes)>;

/// Compiles the sources at `paths`, which are in `tree`. A source that is not valid Python is left out.
///
/// # Errors
/// When the sandbox cannot be run.
pub fn compile(
    interpreter: &dyn Run,
    tree: &Tree,
    paths: &[String],
) -> Result<Compiled, BytecodeError> {
    let shares: Vec<Vec<&str>> = (0..SHARES)
        .map(|share| {
            paths
                .iter()
                .skip(share)
                .step_by(SHARES)
                .map(String::as_str)
                .collect()
        })
        .collect();
    let compiled: Vec<Compiled> = shares
        .into_par_iter()
        .filter(|share| !share.is_empty())
        .map(|share| compile_share(interpreter, tree, &share))
        .collect::<Result<_, _>>()?;
    Ok(compiled.into_iter().flatten().collect())
}

/// The sandbox path of the bytecode for a source (PEP 3147).
pub fn bytecode_path(source: &str) -> Option<String> {
    let (directory, name) = source.rsplit_once('/')?;
    Some(format!(
        "{directory}/__pycache__/{}.cpython-314.pyc",
        name.strip_suffix(".py")?
    ))
}

/// The sources of the files that get bytecode.
pub fn sources(files: &ImageFiles) -> Vec<String> {
    files
        .iter()
        .map(|(path, _)| path)
        .filter(|path| path.ends_with(".py"))
        .map(str::to_owned)
        .collect()
}

/// Compiled bytecode as the cache keeps it: for each source its path and its bytecode, each with its
/// length before it.
pub fn encode(compiled: &Compiled) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (path, bytecode) in compiled {
        for piece in [path.as_bytes(), bytecode] {
            bytes.extend_from_slice(&(piece.len() as u64).to_le_bytes());
            bytes.extend_from_slice(piece);
        }
    }
    bytes
}

/// The reverse of [`encode`]; `None` for anything else.
pub fn decode(mut bytes: &[u8]) -> Option<Compiled> {
    fn piece<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
        let (length, rest) = bytes.split_first_chunk()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (piece, rest) = rest.split_at_checked(length)?;
        *bytes = rest;
        Some(piece)
    }
    let mut compiled = Compiled::new();
    while !bytes.is_empty() {
        let path = std::str::from_utf8(piece(&mut bytes)?).ok()?.to_owned();
        compiled.push((path, Bytes::copy_from_slice(piece(&mut bytes)?)));
    }
    Some(compiled)
}

fn compile_share(
    interpreter: &dyn Run,
    tree: &Tree,
    paths: &[&str],
) -> Result<Compiled, BytecodeError> {
    let clocks = Clocks::fixed();
    let timestamp = clocks.timestamp();
    let scratch = Arc::new(Scratch::new(LIMITS, Arc::new(move || timestamp)));
    let namespace = files::base(tree.clone(), 64 << 20, &clocks, fixed_device())
        .and_then(|builder| builder.mount(DIRECTORY, scratch.clone()))
        .and_then(|builder| builder.mount_file("/bytecode-sources", paths.join("\0")))
        .map_err(|error| BytecodeError::Failed(error.to_string()))?;
    let program = Program::Module("_eryx.bytecode".to_owned());
    let arguments = [DIRECTORY, "/bytecode-sources"].map(|word| word.as_bytes().to_vec());
    let (status, printed) = interpreter.run(namespace.build(), program, &arguments)?;
    if status != 0 {
        let printed = excerpt(&printed, TRACEBACK);
        return Err(BytecodeError::Failed(printed.into_owned()));
    }
    let mut compiled = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        match read(&scratch, &number.to_string()) {
            Ok(bytes) => compiled.push(((*path).to_owned(), bytes)),
            Err(FileError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(compiled)
}

fn read(scratch: &Scratch, name: &str) -> Result<Bytes, FileError> {
    let Opened::File(file) = scratch.open(RelativePath::new(name)?, &OpenOptions::to_read())?
    else {
        return Err(FileError::IsDirectory);
    };
    let mut bytes = Vec::new();
    loop {
        let piece = file.read_at(bytes.len() as u64, eryx_vfs::MAX_READ)?;
        if piece.is_empty() {
            return Ok(bytes.into());
        }
        bytes.extend_from_slice(&piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_comes_back() {
        let compiled = vec![
            ("/a.py".to_owned(), Bytes::from_static(b"code")),
            ("/b.py".to_owned(), Bytes::new()),
        ];
        let bytes = encode(&compiled);
        assert_eq!(decode(&bytes), Some(compiled));
        assert_eq!(decode(&bytes[..bytes.len() - 1]), None);
        assert_eq!(decode(&[255; 20]), None);
    }

    #[test]
    fn bytecode_lies_where_imports_look_for_it() {
        let path = bytecode_path("/site-packages/six.py");
        assert_eq!(
            path.as_deref(),
            Some("/site-packages/__pycache__/six.cpython-314.pyc")
        );
    }
}
