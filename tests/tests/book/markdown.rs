//! As much of Markdown as the documentation uses: fenced blocks, comments, headings and links.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A page, read.
pub(crate) struct Page {
    /// Its path below the root that it was read from.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Its fenced blocks, in order.
    pub blocks: Vec<Block>,
    /// What headings are called in links.
    pub anchors: BTreeSet<String>,
    /// The targets of its links, each with its line.
    pub links: Vec<(usize, String)>,
    /// All of it.
    pub text: String,
}

/// A fenced block.
pub(crate) struct Block {
    /// The line of its opening fence, from 1.
    pub line: usize,
    /// What follows the fence: the language, and what a test does.
    pub words: String,
    /// What is in it.
    pub text: String,
    /// What comments in the lines before it ask for.
    pub comments: Vec<Comment>,
}

/// What a comment before a block asks for.
pub(crate) enum Comment {
    /// The block is written to this file.
    File(String),
    /// These empty files, and directories with a slash at their end, are made.
    With(String),
    /// The block shows the stages of a bake.
    Stages,
}

/// Every page below a directory.
pub(crate) fn find(directory: &Path, pages: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("the book is there") {
        let path = entry.expect("the book is readable").path();
        if path.is_dir() {
            find(&path, pages);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
}

impl Page {
    /// Reads a page.
    pub(crate) fn read(root: &Path, path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a page is readable");
        let mut page = Self {
            name: super::written(path.strip_prefix(root).expect("a page is below its root")),
            path: path.to_owned(),
            blocks: Vec::new(),
            anchors: BTreeSet::new(),
            links: Vec::new(),
            text: String::new(),
        };
        let mut comments = Vec::new();
        let mut lines = text.lines().enumerate();
        while let Some((index, line)) = lines.next() {
            let fence: String = line.chars().take_while(|letter| *letter == '`').collect();
            if fence.len() >= 3 {
                let body = lines
                    .by_ref()
                    .map(|(_, line)| line)
                    .take_while(|line| !line.starts_with(&fence));
                page.blocks.push(Block {
                    line: index + 1,
                    words: line[fence.len()..].trim().to_owned(),
                    text: body.flat_map(|line| [line, "\n"]).collect(),
                    comments: std::mem::take(&mut comments),
                });
            } else if let Some(comment) = comment(line) {
                comments.push(comment);
            } else if !line.is_empty() {
                comments.clear();
                if let Some(heading) = heading(line) {
                    page.anchors.insert(heading);
                }
                let links = targets(line).into_iter().map(|link| (index + 1, link));
                page.links.extend(links);
            }
        }
        page.text = text;
        page
    }
}

fn comment(line: &str) -> Option<Comment> {
    let inside = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    match inside.split_once(": ") {
        Some(("file", name)) => Some(Comment::File(name.to_owned())),
        Some(("with", names)) => Some(Comment::With(names.to_owned())),
        _ => (inside == "stages").then_some(Comment::Stages),
    }
}

/// What a heading is called in links: its letters and digits in lower case, with `-` for spaces.
fn heading(line: &str) -> Option<String> {
    let text = line.trim_start_matches('#').strip_prefix(' ')?;
    line.starts_with('#').then(|| {
        text.to_lowercase()
            .chars()
            .map(|letter| if letter == ' ' { '-' } else { letter })
            .filter(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
            .collect()
    })
}

/// The targets of the links in a line, outside of code.
fn targets(line: &str) -> Vec<String> {
    let prose: String = line.split('`').step_by(2).collect();
    prose
        .split("](")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()))
        .collect()
}
