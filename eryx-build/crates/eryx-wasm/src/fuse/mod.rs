//! Fuse: the linked component → the same component with one core module.
//!
//! The linker leaves a core module for each library, and three of its own, which call each other through
//! imports and tables. Here they become one module: imports of each other are resolved, globals that never
//! change are written as their values, and functions that only pass a call on through a table are left out.
//! `docs/src/internals/fusing.md` says what is assumed of the linker's output, and which check fails when that does not
//! hold.
//!
//! This module knows nothing of Python, nor of what is in a heap.
//!
//! ```no_run
//! let runtime = eryx_runtime::Distribution::embedded()?;
//! let linked = eryx_wasm::link::link(&runtime, &[], &|_| Ok(()))?;
//! let fused = eryx_wasm::fuse::fuse(&linked)?;
//! assert!(fused.functions > 10_000);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod direct;
mod error;
mod graph;
mod layout;
mod overrides;
mod resolve;
mod retired;
mod starts;

pub use error::FuseError;

use crate::{
    core_module::{self, Export, Written},
    link::Component,
};
use error::assumed;
use graph::Graph;
use layout::Layout;
use resolve::{Resolved, Target};
use std::collections::{BTreeMap, HashMap, HashSet};
use wasm_encoder::{CustomSection, ExportKind, Section};
use wit_component::ComponentEncoder;

/// The function that the component calls once its memory can be used by the host.
const INITIALIZE: &str = "_initialize";

/// A component with one core module, and those by which the component model gives it the host's functions.
#[derive(Debug, Clone)]
pub struct Fused {
    /// The component's binary.
    pub bytes: Vec<u8>,
    /// How many core modules became one.
    pub modules: usize,
    /// How many functions that one has.
    pub functions: u32,
}

/// Merges the core modules of a linked component.
///
/// # Errors
/// When the component is not as the linker is known to make it. The component can be used as it is then.
pub fn fuse(linked: &Component) -> Result<Fused, FuseError> {
    let graph = Graph::read(&linked.bytes)?;
    let of_the_runtime: HashSet<&str> = linked
        .libraries
        .iter()
        .filter(|library| library.is_of_the_runtime)
        .map(|library| library.name.as_str())
        .collect();
    let merged = merge(&graph, linked, |name| of_the_runtime.contains(name))?;
    let mut module = merged.bytes;
    for world in linked.libraries.iter().flat_map(|library| &library.worlds) {
        CustomSection {
            name: world.name.as_str().into(),
            data: world.data.as_slice().into(),
        }
        .append_to(&mut module);
    }
    let bytes = ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|mut encoder| encoder.encode())
        .map_err(FuseError::Encode)?;
    Ok(Fused {
        bytes,
        modules: merged.modules,
        functions: merged.functions,
    })
}

/// One core module.
struct Merged {
    bytes: Vec<u8>,
    modules: usize,
    functions: u32,
}

/// Merges the core modules of a component. `may_give_memory` says of which module `cabi_realloc` may come.
fn merge(
    graph: &Graph<'_>,
    linked: &Component,
    may_give_memory: impl Fn(&str) -> bool,
) -> Result<Merged, FuseError> {
    let mut resolved = Resolved::new(graph)?;
    overrides::apply(&mut resolved, &linked.guest, &linked.overrides)?;
    let uses = direct::uses(&resolved)?;
    let retired = retired::functions(&resolved, &uses, &linked.retired)?;
    let constants = direct::constants(&resolved)?;
    let direct = direct::calls(&resolved, &uses, &constants)?;
    let layout = Layout::new(&resolved, &uses, &constants, &direct)?;
    let calls = starts::in_order(&resolved, &constants)?
        .into_iter()
        .map(|start| {
            layout
                .function(start, &direct)
                .ok_or_else(|| FuseError::assumption("every start function is one of the modules'"))
        })
        .collect::<Result<Vec<u32>, FuseError>>()?;
    let functions = layout.function_count()?;
    let mut exports = exports(graph, &resolved, &layout, &direct, may_give_memory)?;
    if !calls.is_empty() {
        exports.insert(INITIALIZE.to_owned(), (ExportKind::Func, functions));
    }
    exports.insert("memory".to_owned(), (ExportKind::Memory, 0));
    let written = Written {
        imports: layout.hosts.clone(),
        exports: exports
            .into_iter()
            .map(|(name, (kind, index))| Export { name, kind, index })
            .collect(),
        calls,
    };
    let parts = layout.parts(&resolved, &direct, retired)?;
    Ok(Merged {
        bytes: core_module::write(&written, &parts)?,
        modules: resolved.modules.len(),
        functions,
    })
}

/// What the component needs of the fused module, by the names that it has in the libraries.
fn exports(
    graph: &Graph<'_>,
    resolved: &Resolved<'_>,
    layout: &Layout,
    direct: &HashMap<Target, Target>,
    may_give_memory: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, (ExportKind, u32)>, FuseError> {
    let found = |function: u32| {
        let (target, name) = resolved
            .core_function(graph, function)?
            .ok_or_else(|| FuseError::assumption("every function of the component is there"))?;
        let target = *direct.get(&target).unwrap_or(&target);
        Ok::<_, FuseError>((target, name))
    };
    let mut exports = BTreeMap::new();
    let mut add = |name: String, target: Target| {
        let index = layout
            .function(target, direct)
            .ok_or_else(|| FuseError::assumption("what is exported is a module's own"))?;
        let place = (ExportKind::Func, index);
        assumed(
            exports
                .insert(name, place)
                .is_none_or(|other| other == place),
            "no two functions of the component have one name",
        )
    };
    for function in &graph.lifted {
        let (target, name) = found(*function)?;
        add(name, target)?;
    }
    let mut reallocs = Vec::new();
    for function in graph.reallocs_of_exports.iter().chain(&graph.reallocs) {
        let (target, _) = found(*function)?;
        if let Target::Defined { module, .. } = target {
            let name = resolved.names.get(module).map_or("", String::as_str);
            if !may_give_memory(name) {
                return Err(FuseError::Realloc(name.to_owned()));
            }
        }
        reallocs.push(target);
    }
    if let Some(realloc) = reallocs.first() {
        add("cabi_realloc".to_owned(), *realloc)?;
    }
    Ok(exports)
}
