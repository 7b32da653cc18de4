//! From a source distribution to its wheel or its metadata, by way of the cache.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::time::Duration;

use eryx_base::{Digest, regular_file};
use eryx_cache::{Cache, CacheError};
use eryx_packaging::{Distribution, normalize_package_name};
use eryx_runtime::Distribution as Runtime;
use eryx_wheel::unpack::MAX_WHEEL_SIZE;

use super::archive;
use super::error::{SourceError, SourceProblem};
use super::hook::{self, Answer, Hook};
use super::image::BuildImages;
use super::limits::MAX_ARCHIVE_SIZE;
use super::model::{BuiltWheel, Requirements, SourceArchive};
use super::nesting::Building;
use super::project::{self, BuildSystem};
use super::task::Task;
use super::tree::SourceTree;
use super::{metadata, requirements, wheel};

/// How long one call of a backend may take, unless the caller says otherwise.
pub const TIME_LIMIT: Duration = Duration::from_secs(600);

/// The cache's kinds: wheels by their content, which wheel a build led to, what backends said that
/// they require, and metadata.
const WHEELS: &str = "built-wheels";
const BUILDS: &str = "builds";
const REQUIRES: &str = "build-requires";
const METADATA: &str = "build-metadata";

/// Builds source distributions. One is enough for a process: what its builds have in common is made
/// once.
pub struct Builder<'a> {
    runtime: &'a Runtime,
    cache: &'a Cache,
    requirements: &'a Requirements<'a>,
    without_native: BTreeSet<String>,
    limit: Duration,
    images: BuildImages,
}

/// What is known of a distribution once its archive was read.
struct Opened {
    tree: SourceTree,
    system: BuildSystem,
    /// The hash of all that a build depends on, apart from the packages it requires.
    identity: Digest,
    without_native: bool,
}

impl<'a> Builder<'a> {
    /// A builder on a runtime, which keeps results in a cache and gets what builds require from
    /// `requirements`.
    pub fn new(runtime: &'a Runtime, cache: &'a Cache, requirements: &'a Requirements<'a>) -> Self {
        Builder {
            runtime,
            cache,
            requirements,
            without_native: BTreeSet::new(),
            limit: TIME_LIMIT,
            images: BuildImages::default(),
        }
    }

    /// Leaves out every extension module of these packages, by their normalised names, whether or
    /// not the packages call them optional.
    #[must_use]
    pub fn without_native(mut self, names: &BTreeSet<String>) -> Self {
        self.without_native.clone_from(names);
        self
    }

