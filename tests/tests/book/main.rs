//! The documentation, held to what the tools do: every block of the book that can run is a test, named
//! by its page and line, and so are the links, the tables and the stages of every page.
//!
//! CONTRIBUTING.md lists what the words after a block's language mean. `…` in expected output stands
//! for any text, and as a line of its own for any lines.

mod blocks;
mod links;
mod markdown;
mod output;
mod tables;

use eryx_tests::workspace;
use libtest_mimic::{Arguments, Failed, Trial};
use markdown::Page;
use std::{path::Path, process::ExitCode, sync::Arc};

/// Pages outside of the book, whose links and stages are checked, too.
const OTHERS: [&str; 3] = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let book = workspace().join("docs/src");
    let mut paths = Vec::new();
    markdown::find(&book, &mut paths);
    paths.sort();
    let pages: Arc<Vec<Page>> = Arc::new(
        paths
            .iter()
            .map(|path| Page::read(&book, path))
            .chain(OTHERS.map(|name| Page::read(workspace(), &workspace().join(name))))
            .collect(),
    );

    let mut trials = tables::trials(&pages);
    for index in 0..pages.len() {
        let name = format!("links/{}", pages[index].name);
        let shared = Arc::clone(&pages);
        trials.push(Trial::test(name, move || {
            links::check(&shared[index], &shared).map_err(Failed::from)
        }));
    }
    for index in 0..paths.len() {
        for (number, block) in pages[index].blocks.iter().enumerate() {
            let Some(check) = blocks::check_of(&block.words) else {
                continue;
            };
            let name = format!("{}:{}", pages[index].name, block.line);
            let shared = Arc::clone(&pages);
            trials.push(Trial::test(name, move || {
                check(&shared[index], number).map_err(Failed::from)
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A path as it is written in links.
fn written(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
