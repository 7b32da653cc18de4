//! `cargo xtask upgrade-base`: moves the pin of the crate that carries CPython for WASI.
//!
//! cargo is asked for the newest release and for the sha256 of its file; both are written into
//! `runtime/sources.toml`. What only a person can judge is said afterwards.

use crate::{step, workspace::Workspace};
use anyhow::{Context, Result, bail};
use std::{fs, process::Command};

/// The crate, which `runtime/build/embed/base.rs` unpacks.
const CRATE: &str = "componentize-py";

/// Where crates are pinned.
const SOURCES: &str = "runtime/sources.toml";

/// What is left to do once the pin has moved.
const NEXT: &str = "\
next:
  read the release notes for the version of CPython, and write it into runtime/sources.toml (`takes`,
  and the part `CPython`) and runtime/build/embed/distribution.rs
  cargo build --release -p eryx-build
  ERYX_UPDATE=1 cargo test --release -p eryx-runtime
  cargo xtask test
  cargo run --release -p eryx-evidence -- regrtest --again
  compare docs/src/concepts/python-fixes.md with what the new base repairs";

/// Moves the pin to the newest release.
#[expect(clippy::print_stdout, reason = "its result")]
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let path = workspace.root.join(SOURCES);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {SOURCES}"))?;
    let found = step::output(workspace.cargo(&["search", "--limit", "1", CRATE]))?;
    let version = newest(&found).with_context(|| format!("cargo finds no crate {CRATE}"))?;
    let pinned = pinned(&text).with_context(|| format!("{SOURCES} does not pin {CRATE}"))?;
    if pinned == version {
        println!("{CRATE} {version} is the newest release already");
        return Ok(());
    }
    let lock = lock(workspace, &version)?;
    let sha256 = checksum(&lock, &version)
        .with_context(|| format!("cargo does not know the hash of {CRATE} {version}"))?;
    fs::write(&path, moved(&text, &version, &sha256)?)?;
    println!("{CRATE}: {pinned} to {version}\n{NEXT}");
    Ok(())
}

/// The lock of a package that requires the crate, which has the hash of its file.
fn lock(workspace: &Workspace, version: &str) -> Result<String> {
    let directory = workspace.target.join("tools/upgrade-base");
    fs::create_dir_all(directory.join("src"))?;
    fs::write(directory.join("src/lib.rs"), "")?;
    let manifest = format!(
        "[package]\nname = \"upgrade-base\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
         [dependencies]\n{CRATE} = \"={version}\"\n\n[workspace]\n"
    );
    fs::write(directory.join("Cargo.toml"), manifest)?;
    let mut command: Command = workspace.cargo(&["generate-lockfile", "--quiet"]);
    command.current_dir(&directory);
    step::run("Ask cargo for the hash", &mut command)?;
    Ok(fs::read_to_string(directory.join("Cargo.lock"))?)
}

/// The version in what `cargo search` prints: `componentize-py = "0.25.1"    # …`.
fn newest(found: &str) -> Option<String> {
    let line = found.lines().find_map(|line| line.strip_prefix(CRATE))?;
    let version = line.trim_start().strip_prefix("= \"")?.split('"').next()?;
    is_version(version).then(|| version.to_owned())
}

fn is_version(text: &str) -> bool {
    let plain = |one: char| one.is_ascii_alphanumeric() || ".-+".contains(one);
    text.starts_with(|one: char| one.is_ascii_digit()) && text.chars().all(plain)
}

/// The version that is pinned.
fn pinned(sources: &str) -> Option<&str> {
    let (_, rest) = sources.split_once(&format!("name = \"{CRATE}\"\nversion = \""))?;
    rest.split('"').next()
}

/// The hash of the crate in a lock of cargo.
fn checksum(lock: &str, version: &str) -> Option<String> {
    let head = format!("name = \"{CRATE}\"\nversion = \"{version}\"\n");
    let (_, rest) = lock.split_once(&head)?;
    let package = rest.split("\n[[package]]").next()?;
    let lines = package.lines();
    let hash = lines
        .filter_map(|line| line.strip_prefix("checksum = \""))
        .next()?;
    let hash = hash.trim_end_matches('"');
    let is_hash = hash.len() == 64 && hash.chars().all(|one| one.is_ascii_hexdigit());
    is_hash.then(|| hash.to_owned())
}

/// The list with another version and hash of the crate; all else stays as people wrote it.
fn moved(sources: &str, version: &str, sha256: &str) -> Result<String> {
    let head = format!("name = \"{CRATE}\"\n");
    let Some((before, rest)) = sources.split_once(&head) else {
        bail!("{SOURCES} does not pin {CRATE}");
    };
    let mut lines = rest.lines();
    let (old_version, old_hash) = (lines.next(), lines.next());
    let (Some(old_version), Some(old_hash)) = (old_version, old_hash) else {
        bail!("{SOURCES} ends within {CRATE}");
    };
    if !old_version.starts_with("version = ") || !old_hash.starts_with("sha256 = ") {
        bail!("{SOURCES} has no version and hash behind the name {CRATE}");
    }
    let length = old_version.len() + old_hash.len() + 1;
    let after = rest.get(length..).unwrap_or_default();
    Ok(format!(
        "{before}{head}version = \"{version}\"\nsha256 = \"{sha256}\"{after}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: &str = "# Comment\n[[crate]]\nname = \"componentize-py\"\nversion = \"0.25.1\"\n\
        sha256 = \"aa\"\ntakes = \"CPython\"\n\n[[crate]]\nname = \"other\"\nversion = \"1\"\n";

    #[test]
    fn the_newest_version_is_read_and_nothing_else_is_taken_for_one() {
        let found = "componentize-py = \"0.26.0\"    # Tool\n... and 3 crates more\n";
        assert_eq!(newest(found).as_deref(), Some("0.26.0"));
        for wrong in [
            "",
            "componentize-pyx = \"1\"",
            "componentize-py = \"1; rm\"",
            "x",
        ] {
            assert_eq!(newest(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_hash_is_that_of_the_crate_and_version() {
        let (one, other) = ("0a".repeat(32), "0b".repeat(32));
        let lock = format!(
            "[[package]]\nname = \"a\"\nversion = \"0.26.0\"\nchecksum = \"{other}\"\n\n[[package]]\n\
             name = \"componentize-py\"\nversion = \"0.26.0\"\nsource = \"x\"\nchecksum = \"{one}\"\n"
        );
        assert_eq!(checksum(&lock, "0.26.0"), Some(one));
        assert_eq!(checksum(&lock, "0.27.0"), None);
    }

    #[test]
    fn only_the_pin_of_the_base_moves() {
        assert_eq!(pinned(SOURCES), Some("0.25.1"));
        let new = moved(SOURCES, "0.26.0", "bb").unwrap();
        let expected = SOURCES.replace("0.25.1", "0.26.0").replace("aa", "bb");
        assert_eq!(new, expected);
        assert!(moved("[[crate]]\n", "1", "bb").is_err());
    }
}