    /// Bounds each call of a backend, in place of [`TIME_LIMIT`].
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Builds the wheel of a source distribution, or takes it from the cache. `report` is told what
    /// is happening, one short line at a time.
    ///
    /// # Errors
    /// When the archive is malformed, its requirements cannot be had, its backend fails, or what
    /// comes out is not a wheel of this package that fits the sandbox.
    pub fn wheel(
        &self,
        archive: &SourceArchive,
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<BuiltWheel, SourceError> {
        named(archive, self.try_wheel(archive, report))
    }

    /// The core metadata of a source distribution, as the text of a METADATA file: that of PKG-INFO
    /// where it says that it holds for every wheel (PEP 643), or else what the backend says.
    ///
    /// # Errors
    /// As [`Builder::wheel`].
    pub fn metadata(
        &self,
        archive: &SourceArchive,
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<String, SourceError> {
        named(archive, self.try_metadata(archive, report))
    }

    fn try_wheel(
        &self,
        archive: &SourceArchive,
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<BuiltWheel, SourceProblem> {
        let opened = self.open(archive)?;
        let requirements = self.requirements(archive, &opened, report)?;
        let key = key_of(&opened.identity, b"wheel", &requirements);
        if let Some(built) = self.built(&key) {
            return Ok(built);
        }
        report(&format!(
            "building {} with {}",
            archive.file_name, opened.system.backend
        ));
        let answer = self.call(archive, &opened, &requirements, Hook::Wheel, report)?;
        let made = text_of(&answer, &opened.system)?;
        let bytes = answer.file(&made, MAX_WHEEL_SIZE)?;
        let file_name = wheel::check(&made, &bytes, &archive.name, archive.version.as_deref())?;
        if file_name != made {
            report(&format!(
                "{made} has no native code: it is taken as {file_name}"
            ));
        }
        let directory = self.cache.temporary_directory()?;
        let path = directory.path().join("wheel");
        let written = File::create(&path).and_then(|mut file| file.write_all(&bytes));
        written.map_err(|source| CacheError::Write {
            path: path.clone(),
            source,
        })?;
        let (sha256, path) = self.cache.keep_file(WHEELS, &path)?;
        let entry = format!("{sha256} {file_name}");
        self.cache.put(BUILDS, &key, entry.as_bytes())?;
        Ok(BuiltWheel {
            path,
            file_name,
            sha256,
        })
    }

    fn try_metadata(
        &self,
        archive: &SourceArchive,
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<String, SourceProblem> {
        let version = archive.version.as_deref();
        let tree = read(archive)?;
        if let Some(text) = metadata::from_pkg_info(&tree) {
            metadata::check(&text, &archive.name, version)?;
            return Ok(text);
        }
        let opened = self.opened(archive, tree)?;
        let requirements = self.requirements(archive, &opened, report)?;
        let key = key_of(&opened.identity, b"metadata", &requirements);
        let cached = self.cache.get(METADATA, &key);
        if let Some(text) = cached.and_then(|bytes| String::from_utf8(bytes).ok()) {
            return Ok(text);
        }
        report(&format!(
            "asking {} for the metadata of {}",
            opened.system.backend, archive.file_name
        ));
        let answer = self.call(archive, &opened, &requirements, Hook::Metadata, report)?;
        let text = if answer.result.is_null() {
            // The backend has no such hook: the wheel is built for its metadata.
            let built = self.try_wheel(archive, report)?;
            built.metadata()?
        } else {
            let directory = text_of(&answer, &opened.system)?;
            let bytes = answer.file(&format!("{directory}/METADATA"), metadata::MAX_METADATA)?;
            String::from_utf8_lossy(&bytes).into_owned()
        };
        metadata::check(&text, &archive.name, version)?;
        self.cache.put(METADATA, &key, text.as_bytes())?;
        Ok(text)
    }

    fn open(&self, archive: &SourceArchive) -> Result<Opened, SourceProblem> {
        self.opened(archive, read(archive)?)
    }

    fn opened(&self, archive: &SourceArchive, tree: SourceTree) -> Result<Opened, SourceProblem> {
        let system = project::read(&tree, self.runtime.python())?;
        let without_native = self
            .without_native
            .contains(&normalize_package_name(&archive.name));
        let environment = format!("{:?}", hook::ENVIRONMENT);
        let identity = Digest::of_parts([
            archive.sha256.as_bytes().as_slice(),
            archive.file_name.as_bytes(),
            self.runtime.identity().as_bytes(),
            hook::DRIVER.as_bytes(),
            environment.as_bytes(),
            &[u8::from(without_native)],
        ]);
        Ok(Opened {
            tree,
            system,
            identity,
            without_native,
        })
    }

    /// The packages that the build requires: those that `pyproject.toml` names, and those that the
    /// backend asks for besides.
    fn requirements(
        &self,
        archive: &SourceArchive,
        opened: &Opened,
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<Vec<Distribution>, SourceProblem> {
        let _building = Building::enter(archive)?;
        let requires = &opened.system.requires;
        let first = self.install(requires)?;
        let key = key_of(&opened.identity, b"requires", &first);
        let cached = self.cache.get(REQUIRES, &key);
        let more: Vec<String> =
            if let Some(more) = cached.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
                more
            } else {
                report(&format!(
                    "asking {} what {} requires to be built",
                    opened.system.backend, archive.file_name
                ));
                let answer = self.call(archive, opened, &first, Hook::Requires, report)?;
                let more = serde_json::from_value(answer.result.clone()).map_err(|_| {
                    SourceProblem::Answer {
                        backend: opened.system.backend.clone(),
                        problem: "its requirements are no list of texts".to_owned(),
                    }
                })?;
                self.cache
                    .put(REQUIRES, &key, answer.result.to_string().as_bytes())?;
                more
            };
        let more = requirements::for_sandbox(&more, self.runtime.python())?;
        if more
            .iter()
            .all(|requirement| requires.contains(requirement))
        {
            return Ok(first);
        }
        self.install(&[requires.as_slice(), &more].concat())
    }

    fn install(&self, requirements: &[String]) -> Result<Vec<Distribution>, SourceProblem> {
        if requirements.is_empty() {
            return Ok(Vec::new());
        }
        let found = (self.requirements)(requirements);
        let mut found = found.map_err(|source| SourceProblem::Requirements {
            requirements: requirements.to_vec(),
            source,
        })?;
        // One order for one set of packages, as it is part of keys.
        found.sort_by(|one, other| (&one.name, one.sha256).cmp(&(&other.name, other.sha256)));
        Ok(found)
    }

    fn call(
        &self,
        archive: &SourceArchive,
        opened: &Opened,
        requirements: &[Distribution],
        hook: Hook,
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<Answer, SourceProblem> {
        let image = self
            .images
            .get(self.runtime, self.cache, requirements, report)?;
        let task = Task {
            package: &normalize_package_name(&archive.name),
            source: &opened.tree,
            system: &opened.system,
            without_native: opened.without_native,
            limit: self.limit,
        };
        hook::call(&image, &task, hook)
    }

    /// The wheel that a build of this key led to.
    fn built(&self, key: &Digest) -> Option<BuiltWheel> {
        let entry = String::from_utf8(self.cache.get(BUILDS, key)?).ok()?;
        let (digest, file_name) = entry.split_once(' ')?;
        let sha256 = Digest::from_hex(digest)?;
        Some(BuiltWheel {
            path: self.cache.file(WHEELS, &sha256)?,
            file_name: file_name.to_owned(),
            sha256,
        })
    }
}

fn named<T>(archive: &SourceArchive, result: Result<T, SourceProblem>) -> Result<T, SourceError> {
    result.map_err(|problem| SourceError {
        archive: archive.file_name.clone(),
        problem: Box::new(problem),
    })
}

/// The bytes are hashed here once more, so that what is built is what was locked.
fn read(archive: &SourceArchive) -> Result<SourceTree, SourceProblem> {
    let bytes = regular_file::read_at_most(&archive.path, MAX_ARCHIVE_SIZE)
        .map_err(SourceProblem::Read)?
        .ok_or(SourceProblem::TooLarge)?;
    if Digest::of(&bytes) != archive.sha256 {
        return Err(SourceProblem::Changed);
    }
    Ok(archive::read(&archive.file_name, &bytes)?)
}

fn key_of(identity: &Digest, what: &[u8], requirements: &[Distribution]) -> Digest {
    let hashes = requirements.iter().map(|one| &one.sha256.as_bytes()[..]);
    Digest::of_parts(
        [identity.as_bytes().as_slice(), what]
            .into_iter()
            .chain(hashes),
    )
}

/// The file or directory name that a hook answered: one name, so that it leads nowhere else.
fn text_of(answer: &Answer, system: &BuildSystem) -> Result<String, SourceProblem> {
    let name = answer.result.as_str().filter(|name| {
        !name.is_empty() && !name.contains(['/', '\0']) && *name != "." && *name != ".."
    });
    let name = name.ok_or_else(|| SourceProblem::Answer {
        backend: system.backend.clone(),
        problem: "it did not name what it made".to_owned(),
    })?;
    Ok(name.to_owned())
}
