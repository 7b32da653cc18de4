//! What is asked of packages, and the answer: which package requires which.

use std::collections::{BTreeMap, BTreeSet};

use eryx_packaging::{chain, normalize_package_name};

use super::error::Note;

/// One requirement that no package states.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The requirement in the form of PEP 508.
    pub text: &'a str,
    /// Where it is written, for messages: `eryx.toml:7` or `requirements.txt:3`.
    pub by: &'a str,
}

/// What the manifest says about which packages are there.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// The requirements of the manifest.
    pub requirements: Vec<Asked<'a>>,
    /// Requirements that stand in the place of what packages require of the same package. One whose
    /// marker does not hold takes the requirement away.
    pub overrides: Vec<Asked<'a>>,
    /// The normalised names of the packages that the manifest asks for by their wheels.
    pub local: BTreeSet<String>,
    /// The normalised names of packages that are left out although others require them.
    pub exclude: BTreeSet<String>,
}

/// Which package requires which, among those that are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// Every package by its normalised name.
    pub packages: BTreeMap<String, Node>,
    /// What users should know, in the order of the packages.
    pub notes: Vec<Note>,
}

impl Graph {
    /// Who requires a package, up to what the manifest asks for, as a part of a sentence; nothing when the
    /// manifest itself asks for it.
    #[must_use]
    pub fn chain(&self, package: &str) -> String {
        let package = normalize_package_name(package);
        let is_asked = |name: &str| self.packages.get(name).is_some_and(|node| node.requested);
        let requirers = |name: &str| {
            let requirers = self.packages.iter();
            let requirers = requirers.filter(|(_, node)| node.requires.contains(name));
            requirers.map(|(name, _)| name.as_str()).collect()
        };
        chain::words(&chain::to(&package, is_asked, requirers))
    }
}

/// One package in a [`Graph`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Whether the manifest asks for it.
    pub requested: bool,
    /// The normalised names of the packages it requires, of those that are there. It may be among
    /// them itself, through its extras, and packages may require each other in a circle.
    pub requires: BTreeSet<String>,
}
