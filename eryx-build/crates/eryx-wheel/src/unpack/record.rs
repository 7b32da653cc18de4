//! RECORD: the list of a wheel's files with their hashes and sizes (binary distribution format,
//! and the record of installed projects, PEP 376 and PEP 627).

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::error::WheelProblem;

/// The largest RECORD, in bytes.
const MAX_RECORD: usize = 64 << 20;

/// Files that sign RECORD and therefore cannot be in it.
const SIGNATURES: [&str; 2] = ["RECORD.jws", "RECORD.p7s"];

/// Whether a file of the `.dist-info` directory is a signature of RECORD.
pub(super) fn is_signature(dist_info: &str, path: &str) -> bool {
    path.strip_prefix(dist_info)
        .and_then(|rest| rest.strip_prefix('/'))
        .is_some_and(|name| SIGNATURES.contains(&name))
}

/// Checks that RECORD lists exactly the files there are, with the hash and size they have.
pub(super) fn verify(
    files: &BTreeMap<String, Vec<u8>>,
    dist_info: &str,
) -> Result<(), WheelProblem> {
    let record_path = format!("{dist_info}/RECORD");
    let record = files
        .get(&record_path)
        .ok_or_else(|| WheelProblem::Missing(record_path.clone()))?;
    if record.len() > MAX_RECORD {
        return Err(WheelProblem::MetadataTooLarge {
            path: record_path,
            limit: MAX_RECORD,
        });
    }
    let mut listed: BTreeSet<String> = BTreeSet::new();
    let mut reader = reader(record);
    for (index, line) in reader.records().enumerate() {
        let at = |problem| WheelProblem::RecordLine {
            line: u64::try_from(index).map_or(u64::MAX, |index| index.saturating_add(1)),
            problem,
        };
        let line = line.map_err(|_| at("is not UTF-8 text"))?;
        let (path, hash, size) = match line.iter().collect::<Vec<_>>().as_slice() {
            [path, hash, size] => (*path, *hash, *size),
            _ => return Err(at("does not have three fields")),
        };
        let Some(contents) = files.get(path) else {
            return Err(WheelProblem::RecordMissing(path.to_owned()));
        };
        if !listed.insert(path.to_owned()) {
            return Err(at("lists a file again"));
        }
        if !size.is_empty() && size.parse().ok() != Some(contents.len()) {
            return Err(WheelProblem::RecordSize(path.to_owned()));
        }
        if path == record_path {
            continue;
        }
        let (algorithm, expected) = hash.split_once('=').ok_or_else(|| at("has no hash"))?;
        let actual = match algorithm {
            "sha256" => URL_SAFE_NO_PAD.encode(Sha256::digest(contents)),
            "sha384" => URL_SAFE_NO_PAD.encode(Sha384::digest(contents)),
            "sha512" => URL_SAFE_NO_PAD.encode(Sha512::digest(contents)),
            _ => return Err(at("has a hash other than sha256, sha384 or sha512")),
        };
        if actual != expected.trim_end_matches('=') {
            return Err(WheelProblem::RecordHash(path.to_owned()));
        }
    }
    let unlisted = files.keys().find(|path| {
        !listed.contains(*path) && **path != record_path && !is_signature(dist_info, path)
    });
    match unlisted {
        Some(path) => Err(WheelProblem::RecordExtra(path.clone())),
        None => Ok(()),
    }
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

fn reader(record: &[u8]) -> csv::Reader<&[u8]> {
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

    fn files(record: &str) -> BTreeMap<String, Vec<u8>> {
        [
            ("a.py", "pass\n"),
            ("b,\"c.py", ""),
            ("a-1.dist-info/RECORD", record),
            ("a-1.dist-info/RECORD.jws", "{}"),
        ]
        .map(|(path, contents)| (path.to_owned(), contents.as_bytes().to_vec()))
        .into()
    }

    fn good_record() -> String {
        let files = files("");
        let listed = files
            .iter()
            .filter(|(path, _)| path.ends_with(".py"))
            .map(|(path, contents)| (path, contents.as_slice()));
        String::from_utf8(write(listed, "a-1.dist-info/RECORD")).unwrap()
    }

    fn check(record: &str) -> Result<(), WheelProblem> {
        verify(&files(record), "a-1.dist-info")
    }

    #[test]
    fn what_is_written_is_accepted() {
        let record = good_record();
        assert!(record.contains("\"b,\"\"c.py\",sha256="), "{record}");
        check(&record).unwrap();
        check(&record.replace('\n', "\r\n")).unwrap();
        // Sizes may be left out, and hashes may be padded.
        let line = record.lines().next().unwrap();
        let (start, _) = line.rsplit_once(',').unwrap();
        check(&record.replace(line, &format!("{start}=,"))).unwrap();
    }

    #[test]
    fn lines_go_with_their_files() {
        let record = good_record();
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

    #[test]
    fn every_difference_is_found() {
        let record = good_record();
        let first = record.lines().next().unwrap();
        let other_hash = format!("a.py,sha256={},5", "A".repeat(43));
        for (from, to, expected) in [
            (first, "", "\"a.py\" in it is not listed"),
            (
                first,
                other_hash.as_str(),
                "\"a.py\" in it does not have the hash",
            ),
            (",5", ",6", "\"a.py\" in it does not have the size"),
            (",5", ",-5", "\"a.py\" in it does not have the size"),
            (
                first,
                "a.py,md5=x,5",
                "line 1 of its RECORD has a hash other",
            ),
            (first, "a.py,,5", "line 1 of its RECORD has no hash"),
            (first, "a.py", "line 1 of its RECORD does not have three"),
            (
                "\"b,",
                "\"c,",
                "lists \"c,\\\"c.py\", which it does not have",
            ),
            (first, "../a.py,,", "lists \"../a.py\", which"),
        ] {
            let message = check(&record.replacen(from, to, 1))
                .unwrap_err()
                .to_string();
            assert!(message.contains(expected), "{message}");
        }
        let again = check(&format!("{record}{first}\n")).unwrap_err();
        assert!(matches!(again, WheelProblem::RecordLine { line: 4, .. }));
    }
}
