//! What is found without an installer, and what is asked of one.

use std::fs;

use super::*;

fn locked(place: Place) -> LockedPackage {
    LockedPackage {
        name: "six".to_owned(),
        version: "1.17.0".to_owned(),
        file: crate::resolve::LockedFile {
            name: "six-1.17.0-py2.py3-none-any.whl".to_owned(),
            sha256: Digest::of(b"six"),
            size: None,
            place,
        },
        dependencies: Vec::new(),
    }
}

/// Fetches one package without an index, out of a cache that holds `kept`.
fn offline(place: Place, kept: &[u8]) -> Result<Vec<u8>, FetchError> {
    let directory = tempfile::tempdir().unwrap();
    let cache = Cache::at(&directory.path().join("cache")).unwrap();
    let file = directory.path().join("file");
    fs::write(&file, kept).unwrap();
    keep(&cache, &file).unwrap();
    let lock = Lock {
        packages: vec![locked(place)],
        ..Lock::default()
    };
    let request = Request {
        lock: &lock,
        packages: &PackagesSection::default(),
        python: "3.14.0",
        offline: true,
    };
    let fetched = fetch(&request, &cache, &|_| {})?;
    Ok(fs::read(&fetched[0].path).unwrap())
}

#[test]
fn what_the_cache_has_is_found_by_its_hash() {
    assert_eq!(offline(Place::Index(None), b"six").unwrap(), b"six");
    let other = offline(Place::Index(None), b"sax");
    assert!(matches!(other, Err(FetchError::Offline { .. })));
}

#[test]
fn a_local_file_is_taken_where_it_is_if_it_is_the_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("six.whl");
    let fetch = || offline(Place::Path(path.clone()), b"");
    assert!(matches!(fetch(), Err(FetchError::Read { .. })));
    fs::write(&path, b"six").unwrap();
    assert_eq!(fetch().unwrap(), b"six");
    fs::write(&path, b"sax").unwrap();
    assert!(matches!(fetch(), Err(FetchError::Changed { .. })));
}

#[test]
fn the_installer_is_asked_for_exactly_this_file() {
    let hash = Digest::of(b"six");
    let mut packages = PackagesSection::default();
    let index = Place::Index(Some("https://a.example.com".to_owned()));
    assert_eq!(
        requirement_line(&locked(index), &packages),
        format!("six==1.17.0 --hash=sha256:{hash}\n")
    );
    let url = "packages.example.com/six.whl";
    let package = locked(Place::Url(format!("https://{url}")));
    assert_eq!(
        requirement_line(&package, &packages),
        format!("six @ https://{url} --hash=sha256:{hash}\n")
    );
    // The lock has no password, but the manifest has.
    packages.requirements.push(eryx_manifest::Requirement {
        text: format!("six @ https://me:secret@{url}"),
        name: "six".to_owned(),
        hashes: Vec::new(),
        origin: String::new(),
    });
    assert_eq!(
        requirement_line(&package, &packages),
        format!("six @ https://me:secret@{url} --hash=sha256:{hash}\n")
    );
}

#[test]
fn a_download_is_known_by_its_hash_whatever_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let package = locked(Place::Index(None));
    assert_eq!(downloaded(directory.path(), &package), None);
    let path = directory.path().join("download");
    fs::write(&path, b"six").unwrap();
    assert_eq!(downloaded(directory.path(), &package), Some(path));
}

#[test]
fn failures_are_told_apart() {
    let outcome = |line: &str| crate::installer::Outcome {
        success: false,
        lines: Vec::new(),
        errors: vec![line.to_owned()],
    };
    let package = locked(Place::Index(None));
    let check = |line: &str| failure("pip", &[&package], &outcome(line));
    assert!(matches!(check("Retrying (x"), FetchError::Network { .. }));
    let mismatch = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES … six==1.17.0";
    assert!(matches!(check(mismatch), FetchError::Mismatch { .. }));
    assert!(matches!(
        check("ERROR: disk full"),
        FetchError::Failed { .. }
    ));
}
