//! The names of the functions in the machine code, for whoever looks into it.
//!
//! They are in the symbol table of the ELF file and are read when they are asked for, never when a sandbox
//! starts. Names come from libraries that somebody else wrote, and may hold any characters.

use object::LittleEndian;
use object::elf::{FileHeader64, SHT_SYMTAB, STT_FUNC};
use object::read::elf::{FileHeader as _, SectionHeader as _, Sym as _};

use super::elf::CodeError;

/// A function of the machine code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Its first byte, counted from the start of the image.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// What the compiler calls it: `wasm[0]::function[7]::library::function` for one of the guest.
    pub name: String,
}

impl Symbol {
    /// Its index in the core module of a fused image and its own name, when it is a function of the guest
    /// that has one.
    pub fn function(&self) -> Option<(u32, &str)> {
        let rest = self.name.strip_prefix("wasm[0]::function[")?;
        let (index, name) = rest.split_once("]::")?;
        Some((index.parse().ok()?, name))
    }
}

/// The functions of a compiled component.
///
/// # Errors
/// When it is no sound ELF file.
pub(super) fn read(code: &[u8]) -> Result<Vec<Symbol>, CodeError> {
    let header = FileHeader64::<LittleEndian>::parse(code)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, code)?;
    let table = sections.symbols(endian, code, SHT_SYMTAB)?;
    let mut symbols = Vec::new();
    for symbol in table.iter().filter(|symbol| symbol.st_type() == STT_FUNC) {
        let section =
            sections.section(object::SectionIndex(usize::from(symbol.st_shndx(endian))))?;
        let name = table.symbol_name(endian, symbol)?;
        symbols.push(Symbol {
            offset: section
                .sh_offset(endian)
                .saturating_add(symbol.st_value(endian)),
            length: symbol.st_size(endian),
            name: String::from_utf8_lossy(name).into_owned(),
        });
    }
    Ok(symbols)
}

#[cfg(test)]
mod tests {
    use super::Symbol;

    #[test]
    fn functions_of_the_guest_have_an_index() {
        let function = |name: &str| {
            let symbol = Symbol {
                offset: 0,
                length: 0,
                name: name.to_owned(),
            };
            symbol
                .function()
                .map(|(index, name)| (index, name.to_owned()))
        };
        assert_eq!(
            function("wasm[0]::function[7]::libc.so::free"),
            Some((7, "libc.so::free".to_owned()))
        );
        assert_eq!(function("wasm[0]::function[7]"), None);
        assert_eq!(function("wasm[1]::function[7]::libc.so::free"), None);
        assert_eq!(function("wasm[0]::function[x]::libc.so::free"), None);
        assert_eq!(function("signatures[3]::wasm_to_array_trampoline"), None);
    }
}
