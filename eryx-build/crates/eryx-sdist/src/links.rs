//! Links inside a source distribution: each is replaced by what it points to, as long as that
//! lies in the distribution.

use std::collections::{BTreeMap, VecDeque};

use eryx_wheel::unpack::MAX_ENTRIES;

use super::archive_problem::ArchiveProblem;
use super::tree::{SourceTree, check_path};

/// How many links one path may cross, as in Linux.
const MAX_HOPS: usize = 40;

/// Puts a copy of what each link points to in its place. A link to nothing is left out: whoever
/// opens it finds no file either way. Contents are shared until somebody writes them down, so the caller
/// bounds how large all files are then.
pub(super) fn replace(
    tree: &mut SourceTree,
    links: &BTreeMap<String, String>,
) -> Result<(), ArchiveProblem> {
    let mut copies = Vec::new();
    for link in links.keys() {
        let Some(target) = follow(link, links)? else {
            continue;
        };
        if let Some(file) = tree.files.get(&target) {
            copies.push((link.clone(), file.clone()));
            continue;
        }
        let inside = format!("{target}/");
        if link.starts_with(&inside) {
            return Err(ArchiveProblem::LinkLoop(link.clone()));
        }
        let below = tree.files.range(inside.clone()..);
        for (path, file) in below.take_while(|(path, _)| path.starts_with(&inside)) {
            let rest = path.get(inside.len()..).unwrap_or_default();
            copies.push((format!("{link}/{rest}"), file.clone()));
            if tree.files.len().saturating_add(copies.len()) > MAX_ENTRIES {
                return Err(ArchiveProblem::TooManyEntries);
            }
        }
    }
    for (path, file) in copies {
        check_path(&path)?;
        if tree.files.insert(path.clone(), file).is_some() {
            return Err(ArchiveProblem::Duplicate(path));
        }
    }
    Ok(())
}

/// Where a link leads in the end, or `None` when it leads to one of no target.
fn follow(link: &str, links: &BTreeMap<String, String>) -> Result<Option<String>, ArchiveProblem> {
    let out = |target: &str| ArchiveProblem::LinkOut {
        path: link.to_owned(),
        target: target.to_owned(),
    };
    let mut open: VecDeque<&str> = link.split('/').collect();
    let mut walked: Vec<&str> = Vec::new();
    let mut hops = 0_usize;
    // What was followed last, for a message.
    let mut last = link;
    while let Some(name) = open.pop_front() {
        match name {
            "" | "." => continue,
            ".." => {
                walked.pop();
                // The directory at the top is never left, not even to come back.
                if walked.is_empty() {
                    return Err(out(last));
                }
                continue;
            }
            name => walked.push(name),
        }
        let Some(target) = links.get(&walked.join("/")) else {
            continue;
        };
        hops = hops.saturating_add(1);
        if hops > MAX_HOPS {
            return Err(ArchiveProblem::LinkLoop(link.to_owned()));
        }
        if target.starts_with('/') || target.contains('\\') {
            return Err(out(target));
        }
        walked.pop();
        if walked.is_empty() {
            // The directory at the top is itself a link.
            return Err(out(target));
        }
        last = target;
        for name in target.rsplit('/') {
            open.push_front(name);
        }
    }
    let path = walked.join("/");
    Ok((!links.contains_key(&path)).then_some(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(pairs: &[(&str, &str)], link: &str) -> Result<Option<String>, ArchiveProblem> {
        let pairs = pairs.iter();
        let links = pairs.map(|(link, target)| ((*link).to_owned(), (*target).to_owned()));
        follow(link, &links.collect())
    }

    #[test]
    fn links_lead_to_what_is_in_the_archive() {
        for (pairs, link, target) in [
            (&[("a/x", "y")][..], "a/x", "a/y"),
            (&[("a/b/x", "../y")], "a/b/x", "a/y"),
            (&[("a/x", "./b//y")], "a/x", "a/b/y"),
            (&[("a/x", "y"), ("a/y", "z")], "a/x", "a/z"),
            (&[("a/x", "d/f"), ("a/d", "e")], "a/x", "a/e/f"),
        ] {
            assert_eq!(followed(pairs, link).unwrap().as_deref(), Some(target));
        }
    }

    #[test]
    fn links_that_leave_or_turn_in_circles_are_refused() {
        for (pairs, link) in [
            (&[("a/x", "/etc/passwd")][..], "a/x"),
            (&[("a/x", "../y")], "a/x"),
            (&[("a/x", "../a/y")], "a/x"),
            (&[("a/x", "b/../../y")], "a/x"),
            (&[("a/x", "c:\\y")], "a/x"),
            (&[("a/x", "d/y"), ("a/d", "..")], "a/x"),
            (&[("a", "b")], "a"),
        ] {
            let found = followed(pairs, link);
            assert!(
                matches!(found, Err(ArchiveProblem::LinkOut { .. })),
                "{pairs:?} {found:?}"
            );
        }
        for pairs in [&[("a/x", "x")][..], &[("a/x", "y"), ("a/y", "x")]] {
            let found = followed(pairs, "a/x");
            assert!(
                matches!(found, Err(ArchiveProblem::LinkLoop(_))),
                "{found:?}"
            );
        }
    }
}
