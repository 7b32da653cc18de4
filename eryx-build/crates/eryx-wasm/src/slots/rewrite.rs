//! A shared library with functions put before some of its own.
//!
//! All that is there keeps its index: types, functions and entries of the table are added behind those that
//! there are. The function that stores addresses when the library is loaded stores a few more at its end, over
//! those that it stored before. Sections that do not change are copied as they are.

use super::{
    call::Call,
    data::{StaticData, own_entries},
};
use crate::core_module::{CoreModule, ModuleError, index};
use std::collections::BTreeMap;
use wasm_encoder::{
    CodeSection, CustomSection, ElementSection, Elements, Encode as _, Function, FunctionSection,
    Instruction, MemArg, Module, RawSection,
    reencode::{Reencode as _, RoundtripReencoder},
};
use wasmparser::{BinaryReader, BinaryReaderError, Element, Parser, Payload};

/// The number of the subsection of `dylink.0` that says how large a library's memory and table are.
const MEMORY_INFORMATION: u8 = 1;

/// The library in which the words of `adapted`, by address, hold functions that are called so, and which call
/// what the words held.
///
/// # Errors
/// When it cannot be read or written.
pub(super) fn with_adapters(
    library: &[u8],
    module: &CoreModule<'_>,
    data: &StaticData<'_>,
    adapted: &BTreeMap<u32, (u32, Call)>,
) -> Result<Vec<u8>, ModuleError> {
    let adapters = Adapters::new(module, data, adapted)?;
    let mut written = Module::new();
    for payload in Parser::new(0).parse_all(library) {
        let payload = payload?;
        match &payload {
            Payload::CustomSection(section) if section.name() == "dylink.0" => {
                let data = adapters.dylink(section.data(), section.data_offset())?;
                written.section(&CustomSection {
                    name: section.name().into(),
                    data: data.into(),
                });
            }
            Payload::TypeSection(section) => {
                let (range, count) = (section.range(), section.count());
                let types = library.get(range.start..range.end).unwrap_or_default();
                written.section(&RawSection {
                    id: wasm_encoder::SectionId::Type.into(),
                    data: &adapters.types(types, count)?,
                });
            }
            Payload::FunctionSection(section) => {
                let mut functions = FunctionSection::new();
                for ty in section.clone() {
                    functions.function(ty?);
                }
                for number in 0..adapters.functions.len() {
                    functions.function(adapters.first_type + index(number)?);
                }
                written.section(&functions);
            }
            Payload::ElementSection(section) => {
                let mut elements = ElementSection::new();
                for element in section.clone() {
                    adapters.element(&mut elements, element?)?;
                }
                written.section(&elements);
            }
            Payload::CodeSectionStart { .. } => {
                written.section(&adapters.code(module)?);
            }
            Payload::CodeSectionEntry(_) => {}
            _ => {
                if let Some((id, range)) = payload.as_section() {
                    let data = library.get(range).unwrap_or_default();
                    written.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(written.finish())
}

/// What is added to a library.
struct Adapters {
    /// The function behind each adapter, and how the adapter is called.
    functions: Vec<(u32, Call)>,
    /// How many arguments each function takes, and whether it returns something.
    types: Vec<(usize, bool)>,
    /// The words that get an adapter's address, and its number.
    words: Vec<(u32, usize)>,
    first_type: u32,
    first_function: u32,
    /// The entry of the first adapter in the library's part of the table.
    first_entry: u32,
    /// The function that stores addresses.
    relocate: u32,
    memory_base: u32,
    table_base: u32,
}

impl Adapters {
    fn new(
        module: &CoreModule<'_>,
        data: &StaticData<'_>,
        adapted: &BTreeMap<u32, (u32, Call)>,
    ) -> Result<Self, ModuleError> {
        let mut numbers = BTreeMap::new();
        let mut adapters = Self {
            functions: Vec::new(),
            types: Vec::new(),
            words: Vec::new(),
            first_type: index(module.types.len())?,
            first_function: index(module.functions.len())?,
            first_entry: module
                .elements
                .iter()
                .find_map(|element| Some(own_entries(element, data.table_base)?.count()))
                .ok_or_else(|| {
                    ModuleError::unsupported("the library has no functions in the table")
                })?,
            relocate: data.relocate,
            memory_base: data.memory_base,
            table_base: data.table_base,
        };
        for (address, function) in adapted {
            let next = adapters.functions.len();
            let number = *numbers.entry(*function).or_insert(next);
            if number == next {
                let ty = module.function_type(function.0)?;
                adapters.functions.push(*function);
                adapters
                    .types
                    .push((ty.params().len(), !ty.results().is_empty()));
            }
            adapters.words.push((*address, number));
        }
        Ok(adapters)
    }

    /// The section `dylink.0`, with a larger table.
    fn dylink(&self, section: &[u8], offset: usize) -> Result<Vec<u8>, ModuleError> {
        let mut written = Vec::new();
        let mut reader = BinaryReader::new(section, offset);
        while !reader.eof() {
            let id = reader.read_u8()?;
            let length = reader.read_var_u32()?;
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let start = reader.original_position();
            let mut data = reader.read_bytes(length)?.to_vec();
            if id == MEMORY_INFORMATION {
                data = self.memory_information(&data, start)?;
            }
            written.push(id);
            data.as_slice().encode(&mut written);
        }
        Ok(written)
    }

    fn memory_information(&self, data: &[u8], offset: usize) -> Result<Vec<u8>, BinaryReaderError> {
        let mut reader = BinaryReader::new(data, offset);
        let mut numbers = [0; 4];
        for number in &mut numbers {
            *number = reader.read_var_u32()?;
        }
        let added = u32::try_from(self.functions.len()).unwrap_or(u32::MAX);
        let [_, _, table, _] = &mut numbers;
        *table = (*table).max(self.first_entry.saturating_add(added));
        let mut written = Vec::new();
        for number in numbers {
            number.encode(&mut written);
        }
        Ok(written)
    }

    /// The section of types, with a type for each adapter.
    fn types(&self, section: &[u8], count: u32) -> Result<Vec<u8>, ModuleError> {
        let mut reader = BinaryReader::new(section, 0);
        reader.read_var_u32()?;
        let known = section
            .get(reader.original_position()..)
            .unwrap_or_default();
        let mut written = Vec::new();
        (count + index(self.functions.len())?).encode(&mut written);
        written.extend_from_slice(known);
        for (_, call) in &self.functions {
            let number = [wasm_encoder::ValType::I32];
            // The form of a function type.
            written.push(0x60);
            call.arguments.encode(&mut written);
            for _ in 0..call.arguments {
                number[0].encode(&mut written);
            }
            number
                .get(..usize::from(call.has_result))
                .unwrap_or_default()
                .encode(&mut written);
        }
        Ok(written)
    }

    /// Adds a segment; the library's own has the adapters at its end.
    fn element(
        &self,
        section: &mut ElementSection,
        element: Element<'_>,
    ) -> Result<(), ModuleError> {
        let failed = |_| ModuleError::unsupported("a segment of the table cannot be written");
        let Some(own) = own_entries(&element, self.table_base) else {
            return RoundtripReencoder
                .parse_element(section, element)
                .map_err(failed);
        };
        let mut functions = own.into_iter().collect::<Result<Vec<u32>, _>>()?;
        functions.extend((self.first_function..).take(self.functions.len()));
        section.active(
            None,
            &wasm_encoder::ConstExpr::global_get(self.table_base),
            Elements::Functions(functions.into()),
        );
        Ok(())
    }

    /// All functions, the longer one that stores addresses, and the adapters.
    fn code(&self, module: &CoreModule<'_>) -> Result<CodeSection, ModuleError> {
        let mut section = CodeSection::new();
        for (function, body) in module.defined_functions()?.zip(&module.bodies) {
            let bytes = body.as_bytes();
            if function == self.relocate {
                section.raw(&self.relocating(bytes));
            } else {
                section.raw(bytes);
            }
        }
        for ((function, call), (taken, returns)) in self.functions.iter().zip(&self.types) {
            let mut adapter = Function::new([]);
            for parameter in 0..*taken {
                adapter.instruction(&Instruction::LocalGet(index(parameter)?));
            }
            adapter.instruction(&Instruction::Call(*function));
            match (call.has_result, returns) {
                (true, false) => {
                    adapter.instruction(&Instruction::I32Const(0));
                }
                (false, true) => {
                    adapter.instruction(&Instruction::Drop);
                }
                _ => {}
            }
            adapter.instruction(&Instruction::End);
            section.function(&adapter);
        }
        Ok(section)
    }

    /// The code that stores addresses, with the adapters' stored last.
    fn relocating(&self, body: &[u8]) -> Vec<u8> {
        let (_end, stores) = body.split_last().unwrap_or((&0, body));
        let mut written = stores.to_vec();
        for (address, number) in &self.words {
            let entry = u32::try_from(*number).unwrap_or(u32::MAX);
            let entry = self.first_entry.saturating_add(entry);
            for instruction in [
                Instruction::GlobalGet(self.memory_base),
                Instruction::I32Const(address.cast_signed()),
                Instruction::I32Add,
                Instruction::GlobalGet(self.table_base),
                Instruction::I32Const(entry.cast_signed()),
                Instruction::I32Add,
                Instruction::I32Store(MemArg {
                    offset: 0,
                    align: 2,
                    memory_index: 0,
                }),
            ] {
                instruction.encode(&mut written);
            }
        }
        Instruction::End.encode(&mut written);
        written
    }
}
