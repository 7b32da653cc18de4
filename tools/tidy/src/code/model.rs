//! What is known of the code: files, and what each imports from which.

use std::collections::{BTreeMap, BTreeSet};

/// All code of the workspace that is no test.
#[derive(Debug)]
pub struct Code {
    /// The files; imports name them by their place in this list.
    pub files: Vec<CodeFile>,
    /// What files import.
    pub imports: Vec<Import>,
}

/// One file of code.
#[derive(Debug)]
pub struct CodeFile {
    /// Relative to the root of the workspace.
    pub path: String,
    /// The name of the package's library, as code writes it.
    pub package: String,
}

/// One name that a file takes from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    /// The file that has the path.
    pub from: usize,
    /// What defines the name.
    pub target: Target,
    /// The line of the path, counted from 1.
    pub line: usize,
    /// The name.
    pub name: String,
    /// Whether the file only hands the name on (`pub use`).
    pub handed_on: bool,
}

/// What defines a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A file of the workspace.
    File(usize),
    /// A crate that is not of the workspace, as code writes it.
    Crate(String),
}

impl CodeFile {
    /// Whether it is one of a crate's tests in `src`. Those that another crate has as well, such as a
    /// fuzzer, are no tests there.
    fn is_of_tests(&self) -> bool {
        let inside = self
            .path
            .rsplit_once("src/")
            .map_or("", |(_, inside)| inside);
        inside
            .split('/')
            .any(|part| matches!(part, "tests" | "tests.rs"))
    }
}

impl Code {
    /// Imports between files of one crate, without what is only handed on and what tests import.
    pub fn within_crates(&self) -> impl Iterator<Item = (&Import, usize)> {
        self.imports
            .iter()
            .filter_map(|import| match import.target {
                Target::File(to) if !import.handed_on => {
                    let (from, to_file) = (&self.files[import.from], &self.files[to]);
                    let counts = from.package == to_file.package && !from.is_of_tests();
                    counts.then_some((import, to))
                }
                _ => None,
            })
    }

    /// The import that comes first in the order of paths and lines.
    pub fn first<'a>(&self, imports: &[&'a Import]) -> Option<&'a Import> {
        let imports = imports.iter().copied();
        imports.min_by_key(|import| (self.path(import.from), import.line))
    }

    /// The path of a file.
    pub fn path(&self, file: usize) -> &str {
        &self.files[file].path
    }

    /// Says of imports which file takes which names of which other, a pair of files a line.
    pub fn describe<'a>(&self, imports: impl IntoIterator<Item = &'a Import>) -> Vec<String> {
        let mut pairs = BTreeMap::<_, (usize, BTreeSet<&str>)>::new();
        for import in imports {
            if let Target::File(to) = import.target {
                let pair = pairs
                    .entry((import.from, to))
                    .or_insert((import.line, BTreeSet::new()));
                pair.0 = pair.0.min(import.line);
                pair.1.insert(&import.name);
            }
        }
        let line = |((from, to), (line, names)): (_, (usize, BTreeSet<&str>))| {
            let names: Vec<_> = names.into_iter().collect();
            let (from, to, names) = (self.path(from), self.path(to), names.join(", "));
            format!("{from}:{line} imports {to}: {names}")
        };
        let mut lines: Vec<String> = pairs.into_iter().map(line).collect();
        lines.sort();
        lines
    }
}
