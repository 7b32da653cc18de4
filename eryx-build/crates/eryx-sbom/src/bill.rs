//! What a bill says, whatever its format.

use super::license::License;
use super::names::{is_address, package_url, purl, uuid};
use eryx_base::Digest;
use eryx_image::{Image, Metadata, PackageMetadata};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Seek, SeekFrom},
};

/// The licence of CPython, with those that it was under before.
const PYTHON_LICENSE: &str = "Python-2.0.1";

/// The part of a runtime that stands for the whole in a bill.
const PYTHON: &str = "CPython";

/// Everything that a bill says.
pub(super) struct Bill {
    /// A UUID that follows from the image's identity.
    pub uuid: String,
    /// The image itself; it contains all the others.
    pub image: Component,
    /// The Python in it.
    pub runtime: Component,
    /// What the runtime is made of besides CPython.
    pub parts: Vec<Component>,
    /// The packages in it.
    pub packages: Vec<Component>,
}

/// One thing in a bill.
pub(super) struct Component {
    /// What it is called in this bill: letters, digits, `.` and `-`, and no other's.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// One sentence about it.
    pub summary: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// Its name in the dictionary of the National Vulnerability Database.
    pub cpe: Option<String>,
    /// Its licence.
    pub license: Option<License>,
    /// The name of the file that it came in.
    pub file: Option<String>,
    /// The sha256 of that file, in hexadecimal digits.
    pub sha256: Option<String>,
    /// The address that it came from.
    pub url: Option<String>,
    /// What else there is to say: names and values.
    pub properties: Vec<(&'static str, String)>,
    /// The ids of the components that it requires.
    pub requires: Vec<String>,
}

impl Bill {
    pub(super) fn of(image: &Image) -> io::Result<Self> {
        let mut file = image.file();
        file.seek(SeekFrom::Start(0))?;
        let (sha256, _) = Digest::of_reader(file)?;
        let identity = image.identity().to_string();
        Ok(Self::new(image.metadata(), &identity, sha256.to_string()))
    }

    /// The bill of an image that says `metadata` of itself; `sha256` is that of the whole file.
    pub(super) fn new(metadata: &Metadata, identity: &str, sha256: String) -> Self {
        let ids = ids(&metadata.packages);
        let packages: Vec<Component> = metadata
            .packages
            .iter()
            .zip(&ids.in_order)
            .map(|(one, id)| package(one, id, &ids))
            .collect();
        let mut requires = vec!["runtime".to_owned()];
        let any_requested = metadata.packages.iter().any(|package| package.requested);
        let asked_for = metadata.packages.iter().zip(&ids.in_order);
        requires.extend(
            asked_for
                // An old image does not say what was asked for.
                .filter(|(package, _)| package.requested || !any_requested)
                .map(|(_, id)| id.clone()),
        );
        Self {
            uuid: uuid(identity),
            image: whole(metadata, identity, sha256, requires),
            runtime: runtime(metadata),
            parts: parts(metadata),
            packages,
        }
    }

