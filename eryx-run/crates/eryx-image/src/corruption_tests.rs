//! Tests of damage: it is seen, and never makes the reader panic.

use std::fs;
use std::path::Path;

use eryx_base::Digest;

use super::elf::Code;
use super::fixture::{TemporaryDirectory, code, image_bytes, metadata, tree, write_image};
use super::layout::{TRAILER_SIZE, Tail, Trailer};
use super::tree_tests::Noise;
use super::*;

/// A file whose bytes are replaced again and again.
struct Damaged {
    _folder: TemporaryDirectory,
    path: std::path::PathBuf,
}

impl Damaged {
    fn new() -> Self {
        let folder = TemporaryDirectory::new();
        let path = folder.join("x.cwasm");
        Self {
            _folder: folder,
            path,
        }
    }

    fn open(&self, bytes: &[u8]) -> Result<Image, ImageError> {
        // A new file each time: the one before may be mapped still.
        let _ = fs::remove_file(&self.path);
        fs::write(&self.path, bytes).unwrap();
        Image::open(Path::new(&self.path))
    }
}

fn trailer(bytes: &[u8]) -> Trailer {
    Trailer::decode(bytes, Tail::decode(bytes).unwrap())
        .unwrap()
        .0
}

/// The image with a trailer that vouches for what lies in it now.
fn vouched(bytes: &[u8]) -> Vec<u8> {
    let old = trailer(bytes);
    let contents = old.parts.map(|place| {
        let range = place.range();
        let part =
            &bytes[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()];
        (place.length, Digest::of(part))
    });
    let new = Trailer::lay_out(contents, old.code_checksum).unwrap();
    let body = &bytes[..bytes.len() - TRAILER_SIZE];
    [body, &new.encode().0].concat()
}

#[test]
fn every_damaged_byte_of_the_trailer_is_seen() {
    let (file, bytes) = (Damaged::new(), image_bytes());
    for position in bytes.len() - TRAILER_SIZE..bytes.len() {
        for flip in [1, 0x80, 0xff] {
            let mut bytes = bytes.clone();
            bytes[position] ^= flip;
            assert!(file.open(&bytes).is_err(), "byte {position}");
        }
    }
}

#[test]
fn every_byte_that_is_cut_off_or_added_is_seen() {
    let (file, bytes) = (Damaged::new(), image_bytes());
    let boundaries: Vec<usize> = trailer(&bytes)
        .parts
        .iter()
        .flat_map(|place| [place.offset, place.range().end])
        .map(|boundary| usize::try_from(boundary).unwrap())
        .collect();
    for length in 0..bytes.len() {
        let near = boundaries
            .iter()
            .any(|boundary| boundary.abs_diff(length) <= 2);
        if near || length % 97 == 0 || length < 80 || length + TRAILER_SIZE + 2 > bytes.len() {
            let error = file.open(&bytes[..length]).expect_err("cut short");
            let expected = match length {
                0 => matches!(error.problem(), ImageProblem::Empty),
                _ if length < 8 || length == code().len() => {
                    matches!(error.problem(), ImageProblem::Foreign(_))
                }
                _ => matches!(error.problem(), ImageProblem::Truncated),
            };
            assert!(expected, "{length}: {error}");
        }
    }
    assert!(file.open(&[&bytes[..], &[0]].concat()).is_err());
    // A whole trailer behind a body that is too short or too long.
    let (body, end) = bytes.split_at(bytes.len() - TRAILER_SIZE);
    for body in [&body[1..], &body[..body.len() - 1], &[body, &[0]].concat()] {
        let error = file.open(&[body, end].concat()).unwrap_err();
        assert!(
            matches!(error.problem(), ImageProblem::Trailer(_)),
            "{error}"
        );
    }
}

#[test]
fn a_newer_format_is_named() {
    let (file, mut bytes) = (Damaged::new(), image_bytes());
    let version = bytes.len() - 16;
    bytes[version] = 9;
    let error = file.open(&bytes).unwrap_err().to_string();
    assert!(error.contains("its format is version 9, and this loader knows none newer than 1"));
}

#[test]
fn every_damaged_byte_is_found_at_the_latest_by_verify() {
    let (file, bytes) = (Damaged::new(), image_bytes());
    let trailer = trailer(&bytes);
    let positions = (0..bytes.len()).filter(|position| {
        let padding = (code().len() + 10..4096).contains(position);
        position % 31 == 0 && !padding
    });
    for position in positions {
        let mut bytes = bytes.clone();
        bytes[position] ^= 0x10;
        let at_opening = match file.open(&bytes) {
            Ok(image) => {
                assert!(image.verify().is_err(), "byte {position}");
                false
            }
            Err(_) => true,
        };
        let position = position as u64;
        let must_be_seen_at_opening = position >= trailer.part(Part::Index).offset || position < 64;
        assert!(at_opening || !must_be_seen_at_opening, "byte {position}");
    }
}

