//! uv as the resolver: its universal resolution is cut down to the sandbox.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::index::{Index, wheel};

/// A project whose uv answers with `script`.
fn with_uv(index: &Index, script: &str) -> eryx_tests::Run {
    let tools = index.project.path("tools");
    fs::create_dir_all(&tools).unwrap();
    let uv = tools.join("uv");
    fs::write(
        &uv,
        format!("#!/bin/sh\n[ \"$1\" = --version ] && exit 0\n{script}\n"),
    )
    .unwrap();
    fs::set_permissions(&uv, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    index
        .command(&["lock"])
        .env("ERYX_RESOLVER", "")
        .env("PATH", format!("{}:{path}", tools.display()))
}

const SOLUTION: &str = r#"
cat <<'EOF'
lock-version = "1.0"
created-by = "uv"
[[packages]]
name = "a"
version = "1.0"
wheels = [{ url = "https://packages.example.com/a-1.0-py3-none-any.whl", hashes = { sha256 = "0000000000000000000000000000000000000000000000000000000000000001" } }]
[[packages]]
name = "colorama"
version = "1.0"
marker = "sys_platform == 'win32'"
wheels = [{ url = "https://packages.example.com/colorama-1.0-py3-none-any.whl", hashes = { sha256 = "0000000000000000000000000000000000000000000000000000000000000002" } }]
[[packages]]
name = "native"
version = "1.0"
wheels = [{ url = "https://packages.example.com/native-1.0-cp314-cp314-win_amd64.whl", hashes = { sha256 = "0000000000000000000000000000000000000000000000000000000000000003" } }]
EOF
"#;

#[test]
fn uv_resolves_and_pip_finds_what_has_no_wheel() {
    let index = Index::new(
        &[wheel("native", "1.0").tag("cp314-cp314-wasi_wasm32")],
        "requirements = [\"a\"]",
    );
    with_uv(&index, SOLUTION).arg("--quiet").run().out();
    assert_eq!(index.versions(), ["a 1.0", "native 1.0"]);
    assert!(index.text().contains("created-by = \"eryx\""));
    assert!(
        index
            .text()
            .contains("native-1.0-cp314-cp314-wasi_wasm32.whl")
    );
}

#[test]
fn pip_takes_over_what_uv_would_have_to_build() {
    let index = Index::new(&[wheel("a", "2.0")], "requirements = [\"a\"]");
    let script = "echo 'hint: building from source is disabled' >&2; exit 1";
    with_uv(&index, script).arg("--quiet").run().out();
    assert_eq!(index.versions(), ["a 2.0"]);
}

#[test]
fn a_failure_of_uv_is_told_in_its_words() {
    let index = Index::new(&[], "requirements = [\"a\"]");
    let script = "echo 'error: No solution found\n  because of b' >&2; exit 1";
    let output = with_uv(&index, script).arg("--quiet").run();
    let message = eryx_tests::project::explained(&output);
    assert!(message.contains("because of b"), "{message}");
}

/// uv looks at no hashes when it resolves.
#[test]
fn a_file_that_a_hash_does_not_allow_is_not_locked() {
    let index = Index::new(
        &[wheel("a", "1.0")],
        "requirements = [\"-r requirements.txt\"]",
    );
    let require = |hash: &str| {
        let text = format!("a==1.0 --hash=sha256:{hash:0>64}\n");
        fs::write(index.project.path("requirements.txt"), text).unwrap();
    };
    let script = r#"
cat <<'EOF'
lock-version = "1.0"
created-by = "uv"
[[packages]]
name = "a"
version = "1.0"
sdist = { url = "https://packages.example.com/a-1.0.tar.gz", hashes = { sha256 = "0000000000000000000000000000000000000000000000000000000000000002" } }
wheels = [{ url = "https://packages.example.com/a-1.0-py3-none-any.whl", hashes = { sha256 = "0000000000000000000000000000000000000000000000000000000000000001" } }]
EOF
"#;
    require("3");
    let output = with_uv(&index, script).arg("--quiet").run();
    let message = eryx_tests::project::explained(&output);
    assert!(message.contains("a==1.0"), "{message}");
    assert!(!index.project.path("pylock.toml").exists());

    for (hash, file) in [("2", "a-1.0.tar.gz"), ("1", "a-1.0-py3-none-any.whl")] {
        require(hash);
        with_uv(&index, script).arg("--quiet").run().out();
        assert!(index.text().contains(file), "{}", index.text());
    }

    // A lock from before is no excuse.
    let text = index.text().replace("000001\" }", "000004\" }");
    fs::write(index.project.path("pylock.toml"), text).unwrap();
    let message = index.refuses(&["--locked"]);
    assert!(message.contains("hash that is not allowed"), "{message}");
}

#[test]
fn an_old_uv_is_not_asked_for_more_than_it_knows() {
    let index = Index::new(&[wheel("a", "1.0")], "requirements = [\"a\"]");
    let old = r#"
for argument; do
    [ "$argument" = --excludes ] && echo "error: unexpected argument '--excludes' found" >&2 && exit 2
done
"#;
    let script = format!("{old}{SOLUTION}");
    let solved = SOLUTION
        .split("[[packages]]\nname = \"native\"")
        .next()
        .unwrap();
    let without_native = format!("{old}{solved}EOF\n");
    with_uv(&index, &without_native).arg("--quiet").run().out();
    assert!(
        index.text().contains("packages.example.com"),
        "uv was not asked"
    );
    index.packages("requirements = [\"a\"]\nexclude = [\"b\"]");
    let output = with_uv(&index, &script)
        .arg("--upgrade")
        .arg("--quiet")
        .run();
    assert_eq!(output.status, 0, "{output}");
    assert_eq!(index.versions(), ["a 1.0"]);
    assert!(
        !index.text().contains("packages.example.com"),
        "pip was not asked"
    );
}

#[test]
fn all_indexes_are_one_for_uv_as_for_pip() {
    let index = Index::new(
        &[],
        "requirements = [\"a\"]\nextra-index = [\"https://packages.example.com/simple\"]",
    );
    let output = with_uv(&index, "echo \"error: $*\" >&2; exit 1")
        .arg("--quiet")
        .run();
    let message = eryx_tests::project::explained(&output);
    assert!(
        message.contains("--index-strategy unsafe-best-match"),
        "{message}"
    );
}
