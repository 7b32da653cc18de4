//! Which package of an image requires which, as a tree.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

use crate::cli::text::shown;
use eryx_image::{Metadata, PackageMetadata};

/// How deep the tree is drawn.
const MAX_DEPTH: usize = 64;

/// Draws the packages that were asked for, with what they require below them, and then those that
/// nothing led to. What is below a package is drawn where it comes first, and marked `(*)` in
/// all other places; so circles end.
pub(super) fn write(metadata: &Metadata, out: &mut dyn Write) -> io::Result<()> {
    let packages = &metadata.packages;
    let graph = Graph::new(packages);
    let mut drawing = Drawing {
        graph: &graph,
        drawn: vec![false; packages.len()],
        out,
    };
    let version = metadata.version.as_deref().unwrap_or_default();
    let title = format!("{} {version}", metadata.name);
    writeln!(drawing.out, "{}", shown(title.trim_end()))?;
    let numbers = 0..packages.len();
    let requested: Vec<usize> = numbers
        .clone()
        .filter(|number| packages.get(*number).is_some_and(|one| one.requested))
        .collect();
    drawing.draw(&requested)?;

    // Those that nothing requires are the roots of what is left; in a circle any one is.
    let required: BTreeSet<usize> = graph.requires.iter().flatten().copied().collect();
    let is_free = |drawing: &Drawing<'_>, number: &usize| {
        drawing.drawn.get(*number) == Some(&false) && !required.contains(number)
    };
    let free: Vec<usize> = numbers.clone().filter(|n| is_free(&drawing, n)).collect();
    let any_left = drawing.drawn.iter().any(|drawn| !drawn);
    if any_left {
        let why = if requested.is_empty() {
            "the image does not say which packages were asked for"
        } else {
            "neither asked for nor required"
        };
        writeln!(drawing.out, "\n{why}")?;
    }
    drawing.draw(&free)?;
    for number in numbers {
        if drawing.drawn.get(number) == Some(&false) {
            drawing.draw(&[number])?;
        }
    }
    Ok(())
}

/// The packages by number, and the numbers of those that each requires.
struct Graph<'a> {
    packages: &'a [PackageMetadata],
    requires: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    fn new(packages: &'a [PackageMetadata]) -> Self {
        let numbers: HashMap<String, usize> = packages
            .iter()
            .enumerate()
            .map(|(number, package)| (package.normalized_name(), number))
            .collect();
        let requires = packages.iter().enumerate().map(|(own, package)| {
            let names = package.requires.iter();
            names
                .filter_map(|name| numbers.get(name).copied())
                // Packages require themselves to sum up their extras.
                .filter(|number| *number != own)
                .collect()
        });
        Graph {
            packages,
            requires: requires.collect(),
        }
    }

    fn requires(&self, number: usize) -> &[usize] {
        self.requires.get(number).map_or(&[], Vec::as_slice)
    }
}

struct Drawing<'a> {
    graph: &'a Graph<'a>,
    drawn: Vec<bool>,
    out: &'a mut dyn Write,
}

