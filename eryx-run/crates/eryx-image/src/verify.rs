//! Checking every byte of an image.

use std::fs::File;
use std::io;
use std::ops::Range;

use eryx_base::digest::Hasher;

use super::error::ImageProblem;
use super::layout::{Part, PartPlace, Trailer};

/// How much is read at a time.
const CHUNK: usize = 1 << 18;

/// What was checked and found right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// Each part, and where it lies.
    pub parts: [(Part, PartPlace); 4],
}

/// Reads the file from its start to its trailer. The trailer was checked when it was decoded.
///
/// It is read, not taken from the mapping: a disk that fails is an error then, not a signal.
pub(super) fn verify(file: &File, trailer: &Trailer) -> Result<VerifyReport, ImageProblem> {
    let mut buffer = vec![0; CHUNK];
    for part in Part::ALL {
        let place = trailer.part(part);
        let mut hasher = Hasher::default();
        for_each_chunk(file, place.range(), &mut buffer, |chunk| {
            hasher.update(chunk);
            Ok(())
        })?;
        if hasher.finish() != place.digest {
            return Err(ImageProblem::Digest(part));
        }
    }
    for range in trailer.padding() {
        let end = range.end;
        for_each_chunk(file, range, &mut buffer, |chunk| {
            if chunk.iter().any(|byte| *byte != 0) {
                return Err(ImageProblem::Padding(end));
            }
            Ok(())
        })?;
    }
    Ok(VerifyReport {
        parts: Part::ALL.map(|part| (part, *trailer.part(part))),
    })
}

fn for_each_chunk(
    file: &File,
    range: Range<u64>,
    buffer: &mut [u8],
    mut check: impl FnMut(&[u8]) -> Result<(), ImageProblem>,
) -> Result<(), ImageProblem> {
    let mut position = range.start;
    while position < range.end {
        let wanted = usize::try_from(range.end - position)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let (wanted, _) = buffer.split_at_mut(wanted);
        match read_at(file, wanted, position) {
            // The file is shorter than it was when it was opened.
            Ok(0) => return Err(ImageProblem::Truncated),
            Ok(count) => {
                check(wanted.get(..count).unwrap_or(wanted))?;
                position += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ImageProblem::Read(error)),
        }
    }
    Ok(())
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, position)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, position)
}
