//! `docs/src/reference/standard-library.md` says what of the standard library works. It is made of what imports in a sandbox, and of
//! notes that people write in `fixtures/stdlib.txt`; `ERYX_UPDATE=1` writes it anew.

use eryx_tests::{eryx_run, images, workspace};
use std::{collections::BTreeMap, env, fmt::Write as _, fs};

/// What comes before the table.
const HEAD: &str = "\
# The standard library

What a program in the sandbox can do with CPython's standard library. A test writes the table: it
imports every public module in a sandbox and compares the page with what came of it.
`ERYX_UPDATE=1 cargo test --release -p eryx-tests --test run stdlib` writes it anew. Modules in
packages are listed when they cannot be imported. [CPython's own tests](../evidence/regrtest.md)
have results for each module.

";

/// A note about a module: whether it can be imported, and what is missing.
struct Note {
    imports: bool,
    why: String,
}

fn notes() -> BTreeMap<String, Note> {
    let text = fs::read_to_string(workspace().join("tests/fixtures/stdlib.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let read = |line: &str| {
        let (name, rest) = line.split_once(": ")?;
        let (kind, why) = rest.split_once(": ")?;
        let imports = match kind {
            "partly" => true,
            "cannot" => false,
            _ => return None,
        };
        let why = why.to_owned();
        Some((name.to_owned(), Note { imports, why }))
    };
    lines
        .map(|line| read(line).unwrap_or_else(|| panic!("{line:?} is no note")))
        .collect()
}

fn tried() -> BTreeMap<String, Option<String>> {
    let program = workspace().join("tests/fixtures/stdlib.py");
    let output = eryx_run(images::bare()).arg(program).run();
    assert_eq!(output.status, 0, "{}", output.err());
    serde_json::from_str(&output.out()).unwrap()
}

/// Whether a package that holds the module cannot be imported itself.
fn is_below_missing(name: &str, tried: &BTreeMap<String, Option<String>>) -> bool {
    let ends = name.match_indices('.').map(|(end, _)| end);
    ends.filter_map(|end| name.get(..end))
        .any(|package| matches!(tried.get(package), Some(Some(_))))
}

#[test]
fn the_page_about_the_standard_library_is_true() {
    let (tried, notes) = (tried(), notes());
    assert!(tried.len() > 400, "only {} modules were tried", tried.len());
    let mut rows = String::new();
    let mut counts = [0; 3];
    let mut problems = String::new();
    for (name, error) in &tried {
        if is_below_missing(name, &tried) || (name.contains('.') && error.is_none()) {
            continue;
        }
        let (kind, why) = match (error, notes.get(name)) {
            (None, None) => (0, ""),
            (None, Some(note)) if note.imports => (1, note.why.as_str()),
            (Some(_), Some(note)) if !note.imports => (2, note.why.as_str()),
            (None, Some(_)) => {
                let _ = writeln!(
                    problems,
                    "{name} can be imported, and its note says that it cannot"
                );
                continue;
            }
            (Some(error), _) => {
                let _ = writeln!(
                    problems,
                    "{name} cannot be imported, and no note says so: {error}"
                );
                continue;
            }
        };
        counts[kind] += 1;
        let kind = ["works", "partly", "cannot"][kind];
        let _ = writeln!(rows, "| `{name}` | {kind} | {why} |");
    }
    for name in notes.keys().filter(|name| !tried.contains_key(*name)) {
        let _ = writeln!(
            problems,
            "there is a note about {name}, which was not tried"
        );
    }
    assert!(problems.is_empty(), "{problems}");
    let page = format!(
        "{HEAD}Of {} entries {} work, {} work in part, and {} cannot be imported.\n\n\
         | module | | what is missing |\n| --- | --- | --- |\n{rows}",
        counts.iter().sum::<i32>(),
        counts[0],
        counts[1],
        counts[2]
    );
    let path = workspace().join("docs/src/reference/standard-library.md");
    if env::var_os("ERYX_UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == page,
        "docs/src/reference/standard-library.md is not what came of it now: write it anew with ERYX_UPDATE=1"
    );
}
