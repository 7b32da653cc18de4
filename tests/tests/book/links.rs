//! Whether links lead somewhere, and every page is in the book.

use super::markdown::Page;
use eryx_tests::workspace;
use std::path::{Component, Path, PathBuf};

/// Checks the links of a page that lead to files of the tree.
pub(crate) fn check(page: &Page, pages: &[Page]) -> Result<(), String> {
    let mut broken = String::new();
    for (line, link) in &page.links {
        if link.contains("://") {
            continue;
        }
        let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
        let directory = page.path.parent().unwrap_or(Path::new("/"));
        let path = match target {
            "" => page.path.clone(),
            target => shortest(&directory.join(target)),
        };
        let known = pages.iter().find(|other| other.path == path);
        let leads = match known {
            Some(other) => anchor.is_empty() || other.anchors.contains(anchor),
            None => path.exists() && path.starts_with(workspace()),
        };
        if !leads {
            broken += &format!("{}:{line}: {link}\n", page.name);
        }
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(format!("these links lead nowhere:\n{broken}"))
    }
}

/// Checks that the summary lists every page of the book.
pub(crate) fn every_page_is_listed(pages: &[Page]) -> Result<(), String> {
    let book = workspace().join("docs/src");
    let summary = pages
        .iter()
        .find(|page| page.name == "SUMMARY.md")
        .ok_or("the book has no SUMMARY.md")?;
    let missing: Vec<&str> = pages
        .iter()
        .filter(|page| page.path.starts_with(&book) && page.name != summary.name)
        .filter(|page| summary.links.iter().all(|(_, link)| *link != page.name))
        .map(|page| page.name.as_str())
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("SUMMARY.md does not list {}", missing.join(", ")))
    }
}

/// A path without `..`.
fn shortest(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                short.pop();
            }
            Component::CurDir => {}
            part => short.push(part),
        }
    }
    short
}
