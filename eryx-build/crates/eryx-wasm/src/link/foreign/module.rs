//! Writing the library.

use super::{
    signature::Signature,
    symbols::Symbols,
    table::{CALLBACK, CALLBACKS_EACH, Data, FIRST_CALLBACK, count},
};
use std::borrow::Cow;
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements,
    Encode, EntityType, ExportKind, ExportSection, Function, FunctionSection, GlobalType,
    ImportSection, Instruction as Ins, MemArg, MemoryType, Module, RefType, TableType, TypeSection,
    ValType,
};

/// Bytes of an argument or a result in memory.
const SLOT: u64 = 8;

/// The library's imported globals, in order.
const MEMORY_BASE: u32 = 0;
const TABLE_BASE: u32 = 1;
const STACK_POINTER: u32 = 2;
const FIRST_ADDRESS: u32 = 3;

/// Types that do not depend on signatures, in order; those of signatures follow.
const NOTHING: u32 = 0;
const TABLE: u32 = 1;
const CALL: u32 = 2;
const CALLED_BACK: u32 = 3;
const FIRST_SIGNATURE: u32 = 4;

/// Functions, in order: the three that are exported, then for each signature with callbacks one that they
/// share and the callbacks themselves.
const APPLY: u32 = 0;
const GET_TABLE: u32 = 1;
const CALL_ANY: u32 = 2;
const FIRST_OF_CALLBACKS: u32 = 3;

/// The library for these symbols.
pub(super) fn write(symbols: &Symbols) -> Vec<u8> {
    let data = Data::new(symbols);
    let with_callbacks = symbols.signatures.get(..symbols.with_callbacks);
    let with_callbacks = with_callbacks.unwrap_or_default();
    let callbacks = count(with_callbacks.len()) * CALLBACKS_EACH;

    let mut module = Module::new();
    module.section(&CustomSection {
        name: Cow::Borrowed("dylink.0"),
        data: Cow::Owned(dylink(count(data.bytes.len()), callbacks)),
    });
    module.section(&types(symbols, with_callbacks));
    module.section(&imports(&data));
    let mut functions = FunctionSection::new();
    functions.function(NOTHING).function(TABLE).function(CALL);
    let first_shared = FIRST_SIGNATURE + count(symbols.signatures.len());
    for number in 0..count(with_callbacks.len()) {
        functions.function(first_shared + number);
        for _ in 0..CALLBACKS_EACH {
            functions.function(FIRST_SIGNATURE + number);
        }
    }
    module.section(&functions);
    let mut exports = ExportSection::new();
    exports.export("__wasm_apply_data_relocs", ExportKind::Func, APPLY);
    exports.export("eryx_linked_table", ExportKind::Func, GET_TABLE);
    exports.export("eryx_linked_call", ExportKind::Func, CALL_ANY);
    module.section(&exports);
    let mut elements = ElementSection::new();
    let in_table: Vec<u32> = (0..callbacks)
        .map(|number| {
            let shared = number / CALLBACKS_EACH + 1;
            FIRST_OF_CALLBACKS + number + shared
        })
        .collect();
    elements.active(
        None,
        &ConstExpr::global_get(TABLE_BASE),
        Elements::Functions(in_table.into()),
    );
    module.section(&elements);
    let mut code = CodeSection::new();
    code.function(&apply(&data));
    code.function(&get_table());
    code.function(&call_any(&symbols.signatures));
    for (number, signature) in (0..).zip(with_callbacks) {
        code.function(&shared_callback(signature));
        for callback in 0..CALLBACKS_EACH {
            let shared = FIRST_OF_CALLBACKS + number * (CALLBACKS_EACH + 1);
            code.function(&one_callback(
                signature,
                number * CALLBACKS_EACH + callback,
                shared,
            ));
        }
    }
    module.section(&code);
    let mut section = DataSection::new();
    section.active(0, &ConstExpr::global_get(MEMORY_BASE), data.bytes);
    module.section(&section);
    module.finish()
}

