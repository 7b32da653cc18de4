//! Stripping: leaves files out of the site tree that the manifest says nobody will read.
//!
//! Nothing is stripped unless it is asked for. And a directory of tests or documentation stays when
//! code outside of it names it: some are no tests but a part of the interface (`django.test`), or
//! code that others run on (`boto3.docs`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::note::Note;
use crate::record::{self, Line};
use crate::site_tree::{SiteFile, SiteTree};

mod references;

use references::References;

/// The names of directories of tests.
const TESTS: [&str; 2] = ["tests", "test"];
/// The names of directories of documentation.
const DOCS: [&str; 2] = ["docs", "doc"];
/// Where installers put documentation that is no part of a package: below `.data/data`.
const SHARED_DOCS: [&str; 3] = ["share/doc/", "share/man/", "share/info/"];
/// The endings of C and Cython files.
const HEADERS: [&str; 13] = [
    "c", "cc", "cpp", "cu", "cuh", "cxx", "h", "hh", "hpp", "hxx", "pxd", "pxi", "pyx",
];

/// Which files of packages are left out. Everything that code can read is kept unless it is named here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Strip {
    /// Directories `tests` and `test` inside packages.
    pub tests: bool,
    /// Directories `docs` and `doc`, and documentation beside packages.
    pub docs: bool,
    /// Type stubs, `.pyi`, and `py.typed`.
    pub stubs: bool,
    /// C and Cython headers and sources.
    pub headers: bool,
}

/// Strips a site tree, all but its sources: those go once they have bytecode. What is left has a
/// RECORD that is true, and the tree a note on what was done.
pub fn strip(tree: &mut SiteTree, kinds: Strip) {
    let mut condemned: BTreeSet<String> = BTreeSet::new();
    for path in tree.files.keys() {
        if is_metadata(path) {
            continue;
        }
        if kinds.headers && has_ending(path, &HEADERS)
            || kinds.stubs && is_stub(tree, path)
            || kinds.docs && is_shared_documentation(path)
        {
            condemned.insert(path.clone());
        }
    }
    let mut names: Vec<&str> = Vec::new();
    if kinds.tests {
        names.extend(TESTS);
    }
    if kinds.docs {
        names.extend(DOCS);
    }
    let (directories, needed) = unneeded_directories(tree, &names);
    let inside = |path: &&String| outermost(path, &directories).is_some();
    condemned.extend(tree.files.keys().filter(inside).cloned());

    tree.notes.extend(needed);
    remove(tree, &condemned);
}

/// Whether a file belongs to what is known of a package, which is never stripped: licences, RECORD.
fn is_metadata(path: &str) -> bool {
    path.split_once('/')
        .is_some_and(|(directory, _)| directory.ends_with(".dist-info"))
}

fn has_ending(path: &str, endings: &[&str]) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.')
        .is_some_and(|(stem, ending)| !stem.is_empty() && endings.contains(&ending))
}

/// Whether a file is a type stub that no code reads. Packages that import lazily read theirs: the
/// module beside it then calls `lazy_loader.attach_stub`.
fn is_stub(tree: &SiteTree, path: &str) -> bool {
    if path.ends_with("/py.typed") {
        return true;
    }
    let Some(stem) = path.strip_suffix(".pyi") else {
        return false;
    };
    let source = tree.files.get(&format!("{stem}.py"));
    !source.is_some_and(|file| contains(&file.contents, b"attach_stub"))
}

fn contains(text: &[u8], words: &[u8]) -> bool {
    text.windows(words.len()).any(|window| window == words)
}

fn is_shared_documentation(path: &str) -> bool {
    path.split_once(".data/data/")
        .filter(|(directory, _)| !directory.contains('/'))
        .is_some_and(|(_, rest)| SHARED_DOCS.iter().any(|start| rest.starts_with(start)))
}

/// The outermost of some directories that a path lies in.
fn outermost(path: &str, directories: &BTreeSet<String>) -> Option<String> {
    let mut above = path
        .match_indices('/')
        .filter_map(|(end, _)| path.get(..end));
    above
        .find(|directory| directories.contains(*directory))
        .map(str::to_owned)
}

