//! Names in the manifest that change nothing, most likely because they are misspelt.

use crate::{manifest::PackagesSection, requirement, site_tree::SiteTree};
use eryx_packaging::normalize_package_name;
use std::collections::BTreeSet;

/// A sentence for each name of `exclude`, `overrides` and `without-native` that matches nothing.
pub(super) fn notes(packages: &PackagesSection, site: &SiteTree) -> Vec<String> {
    let present: BTreeSet<String> = site
        .packages
        .iter()
        .map(|package| normalize_package_name(&package.name))
        .collect();
    // Whatever a marker says: who excludes a package for one machine need not repeat the marker.
    let mut required: BTreeSet<String> = packages
        .requirements
        .iter()
        .map(|requirement| requirement.name.clone())
        .collect();
    let stated = site.packages.iter().flat_map(|one| &one.requires_dist);
    required.extend(
        stated
            .filter_map(|text| requirement::parse(text).ok())
            .map(|requirement| requirement.name.to_string()),
    );
    let excluded = packages
        .exclude
        .iter()
        .filter(|name| !required.contains(*name))
        .map(|name| format!("`packages.exclude` names {name}, which no package requires"));
    let overriding: BTreeSet<&str> = packages
        .overrides
        .iter()
        .map(|requirement| requirement.name.as_str())
        .collect();
    let overridden = overriding
        .into_iter()
        .filter(|name| !required.contains(*name))
        .map(|name| format!("`packages.overrides` names {name}, which no package requires"));
    let without_native = packages
        .without_native
        .iter()
        .filter(|name| !present.contains(*name))
        .map(|name| {
            format!("`packages.without-native` names {name}, which is not among the packages")
        });
    excluded.chain(overridden).chain(without_native).collect()
}
