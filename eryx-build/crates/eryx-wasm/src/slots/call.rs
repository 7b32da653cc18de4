//! How Python calls the functions that it finds in its tables.

use wasmparser::{FuncType, ValType};

/// How Python calls a function: all is addresses and numbers of 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Call {
    /// How many arguments are passed.
    pub arguments: usize,
    /// Whether a result is looked for.
    pub has_result: bool,
}

impl Call {
    pub(super) fn ty(self) -> FuncType {
        FuncType::new(
            vec![ValType::I32; self.arguments],
            self.has_result.then_some(ValType::I32),
        )
    }

    /// Whether a function of this type can be called so when another is put before it.
    pub(super) fn can_be_adapted(self, ty: &FuncType) -> bool {
        let is_number = |ty: &ValType| *ty == ValType::I32;
        ty.params().len() <= self.arguments
            && ty.params().iter().all(is_number)
            && ty.results().len() <= 1
            && (!self.has_result || ty.results().iter().all(is_number))
    }
}

/// A word of static data that Python takes a function from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    /// Whose table it is in.
    pub owner: String,
    /// The slot.
    pub slot: &'static str,
    /// The word's address, from the beginning of the library's memory.
    pub address: u32,
    /// The function's own index.
    pub function: u32,
    /// How Python calls it.
    pub call: Call,
}
