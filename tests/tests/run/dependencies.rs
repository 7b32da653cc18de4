//! What a production host gets: a small program without a compiler or a network client.

use eryx_tests::{binaries, workspace};
use std::{env, fs, process::Command};

/// Crates that must not be in the loader: what makes machine code, what speaks with the network, and
/// the toolchain. The engine's own data structures have `cranelift` in their names, too; they are none.
const UNWANTED: [&str; 16] = [
    "cranelift-codegen",
    "cranelift-frontend",
    "cranelift-native",
    "curl",
    "eryx-build",
    "eryx-runtime",
    "hyper",
    "native-tls",
    "openssl",
    "regalloc2",
    "reqwest",
    "rustls",
    "ureq",
    "wasmtime-internal-cranelift",
    "wasmtime-internal-winch",
    "winch-codegen",
];

#[test]
fn no_compiler_and_no_network() {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(workspace())
        .args([
            "tree",
            "--locked",
            "--offline",
            "-p",
            "eryx-run",
            "-e",
            "normal,build",
        ])
        .args(["--prefix", "none", "--format", "{p}"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8_lossy(&output.stdout);
    assert!(tree.contains("wasmtime v"), "{tree}");
    let found: Vec<_> = tree
        .lines()
        .filter(|line| {
            UNWANTED
                .iter()
                .any(|&unwanted| line.split(' ').next() == Some(unwanted))
        })
        .collect();
    assert!(found.is_empty(), "the loader depends on {found:?}");
}

#[test]
fn small() {
    // The name people type has `diff`, `inspect` and `verify` besides.
    for (binary, limit) in [
        (&binaries().eryx_run, 6_000_000),
        (&binaries().eryx, 6_300_000),
    ] {
        let size = fs::metadata(binary).unwrap().len();
        assert!(size < limit, "{} has {size} bytes", binary.display());
    }
}
