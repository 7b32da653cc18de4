//! Files and folders of the host in the sandbox.

use eryx_tests::{Output, Run, binaries, images};
use std::{fs, os::unix::fs::symlink, path::Path};
use tempfile::TempDir;

struct Host(TempDir);

impl Host {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("data/inner")).unwrap();
        fs::write(folder.path().join("data/file.txt"), "of the host\n").unwrap();
        fs::write(folder.path().join("data/inner/deep.txt"), "deep\n").unwrap();
        fs::write(folder.path().join("secret.txt"), "secret\n").unwrap();
        Self(folder)
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn run(&self, mounts: &[&str], source: &str) -> Output {
        let options = mounts.iter().flat_map(|mount| ["-v", mount]);
        run(self.0.path(), options, source)
    }
}

fn run<'a>(folder: &Path, options: impl IntoIterator<Item = &'a str>, source: &str) -> Output {
    Run::new(&binaries().eryx_run)
        .folder(folder)
        .args(options)
        .arg(images::bare())
        .args(["-c", source])
        .run()
}

const TRY_TO_CHANGE: &str = "
import os, errno
for attempt in (
    lambda: open('/data/file.txt', 'a'),
    lambda: open('/data/new', 'w'),
    lambda: os.remove('/data/file.txt'),
    lambda: os.mkdir('/data/new'),
    lambda: os.rename('/data/file.txt', '/data/other'),
    lambda: os.truncate('/data/file.txt', 0),
    lambda: os.utime('/data/file.txt', (0, 0)),
    lambda: os.symlink('file.txt', '/data/link'),
    lambda: os.rmdir('/data/inner'),
):
    try:
        attempt()
        print('changed')
    except OSError as error:
        print(errno.errorcode[error.errno])
";

/// Read-only unless it says otherwise.
#[test]
fn read_only() {
    let host = Host::new();
    for mount in ["data:/data", "data:/data:ro", "./data/:/data"] {
        let source = "print(open('/data/file.txt').read() + open('/data/inner/deep.txt').read())";
        assert_eq!(
            host.run(&[mount], source).ok(),
            "of the host\ndeep\n\n",
            "{mount}"
        );
        let output = host.run(&[mount], TRY_TO_CHANGE);
        assert_eq!(output.ok(), "EROFS\n".repeat(9), "{mount}");
    }
    assert_eq!(host.read("data/file.txt"), "of the host\n");
}

/// Writable when asked for.
#[test]
fn read_write() {
    let host = Host::new();
    let source = "
import os, shutil, pathlib
with open('/data/new', 'w') as file: file.write('written\\n')
with open('/data/file.txt', 'a') as file: file.write('and more\\n')
os.makedirs('/data/a/b')
os.rename('/data/new', '/data/a/b/moved')
shutil.copytree('/data/inner', '/data/copy')
shutil.rmtree('/data/inner')
os.utime('/data/a/b/moved', (1, 1_000_000_000))
os.symlink('file.txt', '/data/link')
print(open('/data/link').read(), end='')
print(sorted(os.listdir('/data')), os.stat('/data/a/b/moved').st_mtime)
pathlib.Path('/data/big').write_bytes(bytes(5 << 20))
kept = open('/data/not_closed', 'w')
kept.write('flushed at the end')
";
    let output = host.run(&["data:/data:rw"], source);
    assert_eq!(
        output.ok(),
        "of the host\nand more\n['a', 'copy', 'file.txt', 'link'] 1000000000.0\n"
    );
    assert_eq!(host.read("data/a/b/moved"), "written\n");
    assert_eq!(host.read("data/copy/deep.txt"), "deep\n");
    assert_eq!(fs::metadata(host.path("data/big")).unwrap().len(), 5 << 20);
    assert_eq!(host.read("data/not_closed"), "flushed at the end");
    assert!(!host.path("data/inner").exists());
}

/// A single file, beside which nothing is seen.
#[test]
fn one_file() {
    let host = Host::new();
    let source = "import os; print(open('/in/x').read(), os.listdir('/in'))";
    assert_eq!(
        host.run(&["data/file.txt:/in/x"], source).ok(),
        "of the host\n ['x']\n"
    );
    let output = host.run(
        &["data/file.txt:/in/x:rw"],
        "open('/in/x', 'w').write('new')",
    );
    output.ok();
    assert_eq!(host.read("data/file.txt"), "new");
}

/// Mounts meet in one tree, the deeper one wins.
#[test]
fn nested() {
    let host = Host::new();
    fs::create_dir(host.path("out")).unwrap();
    let source = "import os\nopen('/data/inner/x', 'w').write('y')\n\
                  print(sorted(os.listdir('/data')), os.listdir('/data/inner'))\n\
                  try: open('/data/x', 'w')\nexcept OSError as error: print(error.strerror)";
    for mounts in [
        ["data:/data", "out:/data/inner:rw"],
        ["out:/data/inner:rw", "data:/data"],
    ] {
        assert_eq!(
            host.run(&mounts, source).ok(),
            "['file.txt', 'inner'] ['x']\nRead-only file system\n"
        );
        assert_eq!(host.read("out/x"), "y");
    }
    assert_eq!(host.read("data/inner/deep.txt"), "deep\n");
}

