//! What an image says about itself, kept in it as JSON.
//!
//! Fields that a reader does not know are ignored, and fields that later versions added have a
//! default, so that reader and image need not be of one age.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Most bytes of metadata an image can have: 8 MiB. More is refused before it is parsed.
pub const MAX_METADATA: u64 = 8 << 20;

/// What an image says about itself.
///
/// Everything in it was written by whoever baked the image: show it through
/// [`escape`](eryx_base::escape::escape).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// The version of the image format; [`write()`](super::write()) sets it.
    pub format: u32,
    /// The name of the image.
    pub name: String,
    /// The version of what was baked, when the manifest gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// One sentence about the image, when the manifest gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What runs when no program is named: `package.module:function` or the path of a script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrypoint: Option<String>,
    /// The target triple that the machine code is for, such as `x86_64-unknown-linux-gnu`.
    pub target: String,
    /// What the machine code needs of the CPU.
    pub cpu: CpuMetadata,
    /// What the machine code needs of the engine.
    pub engine: EngineMetadata,
    /// What the guest and its host speak.
    #[serde(default)]
    pub interfaces: InterfaceMetadata,
    /// The Python that is inside.
    pub runtime: RuntimeMetadata,
    /// The packages that are inside, sorted by name.
    #[serde(default)]
    pub packages: Vec<PackageMetadata>,
    /// The modules that are imported in the snapshot.
    #[serde(default)]
    pub imports: Vec<String>,
    /// What else happened in the snapshot.
    #[serde(default)]
    pub preinit: PreinitMetadata,
    /// What pools of threads do when they do not fail: `inline`, run each task in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<String>,
    /// The sandbox paths of the native libraries that are linked in.
    #[serde(default)]
    pub native_libraries: Vec<String>,
    /// How large some things are.
    #[serde(default)]
    pub sizes: SizeMetadata,
    /// The toolchain that baked the image, with its version: `eryx-build 0.1.0`.
    #[serde(default)]
    pub toolchain: String,
}

/// What machine code needs of the CPU.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CpuMetadata {
    /// The baseline that the code was compiled for, in words: `x86-64-v2`, `native`.
    pub baseline: String,
    /// The features a CPU must have, by the names that Rust's `is_x86_feature_detected!` and its
    /// siblings use: `sse4.2`, `popcnt`.
    #[serde(default)]
    pub features: Vec<String>,
}

/// What machine code needs of the engine that loads it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineMetadata {
    /// The exact wasmtime version: `48.0.8`.
    pub wasmtime: String,
    /// The settings on which bake and run must agree, by name.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
}

/// What a guest and its host speak, as WIT names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterfaceMetadata {
    /// The package of the guest's exports, with its version: `eryx:sandbox@0.1.0`.
    #[serde(default)]
    pub world: String,
    /// The interfaces that the guest imports, each with its version, sorted:
    /// `eryx:terminal/lines@0.1.0`.
    #[serde(default)]
    pub imports: Vec<String>,
}

/// The Python that is inside an image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuntimeMetadata {
    /// The name of the runtime distribution.
    pub name: String,
    /// The version of Python: `3.14.0`.
    pub python: String,
    /// The sha256 that identifies the runtime distribution, in lower-case hexadecimal digits.
    pub identity: String,
    /// The works that it is made of, CPython among them, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartMetadata>,
}

/// A work that the runtime is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartMetadata {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence: an SPDX expression.
    pub license: String,
}

