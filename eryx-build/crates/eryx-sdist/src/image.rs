//! What one build sees of files, apart from its sources: the standard library and the packages that
//! the build requires.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use eryx_base::Digest;
use eryx_cache::Cache;
use eryx_image::Tree;
use eryx_interpreter::{
    bytecode::{self, Compiled},
    files::ImageFiles,
};
use eryx_packaging::{Distribution, Fit, WheelName, fit};
use eryx_runtime::Distribution as Runtime;
use eryx_wasm::fuse;
use eryx_wasm::link::{self, Component, LinkError};
use eryx_wheel::{SiteTree, native, unpack};

use super::error::SourceProblem;
use super::sandbox::BuildSandbox;

/// A file tree, and the interpreter whose native libraries are those of the tree.
pub(super) struct BuildImage {
    pub tree: Tree,
    pub sandbox: Arc<BuildSandbox>,
}

/// The images of a process: made once for each set of build requirements, and one interpreter for
/// all that have no native libraries.
#[derive(Default)]
pub(super) struct BuildImages {
    images: Mutex<BTreeMap<Digest, Arc<BuildImage>>>,
    sandboxes: Mutex<BTreeMap<Digest, Arc<BuildSandbox>>>,
}

impl BuildImages {
    /// The image of these build requirements.
    pub(crate) fn get(
        &self,
        runtime: &Runtime,
        cache: &Cache,
        requirements: &[Distribution],
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<Arc<BuildImage>, SourceProblem> {
        let key = Digest::of_parts(requirements.iter().map(|one| &one.sha256.as_bytes()[..]));
        if let Some(image) = lock(&self.images).get(&key) {
            return Ok(Arc::clone(image));
        }
        let site = unpack::unpack(requirements, &not_fitting(requirements))
            .map_err(SourceProblem::Install)?;
        let native = native::find(&site, &|_| String::new())?;
        let libraries = native.iter().map(|library| &library.shared);
        let component = interpreter(link::link(runtime, libraries, &eryx_interpreter::accepts)?)?;
        let sandbox = self.sandbox(&component, cache, report)?;
        let mut files = ImageFiles::gather(runtime, &site)?;
        for (source, bytes) in stdlib(runtime, &sandbox, cache, report)? {
            if let Some(path) = bytecode::bytecode_path(&source) {
                files.add(path, bytes)?;
            }
        }
        let image = Arc::new(BuildImage {
            tree: files.encode()?.into_tree(),
            sandbox,
        });
        lock(&self.images).insert(key, Arc::clone(&image));
        Ok(image)
    }

    fn sandbox(
        &self,
        component: &[u8],
        cache: &Cache,
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<Arc<BuildSandbox>, SourceProblem> {
        // Held while compiling, so that others wait for the result instead of compiling it too.
        let mut sandboxes = lock(&self.sandboxes);
        let key = Digest::of(component);
        if let Some(sandbox) = sandboxes.get(&key) {
            return Ok(Arc::clone(sandbox));
        }
        let sandbox = Arc::new(BuildSandbox::new(component, cache, report)?);
        sandboxes.insert(key, Arc::clone(&sandbox));
        Ok(sandbox)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The interpreter with the native libraries of what a build requires: as it was linked, or one core module when
/// they are too many for that or throw exceptions. A build takes as long with the one as with the other.
fn interpreter(component: Component) -> Result<Vec<u8>, SourceProblem> {
    match component.clone().into_valid() {
        Err(LinkError::TooMany { libraries }) => match fuse::fuse(&component) {
            Ok(fused) => Ok(fused.bytes),
            Err(source) => Err(SourceProblem::Unfused { libraries, source }),
        },
        Err(LinkError::Exceptions) => match fuse::fuse(&component) {
            Ok(fused) => Ok(fused.bytes),
            Err(source) => Err(SourceProblem::UnfusedExceptions(source)),
        },
        other => Ok(other?),
    }
}

/// The names of the packages whose wheels are for another platform: their libraries cannot be
/// loaded, and were taken in spite of that because the package works without.
fn not_fitting(distributions: &[Distribution]) -> BTreeSet<String> {
    let is_foreign = |one: &&Distribution| {
        WheelName::parse(&one.file_name).is_ok_and(|name| fit(&name) != Fit::Fits)
    };
    let foreign = distributions.iter().filter(is_foreign);
    foreign.map(|one| one.name.clone()).collect()
}

/// The standard library's bytecode, as bakes make it too: without it, each build would compile what
/// it imports.
fn stdlib(
    runtime: &Runtime,
    sandbox: &BuildSandbox,
    cache: &Cache,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Compiled, SourceProblem> {
    let key = bytecode::stdlib_key(runtime);
    let cached = cache.get(bytecode::KIND, &key);
    if let Some(compiled) = cached.and_then(|bytes| bytecode::decode(&bytes)) {
        return Ok(compiled);
    }
    report("compiling the standard library for builds");
    let files = ImageFiles::gather(runtime, &SiteTree::default())?;
    let tree = files.encode()?.into_tree();
    let compiled = bytecode::compile(sandbox, &tree, &bytecode::sources(&files))?;
    cache.put(bytecode::KIND, &key, &bytecode::encode(&compiled))?;
    Ok(compiled)
}
