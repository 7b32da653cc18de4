//! Environment variables.

use eryx_tests::{Run, binaries, images};

fn run(options: &[&str]) -> Run {
    Run::new(&binaries().eryx_run)
        .args(options)
        .arg(images::bare())
        .args(["-c", "import os; print(dict(os.environ))"])
        .env("FROM_HOST", "héllo")
        .env("SECRET", "s")
}

/// What a program sees that is given nothing.
const DEFAULT: &str = "'HOME': '/root', 'USER': 'root', 'LANG': 'C.UTF-8'";

/// Nothing of the host is seen.
#[test]
fn that_of_a_container_by_default() {
    assert_eq!(run(&[]).run().ok(), format!("{{{DEFAULT}}}\n"));
}

/// Code asks for a home directory at once, to find its settings and caches. It is there, and writable; another
/// one can be named.
#[test]
fn home_directory() {
    let source = "import getpass, os, pathlib
home = pathlib.Path.home()
print(home, home.is_dir(), os.listdir(home), os.path.expanduser('~'), getpass.getuser())
(home / '.cache' / 'tool').mkdir(parents=True)
(home / '.cache' / 'tool' / 'x').write_text('kept')
print((home / '.cache' / 'tool' / 'x').read_text(), os.listdir('/tmp'))";
    let run = |options: &[&str]| {
        let run = Run::new(&binaries().eryx_run).args(options);
        run.arg(images::bare()).args(["-c", source]).run()
    };
    let expected = "/root True [] /root root\nkept []\n";
    assert_eq!(run(&[]).ok(), expected);
    let elsewhere = "/tmp True [] /tmp me\nkept ['.cache']\n";
    let options = ["-e", "HOME=/tmp", "-e", "USER=me"];
    assert_eq!(run(&options).ok(), elsewhere);
    // An empty one is taken as it is.
    let empty = Run::new(&binaries().eryx_run)
        .args(["-e", "HOME="])
        .arg(images::bare());
    let output = empty
        .args(["-c", "import os; print(repr(os.environ['HOME']))"])
        .run();
    assert_eq!(output.ok(), "''\n");
}

/// What is named is passed on; what is not set on the host is not set in the sandbox.
#[test]
fn passed_on_by_name() {
    assert_eq!(
        run(&["-e", "FROM_HOST"]).run().ok(),
        format!("{{{DEFAULT}, 'FROM_HOST': 'héllo'}}\n")
    );
    let unset = run(&["-e", "NOT_SET_ANYWHERE"]).run();
    assert_eq!(unset.ok(), format!("{{{DEFAULT}}}\n"));
}

/// A variable that is none is wrong usage.
#[test]
fn wrong_names() {
    for wrong in ["=x", ""] {
        assert!(
            run(&["-e", wrong]).run().refused(2).contains("NAME"),
            "{wrong:?}"
        );
    }
}

/// A process that has no environment at all runs as well.
#[test]
fn a_host_without_environment() {
    let output = run(&[]).without_env().run();
    assert_eq!(output.ok(), format!("{{{DEFAULT}}}\n"));
}
