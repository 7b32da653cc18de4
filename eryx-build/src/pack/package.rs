//! What an image says about one of its packages.

use crate::{
    package::PackageMetadata,
    requires::{Graph, Node},
    site_packages::SITE_PACKAGES,
    site_tree::SiteTree,
};
use eryx_image::{self as image, EntryPointMetadata, SdistMetadata, SourceMetadata};
use eryx_packaging::{Origin, normalize_package_name};
use std::collections::{BTreeMap, BTreeSet};

/// The groups of entry points that installers make scripts of.
const SCRIPT_GROUPS: [&str; 2] = ["console_scripts", "gui_scripts"];

/// How file names of licences begin that lie beside METADATA, as packages have them that are older
/// than the folder `licenses` (PEP 639).
const LICENSE_NAMES: [&str; 5] = ["licen", "copying", "notice", "authors", "copyright"];

/// What the image says about each package of a site tree, in the order of the tree.
pub(super) fn packages(site: &SiteTree, graph: &Graph) -> Vec<image::PackageMetadata> {
    let mut roots = roots(site);
    let mut licenses = license_files(site);
    site.packages
        .iter()
        .enumerate()
        .map(|(number, package)| image::PackageMetadata {
            requested: node(graph, package).is_some_and(|node| node.requested),
            requires: node(graph, package)
                .map(|node| node.requires.iter().cloned().collect())
                .unwrap_or_default(),
            license_files: licenses.remove(&number).unwrap_or_default(),
            roots: roots.remove(&number).unwrap_or_default(),
            ..described(package)
        })
        .collect()
}

fn node<'a>(graph: &'a Graph, package: &PackageMetadata) -> Option<&'a Node> {
    graph.packages.get(&normalize_package_name(&package.name))
}

fn described(package: &PackageMetadata) -> image::PackageMetadata {
    image::PackageMetadata {
        name: package.name.clone(),
        version: package.version.clone(),
        license: package.license.clone(),
        summary: package.summary.clone(),
        sha256: package.sha256.to_string(),
        origin: package.wheel.clone(),
        source: Some(source(package)),
        entry_points: entry_points(package),
        files: package.file_count as u64,
        bytes: package.size,
        ..image::PackageMetadata::default()
    }
}

fn source(package: &PackageMetadata) -> SourceMetadata {
    let (kind, url) = match &package.origin {
        Origin::LocalFile => ("file", None),
        Origin::Index => ("index", None),
        Origin::Url(url) => ("url", without_secrets(url)),
    };
    SourceMetadata {
        kind: kind.to_owned(),
        url,
        sdist: package.source.as_ref().map(|sdist| SdistMetadata {
            name: sdist.name.clone(),
            sha256: sdist.sha256.to_string(),
        }),
    }
}

/// An address without user, password, query and fragment, which may be nobody else's business;
/// nothing when it is no address of the web.
fn without_secrets(url: &str) -> Option<String> {
    let mut url = url::Url::parse(url).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url.into())
}

/// The scripts of a package. What is no `module:attribute` cannot be called, and installers make
/// nothing of it either.
fn entry_points(package: &PackageMetadata) -> Vec<EntryPointMetadata> {
    let mut points: Vec<EntryPointMetadata> = SCRIPT_GROUPS
        .iter()
        .filter_map(|group| Some((group, package.entry_points.get(*group)?)))
        .flat_map(|(group, points)| {
            points.iter().filter_map(|(name, object)| {
                // Extras, which the specification deprecates, say nothing about what is called.
                let value = object.split('[').next().unwrap_or_default();
                Some(EntryPointMetadata {
                    group: (*group).to_owned(),
                    name: name.clone(),
                    value: image::entry_point_value(value)?,
                })
            })
        })
        .collect();
    points.sort();
    points
}

