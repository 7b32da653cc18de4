//! Zip archives and wheels made byte by byte, so that they can be wrong in any way.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha2::{Digest as _, Sha256};

use eryx_base::Digest;
use eryx_packaging::{Distribution, Origin};

/// The directory of the metadata of every wheel that is made here.
pub(crate) const DIST_INFO: &str = "a-1.0.dist-info";

/// One entry of an archive.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The name in the directory at the end of the archive.
    pub name: Vec<u8>,
    /// The name before the data, if another.
    pub local_name: Option<Vec<u8>>,
    pub contents: Vec<u8>,
    pub deflated: bool,
    /// The compression method that is declared, if another.
    pub method: Option<u16>,
    pub flags: u16,
    pub external_attributes: u32,
    /// The unpacked size that is declared, if another.
    pub size: Option<u32>,
    /// The checksum that is declared, if another.
    pub crc: Option<u32>,
    /// Whether checksum and sizes follow the data, as a writer does that cannot go back.
    pub streamed: bool,
    /// More extra fields, in the directory and before the data.
    pub extra: Vec<u8>,
    /// Whether the sizes are declared in a zip64 field, which says the given unpacked size.
    pub zip64_size: Option<u64>,
}

impl Entry {
    pub(crate) fn new(name: &str, contents: &[u8]) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            local_name: None,
            contents: contents.to_vec(),
            deflated: false,
            method: None,
            flags: 1 << 11,
            external_attributes: 0o100_644 << 16,
            size: None,
            crc: None,
            streamed: false,
            extra: Vec::new(),
            zip64_size: None,
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

    /// The fields that both headers have in the same order.
    fn common(&self, data: &[u8], name: &[u8], extra: &[u8]) -> Vec<u8> {
        let mut crc = flate2::Crc::new();
        crc.update(&self.contents);
        let mut bytes = Vec::new();
        let method = self.method.unwrap_or(if self.deflated { 8 } else { 0 });
        for value in [20, self.flags, method, 0, 0x21] {
            bytes.extend(u16::to_le_bytes(value));
        }
        bytes.extend(self.crc.unwrap_or(crc.sum()).to_le_bytes());
        let size = self.size.unwrap_or(u32_length(&self.contents));
        let sizes = match self.zip64_size {
            Some(_) => [u32::MAX, u32::MAX],
            None => [u32_length(data), size],
        };
        bytes.extend(sizes.map(u32::to_le_bytes).concat());
        bytes.extend(u16_length(name).to_le_bytes());
        bytes.extend(u16_length(extra).to_le_bytes());
        bytes
    }

    fn extra(&self, data: &[u8]) -> Vec<u8> {
        let Some(size) = self.zip64_size else {
            return self.extra.clone();
        };
        let mut bytes = [self.extra.as_slice(), &[1, 0, 16, 0]].concat();
        bytes.extend(size.to_le_bytes());
        bytes.extend(u64::from(u32_length(data)).to_le_bytes());
        bytes
    }
}

fn u16_length(bytes: &[u8]) -> u16 {
    bytes.len().try_into().unwrap()
}

fn u32_length(bytes: &[u8]) -> u32 {
    bytes.len().try_into().unwrap()
}

/// An archive of these entries.
pub(crate) fn archive(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let offset = u32_length(&bytes);
        let data = entry.data();
        let extra = entry.extra(&data);
        let local_name = entry.local_name.as_ref().unwrap_or(&entry.name);
        bytes.extend(b"PK\x03\x04");
        let mut common = entry.common(&data, local_name, &extra);
        let declared = common[10..22].to_vec();
        if entry.streamed {
            common[10..22].fill(0);
        }
        bytes.extend(common);
        bytes.extend(local_name);
        bytes.extend(&extra);
        bytes.extend(data.as_slice());
        if entry.streamed {
            bytes.extend(b"PK\x07\x08");
            bytes.extend(declared);
        }

        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(entry.common(&data, &entry.name, &extra));
        directory.extend([0; 6]);
        directory.extend(entry.external_attributes.to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(&entry.name);
        directory.extend(&extra);
    }
    let start = u32_length(&bytes);
    bytes.extend(&directory);
    let count = u64::try_from(entries.len()).unwrap();
    if entries.len() >= 0xffff {
        bytes.extend(zip64_end(count, directory.len() as u64, start.into()));
    }
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    let count = u16::try_from(count).unwrap_or(u16::MAX);
    bytes.extend([count, count].map(u16::to_le_bytes).concat());
    bytes.extend(
        [u32_length(&directory), start]
            .map(u32::to_le_bytes)
            .concat(),
    );
    bytes.extend([0; 2]);
    bytes
}

/// The zip64 record for so many entries, and its locator. They lie just behind the directory.
pub(crate) fn zip64_end(count: u64, size: u64, start: u64) -> Vec<u8> {
    let mut bytes = b"PK\x06\x06".to_vec();
    bytes.extend(44_u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0]);
    bytes.extend([0; 8]);
    bytes.extend([count, count, size, start].map(u64::to_le_bytes).concat());
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend((start + size).to_le_bytes());
    bytes.extend(1_u32.to_le_bytes());
    bytes
}

/// The entries of a good wheel of package `a` 1.0 with these files. What already is among the
/// files of the `.dist-info` directory is not made.
pub(crate) fn wheel_entries(files: &[(&str, &[u8])]) -> Vec<Entry> {
    let wheel = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    let metadata = b"Metadata-Version: 2.4\nName: A\nVersion: 1.0\nSummary: A test\n\
        License-Expression: MIT\nRequires-Dist: six\n\nbody\n";
    let mut entries: Vec<Entry> = files
        .iter()
        .map(|(name, contents)| Entry::new(name, contents))
        .collect();
    for (name, contents) in [("WHEEL", &wheel[..]), ("METADATA", &metadata[..])] {
        let name = format!("{DIST_INFO}/{name}");
        if !files.iter().any(|(path, _)| *path == name) {
            entries.push(Entry::new(&name, contents));
        }
    }
    let name = format!("{DIST_INFO}/RECORD");
    if !files.iter().any(|(path, _)| *path == name) {
        let record = record(&entries);
        entries.push(Entry::new(&name, record.as_bytes()));
    }
    entries
}

/// The RECORD of these entries.
pub(crate) fn record(entries: &[Entry]) -> String {
    let mut record = format!("{DIST_INFO}/RECORD,,\n");
    for entry in entries {
        let name = String::from_utf8_lossy(&entry.name);
        if name.ends_with('/') {
            continue;
        }
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(&entry.contents));
        let size = entry.contents.len();
        record.push_str(&format!("\"{name}\",sha256={hash},{size}\n"));
    }
    record
}

/// A distribution whose wheel has these bytes; it lives as long as the directory.
pub(crate) fn distribution(directory: &std::path::Path, name: &str, bytes: &[u8]) -> Distribution {
    let file_name = format!("{name}-1.0-py3-none-any.whl");
    let wheel = directory.join(&file_name);
    std::fs::write(&wheel, bytes).unwrap();
    Distribution {
        name: name.to_owned(),
        version: "1.0".to_owned(),
        wheel,
        file_name,
        sha256: Digest::of(bytes),
        origin: Origin::LocalFile,
        source: None,
    }
}