    /// Everything that is in the image.
    pub(super) fn contents(&self) -> impl Iterator<Item = &Component> {
        let runtime = std::iter::once(&self.runtime).chain(&self.parts);
        runtime.chain(&self.packages)
    }
}

fn whole(metadata: &Metadata, identity: &str, sha256: String, requires: Vec<String>) -> Component {
    Component {
        id: "image".to_owned(),
        name: metadata.name.clone(),
        version: metadata.version.clone(),
        summary: metadata.description.clone(),
        purl: None,
        cpe: None,
        license: None,
        file: None,
        sha256: Some(sha256),
        url: None,
        properties: vec![
            ("eryx:identity", identity.to_owned()),
            ("eryx:target", metadata.target.clone()),
            ("eryx:toolchain", metadata.toolchain.clone()),
        ],
        requires,
    }
}

fn runtime(metadata: &Metadata) -> Component {
    let runtime = &metadata.runtime;
    // Only what is in order can be part of names with a form of their own.
    let version = Some(&runtime.python).filter(|version| {
        let plain = |one: char| one.is_ascii_alphanumeric() || one == '.';
        !version.is_empty() && version.chars().all(plain)
    });
    Component {
        id: "runtime".to_owned(),
        name: PYTHON.to_owned(),
        version: Some(runtime.python.clone()),
        summary: Some("The Python interpreter and its standard library".to_owned()),
        purl: version.map(|version| purl("generic", "python", version)),
        cpe: version.map(|version| format!("cpe:2.3:a:python:python:{version}:*:*:*:*:*:*:*")),
        license: Some(License::Id(PYTHON_LICENSE.to_owned())),
        file: None,
        sha256: None,
        url: None,
        properties: vec![
            ("eryx:runtime", runtime.name.clone()),
            ("eryx:runtime-identity", runtime.identity.clone()),
        ],
        requires: parts(metadata).into_iter().map(|part| part.id).collect(),
    }
}

/// What the runtime is made of. CPython is the runtime itself.
fn parts(metadata: &Metadata) -> Vec<Component> {
    let parts = metadata.runtime.parts.iter().enumerate();
    parts
        .filter(|(_, part)| part.name != PYTHON)
        .map(|(number, part)| Component {
            id: format!("runtime-{number}"),
            name: part.name.clone(),
            version: Some(part.version.clone()),
            summary: None,
            purl: (!part.name.is_empty() && !part.version.is_empty())
                .then(|| purl("generic", &part.name, &part.version)),
            cpe: None,
            license: Some(part.license.as_str())
                .filter(|text| !text.trim().is_empty())
                .map(License::parse),
            file: None,
            sha256: None,
            url: None,
            properties: Vec::new(),
            requires: Vec::new(),
        })
        .collect()
}

fn package(package: &PackageMetadata, id: &str, ids: &Ids) -> Component {
    let requires = package.requires.iter();
    let requires: BTreeSet<&String> = requires.filter_map(|name| ids.by_name.get(name)).collect();
    let source = package.source.as_ref();
    // A wheel that was built at bake time is published nowhere; what it was built from is.
    let sdist = source.and_then(|source| source.sdist.as_ref());
    let (file, sha256) = match sdist {
        Some(sdist) => (&sdist.name, &sdist.sha256),
        None => (&package.origin, &package.sha256),
    };
    let is_sha256 = sha256.len() == 64 && sha256.chars().all(|one| one.is_ascii_hexdigit());
    let mut properties = Vec::new();
    properties.extend(source.map(|source| ("eryx:source", source.kind.clone())));
    properties.extend(sdist.map(|_| ("eryx:built-wheel", package.origin.clone())));
    Component {
        id: id.to_owned(),
        name: package.name.clone(),
        version: Some(package.version.clone()),
        summary: package.summary.clone(),
        purl: package_url(package),
        cpe: None,
        license: package
            .license
            .as_deref()
            .filter(|text| !text.trim().is_empty())
            .map(License::parse),
        file: Some(file.clone()).filter(|file| !file.is_empty()),
        sha256: is_sha256.then(|| sha256.to_ascii_lowercase()),
        url: source
            .and_then(|source| source.url.clone())
            .filter(|url| is_address(url)),
        properties,
        requires: requires
            .into_iter()
            .filter(|required| *required != id)
            .cloned()
            .collect(),
    }
}

/// The ids of packages.
struct Ids {
    in_order: Vec<String>,
    by_name: BTreeMap<String, String>,
}

fn ids(packages: &[PackageMetadata]) -> Ids {
    let mut taken = BTreeSet::new();
    let mut ids = Ids {
        in_order: Vec::new(),
        by_name: BTreeMap::new(),
    };
    for (number, package) in packages.iter().enumerate() {
        let name = package.normalized_name();
        let plain: String = name
            .chars()
            .map(|one| {
                if one.is_ascii_alphanumeric() {
                    one
                } else {
                    '-'
                }
            })
            .collect();
        let mut id = format!("package-{plain}");
        // Only a forged image has two packages of one name, or names of other characters.
        if !taken.insert(id.clone()) {
            id = format!("number-{number}");
        }
        ids.in_order.push(id.clone());
        ids.by_name.entry(name).or_insert(id);
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_one_name_have_ids_of_their_own() {
        let packages = ["A.b", "a_b", "c\u{1b}"].map(|name| PackageMetadata {
            name: name.to_owned(),
            ..PackageMetadata::default()
        });
        let ids = ids(&packages);
        assert_eq!(ids.in_order, ["package-a-b", "number-1", "package-c-"]);
        assert_eq!(ids.by_name["a-b"], "package-a-b");
    }
}
