//! Exit statuses.

use eryx_tests::{eryx_run, images};

/// `sys.exit` and friends, as a shell sees them.
#[test]
fn statuses() {
    for (source, status) in [
        ("pass", 0),
        ("import sys; sys.exit()", 0),
        ("import sys; sys.exit(None)", 0),
        ("import sys; sys.exit(0)", 0),
        ("import sys; sys.exit(7)", 7),
        ("import sys; sys.exit(255)", 255),
        ("import sys; sys.exit(256)", 0),
        ("import sys; sys.exit(1000)", 1000 & 255),
        ("import sys; sys.exit(-1)", 255),
        ("import sys; sys.exit(1 << 40)", 255),
        ("import sys; sys.exit(True)", 1),
        ("raise SystemExit(9)", 9),
        ("import os; os._exit(3)", 3),
        ("import os; os._exit(0)", 0),
    ] {
        let output = eryx_run(images::bare()).args(["-c", source]).run();
        assert_eq!(output.status, status, "{source}\n{output}");
        assert!(
            output.stdout.is_empty() && output.stderr.is_empty(),
            "{source}\n{output}"
        );
    }
}
