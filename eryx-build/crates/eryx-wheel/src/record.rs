//! RECORD: the list of a wheel's files with their hashes and sizes (binary distribution format,
//! and the record of installed projects, PEP 376 and PEP 627).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Files that sign RECORD and therefore cannot be in it.
const SIGNATURES: [&str; 2] = ["RECORD.jws", "RECORD.p7s"];

/// Whether a file of the `.dist-info` directory is a signature of RECORD.
pub(crate) fn is_signature(dist_info: &str, path: &str) -> bool {
    path.strip_prefix(dist_info)
        .and_then(|rest| rest.strip_prefix('/'))
        .is_some_and(|name| SIGNATURES.contains(&name))
}

/// The RECORD of the files as they are in the site tree, which is what `importlib.metadata.files`
/// shows.
pub fn write<'a>(
    files: impl IntoIterator<Item = (&'a String, &'a [u8])>,
    record_path: &str,
) -> Vec<u8> {
    let mut record = String::new();
    for (path, contents) in files {
        record.push_str(&listed(path, contents));
    }
    record.push_str(&format!("{},,\n", quoted(record_path)));
    record.into_bytes()
}

/// What becomes of a line of RECORD.
pub(crate) enum Line<'a> {
    /// It stays.
    Same,
    /// It goes with its file.
    Gone,
    /// Another file is there in its place: its path and contents.
    Instead(String, &'a [u8]),
}

/// A RECORD that was written here, after some of its files changed.
pub(crate) fn changed<'a>(record: &[u8], change: impl Fn(&str) -> Line<'a>) -> Vec<u8> {
    let mut reader = reader(record);
    let mut kept = Vec::with_capacity(record.len());
    let mut start = 0;
    let mut line = csv::StringRecord::new();
    while let Ok(true) = reader.read_record(&mut line) {
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        match change(line.get(0).unwrap_or_default()) {
            Line::Same => kept.extend_from_slice(record.get(start..end).unwrap_or_default()),
            Line::Gone => {}
            Line::Instead(path, contents) => kept.extend(listed(&path, contents).into_bytes()),
        }
        start = end;
    }
    kept
}

/// Its lines, whatever number of fields they have.
pub(crate) fn reader(record: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(record)
}

fn listed(path: &str, contents: &[u8]) -> String {
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(contents));
    format!("{},sha256={hash},{}\n", quoted(path), contents.len())
}

fn quoted(path: &str) -> String {
    if path.contains([',', '"']) {
        format!("\"{}\"", path.replace('"', "\"\""))
    } else {
        path.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_with_their_files() {
        let files = [("a.py", "pass\n"), ("b,\"c.py", "")]
            .map(|(path, contents)| (path.to_owned(), contents));
        let listed = files
            .iter()
            .map(|(path, contents)| (path, contents.as_bytes()));
        let record = String::from_utf8(write(listed, "a-1.dist-info/RECORD")).unwrap();
        let without = |gone: &str| {
            let kept = changed(record.as_bytes(), |path| {
                if path == gone { Line::Gone } else { Line::Same }
            });
            String::from_utf8(kept).unwrap()
        };
        assert_eq!(without("other"), record);
        let lines: Vec<&str> = record.lines().collect();
        assert_eq!(without("a.py"), format!("{}\n{}\n", lines[1], lines[2]));
        assert_eq!(without("b,\"c.py"), format!("{}\n{}\n", lines[0], lines[2]));
    }
}
