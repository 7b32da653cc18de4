//! Tables that have a definition in code, and rules about pages.

use super::{
    links,
    markdown::{Comment, Page},
    output,
};
use eryx_base::{exit_status, variables};
use eryx_tests::workspace;
use libtest_mimic::{Failed, Trial};
use std::{fs, sync::Arc};

/// The most words that the README may have.
const README_WORDS: usize = 1000;

/// What is checked of the pages together.
pub(crate) fn trials(pages: &Arc<Vec<Page>>) -> Vec<Trial> {
    type Check = fn(&[Page]) -> Result<(), String>;
    let checks: [(&str, Check); 6] = [
        ("every_page_is_listed", links::every_page_is_listed),
        ("environment_variables", environment_variables),
        ("exit_statuses", exit_statuses),
        ("stages", stages),
        ("readme", readme),
        ("patterns", |_| output::patterns()),
    ];
    checks
        .map(|(name, check)| {
            let pages = Arc::clone(pages);
            Trial::test(name, move || check(&pages).map_err(Failed::from))
        })
        .into()
}

/// The page of environment variables has those of the code, with their words.
fn environment_variables(_: &[Page]) -> Result<(), String> {
    let rows = variables::ALL.map(|one| format!("| `{}` | {} |\n", one.name, one.help));
    table(
        "docs/src/reference/environment.md",
        "environment variables",
        &format!("| variable | meaning |\n| --- | --- |\n{}", rows.concat()),
    )
}

/// The page of exit statuses has those of the code, with their words.
fn exit_statuses(_: &[Page]) -> Result<(), String> {
    let rows = exit_status::RUN.map(|one| format!("| {} | {} |\n", one.number, one.meaning));
    table(
        "docs/src/reference/exit-statuses.md",
        "exit statuses",
        &format!("| status | meaning |\n| --- | --- |\n{}", rows.concat()),
    )
}

/// Compares what stands between two comments of a page; `ERYX_UPDATE=1` writes it.
fn table(page: &str, name: &str, expected: &str) -> Result<(), String> {
    let path = workspace().join(page);
    let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let (start, end) = (
        format!("<!-- {name} -->"),
        format!("<!-- end of {name} -->"),
    );
    let (before, rest) = text.split_once(&start).ok_or("the first comment is gone")?;
    let (inside, after) = rest.split_once(&end).ok_or("the last comment is gone")?;
    if inside.trim() == expected.trim() {
        return Ok(());
    }
    if std::env::var_os("ERYX_UPDATE").is_some() {
        let new = format!("{before}{start}\n\n{}\n\n{end}{after}", expected.trim());
        return fs::write(&path, new).map_err(|error| error.to_string());
    }
    output::compare(expected.trim(), inside.trim())
        .map_err(|difference| format!("{page}: write it anew with ERYX_UPDATE=1\n{difference}"))
}

/// Where the order of stages is defined.
const STAGES: &str = "eryx-build/src/progress/stage.rs";

/// The texts of code that draw them.
const DRAWN_IN_CODE: [&str; 2] = ["eryx-build/src/lib.rs", "eryx-build/src/bake/mod.rs"];

/// The stages are drawn in the order of their definition wherever they are drawn; `ERYX_UPDATE=1` writes
/// them.
fn stages(pages: &[Page]) -> Result<(), String> {
    let source = fs::read_to_string(workspace().join(STAGES)).map_err(|error| error.to_string())?;
    let all = source
        .split_once("pub const ALL")
        .and_then(|(_, rest)| Some(rest.split_once("];")?.0))
        .ok_or(format!("there is no `Stage::ALL` in {STAGES}"))?;
    let names: Vec<String> = all
        .split("Self::")
        .skip(1)
        .map(|rest| rest.split(',').next().unwrap_or(rest).trim().to_lowercase())
        .collect();
    let expected = format!("manifest → {}\n", names.join(" → "));

    let mut drawn = 0;
    let mut wrong = String::new();
    for page in pages {
        for block in &page.blocks {
            let mut comments = block.comments.iter();
            if !comments.any(|comment| matches!(comment, Comment::Stages)) {
                continue;
            }
            drawn += 1;
            if block.text == expected {
                continue;
            }
            if std::env::var_os("ERYX_UPDATE").is_some() {
                let new = page.text.replacen(&block.text, &expected, 1);
                fs::write(&page.path, new).map_err(|error| error.to_string())?;
            } else {
                wrong += &format!("{}:{}: {}", page.name, block.line, block.text);
            }
        }
    }
    if drawn == 0 {
        return Err("no page draws the stages".to_owned());
    }
    for path in DRAWN_IN_CODE {
        let text = fs::read_to_string(workspace().join(path)).map_err(|error| error.to_string())?;
        if !text.contains(&names.join(" → ")) {
            wrong += &format!("{path}: does not draw the stages in order\n");
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "write these anew with ERYX_UPDATE=1:\n{wrong}expected: {expected}"
        ))
    }
}

/// The README is short, and its shell blocks are the three that CI runs.
fn readme(pages: &[Page]) -> Result<(), String> {
    let page = pages
        .iter()
        .find(|page| page.name == "README.md")
        .ok_or("there is no README.md")?;
    let words = page.text.split_whitespace().count();
    if words > README_WORDS {
        return Err(format!(
            "{words} words, and at most {README_WORDS} are wanted"
        ));
    }
    let commands = page.blocks.iter().filter(|block| block.words == "sh");
    match commands.count() {
        3 => Ok(()),
        count => Err(format!("{count} shell blocks, and CI runs 3")),
    }
}
