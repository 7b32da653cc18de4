//! A core module, read into parts.

use super::{ModuleError, index};
use std::collections::HashMap;
use wasmparser::{
    CompositeInnerType, ConstExpr, Data, Element, FuncType, FunctionBody, GlobalType, KnownCustom,
    MemoryType, Name, Parser, Payload, TableInit, TableType, TypeRef,
};

/// The parts of a core module. Index spaces hold what is imported first, as in the binary format.
#[derive(Default)]
pub struct CoreModule<'a> {
    /// Function types.
    pub types: Vec<FuncType>,
    /// What it imports, of every kind, in order.
    pub imports: Vec<Import<'a>>,
    /// The type index of every function.
    pub functions: Vec<u32>,
    /// How many of the functions are imported.
    pub imported_functions: usize,
    /// Every table.
    pub tables: Vec<TableType>,
    /// How many of the tables are imported.
    pub imported_tables: usize,
    /// Every memory.
    pub memories: Vec<MemoryType>,
    /// How many of the memories are imported.
    pub imported_memories: usize,
    /// The type of every global.
    pub globals: Vec<GlobalType>,
    /// The initial values of the globals that are not imported.
    pub global_values: Vec<ConstExpr<'a>>,
    /// The type index of every exception tag.
    pub tags: Vec<u32>,
    /// How many of the tags are imported.
    pub imported_tags: usize,
    /// What it exports.
    pub exports: Vec<wasmparser::Export<'a>>,
    /// The start function.
    pub start: Option<u32>,
    /// Element segments.
    pub elements: Vec<Element<'a>>,
    /// Data segments.
    pub data: Vec<Data<'a>>,
    /// The bodies of the functions that are not imported.
    pub bodies: Vec<FunctionBody<'a>>,
    /// The names of functions, as the name section has them.
    pub names: HashMap<u32, &'a str>,
}

/// One import of a core module.
#[derive(Debug, Clone, Copy)]
pub struct Import<'a> {
    /// The first name.
    pub module: &'a str,
    /// The second name.
    pub name: &'a str,
    /// What is imported.
    pub kind: ImportKind,
}

/// What an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// A function.
    Function,
    /// A table.
    Table,
    /// A memory.
    Memory,
    /// A global.
    Global,
    /// An exception tag.
    Tag,
}

impl<'a> CoreModule<'a> {
    /// Reads a module, which needs not be validated before.
    ///
    /// # Errors
    /// When it cannot be read, or has types other than functions or tables with an initial value.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ModuleError> {
        let mut module = CoreModule::default();
        for payload in Parser::new(0).parse_all(bytes) {
            module.take(payload?)?;
        }
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<(), ModuleError> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.into_types() {
                        let CompositeInnerType::Func(function) = ty.composite_type.inner else {
                            return Err(ModuleError::unsupported(
                                "a library has types other than functions",
                            ));
                        };
                        self.types.push(function);
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.import(import?);
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    let table = table?;
                    if !matches!(table.init, TableInit::RefNull) {
                        return Err(ModuleError::unsupported(
                            "a library has a table with an initial value",
                        ));
                    }
                    self.tables.push(table.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories.push(memory?);
                }
            }
            Payload::TagSection(section) => {
                for tag in section {
                    self.tags.push(tag?.func_type_idx);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global?;
                    self.globals.push(global.ty);
                    self.global_values.push(global.init_expr);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    self.exports.push(export?);
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(section) => {
                for element in section {
                    self.elements.push(element?);
                }
            }
            Payload::DataSection(section) => {
                for data in section {
                    self.data.push(data?);
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    self.read_names(names);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: wasmparser::Import<'a>) {
        let kind = match import.ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.functions.push(ty);
                self.imported_functions += 1;
                ImportKind::Function
            }
            TypeRef::Table(ty) => {
                self.tables.push(ty);
                self.imported_tables += 1;
                ImportKind::Table
            }
            TypeRef::Memory(ty) => {
                self.memories.push(ty);
                self.imported_memories += 1;
                ImportKind::Memory
            }
            TypeRef::Global(ty) => {
                self.globals.push(ty);
                ImportKind::Global
            }
            TypeRef::Tag(ty) => {
                self.tags.push(ty.func_type_idx);
                self.imported_tags += 1;
                ImportKind::Tag
            }
        };
        self.imports.push(Import {
            module: import.module,
            name: import.name,
            kind,
        });
    }

    /// Names are for people: what cannot be read of them is left out.
    fn read_names(&mut self, section: wasmparser::NameSectionReader<'a>) {
        for name in section.into_iter().flatten() {
            if let Name::Function(names) = name {
                for naming in names.into_iter().flatten() {
                    self.names.insert(naming.index, naming.name);
                }
            }
        }
    }

    /// How many of the globals are imported.
    pub fn imported_globals(&self) -> usize {
        self.globals.len() - self.global_values.len().min(self.globals.len())
    }

    /// The type of a function.
    ///
    /// # Errors
    /// When there is no such function or type.
    pub fn function_type(&self, function: u32) -> Result<&FuncType, ModuleError> {
        let ty = super::at(&self.functions, function, "function")?;
        super::at(&self.types, *ty, "type")
    }

    /// The body of a function; none when it is imported.
    pub fn body(&self, function: u32) -> Option<&FunctionBody<'a>> {
        let defined = usize::try_from(function)
            .ok()?
            .checked_sub(self.imported_functions)?;
        self.bodies.get(defined)
    }

    /// The indices of the functions that are not imported.
    ///
    /// # Errors
    /// When there are more than the binary format can count.
    pub fn defined_functions(&self) -> Result<std::ops::Range<u32>, ModuleError> {
        Ok(index(self.imported_functions)?..index(self.functions.len())?)
    }

    /// What an export of a name is: its kind and index.
    pub fn export(&self, name: &str) -> Option<(wasmparser::ExternalKind, u32)> {
        self.exports
            .iter()
            .find(|export| export.name == name)
            .map(|export| (export.kind, export.index))
    }
}