/// The section that makes it a shared library: how much memory and table it needs.
fn dylink(memory: u32, table: u32) -> Vec<u8> {
    /// The alignment of the memory, as a power of two.
    const ALIGNMENT: u32 = 4;
    let mut info = Vec::new();
    for number in [memory, ALIGNMENT, table, 0] {
        number.encode(&mut info);
    }
    let mut section = vec![1];
    info.encode(&mut section);
    section
}

fn types(symbols: &Symbols, with_callbacks: &[Signature]) -> TypeSection {
    use ValType::I32;
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([], [I32]);
    types.ty().function([I32, I32, I32, I32], []);
    types.ty().function([I32, I32, I32], []);
    for signature in &symbols.signatures {
        types
            .ty()
            .function(signature.parameters(), signature.result());
    }
    for signature in with_callbacks {
        let mut parameters = signature.parameters();
        parameters.push(I32);
        types.ty().function(parameters, signature.result());
    }
    types
}

fn imports(data: &Data) -> ImportSection {
    let global = |mutable| {
        EntityType::Global(GlobalType {
            val_type: ValType::I32,
            mutable,
            shared: false,
        })
    };
    let mut imports = ImportSection::new();
    imports.import(
        "env",
        "memory",
        MemoryType {
            minimum: 0,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        },
    );
    imports.import(
        "env",
        "__indirect_function_table",
        TableType {
            element_type: RefType::FUNCREF,
            minimum: 0,
            maximum: None,
            table64: false,
            shared: false,
        },
    );
    imports.import("env", "__memory_base", global(false));
    imports.import("env", "__table_base", global(false));
    imports.import("env", "__stack_pointer", global(true));
    for (_, module, name) in &data.addresses {
        imports.import(module, name, global(true));
    }
    imports
}

fn place(offset: u64, align: u32) -> MemArg {
    MemArg {
        offset,
        align,
        memory_index: 0,
    }
}

/// Writes the addresses of symbols and of the callbacks into the table.
fn apply(data: &Data) -> Function {
    let mut function = Function::new([]);
    for (global, (offset, _, _)) in (FIRST_ADDRESS..).zip(&data.addresses) {
        function.instruction(&Ins::GlobalGet(MEMORY_BASE));
        function.instruction(&Ins::GlobalGet(global));
        function.instruction(&Ins::I32Store(place(u64::from(*offset), 2)));
    }
    function.instruction(&Ins::GlobalGet(MEMORY_BASE));
    function.instruction(&Ins::GlobalGet(TABLE_BASE));
    function.instruction(&Ins::I32Store(place(FIRST_CALLBACK, 2)));
    function.instruction(&Ins::End);
    function
}

fn get_table() -> Function {
    let mut function = Function::new([]);
    function.instruction(&Ins::GlobalGet(MEMORY_BASE));
    function.instruction(&Ins::End);
    function
}

/// Calls a function by its address: parameters are the number of its signature, the address, where its
/// arguments are, and where its result goes.
fn call_any(signatures: &[Signature]) -> Function {
    let mut function = Function::new([]);
    // One block for each signature, one within the other, and one for numbers that there are not.
    let depth = count(signatures.len());
    for _ in 0..=depth {
        function.instruction(&Ins::Block(BlockType::Empty));
    }
    function.instruction(&Ins::LocalGet(0));
    function.instruction(&Ins::BrTable((0..depth).collect(), depth));
    for (number, signature) in (0..).zip(signatures) {
        function.instruction(&Ins::End);
        let result = signature.result();
        if result.is_some() {
            function.instruction(&Ins::LocalGet(3));
        }
        for (slot, ty) in (0..).zip(signature.parameters()) {
            function.instruction(&Ins::LocalGet(2));
            function.instruction(&load(ty, slot * SLOT));
        }
        function.instruction(&Ins::LocalGet(1));
        function.instruction(&Ins::CallIndirect {
            type_index: FIRST_SIGNATURE + number,
            table_index: 0,
        });
        if let Some(ty) = result {
            function.instruction(&store(ty, 0));
        }
        function.instruction(&Ins::Return);
    }
    function.instruction(&Ins::End);
    function.instruction(&Ins::Unreachable);
    function.instruction(&Ins::End);
    function
}

