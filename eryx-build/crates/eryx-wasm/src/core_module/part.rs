//! What a written module is put together of, and where each item goes.

use super::{Constant, CoreModule, ModuleError, index};
use std::collections::{HashMap, HashSet};
use wasm_encoder::{
    TypeSection,
    reencode::{self, Reencode},
};
use wasmparser::FuncType;

/// One module that goes into the written one, and where each of its items goes.
pub struct Part<'m, 'a> {
    /// What is read.
    pub module: &'m CoreModule<'a>,
    /// What its functions are called after, with `::` between; nothing when empty.
    pub name: &'m str,
    /// The index of each of its functions in the written module; none when it is left out.
    pub functions: Vec<Option<u32>>,
    /// What becomes of each of its globals.
    pub globals: Vec<GlobalPlace>,
    /// The index of each of its tables; none when it is left out, with its segments.
    pub tables: Vec<Option<u32>>,
    /// The index of each of its tags.
    pub tags: Vec<u32>,
    /// Defined functions whose code is written, by their index in the part, in the order of their new ones.
    pub kept_functions: Vec<u32>,
    /// Defined globals that are written, by their index in the part.
    pub kept_globals: Vec<u32>,
    /// Defined tables that are written, by their index in the part, with their type.
    pub kept_tables: Vec<(u32, wasmparser::TableType)>,
    /// Defined functions that do nothing in the written module.
    pub emptied: Vec<u32>,
    /// Defined functions that trap in the written module.
    pub unreachable: HashSet<u32>,
}

/// What becomes of a global.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlobalPlace {
    /// It is a global of this index.
    Index(u32),
    /// It always has this value, which is written in its place.
    Value(Constant),
}

/// The function types of the written module, each once.
#[derive(Default)]
pub(super) struct Types {
    known: HashMap<FuncType, u32>,
    list: Vec<FuncType>,
}

impl Types {
    pub(super) fn of(&mut self, ty: &FuncType) -> Result<u32, ModuleError> {
        if let Some(known) = self.known.get(ty) {
            return Ok(*known);
        }
        // Its index means another type in another module.
        let is_of_its_module = |ty: &wasmparser::ValType| matches!(ty, wasmparser::ValType::Ref(ty) if ty.is_concrete_type_ref());
        if ty.params().iter().chain(ty.results()).any(is_of_its_module) {
            return Err(ModuleError::unsupported(
                "a function takes or gives references of a type of its module's own",
            ));
        }
        let number = index(self.list.len())?;
        self.known.insert(ty.clone(), number);
        self.list.push(ty.clone());
        Ok(number)
    }

    pub(super) fn section(&self) -> Result<TypeSection, ModuleError> {
        let mut section = TypeSection::new();
        let mut same = reencode::RoundtripReencoder;
        for ty in &self.list {
            let params = same.val_types(ty.params().to_vec());
            let results = same.val_types(ty.results().to_vec());
            let (Ok(params), Ok(results)) = (params, results) else {
                return Err(ModuleError::unsupported("a type cannot be written"));
            };
            section.ty().function(params, results);
        }
        Ok(section)
    }
}
