//! The static data of a shared library, and the addresses that are stored in it when it is loaded.

use crate::core_module::{CoreModule, ModuleError};
use std::collections::BTreeMap;
use wasmparser::{
    ConstExpr, DataKind, Element, ElementItems, ElementKind, ExternalKind, Operator, SectionLimited,
};

/// The function by which a shared library stores addresses in its data, by the tool conventions for
/// WebAssembly.
const RELOCATE: &str = "__wasm_apply_data_relocs";

/// The longest name of a type or method that is read, in bytes.
const MAX_NAME: usize = 200;

/// What a word of static data holds once the library is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A number.
    Number(u32),
    /// An address within the library's own memory, from its beginning.
    Memory(u32),
    /// A function that the library defines.
    Function(u32),
    /// An address of another library's.
    Foreign,
}

/// A value while the function that relocates is read.
#[derive(Debug, Clone, Copy)]
enum Value {
    Number(u32),
    Memory(u32),
    Table(u32),
    Function(u32),
    Foreign,
}

/// The static data of a library.
pub(super) struct StaticData<'a> {
    /// Segments by their address.
    segments: BTreeMap<u32, &'a [u8]>,
    /// Words that are stored when the library is loaded.
    stored: BTreeMap<u32, Word>,
    /// The function that stores them.
    pub relocate: u32,
    /// The global that has the address of the library's memory.
    pub memory_base: u32,
    /// The global that has its place in the table.
    pub table_base: u32,
}

impl<'a> StaticData<'a> {
    /// Reads a library. None when it stores no addresses, and so has no tables.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn read(module: &CoreModule<'a>) -> Result<Option<Self>, ModuleError> {
        let Some((ExternalKind::Func, relocate)) = module.export(RELOCATE) else {
            return Ok(None);
        };
        let Some(body) = module.body(relocate) else {
            return Ok(None);
        };
        let global = |name: &str| {
            let globals = module
                .imports
                .iter()
                .filter(|import| import.kind == crate::core_module::ImportKind::Global);
            (0..)
                .zip(globals)
                .find(|(_, import)| import.module == "env" && import.name == name)
                .map(|(number, _)| number)
        };
        let (Some(memory_base), Some(table_base)) =
            (global("__memory_base"), global("__table_base"))
        else {
            return Ok(None);
        };
        let mut segments = BTreeMap::new();
        for data in &module.data {
            if let DataKind::Active { offset_expr, .. } = &data.kind
                && let Some(address) = offset(offset_expr, memory_base)
            {
                segments.insert(address, data.data);
            }
        }
        let table = table(module, table_base)?;
        let globals = globals(module, memory_base, table_base);
        let mut data = StaticData {
            segments,
            stored: BTreeMap::new(),
            relocate,
            memory_base,
            table_base,
        };
        // It is a row of stores. Whatever else is in there is not understood, and what follows is left alone.
        let mut stack: Vec<Value> = Vec::new();
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            match operators.read()? {
                Operator::I32Const { value } => stack.push(Value::Number(value.cast_unsigned())),
                Operator::GlobalGet { global_index } => stack.push(
                    globals
                        .get(&global_index)
                        .copied()
                        .unwrap_or(Value::Foreign),
                ),
                Operator::I32Add => {
                    let (Some(right), Some(left)) = (stack.pop(), stack.pop()) else {
                        break;
                    };
                    stack.push(sum(left, right));
                }
                Operator::I32Store { memarg } => {
                    let (Some(value), Some(address)) = (stack.pop(), stack.pop()) else {
                        break;
                    };
                    let Value::Memory(address) = address else {
                        continue;
                    };
                    let address =
                        u32::try_from(memarg.offset).map(|offset| address.wrapping_add(offset));
                    if let Ok(address) = address {
                        data.stored.insert(address, word(value, &table));
                    }
                }
                Operator::End => {}
                _ => break,
            }
        }
        Ok(Some(data))
    }

    /// The word at an address. None outside of the static data.
    pub(super) fn word(&self, address: u32) -> Option<Word> {
        if let Some(word) = self.stored.get(&address) {
            return Some(*word);
        }
        let bytes = self.bytes(address)?.first_chunk::<4>()?;
        Some(Word::Number(u32::from_le_bytes(*bytes)))
    }

    /// The addresses of words that hold an address within the library, and that address.
    pub(super) fn references(&self) -> impl Iterator<Item = (u32, u32)> {
        self.stored.iter().filter_map(|(address, word)| match word {
            Word::Memory(to) => Some((*address, *to)),
            _ => None,
        })
    }

    /// The name at an address: letters, digits, `_` and `.`, and at least one of them.
    pub(super) fn name(&self, address: u32) -> Option<&'a str> {
        let bytes = self.bytes(address)?;
        let length = bytes.iter().take(MAX_NAME).position(|byte| *byte == 0)?;
        let name = std::str::from_utf8(bytes.get(..length)?).ok()?;
        let is_of_names = |one: char| one.is_alphanumeric() || one == '_' || one == '.';
        (!name.is_empty() && name.chars().all(is_of_names)).then_some(name)
    }

    /// The bytes of a segment from an address on.
    fn bytes(&self, address: u32) -> Option<&'a [u8]> {
        let (start, segment) = self.segments.range(..=address).next_back()?;
        let offset = usize::try_from(address - start).ok()?;
        segment.get(offset..)
    }
}

