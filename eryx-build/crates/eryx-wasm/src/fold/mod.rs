//! Fold: the snapshot of a fused component → the same with less in it.
//!
//! Once the heap is baked, much of the code cannot run any more, and most globals, which held addresses,
//! will never be set again. What no call can reach is left out, and a global that no code that is left
//! sets is written as its value. The table gets a fixed size, when nothing makes it grow. `docs/src/internals/fusing.md`
//! says why each is sound.
//!
//! This module knows nothing of Python, nor how the component was linked.
//!
//! ```no_run
//! # fn folded(snapshot: &[u8]) -> Result<(), eryx_wasm::fold::FoldError> {
//! let folded = eryx_wasm::fold::fold(snapshot)?;
//! println!("{} functions left out", folded.dropped_functions);
//! # Ok(()) }
//! ```

mod component;
mod error;
mod live;

pub use error::FoldError;

use crate::core_module::{
    self, Constant, CoreModule, Export, GlobalPlace, HostFunction, ModuleError, Part, Written,
    index,
};
use live::Live;
use std::collections::HashSet;
use wasm_encoder::ExportKind;
use wasmparser::{ExternalKind, TableType};

/// The function that the snapshot has behind it.
const INITIALIZE: &str = "_initialize";

/// A snapshot without what it cannot use.
#[derive(Debug, Clone)]
pub struct Folded {
    /// The component's binary.
    pub bytes: Vec<u8>,
    /// How many functions its core module has.
    pub functions: usize,
    /// How many functions were left out.
    pub dropped_functions: usize,
    /// How many globals were written as their values.
    pub dropped_globals: usize,
}

/// Leaves out of a snapshot what cannot be used any more.
///
/// # Errors
/// When it has not one core module with a memory, or one that cannot be rewritten. The snapshot can be
/// used as it is then.
pub fn fold(snapshot: &[u8]) -> Result<Folded, FoldError> {
    let modules = component::modules(snapshot)?;
    let mut with_memory = Vec::new();
    for (number, bytes) in modules.iter().enumerate() {
        let module = CoreModule::read(bytes)?;
        if module.memories.len() > module.imported_memories {
            with_memory.push((number, module));
        }
    }
    let count = with_memory.len();
    let (Some((number, module)), 1) = (with_memory.pop(), count) else {
        return Err(FoldError::Memories(count));
    };
    let plan = Plan::new(&module)?;
    let written = plan.write(&module)?;
    let bytes = component::with_module(snapshot, number, &written)?;
    let features = wasmparser::WasmFeatures::all();
    wasmparser::Validator::new_with_features(features)
        .validate_all(&bytes)
        .map_err(FoldError::Invalid)?;
    Ok(Folded {
        bytes,
        functions: plan.kept_functions.len(),
        dropped_functions: module.bodies.len() - plan.kept_functions.len(),
        dropped_globals: module.globals.len() - plan.kept_globals.len(),
    })
}

/// What is kept, and where it goes.
struct Plan {
    functions: Vec<Option<u32>>,
    globals: Vec<GlobalPlace>,
    kept_functions: Vec<u32>,
    kept_globals: Vec<u32>,
    kept_tables: Vec<(u32, TableType)>,
    emptied: Vec<u32>,
}