#[test]
fn tables_of_the_machine_code_are_checked_at_opening_and_its_bulk_by_verify() {
    let (file, bytes) = (Damaged::new(), image_bytes());
    let find = |needle: &[u8]| {
        bytes
            .windows(needle.len())
            .position(|at| at == needle)
            .unwrap()
    };
    let with_damage_at = |position: usize| {
        let mut bytes = bytes.clone();
        bytes[position] ^= 1;
        file.open(&bytes)
    };
    let info = with_damage_at(find(&[9; 200]) + 100).unwrap_err();
    assert!(
        matches!(info.problem(), ImageProblem::Code(CodeError::Checksum)),
        "{info}"
    );
    let text = with_damage_at(find(&[0xcc; 5000]))
        .unwrap()
        .verify()
        .unwrap_err();
    assert!(
        matches!(text.problem(), ImageProblem::Digest(Part::Code)),
        "{text}"
    );
    let padding = with_damage_at(code().len() + 1)
        .unwrap()
        .verify()
        .unwrap_err();
    assert!(
        matches!(padding.problem(), ImageProblem::Padding(_)),
        "{padding}"
    );
}

#[test]
fn a_file_cut_short_after_opening_fails_verification() {
    let folder = TemporaryDirectory::new();
    let path = folder.join("x.cwasm");
    write_image(&path, &metadata());
    let image = Image::open(&path).unwrap();
    fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(4000)
        .unwrap();
    let error = image.verify().unwrap_err();
    assert!(
        matches!(error.problem(), ImageProblem::Truncated),
        "{error}"
    );
}

#[test]
fn noise_behind_right_digests_never_panics() {
    let (file, bytes) = (Damaged::new(), image_bytes());
    let trailer = trailer(&bytes);
    let mut noise = Noise(0x2545_f491_4f6c_dd1d);
    let mut opened = 0;
    for round in 0..600 {
        let part = if round % 2 == 0 {
            Part::Index
        } else {
            Part::Metadata
        };
        let place = trailer.part(part);
        let start = usize::try_from(place.offset).unwrap();
        let length = usize::try_from(place.length).unwrap();
        let mut bytes = bytes.clone();
        for _ in 0..=noise.below(3) {
            bytes[start + noise.below(length)] = noise.next() as u8;
        }
        if let Ok(image) = file.open(&vouched(&bytes)) {
            opened += 1;
            image.verify().unwrap();
            for (name, node) in image.tree().entries(image.tree().root()) {
                assert_eq!(image.tree().lookup(image.tree().root(), name), Some(node));
            }
        }
    }
    assert!(opened > 0 && opened < 600, "{opened}");
}

#[test]
fn noise_in_elf_files_never_panics() {
    let sound = code();
    let mut noise = Noise(0x9e37_79b9_97f4_a7c1);
    let tables = [0..64, sound.len() - 6 * 64..sound.len()];
    let mut refused = 0;
    for _ in 0..20_000 {
        let mut code = sound.clone();
        for _ in 0..=noise.below(3) {
            let table = &tables[noise.below(2)];
            code[table.start + noise.below(table.len())] = noise.next() as u8;
        }
        match Code::read(&code) {
            Ok(code) => assert!(code.end <= sound.len() as u64),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 0);
    for length in 0..sound.len() {
        assert!(Code::read(&sound[..length]).is_err(), "{length}");
    }
}

#[test]
fn enormous_metadata_are_refused_unparsed() {
    let file = Damaged::new();
    let (code, tree) = (code(), tree());
    let metadata = vec![b' '; usize::try_from(MAX_METADATA).unwrap() + 1];
    let contents: [&[u8]; 4] = [&code, tree.data(), tree.index(), &metadata];
    let trailer = Trailer::lay_out(
        contents.map(|bytes| (bytes.len() as u64, Digest::of(bytes))),
        Code::read(&code).unwrap().checksum,
    )
    .unwrap();
    let mut bytes = Vec::new();
    for (place, part) in trailer.parts.iter().zip(contents) {
        bytes.resize(usize::try_from(place.offset).unwrap(), 0);
        bytes.extend_from_slice(part);
    }
    bytes.extend_from_slice(&trailer.encode().0);
    let error = file.open(&bytes).unwrap_err();
    assert!(
        matches!(error.problem(), ImageProblem::MetadataSize(_)),
        "{error}"
    );
}
