//! A program cannot change what runs it: the image, images beside it, the loader.

use eryx_tests::{Output, Run, binaries, images};
use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};
use tempfile::TempDir;

/// Tries everything that would change a file or what its name leads to.
const ATTACK: &str = r"
import errno, os, sys
def attempt(what, action):
    try:
        action()
        print(what, 'done')
    except OSError as error:
        print(what, errno.errorcode[error.errno])
for path in sys.argv[1:]:
    attempt('overwrite', lambda: open(path, 'r+b'))
    attempt('empty', lambda: open(path, 'wb'))
    attempt('append', lambda: open(path, 'ab'))
    attempt('truncate', lambda: os.truncate(path, 0))
    attempt('link', lambda: (os.link(path, '/b/hard'), open('/b/hard', 'r+b')))
    if os.path.exists('/b/hard'): print('kept', os.path.samefile('/b/hard', path))
    attempt('remove', lambda: os.remove(path))
    attempt('move', lambda: os.rename(path, '/b/moved'))
    attempt('replace', lambda: os.rename('/b/plain', path))
";

const REFUSED: &str = "overwrite ETXTBSY\nempty ETXTBSY\nappend ETXTBSY\ntruncate ETXTBSY\n\
    link ETXTBSY\nkept True\nremove EBUSY\nmove EBUSY\nreplace EBUSY\n";

/// A directory with a copy of an image, a second one, a link and something else.
struct Host(TempDir);

impl Host {
    fn new() -> Self {
        // Beside the image, so that the copy shares its blocks where the file system can do that.
        let folder = tempfile::tempdir_in(images::bare().parent().unwrap()).unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("images/own")).unwrap();
        fs::copy(images::bare(), root.join("images/own/image.cwasm")).unwrap();
        fs::write(root.join("images/other.cwasm"), Self::image()).unwrap();
        symlink("images/own/image.cwasm", root.join("link.cwasm")).unwrap();
        fs::write(root.join("plain"), "plain").unwrap();
        Self(folder)
    }

    fn image() -> Vec<u8> {
        fs::read(images::bare()).unwrap().split_at(4096).0.to_vec()
    }

    fn run(&self, mounts: &[&str], image: &str, source: &str, paths: &[&str]) -> Output {
        run(self.0.path(), mounts, image, source, paths)
    }
}

fn run(folder: &Path, mounts: &[&str], image: &str, source: &str, paths: &[&str]) -> Output {
    Run::new(&binaries().eryx_run)
        .folder(folder)
        .args(mounts.iter().flat_map(|mount| ["-v", *mount]))
        .arg(image)
        .args(["-c", source])
        .args(paths)
        .run()
}

/// The running image, by its own path, through a link and through a second mount.
#[test]
fn the_running_image() {
    let host = Host::new();
    let before = fs::read(host.0.path().join("images/own/image.cwasm")).unwrap();
    let mounts = [".:/b:rw", "images/own:/second:rw"];
    for (image, paths) in [
        ("link.cwasm", "/b/images/own/image.cwasm"),
        ("images/own/image.cwasm", "/second/image.cwasm"),
    ] {
        let output = host.run(&mounts, image, ATTACK, &[paths]);
        // From one mount to another nothing is linked or moved in any case.
        let expected = match paths.starts_with("/b/") {
            true => REFUSED.to_owned(),
            false => REFUSED
                .replace("link ETXTBSY\nkept True\n", "link EXDEV\n")
                .replace("move EBUSY\nreplace EBUSY\n", "move EXDEV\nreplace EXDEV\n"),
        };
        assert_eq!(output.ok(), expected);
        let _ = fs::remove_file(host.0.path().join("hard"));
    }
    let after = fs::read(host.0.path().join("images/own/image.cwasm")).unwrap();
    assert!(before == after, "the image has changed");
}

/// A mount of the image file alone.
#[test]
fn the_running_image_as_a_mount() {
    let host = Host::new();
    let source = "open('/image', 'r+b')";
    let output = host.run(
        &["images/own/image.cwasm:/image:rw"],
        "link.cwasm",
        source,
        &[],
    );
    assert!(output.err().contains("Text file busy"), "{output}");
}

