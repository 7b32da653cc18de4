//! Pack: machine code + file tree + what is known of both → image.
//!
//! The format and its writer belong to the loader; this module fills in the metadata.

mod package;

use crate::{
    compile::MachineCode,
    manifest::{Manifest, Threads},
    native::NativeLibrary,
    requires::Graph,
    site_tree::SiteTree,
};
use eryx_image::{
    self as image, CpuMetadata, EncodedTree, EngineMetadata, ImageParts, ImageSummary,
    InterfaceMetadata, Metadata, PartMetadata, PreinitMetadata, RuntimeMetadata, SizeMetadata,
    WASMTIME_VERSION, WriteError,
};
use eryx_runtime::Distribution;
use eryx_wasm::interfaces::Interfaces;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Everything that an image is made of.
pub struct Parts<'a> {
    /// What bake and run must agree on about the engine, by name.
    pub settings: BTreeMap<String, String>,
    /// The manifest it was baked from.
    pub manifest: &'a Manifest,
    /// The runtime in it.
    pub runtime: &'a Distribution,
    /// The packages in it.
    pub site: &'a SiteTree,
    /// What the packages require of each other.
    pub graph: &'a Graph,
    /// The native libraries that are linked in.
    pub native: &'a [NativeLibrary],
    /// The machine code.
    pub code: &'a MachineCode,
    /// The files.
    pub tree: &'a EncodedTree,
    /// What the guest speaks with its host.
    pub interfaces: &'a Interfaces,
    /// The size of the baked heap, in bytes.
    pub heap: u64,
}

/// Writes the image to `path`, or replaces the one that is there.
///
/// # Errors
/// When it cannot be written; then what was at `path` is still there.
pub fn pack(path: &Path, parts: &Parts<'_>) -> Result<ImageSummary, WriteError> {
    let metadata = metadata(parts);
    let summary = image::write(
        path,
        &ImageParts {
            code: &parts.code.bytes,
            tree: parts.tree,
            metadata: &metadata,
        },
    )?;
    // Its first run need not read what was just written.
    if let Ok(image) = image::Image::examine(path) {
        image.record_verified();
    }
    Ok(summary)
}

fn parts_of(runtime: &Distribution) -> Vec<PartMetadata> {
    let parts = runtime.parts().iter().map(|part| PartMetadata {
        name: part.name.clone(),
        version: part.version.clone(),
        license: part.license.clone(),
    });
    let sorted: BTreeSet<PartMetadata> = parts.collect();
    sorted.into_iter().collect()
}

fn metadata(parts: &Parts<'_>) -> Metadata {
    let manifest = parts.manifest;
    Metadata {
        format: 0,
        name: manifest.image.name.clone(),
        version: manifest.image.version.clone(),
        description: manifest.image.description.clone(),
        entrypoint: manifest.image.entrypoint.as_ref().map(ToString::to_string),
        target: parts.code.target.clone(),
        cpu: CpuMetadata {
            baseline: parts.code.baseline.clone(),
            features: parts.code.features.clone(),
        },
        engine: EngineMetadata {
            wasmtime: WASMTIME_VERSION.to_owned(),
            settings: parts.settings.clone(),
        },
        interfaces: InterfaceMetadata {
            world: parts.interfaces.world.clone(),
            imports: parts.interfaces.imports.clone(),
        },
        runtime: RuntimeMetadata {
            name: parts.runtime.name().to_owned(),
            python: parts.runtime.python().to_owned(),
            identity: parts.runtime.identity().to_owned(),
            parts: parts_of(parts.runtime),
        },
        packages: package::packages(parts.site, parts.graph),
        imports: manifest.preinit.imports.clone(),
        preinit: PreinitMetadata {
            script: manifest.preinit.script.is_some(),
        },
        threads: match manifest.python.threads {
            Threads::None => None,
            threads @ Threads::Inline => Some(threads.to_string()),
        },
        native_libraries: parts
            .native
            .iter()
            .map(|library| library.shared.path.clone())
            .collect(),
        sizes: SizeMetadata {
            heap: parts.heap,
            code: parts.code.bytes.len() as u64,
        },
        toolchain: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}
