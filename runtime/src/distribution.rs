//! What a runtime distribution has in it.

use bytes::Bytes;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A shared wasm library of the runtime.
#[derive(Debug, Clone)]
pub struct Library {
    /// The name under which other libraries need it, such as `libc.so`.
    pub name: String,
    /// The wasm module with its `dylink.0` section.
    pub bytes: Vec<u8>,
}

/// A runtime distribution whose every file has the hash that its `runtime.toml` names.
#[derive(Debug, Clone)]
pub struct Distribution {
    pub(crate) name: String,
    pub(crate) python: String,
    pub(crate) identity: String,
    pub(crate) libraries: Vec<Library>,
    pub(crate) guest: Library,
    pub(crate) world: String,
    pub(crate) overrides: Vec<Override>,
    pub(crate) retired: Vec<Retired>,
    pub(crate) stdlib: BTreeMap<String, Bytes>,
    pub(crate) zoneinfo: BTreeMap<String, Bytes>,
    pub(crate) sources: Vec<Source>,
    pub(crate) parts: Vec<Part>,
    pub(crate) licenses: Vec<LicenseText>,
}

/// A function of a base library in whose place one of the guest is used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The base library, such as `libc.so`.
    pub library: String,
    /// The function that is replaced, by the name that the library exports it by or the one in its name section.
    pub function: String,
    /// The function that is used, by the name that the guest exports it by.
    pub by: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// A part of a base library that nothing uses once its functions are overridden: those from `first` to
/// `last`, in the library's own order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retired {
    /// The base library.
    pub library: String,
    /// The name of the first function, in the library's name section.
    pub first: String,
    /// The name of the last one.
    pub last: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// A work of others within a runtime, such as CPython or bzip2.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence: an SPDX expression.
    pub license: String,
}

/// The text of a licence, or one of its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseText {
    /// The name of the [`Part`] that is under it.
    pub part: String,
    /// Its path in the distribution, with `/` between its parts.
    pub path: String,
    /// The text.
    pub text: Vec<u8>,
}

/// What a runtime was made of besides the project's own files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Source {
    /// The package's name in its registry.
    pub name: String,
    /// Its exact version.
    pub version: String,
    /// Of the package's file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// What was taken of it, in words.
    pub takes: String,
    /// Of what was taken: an SPDX expression.
    pub license: String,
}

impl Distribution {
    /// The distribution's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version of Python, such as `3.14.0`.
    pub fn python(&self) -> &str {
        &self.python
    }

    /// The sha256 of `runtime.toml`, and so of every file, in lower-case hexadecimal digits.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The base libraries, in the order in which they are linked.
    pub fn libraries(&self) -> &[Library] {
        &self.libraries
    }

    /// The guest, which exports the world.
    pub fn guest(&self) -> &Library {
        &self.guest
    }

    /// How many bytes the libraries, the standard library and the time zones have together.
    pub fn size(&self) -> u64 {
        let files = self.stdlib.values().chain(self.zoneinfo.values());
        let libraries = self.libraries.iter().chain([&self.guest]);
        files.map(|bytes| bytes.len() as u64).sum::<u64>()
            + libraries.map(|one| one.bytes.len() as u64).sum::<u64>()
    }

    /// The world `eryx:sandbox/sandbox`, as WIT text.
    pub fn world(&self) -> &str {
        &self.world
    }

    /// The functions of the base libraries in whose place the guest's are used.
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }

    /// The parts of the base libraries that nothing uses once those are used.
    pub fn retired(&self) -> &[Retired] {
        &self.retired
    }

    /// The standard library: paths below its directory, with `/` between their parts, to contents.
    pub fn stdlib(&self) -> &BTreeMap<String, Bytes> {
        &self.stdlib
    }

    /// Time zones: paths below their directory, such as `Europe/Berlin`, to contents in the format TZif (RFC 9636).
    pub fn zoneinfo(&self) -> &BTreeMap<String, Bytes> {
        &self.zoneinfo
    }

    /// What the runtime was made of besides the project's own files.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The works of others within it, each with its licence.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The texts of the licences of its parts.
    pub fn licenses(&self) -> &[LicenseText] {
        &self.licenses
    }
}
