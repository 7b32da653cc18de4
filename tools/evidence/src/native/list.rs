//! Which packages are built, as `native.toml` lists them.

use serde::Deserialize;
use std::collections::BTreeMap;

/// `native.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub tools: Vec<String>,
    pub package: Vec<Package>,
}

/// A package, as `native.toml` describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Package {
    #[serde(flatten)]
    pub source: Source,
    pub language: String,
    pub module: String,
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    pub library: Option<Library>,
    #[serde(default)]
    pub requirements: Vec<String>,
    pub directory: Option<String>,
    pub arguments: Vec<String>,
    pub note: Option<String>,
    #[serde(default)]
    pub reasons: BTreeMap<String, String>,
}

/// A source distribution.
#[derive(Deserialize)]
pub(super) struct Source {
    pub name: String,
    pub version: String,
    pub sha256: String,
}

/// A C library that a package is linked with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Library {
    pub name: String,
    pub source: String,
    pub version: String,
    pub sha256: String,
    pub files: Vec<String>,
    pub headers: Vec<String>,
    pub flags: Vec<String>,
}
