//! Writing a module that is put together of parts of others.

use super::{
    ModuleError, at, index,
    mapped::Mapped,
    part::{Part, Types},
};
use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, ImportSection, Instruction, MemorySection, Module,
    NameMap, NameSection, TableSection, TagSection, TypeSection, reencode::Reencode,
};
use wasmparser::{ElementKind, FuncType};

/// A function that the written module imports.
#[derive(Debug, Clone)]
pub struct HostFunction {
    /// The first name of the import.
    pub module: String,
    /// The second name.
    pub name: String,
    /// Its type.
    pub ty: FuncType,
}

/// An export of the written module.
#[derive(Debug, Clone)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ExportKind,
    /// Its index in the written module.
    pub index: u32,
}

/// What is written besides the parts.
#[derive(Default)]
pub struct Written {
    /// The imports, which are the first functions.
    pub imports: Vec<HostFunction>,
    /// The exports.
    pub exports: Vec<Export>,
    /// The functions that a function behind all others calls, in order; without any there is no such function.
    pub calls: Vec<u32>,
}

/// Writes one module of parts. Index spaces hold the items of the first part first.
///
/// # Errors
/// When a part cannot be read, or names an item that has no place.
pub fn write(written: &Written, parts: &[Part<'_, '_>]) -> Result<Vec<u8>, ModuleError> {
    let mut types = Types::default();
    let mut imports = ImportSection::new();
    for import in &written.imports {
        let ty = types.of(&import.ty)?;
        imports.import(
            &import.module,
            &import.name,
            wasm_encoder::EntityType::Function(ty),
        );
    }
    let mut sections = Sections::default();
    let mut names = Names::new(&written.imports)?;
    let mut elements_before = 0;
    let mut data_before = 0;
    for part in parts {
        let mut mapped = Mapped {
            part,
            types: &mut types,
            elements: part_elements(part, elements_before)?,
            data_before,
            missing: None,
        };
        sections.take(&mut mapped)?;
        names.take(part);
        elements_before += index(mapped.elements.iter().flatten().count())?;
        data_before += index(part.module.data.len())?;
    }
    if !written.calls.is_empty() {
        let ty = types.of(&FuncType::new([], []))?;
        sections.functions.function(ty);
        let mut function = Function::new([]);
        for call in &written.calls {
            function.instruction(&Instruction::Call(*call));
        }
        function.instruction(&Instruction::End);
        sections.code.function(&function);
    }
    let mut exports = ExportSection::new();
    for export in &written.exports {
        exports.export(&export.name, export.kind, export.index);
    }
    Ok(sections.finish(types.section()?, imports, exports, data_before, &names.map))
}

/// The new index of each element segment of a part; none for those of tables that are left out.
fn part_elements(part: &Part<'_, '_>, before: u32) -> Result<Vec<Option<u32>>, ModuleError> {
    let mut next = before;
    let mut places = Vec::new();
    for element in &part.module.elements {
        let is_kept = match &element.kind {
            ElementKind::Active { table_index, .. } => {
                at(&part.tables, table_index.unwrap_or(0), "table")?.is_some()
            }
            ElementKind::Passive | ElementKind::Declared => true,
        };
        places.push(is_kept.then_some(next));
        next += u32::from(is_kept);
    }
    Ok(places)
}

/// The sections that parts add to.
#[derive(Default)]
struct Sections {
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    tags: TagSection,
    globals: GlobalSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
}

