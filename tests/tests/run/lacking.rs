//! What a program is told that asks for what no sandbox has.

use eryx_tests::{eryx_run, images};

/// The last line says what is lacking and what can be done, wherever the exception came from.
#[test]
fn the_last_line_says_what_a_sandbox_lacks() {
    let network = "no network; give the program what it needs as files";
    let processes = "cannot start processes; call a package's functions";
    for (source, said) in [
        (
            "import urllib.request; urllib.request.urlopen('http://example.com')",
            network,
        ),
        (
            "import socket; socket.create_connection(('1.2.3.4', 80))",
            network,
        ),
        (
            "import socket; socket.socket().bind(('127.0.0.1', 0))",
            network,
        ),
        (
            "import asyncio; asyncio.run(asyncio.open_connection('a.b', 1))",
            network,
        ),
        (
            "import socket\ntry: socket.gethostbyname('a.b')\nexcept OSError: raise ValueError",
            network,
        ),
        ("import os; os.fork()", processes),
        ("from os import fork", processes),
        ("import os; os.system('ls')", processes),
        ("import subprocess; subprocess.run(['ls'])", processes),
        (
            "import asyncio; asyncio.run(asyncio.create_subprocess_exec('ls'))",
            processes,
        ),
        (
            "import multiprocessing as m; m.Process(target=print).start()",
            processes,
        ),
        (
            "import threading; threading.Thread(target=print).start()",
            "no threads; with `threads = \"inline\"`",
        ),
        ("import signal; signal.alarm(1)", "no timers"),
    ] {
        let output = eryx_run(images::bare()).args(["-c", source]).run();
        assert_eq!(output.status, 1, "{output}");
        let err = output.err();
        let last = err.lines().last().unwrap_or_default();
        assert!(
            last.starts_with("Eryx: ") && last.contains(said),
            "{source}\n{output}"
        );
    }
}

/// Errors that a program makes itself are its own affair.
#[test]
fn nothing_is_said_of_other_errors() {
    for source in [
        "import os; os.no_such_function()",
        "raise RuntimeError('x')",
        "raise OSError(58, 'not supported')",
        "open('/no/such/file')",
        "class os: pass\nos.fork()",
    ] {
        let output = eryx_run(images::bare()).args(["-c", source]).run();
        assert!(!output.err().contains("Eryx:"), "{output}");
    }
}
