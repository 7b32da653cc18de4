//! Tar archives made entry by entry, so that they can be wrong in any way.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

const BLOCK: usize = 512;

/// A tar archive that is about to be made.
#[derive(Debug, Clone, Default)]
pub(super) struct Tar {
    bytes: Vec<u8>,
}

impl Tar {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A regular file.
    pub(super) fn file(self, path: &str, contents: &[u8]) -> Self {
        self.entry(b'0', path.as_bytes(), "", contents)
    }

    /// A directory.
    pub(super) fn directory(self, path: &str) -> Self {
        self.entry(b'5', path.as_bytes(), "", b"")
    }

    /// A symbolic link.
    pub(super) fn symlink(self, path: &str, target: &str) -> Self {
        self.entry(b'2', path.as_bytes(), target, b"")
    }

    /// A hard link.
    pub(super) fn hard_link(self, path: &str, target: &str) -> Self {
        self.entry(b'1', path.as_bytes(), target, b"")
    }

    /// An extended header of POSIX for the entry that follows: keys and values.
    pub(super) fn pax(self, records: &[(&str, &str)]) -> Self {
        self.entry(b'x', b"pax", "", &pax_records(records))
    }

    /// An entry of any kind.
    pub(super) fn entry(self, kind: u8, path: &[u8], target: &str, contents: &[u8]) -> Self {
        self.sized_entry(kind, path, target, contents, contents.len() as u64)
    }

    /// An entry that says it has another size than it has.
    pub(super) fn sized_entry(
        mut self,
        kind: u8,
        path: &[u8],
        target: &str,
        contents: &[u8],
        size: u64,
    ) -> Self {
        let mut header = [0; BLOCK];
        header[..path.len()].copy_from_slice(path);
        header[100..108].copy_from_slice(b"0000644\0");
        header[108..124].copy_from_slice(b"0000000\x000000000\0");
        header[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
        header[136..148].copy_from_slice(b"00000000000\0");
        header[156] = kind;
        header[157..157 + target.len()].copy_from_slice(target.as_bytes());
        header[257..265].copy_from_slice(b"ustar\x0000");
        fix_checksums(&mut header);
        self.bytes.extend_from_slice(&header);
        self.bytes.extend_from_slice(contents);
        self.bytes
            .resize(self.bytes.len().next_multiple_of(BLOCK), 0);
        self
    }

    /// Any bytes where the next header would be.
    pub(super) fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// What was made so far.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What was made so far, to damage it.
    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// The archive with its end, compressed.
    pub(super) fn gz(&self) -> Vec<u8> {
        gz(&[&self.bytes[..], &[0; 2 * BLOCK]].concat())
    }
}

/// The records of an extended header: each begins with its own length.
pub(super) fn pax_records(records: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        let mut length = rest + 1;
        while length != rest + length.to_string().len() {
            length = rest + length.to_string().len();
        }
        bytes.extend_from_slice(format!("{length} {key}={value}\n").as_bytes());
    }
    bytes
}

/// Makes the checksum of every block right that looks like a header.
pub(super) fn fix_checksums(bytes: &mut [u8]) {
    for header in bytes.chunks_exact_mut(BLOCK) {
        if &header[257..262] == b"ustar" {
            header[148..156].copy_from_slice(b"        ");
            let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
            header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
    }
}

/// Bytes under gzip.
pub(crate) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
