//! The licences of all crates that are in the programs.

use super::entry::Entry;
use crate::workspace::{Package, Workspace, output};
use anyhow::{Context, Result};
use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

/// A list of the crates, and the licence files of each.
pub(crate) fn entries(workspace: &Workspace, target: &str) -> Result<Vec<Entry>> {
    let linked = linked(workspace, target)?;
    let mut packages = workspace.packages(target)?;
    packages.retain(|package| {
        package.source.is_some()
            && linked.contains(&(package.name.clone(), package.version.clone()))
    });
    packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    let mut entries = vec![Entry::file(
        "licenses/THIRD-PARTY".to_owned(),
        list(&packages)?.into_bytes(),
    )];
    for package in &packages {
        entries.extend(texts(package)?);
    }
    Ok(entries)
}

/// The names and versions of what cargo links into the programs.
fn linked(workspace: &Workspace, target: &str) -> Result<BTreeSet<(String, String)>> {
    let mut linked = BTreeSet::new();
    for package in ["eryx-run", "eryx-build"] {
        let arguments = [
            "tree",
            "-p",
            package,
            "--target",
            target,
            "-e",
            "normal,no-proc-macro",
            "--prefix",
            "none",
        ];
        for line in output(&mut workspace.cargo(&arguments))?.lines() {
            let mut words = line.split(' ');
            if let (Some(name), Some(version)) = (words.next(), words.next()) {
                linked.insert((name.to_owned(), version.trim_start_matches('v').to_owned()));
            }
        }
    }
    Ok(linked)
}

fn list(packages: &[Package]) -> Result<String> {
    let mut list = String::from(
        "Crates that eryx, eryx-run and eryx-build are made of, with their licences.\n\n",
    );
    for package in packages {
        let license = package.license.as_deref().unwrap_or("see its files");
        writeln!(list, "{} {}: {license}", package.name, package.version)?;
    }
    Ok(list)
}

/// The files of a crate that are licences by their names.
fn texts(package: &Package) -> Result<Vec<Entry>> {
    let directory = package.manifest_path.parent().unwrap_or(Path::new("."));
    let context = || format!("cannot read the licences of {}", package.name);
    let mut texts = Vec::new();
    for file in fs::read_dir(directory).with_context(context)? {
        let path = file.with_context(context)?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let small = name.to_lowercase();
        let starts = [
            "license",
            "licence",
            "copying",
            "copyright",
            "notice",
            "unlicense",
        ];
        if path.is_file() && starts.iter().any(|start| small.starts_with(start)) {
            let place = format!("licenses/{}-{}/{name}", package.name, package.version);
            texts.push(Entry::file(place, fs::read(&path).with_context(context)?));
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licence_files_are_found_by_their_names() {
        let directory = tempfile::tempdir().expect("a directory is made");
        for name in ["Cargo.toml", "LICENSE-MIT", "Copying.txt", "src.rs"] {
            fs::write(directory.path().join(name), name).expect("it is written");
        }
        let package = Package {
            name: "a".to_owned(),
            version: "1.0.0".to_owned(),
            license: Some("MIT".to_owned()),
            manifest_path: directory.path().join("Cargo.toml"),
            source: None,
        };
        let mut paths: Vec<_> = texts(&package)
            .expect("it is read")
            .into_iter()
            .map(|entry| entry.path)
            .collect();
        paths.sort();
        assert_eq!(
            paths,
            [
                "licenses/a-1.0.0/Copying.txt",
                "licenses/a-1.0.0/LICENSE-MIT"
            ]
        );
        let list = list(&[package]).expect("it is written");
        assert!(list.ends_with("a 1.0.0: MIT\n"));
    }
}
