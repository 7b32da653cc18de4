//! Where the parts of an image lie: the trailer and its arithmetic.

use std::fmt;
use std::ops::Range;

use eryx_base::digest::{Digest, Hasher};
use thiserror::Error;

/// The version of the image format that is written, and the newest that is read.
pub const FORMAT_VERSION: u32 = 1;

/// The last bytes of every image.
pub(super) const MAGIC: [u8; 8] = *b"ERYXIMG\0";
/// Bytes of the trailer of this version.
pub(super) const TRAILER_SIZE: usize = 256;
/// Bytes at the very end of a trailer of any version: format version, trailer size, magic.
pub(super) const TAIL_SIZE: usize = 16;
/// What the file data is aligned to, so that it shares no page with machine code.
const DATA_ALIGNMENT: u64 = 4096;
/// What the tree index is aligned to.
const INDEX_ALIGNMENT: u64 = 8;

/// Where the checksum of the code tables lies in the trailer.
const CHECKSUM_AT: usize = 4 * PART_SIZE;
/// Where the digest of the trailer lies in it.
const DIGEST_AT: usize = TRAILER_SIZE - TAIL_SIZE - 32;
/// Bytes that one part takes in the trailer: offset, length and digest.
const PART_SIZE: usize = 48;

/// A part of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The component compiled by wasmtime, an ELF file.
    Code,
    /// The contents of the files of the tree.
    Data,
    /// The index of the tree.
    Index,
    /// What the image says about itself.
    Metadata,
}

impl Part {
    /// All parts, in the order in which they lie in the file.
    pub const ALL: [Self; 4] = [Self::Code, Self::Data, Self::Index, Self::Metadata];

    /// A short, stable name for machines: `code`, `data`, `index`, `metadata`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Data => "data",
            Self::Index => "index",
            Self::Metadata => "metadata",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Code => "machine code",
            Self::Data => "file data",
            Self::Index => "tree index",
            Self::Metadata => "metadata",
        })
    }
}

/// Where a part lies and what it must hash to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartPlace {
    /// Its first byte, counted from the start of the file.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// The sha256 of its bytes.
    pub digest: Digest,
}

impl PartPlace {
    /// The bytes of the file that are the part.
    pub fn range(&self) -> Range<u64> {
        self.offset..self.offset.saturating_add(self.length)
    }
}

/// What is wrong with a trailer.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrailerError {
    /// The sha256 of the trailer does not match.
    #[error("its bytes do not match their sha256")]
    Digest,
    /// The trailer is not as long as this version of the format wants it.
    #[error("it claims to be {0} bytes long")]
    Size(u32),
    /// The format version is 0.
    #[error("it claims format version 0")]
    Version,
    /// Bytes that must be zero are not.
    #[error("its reserved bytes are not zero")]
    Reserved,
    /// A part does not begin or end where it must.
    #[error("the {0} would lie out of place")]
    Place(Part),
    /// The parts do not fill the file up to the trailer.
    #[error("the parts describe a file of {expected} bytes, but it has {actual}")]
    FileLength {
        /// Bytes that the parts and the trailer take.
        expected: u64,
        /// Bytes there are.
        actual: u64,
    },
}

/// The decoded trailer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trailer {
    pub parts: [PartPlace; 4],
    /// CRC-32 of the tables in the machine code.
    pub code_checksum: u32,
}

/// The tail of a trailer of any version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tail {
    pub version: u32,
    pub size: u32,
}

impl Tail {
    /// Reads the end of a file; `None` when it does not end as an image does.
    pub(super) fn decode(file: &[u8]) -> Option<Self> {
        let tail: &[u8; TAIL_SIZE] = file.last_chunk()?;
        let [v0, v1, v2, v3, s0, s1, s2, s3, magic @ ..] = *tail;
        (magic == MAGIC).then(|| Self {
            version: u32::from_le_bytes([v0, v1, v2, v3]),
            size: u32::from_le_bytes([s0, s1, s2, s3]),
        })
    }
}