/// The offset from the beginning of the memory that a segment's place is given by.
fn offset(expression: &ConstExpr<'_>, memory_base: u32) -> Option<u32> {
    let mut sum = 0_u32;
    let mut is_relative = false;
    for operator in expression.get_operators_reader() {
        match operator.ok()? {
            Operator::I32Const { value } => sum = sum.wrapping_add(value.cast_unsigned()),
            Operator::GlobalGet { global_index } if global_index == memory_base => {
                is_relative = true;
            }
            Operator::I32Add | Operator::End => {}
            _ => return None,
        }
    }
    is_relative.then_some(sum)
}

/// The functions in the library's part of the table, in their order.
fn table(module: &CoreModule<'_>, table_base: u32) -> Result<Vec<u32>, ModuleError> {
    let own = module
        .elements
        .iter()
        .find_map(|element| own_entries(element, table_base));
    Ok(match own {
        Some(functions) => functions.into_iter().collect::<Result<_, _>>()?,
        None => Vec::new(),
    })
}

/// The functions of a segment, when it fills the library's part of the table from its beginning.
pub(super) fn own_entries<'a>(
    element: &Element<'a>,
    table_base: u32,
) -> Option<SectionLimited<'a, u32>> {
    let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(functions)) =
        (&element.kind, &element.items)
    else {
        return None;
    };
    let mut operators = offset_expr.get_operators_reader();
    let starts_there = matches!(operators.read(), Ok(Operator::GlobalGet { global_index }) if global_index == table_base)
        && matches!(operators.read(), Ok(Operator::End));
    starts_there.then(|| functions.clone())
}

/// What the imported globals hold that matter: the library's places, and addresses of its own functions,
/// which it may import as those of any library.
fn globals(module: &CoreModule<'_>, memory_base: u32, table_base: u32) -> BTreeMap<u32, Value> {
    let imported = module
        .imports
        .iter()
        .filter(|import| import.kind == crate::core_module::ImportKind::Global);
    let mut globals: BTreeMap<u32, Value> = (0..)
        .zip(imported)
        .filter(|(_, import)| import.module == "GOT.func")
        .filter_map(|(number, import)| match module.export(import.name) {
            Some((ExternalKind::Func, function)) if module.body(function).is_some() => {
                Some((number, Value::Function(function)))
            }
            _ => None,
        })
        .collect();
    globals.insert(memory_base, Value::Memory(0));
    globals.insert(table_base, Value::Table(0));
    globals
}

fn sum(left: Value, right: Value) -> Value {
    match (left, right) {
        (Value::Number(one), Value::Number(other)) => Value::Number(one.wrapping_add(other)),
        (Value::Memory(one), Value::Number(other)) | (Value::Number(other), Value::Memory(one)) => {
            Value::Memory(one.wrapping_add(other))
        }
        (Value::Table(one), Value::Number(other)) | (Value::Number(other), Value::Table(one)) => {
            Value::Table(one.wrapping_add(other))
        }
        (Value::Function(function), Value::Number(0))
        | (Value::Number(0), Value::Function(function)) => Value::Function(function),
        _ => Value::Foreign,
    }
}

fn word(value: Value, table: &[u32]) -> Word {
    match value {
        Value::Number(number) => Word::Number(number),
        Value::Memory(address) => Word::Memory(address),
        Value::Function(function) => Word::Function(function),
        Value::Table(entry) => usize::try_from(entry)
            .ok()
            .and_then(|entry| table.get(entry).copied())
            .map_or(Word::Foreign, Word::Function),
        Value::Foreign => Word::Foreign,
    }
}
