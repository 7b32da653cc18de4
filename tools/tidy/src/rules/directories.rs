//! No modules beside each other import each other in a circle.

use super::Rule;
use crate::{
    Finding,
    code::{Code, Import},
    components::components,
    house::House,
};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

/// No modules beside each other, with all that is in their directories, import each other in a circle. This
/// sees what [`super::circles::Circles`] does not: two directories that need each other by different files.
#[derive(Debug)]
pub(crate) struct Directories;

/// The modules of one directory: from which to which, and by what.
type Arrows<'a> = BTreeMap<(String, String), Vec<&'a Import>>;

impl Rule for Directories {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let code = &house.code;
        let mut findings = Vec::new();
        for arrows in neighbours(code).values() {
            let names: BTreeSet<&String> = arrows.keys().flat_map(|(a, b)| [a, b]).collect();
            let names: Vec<&String> = names.into_iter().collect();
            let place = |name: &String| names.binary_search(&name).unwrap_or(0);
            let mut graph = vec![Vec::new(); names.len()];
            for (from, to) in arrows.keys() {
                graph[place(from)].push(place(to));
            }
            for circle in components(&graph) {
                let circle: Vec<&String> = circle.into_iter().map(|node| names[node]).collect();
                let has_directory = circle.iter().any(|name| is_directory(code, name));
                if circle.len() > 1 && has_directory && !house.settings.circles.knows(&circle) {
                    findings.push(finding(code, &circle, arrows));
                }
            }
        }
        Ok(findings)
    }
}

fn neighbours(code: &Code) -> BTreeMap<(String, String), Arrows<'_>> {
    let mut all = BTreeMap::<_, Arrows<'_>>::new();
    for (import, to) in code.within_crates() {
        let (from, to) = (&code.files[import.from], &code.files[to]);
        if let Some((above, from_module, to_module)) = part(&module(&from.path), &module(&to.path))
        {
            let directory = all.entry((from.package.clone(), above)).or_default();
            directory
                .entry((from_module, to_module))
                .or_default()
                .push(import);
        }
    }
    all
}

/// The path of a file's module: that of its directory for `mod.rs` and its like.
fn module(path: &str) -> String {
    let name = path.strip_suffix(".rs").unwrap_or(path);
    let directory = ["/mod", "/lib", "/main"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    directory.unwrap_or(name).to_owned()
}

/// Where the paths of two modules part: what they share, and the modules just below. None if one is around
/// the other.
fn part(a: &str, b: &str) -> Option<(String, String, String)> {
    let (a, b): (Vec<_>, Vec<_>) = (a.split('/').collect(), b.split('/').collect());
    let shared = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    if shared == a.len() || shared == b.len() {
        return None;
    }
    let below = |parts: &[&str]| parts[..=shared].join("/");
    Some((a[..shared].join("/"), below(&a), below(&b)))
}

fn is_directory(code: &Code, module: &str) -> bool {
    let mut files = code.files.iter();
    files.any(|file| {
        file.path
            .strip_prefix(module)
            .is_some_and(|rest| rest.starts_with('/'))
    })
}

fn finding(code: &Code, circle: &[&String], arrows: &Arrows<'_>) -> Finding {
    let tied = arrows
        .iter()
        .filter(|((from, to), _)| circle.contains(&from) && circle.contains(&to));
    let imports: Vec<&Import> = tied
        .flat_map(|(_, imports)| imports.iter().copied())
        .collect();
    let names: Vec<&str> = circle.iter().map(|name| name.as_str()).collect();
    let first = code.first(&imports);
    Finding {
        path: first
            .map_or("", |import| &code.files[import.from].path)
            .to_owned(),
        line: first.map_or(1, |import| import.line),
        message: format!(
            "the modules {} import each other in a circle, so that none can be understood or moved by \
             itself; move what they share below them:",
            names.join(", ")
        ),
        details: code.describe(imports),
    }
}