/// The outermost directories of these names inside packages that no code outside of them names, and
/// a note on each that is named.
fn unneeded_directories(tree: &SiteTree, names: &[&str]) -> (BTreeSet<String>, Vec<Note>) {
    let mut candidates: BTreeSet<String> = BTreeSet::new();
    for path in tree.files.keys().filter(|path| !is_metadata(path)) {
        let mut slashes = path.match_indices('/').map(|(index, _)| index);
        // A directory at the root is a package of its own, whatever its name.
        let Some(mut start) = slashes.next() else {
            continue;
        };
        for end in slashes {
            let name = path.get(start.saturating_add(1)..end).unwrap_or_default();
            if names.contains(&name) {
                candidates.extend(path.get(..end).map(str::to_owned));
                break;
            }
            start = end;
        }
    }
    if candidates.is_empty() {
        return (candidates, Vec::new());
    }
    // What a directory that stays names, stays as well.
    let mut notes = Vec::new();
    let mut due: Vec<&String> = Vec::new();
    let mut waiting: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for path in tree
        .files
        .keys()
        .filter(|path| has_ending(path, &["py", "pyi", "txt"]))
    {
        match outermost(path, &candidates) {
            Some(directory) => waiting.entry(directory).or_default().push(path),
            None => due.push(path),
        }
    }
    due.reverse();
    while let Some(path) = due.pop() {
        let Some(file) = tree.files.get(path) else {
            continue;
        };
        let text = String::from_utf8_lossy(&file.contents);
        for mention in References::new(path, &text, names) {
            let Some(directory) = outermost(&format!("{mention}/"), &candidates) else {
                continue;
            };
            candidates.remove(&directory);
            due.extend(waiting.remove(&directory).unwrap_or_default());
            notes.push(Note::Needed {
                directory,
                by: path.clone(),
            });
        }
    }
    (candidates, notes)
}

/// Puts bytecode in the place of sources: `module.pyc` instead of `module.py`, where an import
/// finds it without a source. `bytecode` has the paths of sources relative to the site tree. A
/// source without bytecode stays, and so does one whose place is taken.
pub fn strip_sources<'a>(
    tree: &mut SiteTree,
    bytecode: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) {
    let mut replaced: BTreeMap<&str, &[u8]> = BTreeMap::new();
    let mut bytes = 0_u64;
    for (source, compiled) in bytecode {
        if is_taken(tree, &format!("{source}c")) {
            continue;
        }
        let Some(file) = tree.files.remove(source) else {
            continue;
        };
        bytes = bytes.saturating_add(length(&file));
        let file = SiteFile {
            contents: Arc::from(compiled),
            package: file.package,
        };
        tree.files.insert(format!("{source}c"), file);
        replaced.insert(source, compiled);
    }
    tree.notes.push(Note::SourcesStripped {
        files: replaced.len(),
        bytes,
    });
    correct(tree, |path| match replaced.get(path) {
        Some(compiled) => Line::Instead(format!("{path}c"), compiled),
        None => Line::Same,
    });
}

/// Whether there is a file or a directory at a path.
fn is_taken(tree: &SiteTree, path: &str) -> bool {
    let inside = format!("{path}/");
    let mut below = tree.files.range(inside.clone()..);
    tree.files.contains_key(path)
        || below
            .next()
            .is_some_and(|(next, _)| next.starts_with(&inside))
}

/// Removes files from the tree.
fn remove(tree: &mut SiteTree, condemned: &BTreeSet<String>) {
    if condemned.is_empty() {
        return;
    }
    let gone = condemned.iter().filter_map(|path| tree.files.remove(path));
    let bytes = gone.fold(0_u64, |bytes, file| bytes.saturating_add(length(&file)));
    tree.notes.push(Note::Stripped {
        files: condemned.len(),
        bytes,
    });
    correct(tree, |path| {
        if condemned.contains(path) {
            Line::Gone
        } else {
            Line::Same
        }
    });
}

/// Makes what the tree says of its packages true again.
fn correct<'a>(tree: &mut SiteTree, change: impl Fn(&str) -> Line<'a>) {
    for (path, file) in &mut tree.files {
        if is_metadata(path) && path.ends_with(".dist-info/RECORD") {
            file.contents = Arc::from(record::changed(&file.contents, &change));
        }
    }
    for package in &mut tree.packages {
        (package.file_count, package.size) = (0, 0);
    }
    for file in tree.files.values() {
        if let Some(package) = tree.packages.get_mut(file.package) {
            package.size = package.size.saturating_add(length(file));
            package.file_count = package.file_count.saturating_add(1);
        }
    }
}

fn length(file: &SiteFile) -> u64 {
    u64::try_from(file.contents.len()).unwrap_or(u64::MAX)
}
