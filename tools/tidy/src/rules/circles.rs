//! No files of one crate import each other in a circle.

use super::Rule;
use crate::{
    Finding,
    code::{Code, Import},
    components::components,
    house::House,
};
use anyhow::Result;
use std::collections::BTreeMap;

/// No files of one crate import each other in a circle, straight or through others. What is only handed on
/// by `pub use` does not count, since the import is that of the file that defines it.
#[derive(Debug)]
pub(crate) struct Circles;

impl Rule for Circles {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let code = &house.code;
        let settings = &house.settings.circles;
        let arrows = arrows(code, settings.count_imports_from_parents);
        let mut graph = vec![Vec::new(); code.files.len()];
        for (from, to) in arrows.keys() {
            graph[*from].push(*to);
        }
        let mut findings = Vec::new();
        for circle in components(&graph) {
            let paths: Vec<_> = circle.iter().map(|file| code.path(*file)).collect();
            if circle.len() > 1 && !settings.knows(&paths) {
                findings.push(finding(code, &circle, &arrows));
            }
        }
        Ok(findings)
    }
}

/// The imports between two files of one crate.
type Arrows<'a> = BTreeMap<(usize, usize), Vec<&'a Import>>;

fn arrows(code: &Code, from_parents: bool) -> Arrows<'_> {
    let mut arrows = Arrows::new();
    for (import, to) in code.within_crates() {
        if from_parents || !is_around(code.path(to), code.path(import.from)) {
            arrows.entry((import.from, to)).or_default().push(import);
        }
    }
    arrows
}

/// Whether the module of the file `outer` is around that of `inner`.
fn is_around(outer: &str, inner: &str) -> bool {
    let (directory, name) = outer.rsplit_once('/').unwrap_or(("", outer));
    let directory = match name {
        "mod.rs" | "lib.rs" | "main.rs" => directory,
        _ => outer.strip_suffix(".rs").unwrap_or(outer),
    };
    let rest = inner.strip_prefix(directory);
    outer != inner && rest.is_some_and(|rest| rest.starts_with('/'))
}

fn finding(code: &Code, circle: &[usize], arrows: &Arrows<'_>) -> Finding {
    let tied = arrows
        .iter()
        .filter(|((from, to), _)| circle.contains(from) && circle.contains(to));
    let imports: Vec<&Import> = tied
        .flat_map(|(_, imports)| imports.iter().copied())
        .collect();
    let first = code.first(&imports);
    Finding {
        path: first.map_or("", |import| code.path(import.from)).to_owned(),
        line: first.map_or(1, |import| import.line),
        message: format!(
            "{} files import each other in a circle, so that none can be read or moved by itself; \
             move what they share into a file below them:",
            circle.len()
        ),
        details: code.describe(imports),
    }
}
