//! Files that are no images, or no longer: one sentence, before anything of them runs.

use eryx_tests::{Output, eryx, eryx_run, images};
use std::{
    fs::{self, OpenOptions},
    os::unix::fs::{FileExt, symlink},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

#[track_caller]
fn refused(image: &Path) -> String {
    let output = eryx_run(image).args(["-c", "print(1)"]).run();
    let sentence = output.refused(125);
    assert!(output.stdout.is_empty(), "{output}");
    assert!(sentence.starts_with("eryx: "), "{sentence}");
    // A name is shown without what would confuse a terminal.
    let name = image
        .file_name()
        .unwrap_or(image.as_os_str())
        .to_string_lossy();
    let name = name.split(char::is_control).next().unwrap_or_default();
    assert!(
        sentence.contains(name),
        "{name} is not named in: {sentence}"
    );
    assert!(!sentence.contains(char::is_control), "{sentence:?}");
    for command in ["inspect", "verify"] {
        eryx().arg(command).arg(image).run().refused(125);
    }
    sentence
}

/// A copy of an image, to be damaged.
fn copy() -> (TempDir, PathBuf, u64) {
    // Beside the image, so that the copy shares its blocks where the file system can do that.
    let folder = tempfile::tempdir_in(images::bare().parent().unwrap()).unwrap();
    let path = folder.path().join("copy.cwasm");
    let length = fs::copy(images::bare(), &path).unwrap();
    (folder, path, length)
}

/// What is not there, or not a file.
#[test]
fn no_file() {
    let folder = tempfile::tempdir().unwrap();
    assert!(refused(Path::new("/no/such/image.cwasm")).contains("no such file"));
    refused(folder.path());
    let looping = folder.path().join("loop");
    symlink("loop", &looping).unwrap();
    refused(&looping);
    refused(Path::new("/dev/null"));
    refused(Path::new("/dev/zero"));
}

/// What is something else.
#[test]
fn foreign() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, contents: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, contents).unwrap();
        path
    };
    refused(&write("empty", b""));
    refused(&write("byte", b"\x7f"));
    refused(&write("text", b"print(1)\n"));
    refused(&write("script.py", &b"# a long text\n".repeat(10_000)));
    refused(&write("module.wasm", b"\0asm\x01\0\0\0"));
    refused(&write("zeros", &[0; 100_000]));
    refused(&write("ones", &[0xff; 100_000]));
    refused(&write("elf", &fs::read("/bin/true").unwrap()));
    refused(&write("new\nline\x1b[31m", b"x"));
}

/// What was cut off, at any place.
#[test]
fn truncated() {
    let (_folder, path, length) = copy();
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    for cut in [
        length - 1,
        length - 8,
        length - 4096,
        length / 2,
        length / 3,
        4096,
        64,
        1,
        0,
    ] {
        file.set_len(cut).unwrap();
        refused(&path);
    }
}

/// What has bytes after its end.
#[test]
fn too_long() {
    let (_folder, path, length) = copy();
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    file.write_all_at(b"more", length).unwrap();
    refused(&path);
}

/// A changed byte is found by `verify` wherever it is, and a run ends in order whether it notices or
/// not: it does not read all of an image.
#[test]
fn flipped() {
    let (_folder, path, length) = copy();
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(&path)
        .unwrap();
    let ends = (0..64).chain((1..64).map(|back| length - back));
    let inside = (1..12).map(|part| length / 12 * part);
    for place in ends.step_by(9).chain(inside) {
        let mut byte = [0];
        file.read_exact_at(&mut byte, place).unwrap();
        file.write_all_at(&[byte[0] ^ 0x40], place).unwrap();
        let verified = eryx().arg("verify").arg(&path).run();
        assert_eq!(verified.status, 125, "byte {place}\n{verified}");
        assert_eq!(
            verified.err().matches('\n').count(),
            1,
            "byte {place}\n{verified}"
        );
        file.write_all_at(&byte, place).unwrap();
    }
    assert_eq!(eryx().arg("verify").arg(&path).run().status, 0);
}

/// Where there is a cache, the first run of a file finds a changed byte wherever it is. A file on record is
/// read again when it has been touched.
#[test]
fn damaged_before_the_first_run() {
    let (folder, path, length) = copy();
    let cache = folder.path().join("cache");
    let run = || {
        eryx_run(&path)
            .args(["-c", "print(1)"])
            .env("ERYX_CACHE_DIR", &cache)
            .run()
    };
    let flip = |value| {
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.write_all_at(&[value], length / 4 * 3).unwrap();
    };
    let sound = fs::read(&path).unwrap()[usize::try_from(length / 4 * 3).unwrap()];
    flip(sound ^ 0x10);
    // Nothing is written where there is no cache, and nothing read.
    run();
    assert!(!cache.exists());
    fs::create_dir(&cache).unwrap();
    for _ in 0..2 {
        let sentence = run().refused(125);
        assert!(sentence.contains("does not match its sha256"), "{sentence}");
    }
    flip(sound);
    for _ in 0..2 {
        assert_eq!(run().ok(), "1\n");
        assert_eq!(fs::read_dir(cache.join("verified")).unwrap().count(), 1);
    }
    std::thread::sleep(std::time::Duration::from_millis(50));
    flip(sound ^ 0x10);
    run().refused(125);
}

/// `verify` makes the record, so that the first run need not.
#[test]
fn verified_is_on_record() {
    let (folder, path, _) = copy();
    let cache = folder.path().join("cache");
    let verified = eryx()
        .arg("verify")
        .arg(&path)
        .env("ERYX_CACHE_DIR", &cache);
    assert_eq!(verified.run().status, 0);
    assert_eq!(fs::read_dir(cache.join("verified")).unwrap().count(), 1);
}

/// The header, the index and the metadata are checked before every run.
#[test]
fn damaged_where_runs_look() {
    let (_folder, path, length) = copy();
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(&path)
        .unwrap();
    for place in [0, 4, 18, 24, 40, length - 1, length - 20, length - 60] {
        let mut byte = [0];
        file.read_exact_at(&mut byte, place).unwrap();
        file.write_all_at(&[byte[0] ^ 0xff], place).unwrap();
        let output: Output = eryx_run(&path).args(["-c", "print(1)"]).run();
        assert!(matches!(output.status, 0 | 125), "byte {place}\n{output}");
        if output.status == 125 {
            output.refused(125);
        }
        file.write_all_at(&byte, place).unwrap();
    }
}

/// An image is its contents: its name, its place and its permissions do not matter.
#[test]
fn moved() {
    let (folder, path, _) = copy();
    let moved = folder.path().join("ein anderer Nãme");
    fs::rename(&path, &moved).unwrap();
    let mut permissions = fs::metadata(&moved).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&moved, permissions).unwrap();
    assert_eq!(eryx_run(&moved).args(["-c", "print(1)"]).run().ok(), "1\n");
    let link = folder.path().join("link");
    symlink(&moved, &link).unwrap();
    assert_eq!(eryx_run(&link).args(["-c", "print(1)"]).run().ok(), "1\n");
}
