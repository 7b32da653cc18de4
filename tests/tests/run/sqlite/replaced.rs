//! The base has an SQLite, and nothing of an image may be half of it and half of the guest's.

use eryx_tests::{images, workspace};
use std::{collections::HashSet, fs};

#[test]
fn nothing_of_the_old_sqlite_is_in_an_image() {
    let image = fs::read(images::bare()).unwrap();
    // The table of symbols has them behind two numbers, `wasm[0]::function[7]::`, and ends each with a zero.
    let symbols = image
        .split(|byte| *byte == 0)
        .filter(|symbol| symbol.starts_with(b"wasm["));
    let names: HashSet<&[u8]> = symbols
        .filter_map(|symbol| {
            let end = symbol.windows(3).rposition(|window| window == b"]::")?;
            symbol.get(end + 3..)
        })
        .collect();
    let has = |name: &str| names.contains(name.as_bytes());
    let overrides = fs::read_to_string(workspace().join("runtime/overrides.toml")).unwrap();
    let functions = overrides
        .lines()
        .filter_map(|line| line.strip_prefix("function = \"sqlite3_"));
    let functions: Vec<&str> = functions.map(|name| name.trim_end_matches('"')).collect();
    assert!(functions.len() > 80);
    for function in functions {
        assert!(
            !has(&format!("libpython3.14.so::sqlite3_{function}")),
            "{function}"
        );
        assert!(
            has(&format!("liberyx.so::eryx_sqlite3_{function}")),
            "{function}"
        );
    }
    // One that is reached only from inside, one of the parser, and one of the virtual machine.
    for function in ["sqlite3_randomness", "sqlite3RunParser", "sqlite3VdbeExec"] {
        assert!(!has(&format!("libpython3.14.so::{function}")), "{function}");
        assert!(has(&format!("liberyx.so::{function}")), "{function}");
    }
}
