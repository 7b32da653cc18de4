//! A recipe: how one package or one C library is built for the sandbox.
//!
//! Most packages need none. A recipe says what a package's own build does not know: which libraries
//! come first, which options suit the sandbox, and what was changed, and why.
//!
//! ```
//! use eryx_native::Recipe;
//!
//! let recipe = Recipe::parse("[package]\nname = \"sample\"\ntools = [\"cmake\"]\n").unwrap();
//! assert_eq!(recipe.name(), "sample");
//! assert!(Recipe::parse("[package]\nname = \"sample\"\ntool = 1\n").is_err());
//! ```

use std::{collections::BTreeMap, str::FromStr as _};

use eryx_base::Digest;
use eryx_packaging::{is_package_name, normalize_package_name};
use pep440_rs::{Version, VersionSpecifiers};
use serde::{Deserialize, Deserializer, de::Error as _};

/// The largest recipe, in bytes.
pub(crate) const MAX_RECIPE: u64 = 1 << 20;

/// A recipe as it was read and checked.
#[derive(Debug, Clone)]
pub struct Recipe {
    kind: Kind,
    check: Option<Check>,
    text: String,
}

#[derive(Debug, Clone)]
enum Kind {
    Package(Box<PackageRecipe>),
    Library(Box<LibraryRecipe>),
}

/// How a package is built.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PackageRecipe {
    /// The package, normalised.
    pub name: String,
    /// The versions that it is for (PEP 440); all when it is empty.
    #[serde(default)]
    pub versions: String,
    /// The version with which it was last proved, and the day.
    pub proved: Option<Proved>,
    /// The programs of the machine that its build runs, as people know them.
    #[serde(default)]
    pub tools: Vec<String>,
    /// Whether the package works without its native part, so that the sandbox builds it where programs of the
    /// machine are not allowed.
    #[serde(default)]
    pub optional: bool,
    /// Libraries that are built first, by the names of their recipes.
    #[serde(default)]
    pub libraries: Vec<String>,
    /// Requirements of the build that its source distribution does not name (PEP 508).
    #[serde(default)]
    pub requires: Vec<String>,
    /// Packages that the build names and does not need, normalised.
    #[serde(default)]
    pub without_requires: Vec<String>,
    /// Variables of the build.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Settings of the build backend.
    #[serde(default)]
    pub config_settings: BTreeMap<String, Vec<String>>,
    /// What a C++ exception comes to.
    #[serde(default)]
    pub exceptions: Exceptions,
    /// Changes to its sources.
    #[serde(default)]
    pub patches: Vec<Patch>,
}

/// How a C library is built.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LibraryRecipe {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The licence (SPDX).
    pub license: String,
    /// The day on which it was last proved.
    pub proved: Option<Proved>,
    /// Libraries that are built before it.
    #[serde(default)]
    pub libraries: Vec<String>,
    /// The programs of the machine that its build runs.
    #[serde(default)]
    pub tools: Vec<String>,
    /// Where its sources are, the first that answers.
    pub places: Vec<Place>,
    /// Variables of the build.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Commands, each a program with its arguments.
    #[serde(default)]
    pub steps: Vec<Vec<String>>,
    /// Sources that are compiled and archived when there are no steps, as globs.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Options for these.
    #[serde(default)]
    pub flags: Vec<String>,
    /// What `-l` names the archive of these by; without it, the name of the library without `lib`.
    pub archive: Option<String>,
    /// Files that are written before the build: path → contents.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Headers that are installed: glob of files → directory below `include`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Changes to its sources.
    #[serde(default)]
    pub patches: Vec<Patch>,
}

/// When a recipe was last seen to work.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proved {
    /// The version.
    pub version: String,
    /// The day, as `2026-11-29`.
    pub date: String,
}

/// Where the sources of a library are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Place {
    /// A crate that carries them, as `name@version`; cargo fetches it.
    #[serde(rename = "crate")]
    pub krate: Option<String>,
    /// A Debian source package, as `name@version`; apt fetches it.
    pub debian: Option<String>,
    /// An address of an archive.
    pub address: Option<String>,
    /// The hash of the archive: of the crate, of Debian's `orig` archive, or of what is at the address.
    #[serde(deserialize_with = "digest")]
    pub sha256: Digest,
    /// The directory in the archive that the sources are in.
    #[serde(default)]
    pub directory: String,
}

fn digest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
    let text = String::deserialize(deserializer)?;
    Digest::from_hex(&text)
        .ok_or_else(|| D::Error::custom("expected the 64 hexadecimal digits of a SHA-256"))
}

/// What a C++ exception comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exceptions {
    /// It is thrown and caught.
    #[default]
    Real,
    /// The program ends.
    Abort,
    /// Code that throws is refused.
    Refuse,
}

impl Exceptions {
    /// The value of the SDK's variable.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Real => "throw",
            Self::Abort => "abort",
            Self::Refuse => "refuse",
        }
    }
}

