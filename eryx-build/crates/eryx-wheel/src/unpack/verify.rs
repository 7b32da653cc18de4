//! Checks a wheel against its RECORD.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::record::{is_signature, reader};

use super::error::WheelProblem;

/// The largest RECORD, in bytes.
const MAX_RECORD: usize = 64 << 20;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::write;

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
