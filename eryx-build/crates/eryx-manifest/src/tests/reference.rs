//! The tables of keys in the reference: each is what the declarations say.

use super::*;
use crate::key::{Key, SectionKeys};

/// Where the tables are. A table stands between `<!-- keys of NAME -->` and
/// `<!-- end of keys of NAME -->`.
fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/src/reference/manifest.md")
}

#[test]
fn the_reference_is_current() {
    let committed = fs::read_to_string(page()).unwrap();
    let mut current = committed.clone();
    for section in with_inner(SECTIONS) {
        let start = format!("<!-- keys of {} -->\n", section.name);
        let end = format!("<!-- end of keys of {} -->", section.name);
        let (before, rest) = current.split_once(&start).expect(&start);
        let (_, after) = rest.split_once(&end).expect(&end);
        current = format!("{before}{start}\n{}\n{end}{after}", table(section));
    }
    if std::env::var_os("ERYX_UPDATE").is_some() {
        fs::write(page(), &current).unwrap();
        return;
    }
    assert!(
        committed == current,
        "run this test with ERYX_UPDATE=1, and commit {}",
        page().display()
    );
}

fn table(section: &SectionKeys) -> String {
    let mut table = "| key | value | default | meaning |\n| --- | --- | --- | --- |\n".to_owned();
    let is_row = |key: &&&Key| !matches!(key.shape, Shape::Section(_));
    for key in section.keys.iter().filter(is_row) {
        let (value, default) = (value(key), default(key));
        table += &format!("| `{}` | {value} | {default} | {} |\n", key.name, key.about);
    }
    table
}

/// What a key takes, in words.
fn value(key: &Key) -> String {
    match key.shape {
        _ if !key.value.is_empty() => key.value.to_owned(),
        Shape::Text => "text".to_owned(),
        Shape::Word(words) => {
            let words: Vec<String> = words().iter().map(|word| format!("`{word}`")).collect();
            words.join(", ")
        }
        Shape::TextList => "list of texts".to_owned(),
        Shape::Boolean => "`true`, `false`".to_owned(),
        Shape::NumberOr(word) => format!("an integer, or `{word}`"),
        Shape::WordOrTextList(words) => format!("list of texts, or one of {}", words.join(", ")),
        Shape::TextTable | Shape::Section(_) => "table".to_owned(),
    }
}

/// What holds when a key is absent, in words.
fn default(key: &Key) -> String {
    match (key.default)() {
        _ if key.required => "must be there".to_owned(),
        _ if !key.absent.is_empty() => key.absent.to_owned(),
        Some(serde_json::Value::String(word)) => format!("`{word}`"),
        Some(value) => format!("`{value}`"),
        None if matches!(key.shape, Shape::Text) => "none".to_owned(),
        None => "empty".to_owned(),
    }
}