/// The licence files of each package by its number.
fn license_files(site: &SiteTree) -> BTreeMap<usize, Vec<String>> {
    let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (path, file) in &site.files {
        let inside = path
            .split_once(".dist-info/")
            .filter(|(name, _)| !name.contains('/'));
        let Some((_, inside)) = inside else { continue };
        let name = inside.to_ascii_lowercase();
        let beside = LICENSE_NAMES.iter().any(|start| name.starts_with(start));
        if name.starts_with("licenses/") || (beside && !name.contains('/')) {
            let path = format!("{SITE_PACKAGES}/{path}");
            found.entry(file.package).or_default().push(path);
        }
    }
    found
}

/// The files and folders that belong to one package alone, by its number: the topmost ones.
fn roots(site: &SiteTree) -> BTreeMap<usize, Vec<String>> {
    // `None` where several packages have a part.
    let mut owners: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for (path, file) in &site.files {
        for (end, _) in path.match_indices('/') {
            owners
                .entry(path.get(..end).unwrap_or_default())
                .and_modify(|owner| *owner = owner.filter(|owner| *owner == file.package))
                .or_insert(Some(file.package));
        }
    }
    let mut roots: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for (path, file) in &site.files {
        let folder = path
            .match_indices('/')
            .filter_map(|(end, _)| path.get(..end))
            .find(|folder| owners.get(folder).is_some_and(Option::is_some));
        roots
            .entry(file.package)
            .or_default()
            .insert(folder.unwrap_or(path));
    }
    roots
        .into_iter()
        .map(|(package, paths)| {
            let absolute = paths.iter().map(|path| format!("{SITE_PACKAGES}/{path}"));
            (package, absolute.collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site_tree::SiteFile;
    use std::sync::Arc;

    fn site(files: &[(&str, usize)]) -> SiteTree {
        let files = files.iter().map(|(path, package)| {
            let contents: Arc<[u8]> = Arc::from(&b"x"[..]);
            let package = *package;
            ((*path).to_owned(), SiteFile { contents, package })
        });
        SiteTree {
            files: files.collect(),
            ..SiteTree::default()
        }
    }

    #[test]
    fn a_folder_stands_for_what_is_in_it_when_one_package_owns_it_all() {
        let site = site(&[
            ("a-1.dist-info/METADATA", 0),
            ("google/__init__.py", 0),
            ("google/auth/x/y.py", 0),
            ("google/auth/z.py", 0),
            ("google/cloud.py", 1),
            ("six.py", 1),
        ]);
        let roots = roots(&site);
        assert_eq!(
            roots[&0],
            [
                "/site-packages/a-1.dist-info",
                "/site-packages/google/__init__.py",
                "/site-packages/google/auth"
            ]
        );
        assert_eq!(
            roots[&1],
            ["/site-packages/google/cloud.py", "/site-packages/six.py"]
        );
    }

    #[test]
    fn addresses_keep_no_secrets() {
        assert_eq!(
            without_secrets("https://me:secret@packages.example.com:8080/a.whl?token=x#sha256=y"),
            Some("https://packages.example.com:8080/a.whl".to_owned())
        );
        for url in ["file:///home/me/a.whl", "/home/me", "https://", ""] {
            assert_eq!(without_secrets(url), None, "{url}");
        }
    }

    #[test]
    fn licence_files_are_found_in_both_places() {
        let site = site(&[
            ("a-1.dist-info/licenses/LICENSE", 0),
            ("a-1.dist-info/licenses/vendored/COPYING", 0),
            ("a/LICENSE", 0),
            ("b-1.dist-info/LICENCE.txt", 1),
            ("b-1.dist-info/METADATA", 1),
            ("b/c.dist-info/licenses/X", 1),
        ]);
        let found = license_files(&site);
        assert_eq!(
            found[&0],
            [
                "/site-packages/a-1.dist-info/licenses/LICENSE",
                "/site-packages/a-1.dist-info/licenses/vendored/COPYING"
            ]
        );
        assert_eq!(found[&1], ["/site-packages/b-1.dist-info/LICENCE.txt"]);
    }
}