impl Trailer {
    /// Lays out parts of these lengths and digests.
    ///
    /// `None` when the file would be longer than 2⁶⁴ bytes.
    pub(super) fn lay_out(contents: [(u64, Digest); 4], code_checksum: u32) -> Option<Self> {
        let mut end = 0_u64;
        let mut parts = contents.map(|(length, digest)| PartPlace {
            offset: 0,
            length,
            digest,
        });
        for (part, place) in Part::ALL.into_iter().zip(&mut parts) {
            place.offset = end.checked_next_multiple_of(alignment(part))?;
            end = place.offset.checked_add(place.length)?;
        }
        end.checked_add(TRAILER_SIZE as u64)?;
        Some(Self {
            parts,
            code_checksum,
        })
    }

    pub(super) fn part(&self, part: Part) -> &PartPlace {
        let [code, data, index, metadata] = &self.parts;
        match part {
            Part::Code => code,
            Part::Data => data,
            Part::Index => index,
            Part::Metadata => metadata,
        }
    }

    /// The padding between the parts, which is zero.
    pub(super) fn padding(&self) -> Vec<Range<u64>> {
        self.parts
            .windows(2)
            .filter_map(|pair| match pair {
                [before, after] => Some(before.range().end..after.offset),
                _ => None,
            })
            .filter(|range| !range.is_empty())
            .collect()
    }

    /// Where the trailer begins, which is where the metadata end.
    pub(super) fn offset(&self) -> u64 {
        self.part(Part::Metadata).range().end
    }

    /// The trailer and its digest, which identifies the whole image.
    pub(super) fn encode(&self) -> ([u8; TRAILER_SIZE], Digest) {
        let mut bytes = [0; TRAILER_SIZE];
        for (place, target) in self.parts.iter().zip(bytes.chunks_exact_mut(PART_SIZE)) {
            target[0..8].copy_from_slice(&place.offset.to_le_bytes());
            target[8..16].copy_from_slice(&place.length.to_le_bytes());
            target[16..48].copy_from_slice(place.digest.as_bytes());
        }
        bytes[CHECKSUM_AT..CHECKSUM_AT + 4].copy_from_slice(&self.code_checksum.to_le_bytes());
        let tail = TRAILER_SIZE - TAIL_SIZE;
        bytes[tail..tail + 4].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes[tail + 4..tail + 8].copy_from_slice(&(TRAILER_SIZE as u32).to_le_bytes());
        bytes[tail + 8..].copy_from_slice(&MAGIC);
        let digest = digest_of(&bytes);
        bytes[DIGEST_AT..tail].copy_from_slice(digest.as_bytes());
        (bytes, digest)
    }

    /// Reads and checks the trailer at the end of a file of this version of the format.
    pub(super) fn decode(file: &[u8], tail: Tail) -> Result<(Self, Digest), TrailerError> {
        if tail.version != FORMAT_VERSION {
            return Err(TrailerError::Version);
        }
        if usize::try_from(tail.size) != Ok(TRAILER_SIZE) {
            return Err(TrailerError::Size(tail.size));
        }
        let actual = file.len() as u64;
        let too_short = TrailerError::FileLength {
            expected: TRAILER_SIZE as u64,
            actual,
        };
        let bytes: &[u8; TRAILER_SIZE] = file.last_chunk().ok_or(too_short)?;
        let digest = digest_of(bytes);
        let (fields, _tail) = bytes.split_at(TRAILER_SIZE - TAIL_SIZE);
        if !fields.ends_with(digest.as_bytes()) {
            return Err(TrailerError::Digest);
        }
        if bytes[CHECKSUM_AT + 4..DIGEST_AT]
            .iter()
            .any(|byte| *byte != 0)
        {
            return Err(TrailerError::Reserved);
        }
        let trailer = Self {
            parts: std::array::from_fn(|number| place(bytes, number * PART_SIZE)),
            code_checksum: u32::from_le_bytes(array(bytes, CHECKSUM_AT)),
        };
        trailer.check_places(actual)?;
        Ok((trailer, digest))
    }