impl Drawing<'_> {
    /// Draws packages and what they require, one below the other.
    fn draw(&mut self, roots: &[usize]) -> io::Result<()> {
        let graph = self.graph;
        // What is left to draw at each level; the lines to the left of a level follow from them.
        let mut levels: Vec<&[usize]> = vec![roots];
        loop {
            let depth = levels.len();
            let Some(level) = levels.last_mut() else {
                return Ok(());
            };
            let Some((number, rest)) = level.split_first() else {
                levels.pop();
                continue;
            };
            *level = rest;
            let below = graph.requires(*number);
            let is_new = self.drawn.get(*number) == Some(&false);
            let is_too_deep = depth > MAX_DEPTH;
            let mark = match (below.is_empty(), is_new, is_too_deep) {
                (true, ..) | (false, true, false) => "",
                (false, false, _) => " (*)",
                (false, true, true) => " (…)",
            };
            self.line(&levels, *number, mark)?;
            if let Some(drawn) = self.drawn.get_mut(*number) {
                // What is cut off here may be drawn elsewhere.
                *drawn = *drawn || !is_too_deep || below.is_empty();
            }
            if is_new && !is_too_deep {
                levels.push(below);
            }
        }
    }

    fn line(&mut self, levels: &[&[usize]], number: usize, mark: &str) -> io::Result<()> {
        let Some(package) = self.graph.packages.get(number) else {
            return Ok(());
        };
        let Some((last, outer)) = levels.split_last() else {
            return Ok(());
        };
        for level in outer {
            let line = if level.is_empty() { "    " } else { "│   " };
            self.out.write_all(line.as_bytes())?;
        }
        let branch = if last.is_empty() {
            "└──"
        } else {
            "├──"
        };
        let text = format!("{} {}", package.name, package.version);
        writeln!(self.out, "{branch} {}{mark}", shown(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eryx_image::fixture;

    fn drawn(packages: &[(&str, bool, &[&str])]) -> String {
        let packages = packages.iter().map(|(name, requested, requires)| {
            let requires = requires.iter().map(|name| (*name).to_owned()).collect();
            PackageMetadata {
                name: (*name).to_owned(),
                version: "1".to_owned(),
                requested: *requested,
                requires,
                ..PackageMetadata::default()
            }
        });
        let metadata = Metadata {
            packages: packages.collect(),
            ..fixture::metadata()
        };
        let mut out = Vec::new();
        write(&metadata, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn repeats_are_marked() {
        let tree = drawn(&[
            ("Jinja2", true, &["markup-safe"]),
            ("Markup_Safe", false, &[]),
            ("Pages", true, &["jinja2", "markup-safe", "not-there"]),
        ]);
        let expected = "\
sample 1.2
├── Jinja2 1
│   └── Markup_Safe 1
└── Pages 1
    ├── Jinja2 1 (*)
    └── Markup_Safe 1
";
        assert_eq!(tree, expected);
    }

    #[test]
    fn circles_end() {
        let tree = drawn(&[("a", true, &["a", "b"]), ("b", false, &["a"])]);
        assert_eq!(
            tree,
            "sample 1.2\n└── a 1\n    └── b 1\n        └── a 1 (*)\n"
        );
    }

    #[test]
    fn what_nothing_led_to_is_drawn_too() {
        let tree = drawn(&[
            ("a", true, &[]),
            ("b", false, &["c"]),
            ("c", false, &[]),
            ("x", false, &["y"]),
            ("y", false, &["x"]),
        ]);
        let expected = "\
sample 1.2
└── a 1

neither asked for nor required
└── b 1
    └── c 1
└── x 1
    └── y 1
        └── x 1 (*)
";
        assert_eq!(tree, expected);
        let old = drawn(&[("a", false, &[])]);
        assert!(old.contains("does not say which"), "{old}");
    }

    #[test]
    fn deep_chains_are_cut_and_every_package_is_drawn() {
        let names: Vec<String> = (0..200).map(|number| format!("p{number}")).collect();
        let packages: Vec<(&str, bool, Vec<&str>)> = names
            .iter()
            .enumerate()
            .map(|(number, name)| {
                let next = names.get(number + 1).map(String::as_str);
                (name.as_str(), number == 0, next.into_iter().collect())
            })
            .collect();
        let packages: Vec<(&str, bool, &[&str])> = packages
            .iter()
            .map(|(name, requested, requires)| (*name, *requested, requires.as_slice()))
            .collect();
        let tree = drawn(&packages);
        assert!(tree.contains("p64 1 (…)"), "{tree}");
        for name in &names {
            assert!(tree.contains(&format!(" {name} 1")), "{name}");
        }
        assert!(tree.lines().all(|line| line.chars().count() < 400));
    }

    #[test]
    fn hostile_names_reach_no_terminal() {
        let tree = drawn(&[("a\u{1b}[2J\n└── b", true, &[])]);
        assert_eq!(tree, "sample 1.2\n└── a\\u{1b}[2J\\n└── b 1\n");
    }
}
