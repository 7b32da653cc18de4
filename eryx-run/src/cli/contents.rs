//! Whose the files of an image are, and what takes how much of it.

use super::walk::Walk;
use eryx_image::{Image, Metadata, NodeKind, Part};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Where the standard library is; a version follows.
const STDLIB: &str = "/usr/lib/python";

/// Where the time zones are that the standard library reads.
const ZONEINFO: &str = "/usr/share/zoneinfo/";

/// Where packages are.
const SITE_PACKAGES: &str = "/site-packages/";

/// Whose a file of an image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner<'a> {
    /// The standard library's.
    Stdlib,
    /// That of the package of this number in the metadata.
    Package(usize),
    /// Some package's; the image does not say which.
    Unknown,
    /// The image's own, below this directory of `/` or as this file in it.
    Own(&'a str),
}

/// Whose the files of an image are.
pub(super) struct Owners<'a> {
    roots: HashMap<&'a str, usize>,
}

impl<'a> Owners<'a> {
    /// Learns it from the metadata.
    pub(super) fn new(metadata: &'a Metadata) -> Self {
        let mut roots = HashMap::new();
        for (number, package) in metadata.packages.iter().enumerate() {
            roots.extend(package.roots.iter().map(|root| (root.as_str(), number)));
        }
        Owners { roots }
    }

    /// Whose the file at an absolute sandbox path is. Bytecode is its source's owner's.
    pub(super) fn of<'p>(&self, path: &'p str) -> Owner<'p> {
        if path.starts_with(STDLIB) || path.starts_with(ZONEINFO) {
            return Owner::Stdlib;
        }
        if !path.starts_with(SITE_PACKAGES) {
            let name = path.get(1..).unwrap_or_default().split('/').next();
            return Owner::Own(name.unwrap_or_default());
        }
        let owner = match source_of(path) {
            Some(source) => self.owner(&source),
            None => self.owner(path),
        };
        owner.map_or(Owner::Unknown, Owner::Package)
    }

    fn owner(&self, path: &str) -> Option<usize> {
        let folders = path
            .match_indices('/')
            .skip(2)
            .filter_map(|(end, _)| path.get(..end));
        folders
            .chain([path])
            .find_map(|prefix| self.roots.get(prefix).copied())
    }
}

/// The source that the bytecode at a path is made from (PEP 3147).
fn source_of(path: &str) -> Option<String> {
    let (folder, file) = path.rsplit_once("/__pycache__/")?;
    let name = file.strip_suffix(".pyc")?.split('.').next()?;
    Some(format!("{folder}/{name}.py"))
}

/// Something that takes space in an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Share {
    /// `code`, `heap`, `stdlib`, `package`, `packages` (files of packages whose owner the image does
    /// not tell), `files` (the image's own), or `index` (with the metadata).
    pub kind: &'static str,
    /// The package, or the directory of the image's own files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How large it is, in bytes. Equal files are stored once, and counted for each owner.
    pub bytes: u64,
    /// How many files it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<u64>,
}

/// What something of a kind is, for people; see [`Share::kind`]. It is not escaped.
pub(super) fn described(kind: &str, name: Option<&str>) -> String {
    let name = name.unwrap_or_default();
    match kind {
        "code" => "machine code".to_owned(),
        "heap" => "baked heap".to_owned(),
        "stdlib" => "standard library".to_owned(),
        "package" => format!("package {name}"),
        "files" => format!("files in {name}"),
        "index" => "index and metadata".to_owned(),
        other => other.to_owned(),
    }
}

/// What takes space in an image, the largest first.
pub(super) fn shares(image: &Image) -> Vec<Share> {
    let metadata = image.metadata();
    let owners = Owners::new(metadata);
    let mut fixed: BTreeMap<Owner<'static>, (u64, u64)> = BTreeMap::new();
    let mut own: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let tree = image.tree();
    let mut walk = Walk::new(tree);
    while let Some((path, node)) = walk.advance() {
        if tree.kind(node) == NodeKind::Directory {
            continue;
        }
        let entry = match owners.of(path) {
            Owner::Own(name) => own.entry(format!("/{name}")).or_default(),
            Owner::Stdlib => fixed.entry(Owner::Stdlib).or_default(),
            Owner::Package(number) => fixed.entry(Owner::Package(number)).or_default(),
            Owner::Unknown => fixed.entry(Owner::Unknown).or_default(),
        };
        entry.0 = entry.0.saturating_add(tree.len(node));
        entry.1 += 1;
    }

    let code = image.part(Part::Code).length;
    let heap = metadata.sizes.heap.min(code);
    let index = image.part(Part::Index).length + image.part(Part::Metadata).length;
    let plain = |kind, bytes| Share {
        kind,
        name: None,
        bytes,
        files: None,
    };
    let mut shares = vec![
        plain("code", code - heap),
        plain("heap", heap),
        plain("index", index),
    ];
    shares.extend(fixed.into_iter().map(|(owner, (bytes, files))| {
        let (kind, name) = match owner {
            Owner::Stdlib => ("stdlib", None),
            Owner::Package(number) => {
                let package = metadata.packages.get(number);
                ("package", package.map(|package| package.name.clone()))
            }
            Owner::Unknown | Owner::Own(_) => ("packages", None),
        };
        Share {
            kind,
            name,
            bytes,
            files: Some(files),
        }
    }));
    shares.extend(own.into_iter().map(|(name, (bytes, files))| Share {
        kind: "files",
        name: Some(name),
        bytes,
        files: Some(files),
    }));
    shares.retain(|share| share.bytes > 0);
    // Stable, so that equal sizes keep their order.
    shares.sort_by_key(|share| std::cmp::Reverse(share.bytes));
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use eryx_image::fixture::{TemporaryDirectory, metadata, write_image};

    #[test]
    fn files_are_their_packages_own() {
        let metadata = metadata();
        let owners = Owners::new(&metadata);
        for (path, owner) in [
            ("/usr/lib/python3.14/os.py", Owner::Stdlib),
            ("/usr/share/zoneinfo/Europe/Berlin", Owner::Stdlib),
            ("/site-packages/six.py", Owner::Package(0)),
            (
                "/site-packages/__pycache__/six.cpython-314.pyc",
                Owner::Package(0),
            ),
            (
                "/site-packages/six-1.17.0.dist-info/METADATA",
                Owner::Package(0),
            ),
            ("/site-packages/sixteen.py", Owner::Unknown),
            ("/site-packages/", Owner::Unknown),
            ("/app/x/y.py", Owner::Own("app")),
            ("/note", Owner::Own("note")),
            ("/", Owner::Own("")),
        ] {
            assert_eq!(owners.of(path), owner, "{path}");
        }
    }

    #[test]
    fn shares_make_up_the_image() {
        let folder = TemporaryDirectory::new();
        let path = folder.join("x.cwasm");
        write_image(&path, &metadata());
        let image = Image::examine(&path).unwrap();
        let shares = shares(&image);
        let found: Vec<(String, u64)> = shares
            .iter()
            .map(|share| (described(share.kind, share.name.as_deref()), share.bytes))
            .collect();
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "machine code",
                "baked heap",
                "index and metadata",
                "package six",
                "standard library"
            ]
        );
        assert_eq!(found[0].1 + found[1].1, image.part(Part::Code).length);
        assert_eq!(found[1].1, 3000);
        assert_eq!(found[3].1, 23);
    }
}