/// The script's folder can be mounted, and its neighbours imported.
#[test]
fn working_folder() {
    let host = Host::new();
    fs::write(host.path("data/helper.py"), "name = 'helped'").unwrap();
    fs::write(
        host.path("data/main.py"),
        "import helper; print(helper.name, __file__)",
    )
    .unwrap();
    let output = Run::new(&binaries().eryx_run)
        .folder(host.path(""))
        .args(["-v", "data:/work"])
        .arg(images::bare())
        .arg("data/main.py")
        .run();
    assert_eq!(output.ok(), "helped /work/main.py\n");
    let output = run(
        host.0.path(),
        ["-v", "data:/data", "-w", "/data/inner"],
        "import os; print(os.getcwd(), os.listdir(), open('../file.txt').read())",
    );
    assert_eq!(output.ok(), "/data/inner ['deep.txt'] of the host\n\n");
}

/// What leads out of a mount is refused: links, `..`, absolute paths.
#[test]
fn no_way_out() {
    let host = Host::new();
    symlink("../secret.txt", host.path("data/relative")).unwrap();
    symlink(host.path("secret.txt"), host.path("data/absolute")).unwrap();
    symlink("..", host.path("data/up")).unwrap();
    symlink("/", host.path("data/root")).unwrap();
    symlink("file.txt", host.path("data/inside")).unwrap();
    let source = "
import os
for path in ('relative', 'absolute', 'up/secret.txt', 'root/etc/passwd', '../secret.txt',
             'inner/../../secret.txt', 'up/data/../secret.txt'):
    for mode in ('r', 'w', 'a'):
        try:
            print('OPEN', path, open(f'/data/{path}', mode).read())
        except OSError:
            pass
try: os.symlink('../secret.txt', '/data/made'); print('OPEN', open('/data/made').read())
except OSError: pass
try: os.rename('/data/file.txt', '/data/up/stolen'); print('MOVED')
except OSError: pass
try: os.link('/data/relative', '/data/hard'); print('LINK', open('/data/hard').read())
except OSError: pass
print(open('/data/inside').read(), os.path.exists('/secret.txt'))
";
    let output = host.run(&["data:/data:rw"], source);
    assert_eq!(output.ok(), "of the host\n False\n");
    assert_eq!(host.read("secret.txt"), "secret\n");
    assert!(!host.path("stolen").exists());
}

/// What is not there cannot be mounted.
#[test]
fn missing() {
    let host = Host::new();
    let refused = |mount: &str| host.run(&[mount], "print(1)").refused(125);
    assert!(refused("nowhere:/data").contains("nowhere"));
    assert!(refused("data/file.txt/x:/data").contains("file.txt"));
}

/// What is written wrongly is wrong usage, and what belongs to the image cannot be hidden.
#[test]
fn wrong() {
    let host = Host::new();
    for mount in [
        "data",
        "data:",
        ":/data",
        "data:relative",
        "data:/data:rx",
        "data:/../x",
        "data:/",
    ] {
        let sentence = host.run(&[mount], "print(1)").refused(2);
        assert!(sentence.contains(mount), "{mount}: {sentence}");
    }
    for mount in [
        "data:/usr",
        "data:/usr/lib/python3.14/json",
        "data:/site-packages",
        "data:/dev",
    ] {
        assert!(
            host.run(&[mount], "print(1)")
                .refused(2)
                .contains("belongs to the image")
        );
    }
    let output = host.run(&["data:/data", "data/inner:/data"], "print(1)");
    assert!(matches!(output.status, 2 | 125), "{output}");
    assert!(output.refused(output.status).contains("/data"), "{output}");
}

/// A folder that is missing in the sandbox cannot be worked in.
#[test]
fn wrong_working_folder() {
    let host = Host::new();
    let refused = |folder: &str, status| {
        run(host.0.path(), ["-w", folder], "print(1)").refused(status);
    };
    refused("/nowhere", 125);
    refused("/usr/lib/python3.14/os.py", 125);
    refused("relative", 2);
}

/// Special files of the host in a mount neither block nor hurt.
#[test]
fn special_files() {
    let host = Host::new();
    let made = std::process::Command::new("mkfifo")
        .arg(host.path("data/pipe"))
        .status()
        .unwrap();
    assert!(made.success());
    let source = "import os\nprint(sorted(os.listdir('/data')))\n\
                  try: open('/data/pipe')\nexcept OSError as error: print('refused')";
    assert_eq!(
        host.run(&["data:/data"], source).ok(),
        "['file.txt', 'inner', 'pipe']\nrefused\n"
    );
}

/// Times, sizes and names of the host's files are what they are.
#[test]
fn metadata() {
    let host = Host::new();
    let name = "日本 é.txt";
    fs::write(host.path("data").join(name), "12345").unwrap();
    let source = "import os, time\nfor entry in sorted(os.scandir('/data'), key=lambda e: e.name):\n    \
                  status = entry.stat()\n    \
                  print(entry.name, entry.is_dir(), abs(time.time() - status.st_mtime) < 600)\n\
                  print(os.path.getsize('/data/日本 é.txt'))";
    assert_eq!(
        host.run(&["data:/data"], source).ok(),
        "file.txt False True\ninner True True\n日本 é.txt False True\n5\n"
    );
}