/// A package that is inside an image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageMetadata {
    /// Its name, as the package itself writes it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as the package states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// The sandbox paths of its licence files (PEP 639).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub license_files: Vec<String>,
    /// One sentence about it, as the package states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The sha256 of the file it came in, in lower-case hexadecimal digits.
    pub sha256: String,
    /// The name of the file it came in.
    pub origin: String,
    /// Where that file came from, when the image says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceMetadata>,
    /// Whether the manifest asks for it, be it required by another package or not.
    #[serde(default)]
    pub requested: bool,
    /// The packages of the image that it requires: normalised names (PEP 503), sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// The scripts that an installer would make for it, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry_points: Vec<EntryPointMetadata>,
    /// The sandbox paths of the files and directories that are its alone, sorted: all that it has, with
    /// a directory in place of what is in it wherever no other package has a part in that directory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roots: Vec<String>,
    /// How many files it has.
    #[serde(default)]
    pub files: u64,
    /// How large its files are together, in bytes, without their bytecode.
    #[serde(default)]
    pub bytes: u64,
}

impl PackageMetadata {
    /// Its name in the spelling that all its spellings stand for (PEP 503), as in
    /// [`requires`](Self::requires).
    ///
    /// ```
    /// use eryx_image::PackageMetadata;
    ///
    /// let name = "Zope_.Event".to_owned();
    /// let package = PackageMetadata { name, ..PackageMetadata::default() };
    /// assert_eq!(package.normalized_name(), "zope-event");
    /// ```
    pub fn normalized_name(&self) -> String {
        let is_separator = |one: char| matches!(one, '-' | '_' | '.');
        let mut name = String::with_capacity(self.name.len());
        for one in self.name.chars() {
            if !is_separator(one) {
                name.push(one.to_ascii_lowercase());
            } else if !name.ends_with('-') {
                name.push('-');
            }
        }
        name
    }
}

/// Where the file of a package came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceMetadata {
    /// `index` for a package index, `url` for an address that the manifest gives, `file` for a file
    /// of the machine that baked, whose path is in no image.
    pub kind: String,
    /// The address of the index or the file, without user, password and query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The source distribution that came from there, if the package was built from one at bake time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdist: Option<SdistMetadata>,
}

/// A source distribution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SdistMetadata {
    /// The name of the file.
    pub name: String,
    /// Its sha256, in lower-case hexadecimal digits.
    pub sha256: String,
}

/// A script that an installer would make for a package, as its `entry_points.txt` has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntryPointMetadata {
    /// `console_scripts` or `gui_scripts`.
    pub group: String,
    /// The name of the script.
    pub name: String,
    /// What it calls: `package.module:attribute`.
    pub value: String,
}

/// What happened in the snapshot besides the imports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreinitMetadata {
    /// Whether a script ran at bake time.
    #[serde(default)]
    pub script: bool,
}

/// How large some things in an image are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizeMetadata {
    /// The baked heap, in bytes.
    #[serde(default)]
    pub heap: u64,
    /// The machine code, in bytes.
    #[serde(default)]
    pub code: u64,
}

impl Metadata {
    /// Reads metadata.
    ///
    /// # Errors
    /// When the bytes are not JSON, or a field is missing or of another type.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// The same metadata for the same values, byte for byte.
    ///
    /// # Errors
    /// None that the types here allow for.
    pub(super) fn encode(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What images of the first version have, and something that a later one may add.
    const OLD: &str = r#"{
        "format": 1, "name": "old", "target": "t", "cpu": {"baseline": "b"},
        "engine": {"wasmtime": "w"},
        "runtime": {"name": "n", "python": "3.14.0", "identity": "i"},
        "packages": [{"name": "six", "version": "1.17.0", "sha256": "s", "origin": "six.whl",
                      "source": {"kind": "of later", "more": 1}, "more": true}]
    }"#;

    #[test]
    fn images_of_other_versions_are_read() {
        let metadata = Metadata::parse(OLD.as_bytes()).unwrap();
        let [package] = &metadata.packages[..] else {
            panic!("one package")
        };
        assert!(!package.requested);
        assert_eq!((package.requires.len(), package.roots.len()), (0, 0));
        assert_eq!(package.source.as_ref().unwrap().kind, "of later");
        let again = Metadata::parse(&metadata.encode().unwrap()).unwrap();
        assert_eq!(again, metadata);
    }
}
