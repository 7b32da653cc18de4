//! Modes and names of files of the host, seen and set from within.

use eryx_tests::{Output, Run, binaries, images};
use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::Path,
};

fn run(folder: &Path, mount: &str, source: &str) -> Output {
    Run::new(&binaries().eryx_run)
        .folder(folder)
        .args(["-v", mount])
        .arg(images::bare())
        .args(["-c", source])
        .run()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn modes_of_the_host_are_seen_and_set() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tool");
    fs::write(&file, "").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o751)).unwrap();
    let source = "
import os, stat
print(stat.filemode(os.stat('/m/tool').st_mode), os.access('/m/tool', os.X_OK))
os.chmod('/m/tool', 0o604)
os.close(os.open('/m/private', os.O_CREAT | os.O_WRONLY, 0o600))
os.mkdir('/m/hidden', 0o700)
with open('/m/open', 'w') as file:
    os.fchmod(file.fileno(), 0o640)
try:
    os.chmod('/m/tool', 0o4755)
except OSError as error:
    print(error.strerror)
";
    let printed = run(folder.path(), ".:/m:rw", source).ok();
    assert_eq!(printed, "-rwxr-x--x True\nOperation not permitted\n");
    assert_eq!(mode(&file), 0o604);
    assert_eq!(mode(&folder.path().join("private")), 0o600);
    assert_eq!(mode(&folder.path().join("hidden")), 0o700);
    assert_eq!(mode(&folder.path().join("open")), 0o640);
}

#[test]
fn modes_cannot_be_set_through_a_read_only_mount() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let before = mode(&file);
    let source = "
import errno, os
for attempt in (lambda: os.chmod('/m/file', 0), lambda: os.fchmod(os.open('/m/file', os.O_RDONLY), 0)):
    try:
        attempt()
    except OSError as error:
        print(errno.errorcode[error.errno], os.access('/m/file', os.W_OK), os.access('/m/file', os.R_OK))
";
    let printed = run(folder.path(), ".:/m", source).ok();
    assert_eq!(printed, "EROFS False True\nEROFS False True\n");
    assert_eq!(mode(&file), before);
}

#[test]
fn archives_made_inside_have_modes_outside() {
    let folder = tempfile::tempdir().unwrap();
    let source = "
import os, tarfile
os.makedirs('/tmp/d')
open('/tmp/d/f', 'w').close()
with tarfile.open('/m/a.tar', 'w') as archive:
    archive.add('/tmp/d', 'd')
";
    run(folder.path(), ".:/m:rw", source).ok();
    let unpacked = std::process::Command::new("tar")
        .args(["xf", "a.tar"])
        .current_dir(folder.path())
        .status()
        .unwrap();
    assert!(unpacked.success());
    assert_eq!(mode(&folder.path().join("d")) & 0o700, 0o700);
    assert_eq!(mode(&folder.path().join("d/f")) & 0o600, 0o600);
}

#[test]
fn one_name_that_is_not_utf8_hides_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(OsStr::from_bytes(b"\xff.bin")), "bytes").unwrap();
    fs::write(folder.path().join("plain"), "").unwrap();
    let source = r"
import os, pathlib, shutil
print(sorted(ascii(name) for name in os.listdir('/m')))
print(open(b'/m/\xff.bin').read(), len(list(pathlib.Path('/m').rglob('*'))))
print([len(files) for _, _, files in os.walk('/m')])
os.rename(b'/m/\xff.bin', b'/m/\xfe.bin')
shutil.make_archive('/tmp/all', 'tar', '/m')
print(os.path.getsize('/tmp/all.tar') > 1024)
";
    let printed = run(folder.path(), ".:/m:rw", source).ok();
    let expected = "[\"'\\\\udcff.bin'\", \"'plain'\"]\nbytes 2\n[2]\nTrue\n";
    assert_eq!(printed, expected);
    assert!(folder.path().join(OsStr::from_bytes(b"\xfe.bin")).exists());
}
