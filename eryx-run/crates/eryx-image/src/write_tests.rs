//! Tests of writing: all or nothing, and nothing is left behind.

use std::fs;

use super::fixture::{TemporaryDirectory, code, image_bytes, metadata, tree, write_image};
use super::replace::Replacement;
use super::*;

#[test]
fn a_replaced_image_stays_readable_for_who_has_it_open() {
    let folder = TemporaryDirectory::new();
    let path = folder.join("x.cwasm");
    write_image(&path, &metadata());
    let old = Image::open(&path).unwrap();
    write_image(
        &path,
        &Metadata {
            name: "other".to_owned(),
            ..metadata()
        },
    );
    assert_eq!(Image::open(&path).unwrap().metadata().name, "other");
    assert_eq!(old.metadata().name, "sample");
    old.verify().unwrap();
    assert_eq!(folder.names(), ["x.cwasm"]);
}

#[test]
fn bad_parts_leave_the_old_image() {
    let folder = TemporaryDirectory::new();
    let path = folder.join("x.cwasm");
    fs::write(&path, "old").unwrap();
    let (code, tree, metadata) = (code(), tree(), metadata());
    let attempt = |code: &[u8], metadata: &Metadata| {
        let error = write(
            &path,
            &ImageParts {
                code,
                tree: &tree,
                metadata,
            },
        )
        .unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(folder.names(), ["x.cwasm"]);
        error.to_string()
    };
    assert!(attempt(b"", &metadata).contains("its machine code cannot be used"));
    assert!(attempt(&code[..code.len() - 1], &metadata).contains("no sound ELF file"));
    let other = Metadata {
        target: "s390x-unknown-linux-gnu".to_owned(),
        ..metadata.clone()
    };
    assert!(attempt(&code, &other).contains("another machine"));
    let long = "x".repeat(usize::try_from(MAX_METADATA).unwrap());
    let large = Metadata {
        description: Some(long),
        ..metadata
    };
    assert!(attempt(&code, &large).contains("bytes of metadata"));
}

#[test]
fn an_unfinished_file_is_removed() {
    let folder = TemporaryDirectory::new();
    let path = folder.join("x.cwasm");
    fs::write(&path, "old").unwrap();
    let replacement = Replacement::begin(&path).unwrap();
    assert_eq!(folder.names().len(), 2);
    drop(replacement);
    assert_eq!(folder.names(), ["x.cwasm"]);
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[test]
fn what_a_killed_build_left_is_removed_and_what_others_write_is_not() {
    let folder = TemporaryDirectory::new();
    let path = folder.join("x.cwasm");
    let stays = [
        ".x.cwasm.notes.partial",
        ".y.cwasm.1-0.partial",
        "x.cwasm.partial",
    ];
    for name in stays.iter().chain(&[".x.cwasm.4711-0.partial"]) {
        fs::write(folder.join(name), "half").unwrap();
    }
    let other = Replacement::begin(&path).unwrap();
    write_image(&path, &metadata());
    assert_eq!(
        folder.names().len(),
        stays.len() + 2,
        "{:?}",
        folder.names()
    );
    other.finish().unwrap();
    let mut expected = stays.to_vec();
    expected.push("x.cwasm");
    expected.sort_unstable();
    assert_eq!(folder.names(), expected);
}

#[test]
fn impossible_places_are_refused() {
    let folder = TemporaryDirectory::new();
    let refuse = |path: &std::path::Path| Replacement::begin(path).unwrap_err().to_string();
    assert!(refuse(folder.path()).contains("it is a directory"));
    assert!(refuse(&folder.join("missing/x.cwasm")).contains("cannot write image"));
    assert!(refuse("..".as_ref()).contains("it is a directory"));
    fs::write(folder.join("file"), "").unwrap();
    assert!(refuse(&folder.join("file/x.cwasm")).contains("cannot write image"));
    assert_eq!(folder.names(), ["file"]);
}

#[test]
fn long_names_work() {
    let folder = TemporaryDirectory::new();
    let name = format!("{}.cwasm", "ü".repeat(120));
    write_image(&folder.join(&name), &metadata());
    assert_eq!(folder.names(), [name]);
}

#[cfg(unix)]
#[test]
fn permissions_and_symbolic_links_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = TemporaryDirectory::new();
    let (target, link) = (folder.join("target.cwasm"), folder.join("link.cwasm"));
    fs::write(&target, "old").unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o750)).unwrap();
    symlink("target.cwasm", &link).unwrap();
    write_image(&link, &metadata());
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        fs::metadata(&target).unwrap().permissions().mode() & 0o777,
        0o750
    );
    assert_eq!(fs::read(&target).unwrap(), image_bytes());
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_refused() {
    let error = Replacement::begin("/dev/full".as_ref()).unwrap_err();
    assert!(error.to_string().contains("it is not a regular file"));
}