/// A change to one file of the sources.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// The file, relative to the top of the sources.
    pub file: String,
    /// Why.
    pub reason: String,
    /// The change, as a unified diff.
    pub diff: String,
}

/// What shows that a package works.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Modules that are imported when the image is baked.
    #[serde(default)]
    pub imports: Vec<String>,
    /// A program for the sandbox. It ends with status 0.
    #[serde(default)]
    pub code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    package: Option<PackageRecipe>,
    library: Option<LibraryRecipe>,
    check: Option<Check>,
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// In one sentence, what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let line = error.span().and_then(|span| text.get(..span.start));
            let line = line.map_or(1, |before| before.matches('\n').count() + 1);
            format!("line {line}: {}", error.message())
        })?;
        let kind = match (written.package, written.library) {
            (Some(package), None) => Kind::Package(Box::new(checked_package(package)?)),
            (None, Some(library)) => Kind::Library(Box::new(checked_library(library)?)),
            _ => return Err("it has neither [package] nor [library], or both".to_owned()),
        };
        Ok(Self {
            kind,
            check: written.check,
            text: text.to_owned(),
        })
    }

    /// The name of the package or library.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.kind {
            Kind::Package(package) => &package.name,
            Kind::Library(library) => &library.name,
        }
    }

    /// The recipe of a package; `None` for a library.
    #[must_use]
    pub fn package(&self) -> Option<&PackageRecipe> {
        match &self.kind {
            Kind::Package(package) => Some(package),
            Kind::Library(_) => None,
        }
    }

    /// The recipe of a library; `None` for a package.
    #[must_use]
    pub fn library(&self) -> Option<&LibraryRecipe> {
        match &self.kind {
            Kind::Package(_) => None,
            Kind::Library(library) => Some(library),
        }
    }

    /// What shows that it works.
    #[must_use]
    pub fn check(&self) -> Option<&Check> {
        self.check.as_ref()
    }

    /// Its text, of which a build depends.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl PackageRecipe {
    /// Whether it is for a version.
    #[must_use]
    pub fn is_for(&self, version: &str) -> bool {
        let specifiers = VersionSpecifiers::from_str(&self.versions);
        match (specifiers, Version::from_str(version)) {
            (Ok(specifiers), Ok(version)) => specifiers.contains(&version),
            _ => false,
        }
    }
}

fn checked_package(mut package: PackageRecipe) -> Result<PackageRecipe, String> {
    if !is_package_name(&package.name) {
        return Err("`package.name` is no name of a package".to_owned());
    }
    package.name = normalize_package_name(&package.name);
    VersionSpecifiers::from_str(&package.versions)
        .map_err(|error| format!("`package.versions`: {error}"))?;
    for requirement in &package.requires {
        requirement
            .parse::<pep508_rs::Requirement>()
            .map_err(|error| format!("`package.requires`: {requirement}: {error}"))?;
    }
    check_patches(&package.patches)?;
    Ok(package)
}

fn checked_library(library: LibraryRecipe) -> Result<LibraryRecipe, String> {
    let fits = |text: &str| {
        let is_plain = |one: char| one.is_ascii_alphanumeric() || "-_.+".contains(one);
        !text.is_empty() && !text.starts_with(['.', '-']) && text.chars().all(is_plain)
    };
    let archive = library.archive.as_deref().unwrap_or("a");
    if !fits(&library.name) || !fits(&library.version) || !fits(archive) {
        return Err("`library.name`, `version` and `archive` are words".to_owned());
    }
    for place in &library.places {
        let named = [&place.krate, &place.debian, &place.address];
        if named.iter().filter(|one| one.is_some()).count() != 1 {
            return Err(
                "each of `library.places` has one of `crate`, `debian` and `address`".to_owned(),
            );
        }
    }
    if library.places.is_empty() {
        return Err("`library.places` is empty".to_owned());
    }
    if library.steps.is_empty() == library.sources.is_empty() {
        return Err("a library has either `steps` or `sources`".to_owned());
    }
    if library.steps.iter().any(Vec::is_empty) {
        return Err("one of `library.steps` is empty".to_owned());
    }
    let paths = library.files.keys().chain(library.headers.values());
    let places = library.places.iter().map(|place| &place.directory);
    for path in paths.chain(places).filter(|path| !path.is_empty()) {
        check_path(path)?;
    }
    check_patches(&library.patches)?;
    Ok(library)
}

fn check_patches(patches: &[Patch]) -> Result<(), String> {
    for patch in patches {
        check_path(&patch.file)?;
        if patch.reason.trim().is_empty() {
            return Err(format!("the patch of {} has no reason", patch.file));
        }
        diffy::Patch::from_str(&patch.diff)
            .map_err(|error| format!("the patch of {}: {error}", patch.file))?;
    }
    Ok(())
}

/// A path below the sources.
fn check_path(path: &str) -> Result<(), String> {
    eryx_wheel::unpack::path::check(path)
        .map_err(|problem| format!("the path {path:?} is not one below the sources: {problem}"))
}

#[cfg(test)]
mod tests;