impl Sections {
    fn take(&mut self, mapped: &mut Mapped<'_, '_, '_>) -> Result<(), ModuleError> {
        let part = mapped.part;
        let module = part.module;
        for function in &part.kept_functions {
            let ty = module.function_type(*function)?.clone();
            self.functions.function(mapped.types.of(&ty)?);
            let body = module
                .body(*function)
                .ok_or_else(|| ModuleError::unsupported("a function has no code"))?;
            if part.unreachable.contains(function) {
                let mut trap = Function::new([]);
                trap.instruction(&Instruction::Unreachable);
                trap.instruction(&Instruction::End);
                self.code.function(&trap);
            } else if part.emptied.contains(function) {
                let mut nothing = Function::new([]);
                nothing.instruction(&Instruction::End);
                self.code.function(&nothing);
            } else {
                let written = mapped.parse_function_body(&mut self.code, body.clone());
                mapped.checked(written)?;
            }
        }
        for (_, ty) in &part.kept_tables {
            let ty = mapped.table_type(*ty);
            let ty = mapped.checked(ty)?;
            self.tables.table(ty);
        }
        for memory in module.memories.iter().skip(module.imported_memories) {
            let ty = mapped.memory_type(*memory);
            let ty = mapped.checked(ty)?;
            self.memories.memory(ty);
        }
        for tag in module.tags.iter().skip(module.imported_tags) {
            let ty = at(&module.types, *tag, "type")?.clone();
            self.tags.tag(wasm_encoder::TagType {
                kind: wasm_encoder::TagKind::Exception,
                func_type_idx: mapped.types.of(&ty)?,
            });
        }
        for global in &part.kept_globals {
            let ty = *at(&module.globals, *global, "global")?;
            let defined = global
                .checked_sub(index(module.imported_globals())?)
                .ok_or_else(|| ModuleError::unsupported("an imported global has no value"))?;
            let value = at(&module.global_values, defined, "global")?.clone();
            let ty = mapped.global_type(ty);
            let ty = mapped.checked(ty)?;
            let value = mapped.constant(value)?;
            self.globals.global(ty, &value);
        }
        for (element, place) in module.elements.iter().zip(mapped.elements.clone()) {
            if place.is_some() {
                self.element(mapped, element.clone())?;
            }
        }
        for data in &module.data {
            match data.kind.clone() {
                wasmparser::DataKind::Active { offset_expr, .. } => {
                    let offset = mapped.constant(offset_expr)?;
                    self.data.active(0, &offset, data.data.iter().copied());
                }
                wasmparser::DataKind::Passive => {
                    self.data.passive(data.data.iter().copied());
                }
            }
        }
        Ok(())
    }

    fn element(
        &mut self,
        mapped: &mut Mapped<'_, '_, '_>,
        element: wasmparser::Element<'_>,
    ) -> Result<(), ModuleError> {
        let items = mapped.element_items(element.items);
        let items = mapped.checked(items)?;
        match element.kind {
            ElementKind::Active {
                table_index,
                offset_expr,
            } => {
                let table = mapped.table_index(table_index.unwrap_or(0));
                let table = mapped.checked(table)?;
                let offset = mapped.constant(offset_expr)?;
                self.elements
                    .active((table != 0).then_some(table), &offset, items);
            }
            ElementKind::Passive => {
                self.elements.passive(items);
            }
            ElementKind::Declared => {
                self.elements.declared(items);
            }
        }
        Ok(())
    }

    fn finish(
        self,
        types: TypeSection,
        imports: ImportSection,
        exports: ExportSection,
        data: u32,
        names: &NameMap,
    ) -> Vec<u8> {
        let mut module = Module::new();
        module.section(&types);
        module.section(&imports);
        module.section(&self.functions);
        module.section(&self.tables);
        module.section(&self.memories);
        if !self.tags.is_empty() {
            module.section(&self.tags);
        }
        module.section(&self.globals);
        module.section(&exports);
        module.section(&self.elements);
        module.section(&DataCountSection { count: data });
        module.section(&self.code);
        module.section(&self.data);
        let mut section = NameSection::new();
        section.functions(names);
        module.section(&section);
        module.finish()
    }
}

/// The name section: every function is called `library::function`, so that traces tell whose it is.
struct Names {
    map: NameMap,
    next: u32,
}

impl Names {
    fn new(imports: &[HostFunction]) -> Result<Self, ModuleError> {
        let mut map = NameMap::new();
        for (number, import) in imports.iter().enumerate() {
            map.append(
                index(number)?,
                &format!("{}::{}", import.module, import.name),
            );
        }
        Ok(Self {
            map,
            next: index(imports.len())?,
        })
    }

    fn take(&mut self, part: &Part<'_, '_>) {
        for function in &part.kept_functions {
            if let Some(name) = part.module.names.get(function) {
                if part.name.is_empty() {
                    self.map.append(self.next, name);
                } else {
                    self.map
                        .append(self.next, &format!("{}::{name}", part.name));
                }
            }
            self.next += 1;
        }
    }
}
