//! Comparing what two images say about themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::files::{self, GroupChange};
use eryx_image::{Image, Metadata, PackageMetadata, Part};

/// What differs between two images.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    /// Whether anything does.
    pub different: bool,
    /// The first image.
    pub old: Side,
    /// The second image.
    pub new: Side,
    /// The parts of the files whose sha256 differs.
    pub parts: Vec<&'static str>,
    /// What they say of themselves, where it differs.
    pub fields: Vec<FieldChange>,
    /// The packages that differ.
    pub packages: PackageChanges,
    /// The modules that are imported in the snapshot.
    pub imports: ListChange,
    /// The native libraries that are linked in.
    pub native_libraries: ListChange,
    /// How large things are, in bytes, also where that is the same.
    pub sizes: Vec<SizeChange>,
    /// How many files differ, by whose they are.
    pub file_groups: Vec<GroupChange>,
}

/// One of the two images.
#[derive(Debug, Serialize)]
pub(super) struct Side {
    /// The path it was given by.
    pub path: String,
    /// The sha256 that identifies it.
    pub identity: String,
}

/// A field of the metadata that differs.
#[derive(Debug, Serialize)]
pub(super) struct FieldChange {
    pub name: &'static str,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// The packages that differ, by name.
#[derive(Debug, Default, Serialize)]
pub(super) struct PackageChanges {
    pub added: Vec<PackageSide>,
    pub removed: Vec<PackageSide>,
    pub changed: Vec<PackageChange>,
}

/// A package that is another version or another file.
#[derive(Debug, Serialize)]
pub(super) struct PackageChange {
    pub name: String,
    pub old: PackageSide,
    pub new: PackageSide,
}

/// A package in one image.
#[derive(Debug, Serialize)]
pub(super) struct PackageSide {
    pub name: String,
    pub version: String,
    pub sha256: String,
    pub bytes: u64,
}

/// What only one of two lists has.
#[derive(Debug, Serialize)]
pub(super) struct ListChange {
    pub added: Vec<String>,
    pub removed: Vec<String>,
}

/// The size of one thing in both images, in bytes.
#[derive(Debug, Serialize)]
pub(super) struct SizeChange {
    pub name: &'static str,
    pub old: u64,
    pub new: u64,
}

impl Comparison {
    pub(super) fn of(old: &Image, new: &Image) -> Self {
        let different = old.identity() != new.identity();
        let differs = |part: &Part| old.part(*part).digest != new.part(*part).digest;
        let parts: Vec<Part> = Part::ALL.into_iter().filter(differs).collect();
        // The index has the names and lengths of files, the data their contents.
        let files_differ = parts
            .iter()
            .any(|part| matches!(part, Part::Data | Part::Index));
        let (before, after) = (old.metadata(), new.metadata());
        Self {
            different,
            old: side(old),
            new: side(new),
            parts: parts.iter().map(|part| part.name()).collect(),
            fields: fields(before, after),
            packages: packages(&before.packages, &after.packages),
            imports: lists(&before.imports, &after.imports),
            native_libraries: lists(&before.native_libraries, &after.native_libraries),
            sizes: sizes(old, new),
            file_groups: if files_differ {
                files::by_owner(old, new)
            } else {
                Vec::new()
            },
        }
    }
}

fn side(image: &Image) -> Side {
    Side {
        path: image.path().to_string_lossy().into_owned(),
        identity: image.identity().to_string(),
    }
}

fn fields(old: &Metadata, new: &Metadata) -> Vec<FieldChange> {
    let (before, after) = (described(old), described(new));
    let pairs = before.into_iter().zip(after);
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((name, old), (_, new))| FieldChange { name, old, new })
        .collect()
}

/// What an image says of itself, always the same fields in the same order.
fn described(metadata: &Metadata) -> Vec<(&'static str, Option<String>)> {
    let settings = metadata.engine.settings.iter();
    let settings: Vec<String> = settings
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let features = &metadata.cpu.features;
    let own = |text: &String| Some(text.clone());
    vec![
        ("name", own(&metadata.name)),
        ("version", metadata.version.clone()),
        ("description", metadata.description.clone()),
        ("entrypoint", metadata.entrypoint.clone()),
        ("python", own(&metadata.runtime.python)),
        ("runtime", own(&metadata.runtime.name)),
        ("runtime id", own(&metadata.runtime.identity)),
        ("target", own(&metadata.target)),
        ("cpu", own(&metadata.cpu.baseline)),
        ("features", Some(features.join(", "))),
        ("wasmtime", own(&metadata.engine.wasmtime)),
        ("settings", Some(settings.join(", "))),
        ("toolchain", own(&metadata.toolchain)),
        ("script", Some(metadata.preinit.script.to_string())),
    ]
}

fn packages(old: &[PackageMetadata], new: &[PackageMetadata]) -> PackageChanges {
    let by_name = |packages: &[PackageMetadata]| -> BTreeMap<String, PackageSide> {
        let named = packages.iter().map(|package| {
            let side = PackageSide {
                name: package.name.clone(),
                version: package.version.clone(),
                sha256: package.sha256.clone(),
                bytes: package.bytes,
            };
            (package.normalized_name(), side)
        });
        named.collect()
    };
    let mut changes = PackageChanges::default();
    let mut after = by_name(new);
    for (name, old) in by_name(old) {
        match after.remove(&name) {
            None => changes.removed.push(old),
            Some(new) if (&old.version, &old.sha256) == (&new.version, &new.sha256) => {}
            Some(new) => {
                let name = new.name.clone();
                changes.changed.push(PackageChange { name, old, new });
            }
        }
    }
    changes.added.extend(after.into_values());
    changes
}

fn lists(old: &[String], new: &[String]) -> ListChange {
    let only = |these: &[String], others: &[String]| {
        let others: BTreeSet<&String> = others.iter().collect();
        let mut only: Vec<String> = these
            .iter()
            .filter(|one| !others.contains(one))
            .cloned()
            .collect();
        only.sort();
        only
    };
    ListChange {
        added: only(new, old),
        removed: only(old, new),
    }
}

fn sizes(old: &Image, new: &Image) -> Vec<SizeChange> {
    let size = |name, of: &dyn Fn(&Image) -> u64| SizeChange {
        name,
        old: of(old),
        new: of(new),
    };
    vec![
        size("image", &Image::file_len),
        size("code", &|image| image.part(Part::Code).length),
        size("heap", &|image| image.metadata().sizes.heap),
        size("files", &|image| image.part(Part::Data).length),
    ]
}
