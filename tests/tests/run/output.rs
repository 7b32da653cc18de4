//! Standard output and standard error.

use eryx_tests::{Output, eryx_run, images};
use std::io::{Read, pipe};

fn run(source: &str) -> Output {
    eryx_run(images::bare()).args(["-c", source]).run()
}

/// However much is printed, all of it arrives.
#[test]
fn sixty_megabytes() {
    for source in [
        "print('x' * (60 << 20), end='')",
        "import os\ndata = b'x' * (60 << 20)\nwhile data: data = data[os.write(1, data):]",
        "import sys\nfor _ in range(60 << 4): sys.stdout.write('x' * (64 << 10))",
    ] {
        let output = run(source);
        assert_eq!(
            (output.status, output.stdout.len()),
            (0, 60 << 20),
            "{source}"
        );
        assert!(output.stdout.iter().all(|&byte| byte == b'x'), "{source}");
    }
}

/// Many small lines, all in order.
#[test]
fn many_lines() {
    let expected: String = (0..100_000).map(|number| format!("{number}\n")).collect();
    assert!(run("for n in range(100_000): print(n)").ok() == expected);
}

/// What was flushed before the end stays, whatever the end.
#[test]
fn kept_before_any_end() {
    for (end, status) in [
        ("import os; os._exit(3)", 3),
        ("import os; os.abort()", 126),
        ("raise SystemExit(4)", 4),
        ("1 / 0", 1),
    ] {
        let source = format!("import sys\nprint('before', flush=True)\n{end}");
        let output = run(&source);
        assert_eq!(
            (output.status, &*output.out()),
            (status, "before\n"),
            "{end}\n{output}"
        );
    }
}

/// A sandbox that trapped says so in one sentence, without the engine's frames.
#[test]
fn traps_are_one_sentence() {
    let sentence = run("import os; os.abort()").refused(126);
    assert!(sentence.starts_with("eryx: "), "{sentence}");
    assert!(!sentence.contains("wasm"), "{sentence}");
}

/// Asked for, it says where: the functions that were running, with the library of each, innermost first.
#[test]
fn traps_tell_where() {
    let output = eryx_run(images::bare())
        .args(["-c", "import os; os.abort()"])
        .env("ERYX_BACKTRACE", "1")
        .run();
    assert_eq!(output.status, 126, "{output}");
    let told = output.err().into_owned();
    let frames: Vec<&str> = told.lines().skip(1).collect();
    assert_eq!(frames.first(), Some(&"  in libc.so::abort"), "{told}");
    assert!(
        frames.contains(&"  in libpython3.14.so::_PyEval_EvalFrameDefault"),
        "{told}"
    );
    assert_eq!(frames.last(), Some(&"  in liberyx.so::run"), "{told}");
}

/// Linux's `perf` learns what the guest's functions are called.
#[cfg(target_os = "linux")]
#[test]
fn machine_code_has_names() {
    let (_reader, writer) = pipe().unwrap();
    let child = eryx_run(images::bare())
        .args(["-c", "pass"])
        .env("ERYX_PERF_MAP", "1")
        .start_into(writer);
    let map = format!("/tmp/perf-{}.map", child.id());
    assert!(child.wait_with_output().unwrap().status.success());
    let names = std::fs::read_to_string(&map).unwrap();
    std::fs::remove_file(&map).unwrap();
    assert!(names.contains("libpython3.14.so::_PyEval_EvalFrameDefault\n"));
}

/// What somebody else has put where `perf` looks is not written to.
#[cfg(target_os = "linux")]
#[test]
fn a_planted_link_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let victim = folder.path().join("victim");
    std::fs::write(&victim, "precious").unwrap();
    let script = "ln -s \"$1\" /tmp/perf-$$.map; shift; echo $$; exec \"$@\"";
    let output = eryx_tests::Run::new(std::path::Path::new("sh"))
        .args(["-c", script, "sh"])
        .arg(&victim)
        .arg(&eryx_tests::binaries().eryx_run)
        .arg(images::bare())
        .args(["-c", "pass"])
        .env("ERYX_PERF_MAP", "1")
        .run();
    let map = format!("/tmp/perf-{}.map", output.ok().trim());
    assert!(!std::fs::symlink_metadata(&map).unwrap().is_symlink());
    std::fs::remove_file(&map).unwrap();
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "precious");
}

/// When nobody reads any more the program ends quietly, as under a shell.
#[test]
fn nobody_reads() {
    for source in [
        "while True: print('line')",
        "while True: print('line', flush=True)",
        "import os\nwhile True: os.write(1, b'line\\n')",
        "import sys\nwhile True: sys.stdout.buffer.write(b'line\\n' * 1000)",
    ] {
        let (mut reader, writer) = pipe().unwrap();
        let child = eryx_run(images::bare())
            .args(["-c", source])
            .start_into(writer);
        let mut first = [0; 5];
        reader.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"line\n");
        drop(reader);
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{source}");
        assert!(!output.status.success(), "{source}");
    }
}

/// A full disk is an error of the program, not of the host.
#[test]
fn full_device() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = std::process::Command::new(&eryx_tests::binaries().eryx_run)
        .arg(images::bare())
        .args(["-c", "print('x', flush=True)"])
        .stdout(full)
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(
        matches!(output.status.code(), Some(1 | 120)),
        "{:?} {err}",
        output.status
    );
    assert!(err.contains("OSError"), "{err}");
    assert!(!err.contains("panicked"), "{err}");
}

/// Standard output and error that are closed from the start do no harm.
#[test]
fn closed_from_the_start() {
    let image = images::bare().to_str().unwrap();
    let loader = eryx_tests::binaries().eryx_run.to_str().unwrap();
    for redirection in ["1>&-", "2>&-", "0<&-", "0<&- 1>&- 2>&-"] {
        let command = format!("'{loader}' '{image}' -c 'import sys; sys.exit(7)' {redirection}");
        let output = std::process::Command::new("sh")
            .args(["-c", &command])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(7), "{redirection} {output:?}");
    }
}

/// Both streams in one pipe keep their order, also without flushing standard error.
#[test]
fn one_pipe() {
    let source = "import os, sys\nfor n in range(100):\n    print('out', n, flush=True)\n    \
                  print('err', n, file=sys.stderr)\n    os.write(2, b'raw\\n')";
    let output = eryx_run(images::bare()).args(["-c", source]).merged().run();
    let expected: String = (0..100)
        .map(|n| format!("out {n}\nerr {n}\nraw\n"))
        .collect();
    assert_eq!(output.ok(), expected);
}
