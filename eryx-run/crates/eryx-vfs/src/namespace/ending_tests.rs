//! What comes of paths that end in slashes and dots, as on Linux.

use super::*;
use crate::{FileError, Follow, OpenOptions, Scratch, ScratchLimits, Timestamp};
use std::sync::Arc;

/// A file, a directory, and links to both, to nothing, and to the file with a slash behind it.
fn namespace() -> Namespace {
    let clock = Arc::new(|| Timestamp::IMAGE);
    let scratch = Scratch::new(ScratchLimits::default(), clock);
    let builder = Namespace::builder().mount("/", Arc::new(scratch));
    let namespace = builder.unwrap().build();
    let at = |path| namespace.resolve("", path).unwrap();
    drop(namespace.open(&at("file"), &create()).unwrap());
    namespace.create_directory(&at("dir"), 0o755).unwrap();
    for (target, link) in [
        ("file", "to_file"),
        ("dir", "to_dir"),
        ("missing", "to_nothing"),
        ("file/", "to_slash"),
        ("missing/", "to_missing_slash"),
        ("dir/.", "to_dot"),
    ] {
        namespace.symlink(target, &at(link)).unwrap();
    }
    namespace
}

fn create() -> OpenOptions {
    OpenOptions {
        create: true,
        ..OpenOptions::to_write()
    }
}

fn name(result: Result<(), FileError>) -> String {
    match result {
        Ok(()) => "done".to_owned(),
        Err(error) => format!("{error:?}"),
    }
}

/// What comes of an operation at one path, in a new tree each time.
#[track_caller]
fn assert_all(
    operation: impl Fn(&Namespace, &Resolved<'_>) -> Result<(), FileError>,
    expected: &[(&str, &str)],
) {
    for (path, wanted) in expected {
        let namespace = namespace();
        let result = namespace
            .resolve_entry("", path)
            .and_then(|path| operation(&namespace, &path));
        assert_eq!(name(result), *wanted, "{path}");
    }
}

#[test]
fn looking() {
    assert_all(
        |namespace, path| namespace.metadata(path, Follow::No).map(drop),
        &[
            ("file/", "NotDirectory"),
            ("dir/", "done"),
            ("dir/./", "done"),
            ("to_dir/", "done"),
            ("to_file/", "NotDirectory"),
            ("to_nothing/", "NotFound"),
            ("to_slash", "done"),
        ],
    );
    assert_all(
        |namespace, path| namespace.metadata(path, Follow::Yes).map(drop),
        &[("to_slash", "NotDirectory"), ("to_dot", "done")],
    );
    assert_all(
        |namespace, path| namespace.read_link(path).map(drop),
        &[
            ("to_dir/", "Invalid"),
            ("to_file/", "NotDirectory"),
            ("to_nothing/", "NotFound"),
        ],
    );
}

#[test]
fn opening() {
    assert_all(
        |namespace, path| namespace.open(path, &create()).map(drop),
        &[
            ("file/", "IsDirectory"),
            ("new/", "IsDirectory"),
            ("missing/new/", "NotFound"),
            ("file/new/", "NotDirectory"),
            ("dir/.", "IsDirectory"),
            ("missing/.", "NotFound"),
            ("to_slash", "IsDirectory"),
            ("to_missing_slash", "IsDirectory"),
        ],
    );
    assert_all(
        |namespace, path| namespace.open(path, &OpenOptions::to_read()).map(drop),
        &[
            ("file/", "NotDirectory"),
            ("to_dir/", "done"),
            ("to_slash", "NotDirectory"),
        ],
    );
}

#[test]
fn making() {
    assert_all(
        |namespace, path| namespace.create_directory(path, 0o755),
        &[
            ("new/", "done"),
            ("file/", "Exists"),
            ("to_nothing/", "Exists"),
            ("dir/.", "Exists"),
            ("missing/.", "NotFound"),
        ],
    );
    assert_all(
        |namespace, path| namespace.symlink("target", path),
        &[
            ("new/", "NotFound"),
            ("file/", "Exists"),
            ("to_nothing/", "Exists"),
        ],
    );
    assert_all(
        |namespace, path| namespace.link(&namespace.resolve("", "file").unwrap(), Follow::No, path),
        &[
            ("new/", "NotFound"),
            ("dir/", "Exists"),
            ("dir/..", "Exists"),
        ],
    );
    assert_all(
        |namespace, path| namespace.link(path, Follow::No, &namespace.resolve("", "n")?),
        &[
            ("file/", "NotDirectory"),
            ("dir/", "NotPermitted"),
            ("to_nothing/", "NotFound"),
        ],
    );
}

#[test]
fn removing_and_moving() {
    assert_all(
        Namespace::remove_file,
        &[
            ("file/", "NotDirectory"),
            ("dir/", "IsDirectory"),
            ("to_dir/", "NotDirectory"),
            ("missing/", "NotFound"),
            ("dir/.", "IsDirectory"),
        ],
    );
    assert_all(
        Namespace::remove_directory,
        &[
            ("dir/", "done"),
            ("to_dir/", "NotDirectory"),
            ("dir/.", "Invalid"),
            ("dir/..", "NotEmpty"),
            ("missing/.", "NotFound"),
        ],
    );
    let too_long = "n".repeat(256);
    assert_all(
        |namespace, path| namespace.rename(path, &namespace.resolve_entry("", "new/")?),
        &[
            ("dir/", "done"),
            ("file", "NotDirectory"),
            ("to_dir/", "NotDirectory"),
            ("dir/.", "Busy"),
            (&too_long, "NameTooLong"),
        ],
    );
    assert_all(
        |namespace, path| namespace.rename(&namespace.resolve_entry("", "missing")?, path),
        &[
            (&too_long, "NotFound"),
            ("file/new", "NotDirectory"),
            ("dir/.", "Busy"),
        ],
    );
}

#[test]
fn moving_up_and_down() {
    let namespace = namespace();
    let at = |path| namespace.resolve("", path).unwrap();
    namespace.create_directory(&at("dir/inner"), 0o755).unwrap();
    for (from, to, wanted) in [
        ("dir", "dir/inner/x", "Invalid"),
        ("dir", "to_dir/x", "Invalid"),
        ("dir/inner", "dir", "NotEmpty"),
        ("file", "dir", "IsDirectory"),
    ] {
        let result = namespace.rename(&at(from), &at(to));
        assert_eq!(name(result), wanted, "{from} {to}");
    }
    namespace.symlink("file", &at("dir/link")).unwrap();
    let result = namespace.rename(&at("dir/link"), &at("dir"));
    assert_eq!(name(result), "NotEmpty");
}