impl Plan {
    fn new(module: &CoreModule<'_>) -> Result<Self, FoldError> {
        let only_functions = module.imported_functions == module.imports.len();
        if !only_functions {
            return Err(FoldError::Module(ModuleError::unsupported(
                "the core module imports something other than functions",
            )));
        }
        // The heap is what this function left; run again, it would undo that.
        let emptied = module
            .export(INITIALIZE)
            .and_then(|(kind, function)| (kind == ExternalKind::Func).then_some(function));
        let live = Live::of(module, emptied)?;
        let mut functions = Vec::new();
        let mut kept_functions = Vec::new();
        let mut next = index(module.imported_functions)?;
        for function in 0..index(module.functions.len())? {
            if module.body(function).is_none() {
                functions.push(Some(function));
            } else if live.functions.contains(&function) {
                functions.push(Some(next));
                kept_functions.push(function);
                next += 1;
            } else {
                functions.push(None);
            }
        }
        let exported_globals = exported(module, ExternalKind::Global);
        let mut globals = Vec::new();
        let mut kept_globals = Vec::new();
        for (global, value) in (0..).zip(&module.global_values) {
            let is_fixed =
                !live.globals_set.contains(&global) && !exported_globals.contains(&global);
            let known = Constant::of(value, |other| {
                match globals.get(usize::try_from(other).ok()?) {
                    Some(GlobalPlace::Value(value)) => Some(*value),
                    _ => None,
                }
            });
            globals.push(match known {
                Some(value) if is_fixed => GlobalPlace::Value(value),
                _ => {
                    kept_globals.push(global);
                    GlobalPlace::Index(index(kept_globals.len() - 1)?)
                }
            });
        }
        let exported_tables = exported(module, ExternalKind::Table);
        let kept_tables = (0..)
            .zip(&module.tables)
            .map(|(table, ty)| {
                let is_fixed =
                    !live.tables_grown.contains(&table) && !exported_tables.contains(&table);
                let maximum = if is_fixed {
                    Some(ty.initial)
                } else {
                    ty.maximum
                };
                (table, TableType { maximum, ..*ty })
            })
            .collect();
        Ok(Self {
            functions,
            globals,
            kept_functions,
            kept_globals,
            kept_tables,
            emptied: emptied.into_iter().collect(),
        })
    }

    fn write(&self, module: &CoreModule<'_>) -> Result<Vec<u8>, FoldError> {
        let mut imports = Vec::new();
        for (function, import) in (0..).zip(&module.imports) {
            imports.push(HostFunction {
                module: import.module.to_owned(),
                name: import.name.to_owned(),
                ty: module.function_type(function)?.clone(),
            });
        }
        let mut exports = Vec::new();
        for export in &module.exports {
            let (kind, index) = self.export(export)?;
            exports.push(Export {
                name: export.name.to_owned(),
                kind,
                index,
            });
        }
        let part = Part {
            module,
            name: "",
            functions: self.functions.clone(),
            globals: self.globals.clone(),
            tables: (0..index(module.tables.len())?).map(Some).collect(),
            tags: (0..index(module.tags.len())?).collect(),
            kept_functions: self.kept_functions.clone(),
            kept_globals: self.kept_globals.clone(),
            kept_tables: self.kept_tables.clone(),
            emptied: self.emptied.clone(),
            unreachable: HashSet::new(),
        };
        let written = Written {
            imports,
            exports,
            calls: Vec::new(),
        };
        Ok(core_module::write(&written, &[part])?)
    }

    fn export(&self, export: &wasmparser::Export<'_>) -> Result<(ExportKind, u32), ModuleError> {
        let gone = || ModuleError::unsupported("something that is exported was left out");
        Ok(match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact => {
                let place = core_module::at(&self.functions, export.index, "function")?;
                (ExportKind::Func, place.ok_or_else(gone)?)
            }
            ExternalKind::Global => match core_module::at(&self.globals, export.index, "global")? {
                GlobalPlace::Index(index) => (ExportKind::Global, *index),
                GlobalPlace::Value(_) => return Err(gone()),
            },
            ExternalKind::Table => (ExportKind::Table, export.index),
            ExternalKind::Memory => (ExportKind::Memory, export.index),
            ExternalKind::Tag => (ExportKind::Tag, export.index),
        })
    }
}

fn exported(module: &CoreModule<'_>, kind: ExternalKind) -> HashSet<u32> {
    module
        .exports
        .iter()
        .filter(|export| export.kind == kind)
        .map(|export| export.index)
        .collect()
}
