//! Links inside a source distribution: each is replaced by what it points to, as long as that
//! lies in the distribution.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use eryx_wheel::unpack::MAX_ENTRIES;

use super::archive_problem::ArchiveProblem;
use super::tree::{SourceTree, check_path};

/// How many links one path may cross, as in Linux.
const MAX_HOPS: usize = 40;

/// Puts a copy of what each link points to in its place, with all that a directory has: files,
/// directories without any, and what further links in it point to. A link to nothing is left out:
/// whoever opens it finds no file either way. Contents are shared until somebody writes them down, so
/// the caller bounds how large all files are then.
pub(super) fn replace(
    tree: &mut SourceTree,
    links: &BTreeMap<String, String>,
) -> Result<(), ArchiveProblem> {
    let mut copying = Copying {
        tree,
        links,
        open: Vec::new(),
        followed: 0,
        files: Vec::new(),
        directories: Vec::new(),
    };
    for link in links.keys() {
        copying.link(link, link)?;
    }
    let Copying {
        files, directories, ..
    } = copying;
    for (path, file) in files {
        check_path(&path)?;
        if tree.files.insert(path.clone(), file).is_some() {
            return Err(ArchiveProblem::Duplicate(path));
        }
    }
    for path in directories {
        check_path(&path)?;
        tree.directories.insert(path);
    }
    Ok(())
}

/// Copies in the making: nothing is put into the tree before all of them are known.
struct Copying<'a> {
    tree: &'a SourceTree,
    links: &'a BTreeMap<String, String>,
    /// The directories that are being copied, each inside the one before.
    open: Vec<String>,
    /// How many links were followed: even one to an empty directory is work.
    followed: usize,
    files: Vec<(String, Bytes)>,
    directories: Vec<String>,
}

impl Copying<'_> {
    /// Copies what a link points to.
    fn link(&mut self, link: &str, to: &str) -> Result<(), ArchiveProblem> {
        self.followed = self.followed.saturating_add(1);
        self.check_count()?;
        let Some(target) = follow(link, self.links)? else {
            return Ok(());
        };
        if let Some(file) = self.tree.files.get(&target) {
            self.files.push((to.to_owned(), file.clone()));
            return Ok(());
        }
        self.directory(&target, link, to)
    }

    /// Copies what is in a directory, to which a link leads.
    fn directory(&mut self, from: &str, link: &str, to: &str) -> Result<(), ArchiveProblem> {
        let inside = format!("{from}/");
        let is_open = self.open.contains(&inside) || self.open.len() >= MAX_HOPS;
        if link.starts_with(&inside) || is_open {
            return Err(ArchiveProblem::LinkLoop(link.to_owned()));
        }
        let (tree, links) = (self.tree, self.links);
        let rest = |path: &String| path.get(inside.len()..).map(|rest| format!("{to}/{rest}"));
        let is_inside = |path: &&String| path.starts_with(&inside);
        let files = tree.files.range(inside.clone()..);
        for (path, file) in files.take_while(|(path, _)| is_inside(path)) {
            self.files
                .extend(rest(path).map(|path| (path, file.clone())));
            self.check_count()?;
        }
        if tree.directories.contains(from) {
            self.directories.push(to.to_owned());
        }
        let directories = tree.directories.range(inside.clone()..);
        for path in directories.take_while(is_inside) {
            self.directories.extend(rest(path));
            self.check_count()?;
        }
        self.open.push(inside.clone());
        let further = links.range(inside.clone()..);
        for (path, _) in further.take_while(|(path, _)| is_inside(path)) {
            if let Some(to) = rest(path) {
                self.link(path, &to)?;
            }
        }
        self.open.pop();
        Ok(())
    }

    fn check_count(&self) -> Result<(), ArchiveProblem> {
        let copies = self.files.len().saturating_add(self.directories.len());
        let copies = copies.saturating_add(self.followed);
        if self.tree.files.len().saturating_add(copies) > MAX_ENTRIES {
            return Err(ArchiveProblem::TooManyEntries);
        }
        Ok(())
    }
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