    /// The parts of an image lie in one possible way only.
    fn check_places(&self, file_length: u64) -> Result<(), TrailerError> {
        let contents = self.parts.map(|place| (place.length, place.digest));
        let expected = Self::lay_out(contents, self.code_checksum)
            .ok_or(TrailerError::Place(Part::Metadata))?;
        for ((part, actual), expected) in
            Part::ALL.into_iter().zip(&self.parts).zip(&expected.parts)
        {
            if actual.offset != expected.offset {
                return Err(TrailerError::Place(part));
            }
        }
        // `lay_out` has checked this sum.
        let expected = expected.offset() + TRAILER_SIZE as u64;
        if expected != file_length {
            return Err(TrailerError::FileLength {
                expected,
                actual: file_length,
            });
        }
        Ok(())
    }
}

fn alignment(part: Part) -> u64 {
    match part {
        Part::Code | Part::Metadata => 1,
        Part::Data => DATA_ALIGNMENT,
        Part::Index => INDEX_ALIGNMENT,
    }
}

/// The digest of a trailer: over all of it but the digest itself.
fn digest_of(trailer: &[u8; TRAILER_SIZE]) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(&trailer[..DIGEST_AT]);
    hasher.update(&trailer[TRAILER_SIZE - TAIL_SIZE..]);
    hasher.finish()
}

/// The part whose record begins at `at`, which is a constant within bounds.
fn place(trailer: &[u8; TRAILER_SIZE], at: usize) -> PartPlace {
    PartPlace {
        offset: u64::from_le_bytes(array(trailer, at)),
        length: u64::from_le_bytes(array(trailer, at + 8)),
        digest: Digest::from_bytes(array(trailer, at + 16)),
    }
}

/// `N` bytes from `at`; zeros beyond the end.
fn array<const N: usize>(trailer: &[u8; TRAILER_SIZE], at: usize) -> [u8; N] {
    trailer
        .get(at..)
        .and_then(|bytes| bytes.first_chunk())
        .copied()
        .unwrap_or([0; N])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Trailer {
        let digest = Digest::of(b"x");
        let contents = [(5000, digest), (3, digest), (40, digest), (100, digest)];
        Trailer::lay_out(contents, 0xdead_beef).unwrap()
    }

    /// A file that ends in this trailer.
    fn file(trailer: &[u8]) -> Vec<u8> {
        let mut file = vec![0; usize::try_from(sample().offset()).unwrap()];
        file.extend_from_slice(trailer);
        file
    }

    fn decode(file: &[u8]) -> Result<(Trailer, Digest), TrailerError> {
        Trailer::decode(file, Tail::decode(file).ok_or(TrailerError::Digest)?)
    }

    #[test]
    fn parts_are_aligned_and_close() {
        let offsets = sample().parts.map(|place| place.offset);
        assert_eq!(offsets, [0, 8192, 8200, 8240]);
        assert_eq!(sample().padding(), [5000..8192, 8195..8200]);
    }

    #[test]
    fn a_trailer_comes_back() {
        let (bytes, digest) = sample().encode();
        assert_eq!(decode(&file(&bytes)), Ok((sample(), digest)));
    }

    #[test]
    fn every_flipped_bit_is_seen() {
        let (bytes, _) = sample().encode();
        for position in 0..TRAILER_SIZE {
            for bit in 0..8 {
                let mut bytes = bytes;
                bytes[position] ^= 1 << bit;
                assert!(decode(&file(&bytes)).is_err(), "byte {position} bit {bit}");
            }
        }
    }

    #[test]
    fn places_with_a_right_digest_are_checked_still() {
        let check = |change: &dyn Fn(&mut Trailer)| {
            let mut trailer = sample();
            change(&mut trailer);
            decode(&file(&trailer.encode().0)).unwrap_err()
        };
        assert_eq!(
            check(&|t| t.parts[0].offset = 1),
            TrailerError::Place(Part::Code)
        );
        assert_eq!(
            check(&|t| t.parts[1].offset += 4096),
            TrailerError::Place(Part::Data)
        );
        assert_eq!(
            check(&|t| t.parts[2].offset -= 8),
            TrailerError::Place(Part::Index)
        );
        assert_eq!(
            check(&|t| t.parts[0].length = u64::MAX),
            TrailerError::Place(Part::Metadata)
        );
        assert!(matches!(
            check(&|t| t.parts[3].length += 1),
            TrailerError::FileLength { .. }
        ));
        assert!(matches!(
            check(&|t| t.parts[3].length = u64::MAX / 2),
            TrailerError::FileLength { .. }
        ));
    }
}