/// Directories and links on the way to it, with which the next run would find something else.
#[test]
fn names_on_the_way_to_the_image() {
    let host = Host::new();
    let source = "
import os
for action in (
    lambda: os.rename('/b/images', '/b/x'),
    lambda: os.rename('/b/images/own', '/b/x'),
    lambda: os.remove('/b/link.cwasm'),
    lambda: os.rename('/b/plain', '/b/link.cwasm'),
):
    try:
        action()
        print('done')
    except OSError as error:
        print(error.strerror)
os.rename('/b/plain', '/b/images/own/plain')
";
    let output = host.run(&[".:/b:rw"], "link.cwasm", source, &[]);
    assert_eq!(output.ok(), "Resource busy\n".repeat(4));
}

/// An image that lies beside the running one, for a later run.
#[test]
fn another_image() {
    let host = Host::new();
    let output = host.run(
        &[".:/b:rw"],
        "link.cwasm",
        ATTACK,
        &["/b/images/other.cwasm"],
    );
    assert_eq!(output.ok(), REFUSED);
}

/// The loader and the programs beside it.
#[test]
fn the_loader() {
    let folder = tempfile::tempdir_in(binaries().eryx_run.parent().unwrap()).unwrap();
    let loader = folder.path().join("eryx-run");
    for name in ["eryx-run", "eryx-build"] {
        fs::copy(&binaries().eryx_run, folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("plain"), "plain").unwrap();
    for name in ["/b/eryx-run", "/b/eryx-build"] {
        let output = Run::new(&loader)
            .folder(folder.path())
            .args(["-v", ".:/b:rw"])
            .arg(images::bare())
            .args(["-c", ATTACK, name])
            .run();
        assert_eq!(output.ok(), REFUSED, "{name}");
        fs::remove_file(folder.path().join("hard")).unwrap();
    }
}

/// What shows the kernel's files, and the cache where it could be written to, is no mount without an
/// option.
#[test]
fn unsafe_mounts() {
    let folder = tempfile::tempdir().unwrap();
    let run = |options: &[&str]| {
        Run::new(&binaries().eryx_run)
            .folder(folder.path())
            .env("ERYX_CACHE_DIR", folder.path().join("cache"))
            .args(options)
            .arg(images::bare())
            .args(["-c", "import os; print(len(os.listdir('/m')) > 0)"])
            .run()
    };
    fs::create_dir_all(folder.path().join("cache/inner")).unwrap();
    for mount in ["/:/m", "/proc:/m", "/proc/self:/m", "/sys:/m"] {
        let sentence = run(&["-v", mount]).refused(125);
        assert!(sentence.contains("unsafe mounts"), "{sentence}");
        assert_eq!(run(&["--allow-unsafe-mounts", "-v", mount]).ok(), "True\n");
    }
    for mount in [".:/m:rw", "cache:/m:rw", "cache/inner:/m:rw"] {
        let sentence = run(&["-v", mount]).refused(125);
        assert!(sentence.contains("the cache of eryx"), "{sentence}");
    }
    assert_eq!(run(&["-v", ".:/m"]).ok(), "True\n");
    assert_eq!(
        run(&["--allow-unsafe-mounts", "-v", ".:/m:rw"]).ok(),
        "True\n"
    );
}

/// An image that others may write to is copied first: what they write does not reach a program that runs.
#[test]
fn an_image_that_others_can_write_to() {
    let host = Host::new();
    let path = host.0.path().join("images/own/image.cwasm");
    fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
    let source =
        "print('ready', flush=True); input()\nimport sqlite3, unittest, asyncio; print('ok')";
    let mut process = Run::new(&binaries().eryx_run)
        .arg(&path)
        .args(["-c", source])
        .start();
    process.wait_for("ready");
    let length = fs::metadata(&path).unwrap().len();
    let zeros = vec![0; usize::try_from(length).unwrap()];
    fs::write(&path, zeros).unwrap();
    process.write("\n");
    assert_eq!(process.finish().ok(), "ready\nok\n");
}
