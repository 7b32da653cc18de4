//! Names that are not UTF-8, as text that is.
//!
//! POSIX names are bytes, and WASI's are Unicode. A byte that is no part of valid UTF-8 stands in
//! text as the character U+10FF00 plus the byte. Those characters are never given a meaning, but a
//! name may hold one all the same; then each of its own bytes stands as such a character, so that
//! every name has one text and every text means one name. The guest does the same on its side.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// The first two bytes of every character that stands for a byte.
const MARK: [u8; 2] = [0xf4, 0x8f];

/// How many bytes of UTF-8 stand for one byte.
const LENGTH: usize = 4;

/// The byte that a character stands for whose UTF-8 is at the start of `text`.
fn meant(text: &[u8]) -> Option<u8> {
    match text {
        [first, second, third @ (0xbe | 0xbf), fourth, ..] if [*first, *second] == MARK => {
            Some((third & 1) << 6 | 0x80 | fourth & 0x3f)
        }
        _ => None,
    }
}

fn push(byte: u8, text: &mut String) {
    // Always a character: the highest is U+10FFFF.
    text.extend(char::from_u32(0x10_ff00 + u32::from(byte)));
}

/// The text of a name or path of the host.
pub(super) fn to_text(name: OsString) -> String {
    let bytes = match name.into_string() {
        Ok(text) if !has_mark(text.as_bytes()) => return text,
        Ok(text) => text.into_bytes(),
        Err(name) => name.into_vec(),
    };
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character < '\u{10ff80}' {
                text.push(character);
                continue;
            }
            let mut buffer = [0; LENGTH];
            for byte in character.encode_utf8(&mut buffer).bytes() {
                push(byte, &mut text);
            }
        }
        for byte in chunk.invalid() {
            push(*byte, &mut text);
        }
    }
    text
}

/// The name or path of the host that a text means.
pub(super) fn to_host(text: &str) -> Cow<'_, OsStr> {
    if !has_mark(text.as_bytes()) {
        return Cow::Borrowed(OsStr::new(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if let Some(byte) = meant(rest) {
            bytes.push(byte);
            rest = rest.get(LENGTH..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    Cow::Owned(OsStr::from_bytes(&bytes).to_owned())
}

/// How many bytes the name or path has that a text means.
pub(super) fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let marks = bytes
        .windows(LENGTH)
        .filter(|window| meant(window).is_some());
    bytes.len() - (LENGTH - 1) * marks.count()
}

fn has_mark(text: &[u8]) -> bool {
    text.contains(&MARK[0]) && text.windows(LENGTH).any(|window| meant(window).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(bytes: &[u8]) -> String {
        let text = to_text(OsStr::from_bytes(bytes).to_owned());
        assert_eq!(to_host(&text).as_bytes(), bytes, "{text:?}");
        assert_eq!(length(&text), bytes.len(), "{text:?}");
        text
    }

    #[test]
    fn every_name_has_one_text() {
        assert_eq!(round_trip("gr\u{fc}n".as_bytes()), "gr\u{fc}n");
        assert_eq!(round_trip(b"a\xffb"), "a\u{10ffff}b");
        assert_eq!(
            round_trip(b"\x80\xbf\xc0"),
            "\u{10ff80}\u{10ffbf}\u{10ffc0}"
        );
        assert_eq!(round_trip(b"\xed\xa0\x80").chars().count(), 3);
        // A name that has such a character in it is not the name that it stands for.
        let own = round_trip("\u{10ffff}".as_bytes());
        assert_eq!(own.chars().count(), 4);
        for byte in 0..=255_u8 {
            round_trip(&[b'x', byte, 0xf4, 0x8f, byte]);
        }
    }
}
