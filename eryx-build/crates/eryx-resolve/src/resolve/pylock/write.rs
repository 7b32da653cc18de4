//! Writing a lock: one line a fact, and the same bytes for the same lock.

use std::fmt::Write as _;
use std::path::Path;

use toml::Value;

use eryx_packaging::environment;
use eryx_packaging::url::relative_path;
use eryx_packaging::wheel_name::is_wheel;

use crate::resolve::lock::{Lock, LockedFile, Place};

/// Writes a lock that is to lie in `directory`.
pub fn write(lock: &Lock, directory: &Path) -> String {
    let mut text = String::from(
        "# Written by `eryx lock`. Do not edit: change the manifest, then run `eryx lock` again.\n",
    );
    line(&mut text, "lock-version", quoted("1.0"));
    if let Some(inputs) = &lock.inputs {
        let environment = format!(
            "sys_platform == '{}' and platform_machine == '{}' and python_full_version == '{}'",
            environment::SYS_PLATFORM,
            environment::PLATFORM_MACHINE,
            inputs.python
        );
        line(
            &mut text,
            "environments",
            format!("[{}]", quoted(&environment)),
        );
        line(
            &mut text,
            "requires-python",
            quoted(&format!("=={}", inputs.python)),
        );
    }
    line(&mut text, "created-by", quoted(&lock.created_by));
    for package in &lock.packages {
        text.push_str("\n[[packages]]\n");
        line(&mut text, "name", quoted(&package.name));
        line(&mut text, "version", quoted(&package.version));
        let names = package.dependencies.iter();
        let names = names.map(|name| format!("{{ name = {} }}", quoted(name)));
        list(&mut text, "dependencies", names);
        file(&mut text, &package.file, directory);
    }
    if let Some(inputs) = &lock.inputs {
        text.push_str("\n[tool.eryx]\n");
        // A table of strings, lists of strings and a truth value always has a TOML form.
        if let Ok(Value::Table(table)) = Value::try_from(inputs) {
            for (key, value) in table {
                match value {
                    Value::Array(values) => {
                        list(&mut text, &key, values.iter().map(Value::to_string));
                    }
                    value => line(&mut text, &key, value.to_string()),
                }
            }
        }
    }
    text
}

fn file(text: &mut String, file: &LockedFile, directory: &Path) {
    let (table, is_archive) = match (&file.place, is_wheel(&file.name)) {
        (Place::Index(_), true) => ("[packages.wheels]", false),
        (Place::Index(_), false) => ("packages.sdist", false),
        (Place::Url(_) | Place::Path(_), _) => ("packages.archive", true),
    };
    let _ = writeln!(text, "\n[{table}]");
    if !is_archive {
        line(text, "name", quoted(&file.name));
    }
    match &file.place {
        Place::Index(Some(url)) | Place::Url(url) => line(text, "url", quoted(url)),
        // The format wants a place, and where this machine has the file is of no use to others.
        Place::Index(None) => line(text, "path", quoted(&file.name)),
        Place::Path(path) => line(text, "path", quoted(&relative_path(path, directory))),
    }
    if let Some(size) = file.size {
        line(text, "size", size.to_string());
    }
    let hash = quoted(&file.sha256.to_string());
    line(text, "hashes", format!("{{ sha256 = {hash} }}"));
}

fn line(text: &mut String, key: &str, value: String) {
    let _ = writeln!(text, "{key} = {value}");
}

fn list(text: &mut String, key: &str, values: impl IntoIterator<Item = String>) {
    let mut values = values.into_iter().peekable();
    if values.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "{key} = [");
    for value in values {
        let _ = writeln!(text, "    {value},");
    }
    text.push_str("]\n");
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}
