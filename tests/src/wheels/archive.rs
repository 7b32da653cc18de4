//! Zip archives made byte by byte, so that they can be wrong in any way.

use flate2::{Compression, Crc, write::DeflateEncoder};
use std::io::Write as _;

/// The flag that says that names are UTF-8.
const UTF8_NAMES: u16 = 1 << 11;

/// One entry of an archive. What is set apart from name and contents makes it a lie.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// The contents.
    pub contents: Vec<u8>,
    /// Whether the contents are compressed.
    pub deflated: bool,
    /// The Unix mode with the kind of file in it.
    pub mode: u32,
    /// The unpacked size that is declared, in bytes, if another.
    pub declared_size: Option<u32>,
    /// The checksum that is declared, if another.
    pub declared_checksum: Option<u32>,
}

impl Entry {
    /// An ordinary file.
    pub fn new(name: &str, contents: impl AsRef<[u8]>) -> Self {
        Self {
            name: name.to_owned(),
            contents: contents.as_ref().to_vec(),
            deflated: false,
            mode: 0o100_644,
            declared_size: None,
            declared_checksum: None,
        }
    }

    /// A symbolic link.
    pub fn link(name: &str, target: &str) -> Self {
        Self {
            mode: 0o120_777,
            ..Self::new(name, target)
        }
    }

    /// A compressed file.
    pub fn deflated(name: &str, contents: impl AsRef<[u8]>) -> Self {
        Self {
            deflated: true,
            ..Self::new(name, contents)
        }
    }

    fn data(&self) -> Vec<u8> {
        if !self.deflated {
            return self.contents.clone();
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&self.contents).unwrap();
        encoder.finish().unwrap()
    }

    /// The fields that the header before the data and the one in the directory have in common.
    fn header(&self, data: &[u8]) -> Vec<u8> {
        let mut checksum = Crc::new();
        checksum.update(&self.contents);
        let method = if self.deflated { 8 } else { 0 };
        let mut bytes = Vec::new();
        for value in [20, UTF8_NAMES, method, 0, 0x21] {
            bytes.extend(u16::to_le_bytes(value));
        }
        for value in [
            self.declared_checksum.unwrap_or(checksum.sum()),
            length(data),
            self.declared_size.unwrap_or(length(&self.contents)),
        ] {
            bytes.extend(value.to_le_bytes());
        }
        bytes.extend(u16::try_from(self.name.len()).unwrap().to_le_bytes());
        bytes.extend([0, 0]);
        bytes
    }
}

/// A zip archive of the entries, in their order.
pub fn archive(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let offset = length(&bytes);
        let data = entry.data();
        let header = entry.header(&data);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&header);
        bytes.extend(entry.name.as_bytes());
        bytes.extend(&data);

        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&header);
        directory.extend([0; 6]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(entry.name.as_bytes());
    }
    let start = length(&bytes);
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count, count].concat());
    bytes.extend([length(&directory), start].map(u32::to_le_bytes).concat());
    bytes.extend([0, 0]);
    bytes
}

fn length(bytes: &[u8]) -> u32 {
    bytes.len().try_into().unwrap()
}
