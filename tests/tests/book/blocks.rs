//! Runs a block, as the words after its language ask for.

use super::{
    markdown::{Comment, Page},
    output::compare,
};
use eryx_tests::{Run, binaries, eryx_build, eryx_run, images};
use std::{env, fs, os::unix::fs::symlink, path::Path, time::Duration};
use tempfile::TempDir;

/// How long a command may take on a busy machine: a bake is one.
const LIMIT: Duration = Duration::from_secs(300);

/// The one page whose Rust blocks are compiled, as documentation tests of the public crate.
const RUST: &str = "guide/embedding.md";

/// What checks a block of a page.
pub(crate) type Check = fn(&Page, usize) -> Result<(), String>;

/// What checks a block with these words after its fence; none where there is nothing to check.
pub(crate) fn check_of(words: &str) -> Option<Check> {
    match words {
        "toml,manifest" | "toml,fragment" => Some(manifest),
        "python,run" => Some(program),
        "console,run" => Some(commands),
        "json" => Some(json),
        "rust,no_run" => Some(rust),
        "console" | "text" | "text,output" | "toml" | "python" | "sh" => None,
        _ => Some(unknown),
    }
}

/// A directory with the files that the page asks for.
fn directory(page: &Page) -> TempDir {
    let directory = tempfile::Builder::new().prefix("eryx-book-").tempdir();
    let directory = directory.expect("a directory is made");
    for block in &page.blocks {
        for comment in &block.comments {
            match comment {
                Comment::File(name) => write(&directory.path().join(name), &block.text),
                Comment::With(names) => {
                    for name in names.split_whitespace() {
                        let path = directory.path().join(name);
                        if name.ends_with('/') {
                            fs::create_dir_all(path).expect("a directory is made");
                        } else if !path.exists() {
                            write(&path, "");
                        }
                    }
                }
                Comment::Stages => {}
            }
        }
    }
    directory
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file lies in a directory"))
        .expect("a directory is made");
    fs::write(path, text).expect("a file is written");
}

/// A manifest is accepted when resolving begins; whether its packages can be had is another matter.
fn manifest(page: &Page, number: usize) -> Result<(), String> {
    let block = &page.blocks[number];
    let directory = directory(page);
    let head = match block.words.as_str() {
        "toml,fragment" => "[image]\nname = \"example\"\n\n",
        _ => "",
    };
    let manifest = directory.path().join("manifest.toml");
    write(&manifest, &format!("{head}{}", block.text));
    let output = eryx_build()
        .folder(directory.path())
        .args(["lock", "--offline", "--json", "--file", "manifest.toml"])
        .run();
    if output.out().contains(r#""event":"stage-started""#) {
        Ok(())
    } else {
        Err(format!("the manifest is not accepted\n{output}"))
    }
}

/// A program prints what the next block holds.
fn program(page: &Page, number: usize) -> Result<(), String> {
    let directory = directory(page);
    write(
        &directory.path().join("program.py"),
        &page.blocks[number].text,
    );
    let expected = page
        .blocks
        .get(number + 1)
        .filter(|block| block.words == "text,output")
        .ok_or("no block `text,output` follows")?;
    let output = eryx_run(images::bare())
        .folder(directory.path())
        .arg("program.py")
        .merged()
        .run();
    compare(&expected.text, &output.out())
}

/// Each command prints what follows it.
fn commands(page: &Page, number: usize) -> Result<(), String> {
    let directory = directory(page);
    symlink(images::bare(), directory.path().join("image.cwasm")).expect("a link is made");
    let tools = binaries()
        .eryx
        .parent()
        .expect("a binary lies in a directory");
    let others = env::var_os("PATH").unwrap_or_default();
    let paths = [tools.to_owned()]
        .into_iter()
        .chain(env::split_paths(&others));
    let paths = env::join_paths(paths).expect("directories have no colons");

    let mut steps: Vec<(&str, String)> = Vec::new();
    for line in page.blocks[number].text.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push((command, String::new())),
            (None, Some((_, expected))) => *expected += &format!("{line}\n"),
            (None, None) => return Err(format!("`{line}` belongs to no command")),
        }
    }
    for (command, expected) in steps {
        let output = Run::new(Path::new("sh"))
            .folder(directory.path())
            .env("PATH", &paths)
            .args(["-c", command])
            .limit(LIMIT)
            .merged()
            .run();
        compare(&expected, &output.out())
            .map_err(|difference| format!("$ {command}\n{difference}"))?;
    }
    Ok(())
}

fn json(page: &Page, number: usize) -> Result<(), String> {
    serde_json::from_str::<serde_json::Value>(&page.blocks[number].text)
        .map(drop)
        .map_err(|error| error.to_string())
}

fn rust(page: &Page, _: usize) -> Result<(), String> {
    if page.name == RUST {
        Ok(())
    } else {
        Err(format!("Rust is compiled in {RUST} alone"))
    }
}

fn unknown(page: &Page, number: usize) -> Result<(), String> {
    Err(format!(
        "no test knows a block `{}`: CONTRIBUTING.md lists those there are",
        page.blocks[number].words
    ))
}
