//! Writes the archive and its checksum.

use super::entry::Entry;
use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tar::{Builder, Header};

/// Writes `NAME.tar.gz` with the entries below a directory `NAME`, and `SHA256SUMS` beside it. The same
/// entries give the same bytes: they are sorted, belong to nobody in particular and are of one time, in
/// seconds since 1970.
pub(crate) fn write(
    directory: &Path,
    name: &str,
    entries: Vec<Entry>,
    time: u64,
) -> Result<PathBuf> {
    let bytes = pack(name, entries, time).context("cannot pack the archive")?;
    let digest = Sha256::digest(&bytes);
    let file_name = format!("{name}.tar.gz");
    let path = directory.join(&file_name);
    let context = || format!("cannot write {}", path.display());
    fs::create_dir_all(directory).with_context(context)?;
    fs::write(&path, bytes).with_context(context)?;
    fs::write(
        directory.join("SHA256SUMS"),
        format!("{digest:x}  {file_name}\n"),
    )
    .with_context(context)?;
    Ok(path)
}

fn pack(name: &str, mut entries: Vec<Entry>, time: u64) -> Result<Vec<u8>> {
    entries.sort();
    // Neither a time nor a name nor a system in the header.
    let gzip = GzBuilder::new()
        .operating_system(255)
        .write(Vec::new(), Compression::best());
    let mut archive = Builder::new(gzip);
    for entry in entries {
        let mut header = Header::new_gnu();
        header.set_size(entry.bytes.len() as u64);
        header.set_mode(if entry.is_program { 0o755 } else { 0o644 });
        header.set_mtime(time);
        header.set_uid(0);
        header.set_gid(0);
        let path = format!("{name}/{}", entry.path);
        archive.append_data(&mut header, path, entry.bytes.as_slice())?;
    }
    Ok(archive.into_inner()?.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    fn entries() -> Vec<Entry> {
        vec![
            Entry::program("bin/eryx".to_owned(), b"\x7fELF".to_vec()),
            Entry::file("LICENSE-MIT".to_owned(), b"MIT\n".to_vec()),
        ]
    }

    #[test]
    fn the_same_entries_give_the_same_bytes() {
        let directory = tempfile::tempdir().expect("a directory is made");
        let [one, two] = ["one", "two"].map(|place| {
            let mut entries = entries();
            if place == "two" {
                entries.reverse();
            }
            let path = write(
                &directory.path().join(place),
                "eryx-1",
                entries,
                1_700_000_000,
            );
            fs::read(path.expect("it is written")).expect("it is there")
        });
        assert_eq!(one, two);
        let sums =
            fs::read_to_string(directory.path().join("one/SHA256SUMS")).expect("it is there");
        assert_eq!(sums, format!("{:x}  eryx-1.tar.gz\n", Sha256::digest(&one)));
    }

    #[test]
    fn entries_are_sorted_and_belong_to_nobody() {
        let bytes = pack("eryx-1", entries(), 7).expect("it is packed");
        let mut archive = tar::Archive::new(GzDecoder::new(bytes.as_slice()));
        let mut found = Vec::new();
        for entry in archive.entries().expect("it is an archive") {
            let mut entry = entry.expect("an entry");
            let mut text = Vec::new();
            entry.read_to_end(&mut text).expect("it can be read");
            let header = entry.header();
            let numbers = [header.uid(), header.gid(), header.mtime()]
                .map(|number| number.expect("a number"));
            assert_eq!(numbers, [0, 0, 7]);
            let path = entry.path().expect("a path").display().to_string();
            found.push((path, header.mode().expect("a mode"), text.len()));
        }
        assert_eq!(
            found,
            [
                ("eryx-1/LICENSE-MIT".to_owned(), 0o644, 4),
                ("eryx-1/bin/eryx".to_owned(), 0o755, 4)
            ]
        );
    }
}
