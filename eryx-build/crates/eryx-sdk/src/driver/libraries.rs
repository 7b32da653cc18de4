//! Finding libraries that are named with `-l`.

use super::explain;
use crate::SdkError;
use eryx_wasm::dylink::is_shared_library;
use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

/// Libraries that every program of the sandbox has, under the names that builds know them by, and parts of
/// the machine's compiler.
const BUILT_IN: [&str; 16] = [
    "c",
    "m",
    "pthread",
    "dl",
    "rt",
    "util",
    "atomic",
    "gcc",
    "gcc_s",
    "gcc_eh",
    "stdc++",
    "stdc++fs",
    "supc++",
    "c++",
    "c++abi",
    "compiler_rt",
];

/// The file of a library, or none when it needs no file.
pub(super) fn find(name: &str, directories: &[PathBuf]) -> Result<Option<PathBuf>, SdkError> {
    for directory in directories {
        for file in [format!("lib{name}.so"), format!("lib{name}.a")] {
            let path = directory.join(file);
            // What is there may be for the machine itself.
            if is_for_wasm(&path) {
                return Ok(Some(path));
            }
        }
    }
    let is_python = name.starts_with("python3");
    if is_python || BUILT_IN.contains(&name) || name.starts_with("wasi-emulated-") {
        return Ok(None);
    }
    Err(SdkError::Unresolved(explain::no_library(name)))
}

/// Whether a file is a shared library of WebAssembly, or an archive whose first object is WebAssembly.
fn is_for_wasm(path: &Path) -> bool {
    // The longest that is before the first object: the index and the names of an archive.
    const MOST: u64 = 4 << 20;
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut start));
    read.is_ok() && (is_shared_library(&start) || archive_has_wasm(&start))
}

/// Walks the members of an archive to the first that is an object.
fn archive_has_wasm(bytes: &[u8]) -> bool {
    const HEADER: usize = 60;
    let Some(mut rest) = bytes.strip_prefix(b"!<arch>\n") else {
        return false;
    };
    while let Some((header, members)) = rest.split_at_checked(HEADER) {
        let size = header.get(48..58).and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            digits.trim_end().parse::<usize>().ok()
        });
        let Some(size) = size else {
            return false;
        };
        // `/` and `//` are the index and the long names.
        if header.first() != Some(&b'/') || header.get(1).is_some_and(u8::is_ascii_digit) {
            return members.starts_with(b"\0asm");
        }
        let Some((_, next)) = members.split_at_checked(size.saturating_add(size % 2)) else {
            return false;
        };
        rest = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn member(name: &str, contents: &[u8]) -> Vec<u8> {
        let mut bytes = format!(
            "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
            0,
            0,
            0,
            644,
            contents.len()
        );
        if contents.len() % 2 == 1 {
            bytes.push('\n');
        }
        let (header, padding) = bytes.split_at(60);
        [header.as_bytes(), contents, padding.as_bytes()].concat()
    }

    #[test]
    fn archives_of_wasm_are_told_from_others() {
        let archive = |members: &[Vec<u8>]| [b"!<arch>\n".to_vec(), members.concat()].concat();
        let wasm = member("a.o/", b"\0asm\x01\0\0\0");
        assert!(archive_has_wasm(&archive(std::slice::from_ref(&wasm))));
        assert!(archive_has_wasm(&archive(&[
            member("/", b"index"),
            member("//", b"long names"),
            wasm.clone()
        ])));
        assert!(archive_has_wasm(&archive(&[member(
            "/0",
            b"\0asm\x01\0\0\0"
        )])));
        assert!(!archive_has_wasm(&archive(&[
            member("a.o/", b"\x7fELF"),
            wasm
        ])));
        assert!(!archive_has_wasm(b"!<arch>\n"));
        assert!(!archive_has_wasm(&archive(&[b"/".repeat(200)])));
    }

    #[test]
    fn a_library_is_found_the_system_has_it_or_it_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("libyaml.a");
        fs::write(
            &path,
            [b"!<arch>\n".to_vec(), member("a.o/", b"\0asm")].concat(),
        )
        .unwrap();
        fs::write(directory.path().join("libz.a"), b"!<arch>\n").unwrap();
        let directories = [PathBuf::from("/nowhere"), directory.path().to_owned()];
        assert_eq!(find("yaml", &directories).unwrap(), Some(path));
        for name in ["m", "pthread", "python3.14", "wasi-emulated-signal"] {
            assert_eq!(find(name, &directories).unwrap(), None);
        }
        let problem = find("z", &directories).unwrap_err().to_string();
        assert!(problem.contains("`z`"), "{problem}");
    }
}
