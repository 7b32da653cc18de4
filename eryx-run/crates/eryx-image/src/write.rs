//! Writing an image: all of it, or nothing.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use super::builder::EncodedTree;
use super::elf::Code;
use super::error::WriteError;
use eryx_base::Digest;

use super::layout::{FORMAT_VERSION, Part, PartPlace, Trailer};
use super::metadata::{MAX_METADATA, Metadata};
use super::replace::Replacement;

/// What goes into an image.
#[derive(Debug, Clone, Copy)]
pub struct ImageParts<'a> {
    /// The component compiled by wasmtime, as `Engine::precompile_component` gives it.
    pub code: &'a [u8],
    /// The files of the sandbox.
    pub tree: &'a EncodedTree,
    /// What the image says about itself; its `format` is set by the writer.
    pub metadata: &'a Metadata,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageSummary {
    /// The sha256 of the trailer, which has those of all parts in it: it identifies the image.
    pub identity: Digest,
    /// The length of the file in bytes.
    pub file_length: u64,
    /// Where each part lies.
    pub parts: [(Part, PartPlace); 4],
}

/// Finds out whether an image could be written to `path`, so that a bake need not fail at its end.
///
/// # Errors
/// What [`write()`] would say: no directory, no permission, something else than a file at `path`.
pub fn check_writable(path: &Path) -> Result<(), WriteError> {
    Replacement::begin(path).map(drop)
}

/// Writes the image `path`, or replaces it.
///
/// It is written beside its name, forced to the disk and then renamed: whatever happens, there is
/// the old image or the new one at `path`, never half of one. A replaced image keeps its
/// permissions. The same parts give the same bytes.
///
/// # Errors
/// When the parts are not fit for an image, or the operating system refuses. Then nothing is left
/// behind and what was at `path` is still there.
pub fn write(path: &Path, parts: &ImageParts<'_>) -> Result<ImageSummary, WriteError> {
    let write_error = |source| WriteError::Write {
        path: path.to_owned(),
        source,
    };
    let code = Code::read(parts.code)
        .and_then(|code| code.check_target(&parts.metadata.target).map(|()| code))
        .map_err(|source| WriteError::Code {
            path: path.to_owned(),
            source,
        })?;
    let metadata = encode(path, parts.metadata)?;

    let contents: [&[u8]; 4] = [parts.code, parts.tree.data(), parts.tree.index(), &metadata];
    let measured = contents.map(|bytes| (bytes.len() as u64, Digest::of(bytes)));
    let trailer = Trailer::lay_out(measured, code.checksum)
        .ok_or_else(|| write_error(io::ErrorKind::FileTooLarge.into()))?;
    let (trailer_bytes, identity) = trailer.encode();

    let mut replacement = Replacement::begin(path)?;
    let file = replacement.file();
    let length = write_parts(file, &trailer, contents, &trailer_bytes).map_err(write_error)?;
    replacement.finish()?;
    let parts = Part::ALL.map(|part| (part, *trailer.part(part)));
    Ok(ImageSummary {
        identity,
        file_length: length,
        parts,
    })
}

fn encode(path: &Path, metadata: &Metadata) -> Result<Vec<u8>, WriteError> {
    let metadata = Metadata {
        format: FORMAT_VERSION,
        ..metadata.clone()
    };
    let bytes = metadata.encode().map_err(|source| WriteError::Metadata {
        path: path.to_owned(),
        source,
    })?;
    let length = bytes.len() as u64;
    if length > MAX_METADATA {
        return Err(WriteError::MetadataSize {
            path: path.to_owned(),
            length,
        });
    }
    Ok(bytes)
}

fn write_parts(
    file: &mut File,
    trailer: &Trailer,
    contents: [&[u8]; 4],
    trailer_bytes: &[u8],
) -> io::Result<u64> {
    let mut position = 0;
    for (place, bytes) in trailer.parts.iter().zip(contents) {
        io::copy(
            &mut io::Read::take(io::repeat(0), place.offset - position),
            file,
        )?;
        file.write_all(bytes)?;
        position = place.range().end;
    }
    file.write_all(trailer_bytes)?;
    Ok(position + trailer_bytes.len() as u64)
}
