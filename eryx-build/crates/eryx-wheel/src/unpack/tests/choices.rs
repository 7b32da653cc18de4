//! Choices that are read out of the bytes of an input, as a fuzzer or a run of mutations makes them.
//!
//! The bytes of an archive are no good to mutate: nearly every change is caught by a checksum. So an
//! input is a list of choices, from which an archive is put together whose checksums are right unless
//! a choice says otherwise. This file is also a part of the fuzzers in `fuzz/`.

use super::builder::Entry;

/// The most contents of an entry, in bytes: an input must take no longer than is good for trying many.
const MAX_CONTENTS: usize = 16 << 10;

/// Names and contents that mean something to somebody. New ones go to the end: what kept inputs
/// choose stays mostly the same then.
pub(crate) struct Words {
    pub names: &'static [&'static str],
    pub contents: &'static [&'static [u8]],
}

/// Reads choices out of an input; at its end every choice is the first.
pub(crate) struct Choices<'a>(pub &'a [u8]);

impl<'a> Choices<'a> {
    pub(crate) fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    pub(crate) fn number(&mut self) -> u32 {
        u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()])
    }

    /// Whether something rare is to be.
    pub(crate) fn rarely(&mut self) -> bool {
        self.byte() > 0xf0
    }

    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.byte()) % all.len()]
    }

    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let length = usize::from(self.byte()).min(self.0.len());
        let (bytes, rest) = self.0.split_at(length);
        self.0 = rest;
        bytes
    }

    pub(crate) fn name(&mut self, words: &Words) -> Vec<u8> {
        if self.rarely() {
            return self.bytes().to_vec();
        }
        let mut name = self.one_of(words.names).as_bytes().to_vec();
        if self.rarely() {
            name.extend(self.bytes());
        }
        name
    }

    pub(crate) fn contents(&mut self, words: &Words) -> Vec<u8> {
        let mut contents = self.one_of(words.contents).to_vec();
        if self.byte() > 0x80 {
            contents.extend(self.bytes());
        }
        if self.rarely() {
            contents = contents.repeat(usize::from(self.byte()) << 4);
            contents.truncate(MAX_CONTENTS);
        }
        contents
    }

    /// An entry of a zip archive.
    pub(crate) fn entry(&mut self, words: &Words) -> Entry {
        let mut entry = Entry::new("", &[]);
        entry.name = self.name(words);
        entry.contents = self.contents(words);
        entry.deflated = self.byte() > 0x80;
        if !self.rarely() {
            return entry;
        }
        // One lie at a time, or a few: two hide each other.
        match self.byte() % 11 {
            0 => entry.local_name = Some(self.name(words)),
            1 => entry.method = Some(self.one_of(&[0, 1, 8, 9, 12, 14, 93, 95, 98, 99])),
            2 => entry.flags = u16::from_le_bytes([self.byte(), self.byte()]),
            3 => entry.external_attributes = self.number(),
            4 => entry.size = Some(self.number()),
            5 => entry.crc = Some(self.number()),
            6 => entry.zip64_size = Some(u64::from(self.number()) << (self.byte() % 33)),
            7 => entry.extra = self.bytes().to_vec(),
            8 => entry.streamed = true,
            9 => {
                entry.streamed = true;
                entry.flags |= 1 << 3;
            }
            _ => entry.external_attributes = self.one_of(&[0o120_777, 0o040_755, 0o010_644]) << 16,
        }
        entry
    }

    /// Mostly no damage to an archive: other bytes in a few places, a part that is missing at the
    /// end, or something behind it.
    pub(crate) fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..self.byte() % 4 {
            let at = self.number() as usize % bytes.len().max(1);
            let byte = self.byte();
            if let Some(target) = bytes.get_mut(at) {
                *target = byte;
            }
        }
        if self.rarely() {
            let length = self.number() as usize % bytes.len().max(1);
            bytes.truncate(length);
        }
        if self.rarely() {
            bytes.extend(self.bytes());
        }
    }
}

/// Inputs that are written down, each as a line of hexadecimal digits. Lines with `#` are comments.
pub(crate) fn from_hex(text: &str) -> Vec<Vec<u8>> {
    let byte = |digits: &[u8]| {
        let digits = std::str::from_utf8(digits).expect("digits are ASCII");
        u8::from_str_radix(digits, 16).expect("a byte has two hexadecimal digits")
    };
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.as_bytes().chunks(2).map(byte).collect())
        .collect()
}

/// Whether a path begins as one with a drive of Windows does, and so means another place there.
pub(crate) fn has_drive_letter(path: &str) -> bool {
    let mut bytes = path.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && bytes.next() == Some(b':')
}
