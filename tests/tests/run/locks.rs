//! Locks of files that a sandbox and other programs take.

use eryx_tests::{Run, binaries, images};
use std::{fs, path::Path};
use tempfile::TempDir;

/// Locks a file, says so, waits for a line and ends.
const HOLD: &str = "
import fcntl
file = open('/data/file', 'r+')
fcntl.LOCK(file, fcntl.LOCK_EX)
print('ready', flush=True)
input()
";

/// Tries to lock a file, then waits for the lock.
const WAIT: &str = "
import fcntl
file = open('/data/file', 'r+')
try:
    fcntl.LOCK(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print('locked', flush=True)
fcntl.LOCK(file, fcntl.LOCK_EX)
print('got it')
";

/// The two kinds of locks, which do not meet each other.
const KINDS: [&str; 2] = ["flock", "lockf"];

fn in_the_sandbox(directory: &Path, source: &str) -> Run {
    mounted(directory, ":rw", source)
}

fn mounted(directory: &Path, rights: &str, source: &str) -> Run {
    Run::new(&binaries().eryx_run)
        .arg("-v")
        .arg(format!("{}:/data{rights}", directory.display()))
        .arg(images::bare())
        .args(["-c", source])
}

fn on_the_host(directory: &Path, source: &str) -> Run {
    Run::new(Path::new("python3"))
        .folder(directory)
        .args(["-c", &source.replace("/data/", "")])
}

fn directory_with_a_file() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("file"), "contents").unwrap();
    directory
}

#[test]
fn programs_wait_for_each_other() {
    let directory = directory_with_a_file();
    let here = directory.path();
    let programs: [fn(&Path, &str) -> Run; 2] = [in_the_sandbox, on_the_host];
    for kind in KINDS {
        for holder in programs {
            for waiter in programs {
                let source = |source: &str| source.replace("LOCK(", &format!("{kind}("));
                let mut holder = holder(here, &source(HOLD)).start();
                holder.wait_for("ready\n");
                let mut waiter = waiter(here, &source(WAIT)).start();
                waiter.wait_for("locked\n");
                holder.write("\n");
                holder.close_input();
                holder.finish().ok();
                assert_eq!(waiter.finish().ok(), "locked\ngot it\n", "{kind}");
            }
        }
    }
}

/// Through a read-only mount a file can be locked with others, never alone.
#[test]
fn a_reader_locks_with_others() {
    let directory = directory_with_a_file();
    let source = "
import fcntl
file = open('/data/file')
fcntl.lockf(file, fcntl.LOCK_SH)
try: fcntl.lockf(file, fcntl.LOCK_EX)
except OSError as error: print(error)
";
    let output = mounted(directory.path(), "", source).run();
    assert_eq!(output.ok(), "[Errno 8] Bad file descriptor\n");
}

/// Each piece of a file that is locked costs the host memory.
#[test]
fn a_file_has_a_limited_number_of_locks() {
    let directory = directory_with_a_file();
    let source = "
import fcntl
file = open('/data/file', 'r+')
try:
    for start in range(0, 1 << 20, 2): fcntl.lockf(file, fcntl.LOCK_EX, 1, start)
except OSError as error: print(start, error)
fcntl.lockf(file, fcntl.LOCK_UN)
fcntl.lockf(file, fcntl.LOCK_EX)
";
    let output = in_the_sandbox(directory.path(), source).run();
    assert_eq!(output.ok(), "128 [Errno 46] No locks available\n");
}