/// What all callbacks of a signature do: the last parameter is the callback's number.
fn shared_callback(signature: &Signature) -> Function {
    let parameters = signature.parameters();
    let number = count(parameters.len());
    let frame = number + 1;
    let result_at = u64::from(number) * SLOT;
    // The stack is aligned to 16 bytes.
    let bytes = (result_at + SLOT).next_multiple_of(16).cast_signed();
    let bytes = i32::try_from(bytes).unwrap_or(i32::MAX);
    let mut function = Function::new([(1, ValType::I32)]);
    function.instruction(&Ins::GlobalGet(STACK_POINTER));
    function.instruction(&Ins::I32Const(bytes));
    function.instruction(&Ins::I32Sub);
    function.instruction(&Ins::LocalTee(frame));
    function.instruction(&Ins::GlobalSet(STACK_POINTER));
    for (local, ty) in (0..).zip(parameters) {
        let at = u64::from(local) * SLOT;
        if matches!(ty, ValType::I32 | ValType::F32) {
            function.instruction(&Ins::LocalGet(frame));
            function.instruction(&Ins::I64Const(0));
            function.instruction(&Ins::I64Store(place(at, 3)));
        }
        function.instruction(&Ins::LocalGet(frame));
        function.instruction(&Ins::LocalGet(local));
        function.instruction(&store(ty, at));
    }
    function.instruction(&Ins::LocalGet(frame));
    function.instruction(&Ins::I64Const(0));
    function.instruction(&Ins::I64Store(place(result_at, 3)));
    function.instruction(&Ins::LocalGet(number));
    function.instruction(&Ins::LocalGet(frame));
    function.instruction(&Ins::LocalGet(frame));
    function.instruction(&Ins::I32Const(i32::try_from(result_at).unwrap_or(i32::MAX)));
    function.instruction(&Ins::I32Add);
    function.instruction(&Ins::GlobalGet(MEMORY_BASE));
    function.instruction(&Ins::I32Load(place(CALLBACK, 2)));
    function.instruction(&Ins::CallIndirect {
        type_index: CALLED_BACK,
        table_index: 0,
    });
    if let Some(ty) = signature.result() {
        function.instruction(&Ins::LocalGet(frame));
        function.instruction(&load(ty, result_at));
    }
    function.instruction(&Ins::LocalGet(frame));
    function.instruction(&Ins::I32Const(bytes));
    function.instruction(&Ins::I32Add);
    function.instruction(&Ins::GlobalSet(STACK_POINTER));
    function.instruction(&Ins::End);
    function
}

/// A callback: its number, and what all of its signature do.
fn one_callback(signature: &Signature, number: u32, shared: u32) -> Function {
    let mut function = Function::new([]);
    for local in 0..count(signature.parameters().len()) {
        function.instruction(&Ins::LocalGet(local));
    }
    function.instruction(&Ins::I32Const(number.cast_signed()));
    function.instruction(&Ins::Call(shared));
    function.instruction(&Ins::End);
    function
}

fn load(ty: ValType, offset: u64) -> Ins<'static> {
    match ty {
        ValType::I64 => Ins::I64Load(place(offset, 3)),
        ValType::F32 => Ins::F32Load(place(offset, 2)),
        ValType::F64 => Ins::F64Load(place(offset, 3)),
        _ => Ins::I32Load(place(offset, 2)),
    }
}

fn store(ty: ValType, offset: u64) -> Ins<'static> {
    match ty {
        ValType::I64 => Ins::I64Store(place(offset, 3)),
        ValType::F32 => Ins::F32Store(place(offset, 2)),
        ValType::F64 => Ins::F64Store(place(offset, 3)),
        _ => Ins::I32Store(place(offset, 2)),
    }
}
