//! A look at the compiled component that an image begins with, before anything of it is executable.
//!
//! wasmtime checks little of what it maps. This makes sure that the ELF file is whole, is for the
//! machine it should be for, and that the tables wasmtime decodes are as they were written.

use eryx_base::escape::escape;
use object::LittleEndian;
use object::elf::{EM_AARCH64, EM_RISCV, EM_S390, EM_X86_64, FileHeader64, SHT_NOBITS};
use object::read::elf::{FileHeader as _, SectionHeader as _};
use thiserror::Error;

/// The `e_ident` OS ABI that wasmtime writes.
const OS_ABI_WASMTIME: u8 = 200;
/// The bit in `e_flags` with which wasmtime marks a component.
const FLAG_COMPONENT: u32 = 1 << 1;
/// wasmtime writes about a dozen sections.
const MAX_SECTIONS: usize = 64;
/// Bytes of the ELF file header.
const HEADER_SIZE: usize = 64;

/// Sections that the checksum leaves out: the machine code itself, the baked heap, and what only
/// backtraces read. They are nineteen twentieths of the file, and reading them would cost more than
/// starting the sandbox does.
const LARGE_SECTIONS: [&[u8]; 6] = [
    b".text",
    b".rodata.wasm",
    b".wasmtime.addrmap",
    b".name.wasm",
    b".symtab",
    b".strtab",
];

/// What is wrong with a compiled component.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CodeError {
    /// The bytes are not a 64-bit little-endian ELF file with a sound table of sections.
    #[error("it is no sound ELF file: {0}")]
    Elf(#[from] object::read::Error),
    /// The ELF file was not written by wasmtime, or holds no component.
    #[error("it is no component compiled by wasmtime")]
    NotComponent,
    /// The machine of the ELF file is not the one of the target.
    #[error("it holds code for another machine (ELF number {machine}) than `{target}`")]
    Machine {
        /// The machine number in the ELF file.
        machine: u16,
        /// The target triple in the metadata.
        target: String,
    },
    /// More sections than wasmtime writes.
    #[error("it has {0} sections, more than the {MAX_SECTIONS} that are possible")]
    TooManySections(usize),
    /// A section that every compiled component has is missing.
    #[error("it has no section `{0}`")]
    MissingSection(&'static str),
    /// A section or the table of sections lies outside the file.
    #[error("section {0} lies outside the file")]
    OutOfRange(usize),
    /// The tables are not what was written.
    #[error("its tables do not match their checksum")]
    Checksum,
}

/// What was found out about a compiled component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Code {
    /// The machine number of ELF.
    machine: u16,
    /// Where the last section or table ends: the length of the ELF file.
    pub end: u64,
    /// CRC-32 of everything but the large sections.
    pub checksum: u32,
}

impl Code {
    /// Walks through the headers and sections of an ELF file.
    ///
    /// # Errors
    /// When `code` is no whole component as wasmtime writes them. Bytes that follow the ELF file
    /// are no error.
    pub(super) fn read(code: &[u8]) -> Result<Self, CodeError> {
        let header = FileHeader64::<LittleEndian>::parse(code)?;
        let endian = header.endian()?;
        let is_component = header.e_flags.get(endian) & FLAG_COMPONENT != 0;
        if header.e_ident.os_abi != OS_ABI_WASMTIME || !is_component {
            return Err(CodeError::NotComponent);
        }
        let sections = header.sections(endian, code)?;
        if sections.len() > MAX_SECTIONS {
            return Err(CodeError::TooManySections(sections.len()));
        }
        let table_start = header.e_shoff.get(endian);
        let table_length =
            u64::from(header.e_shentsize.get(endian)).saturating_mul(sections.len() as u64);
        let table_end = table_start.saturating_add(table_length);

        let mut checksum = crc32fast::Hasher::new();
        checksum.update(code.get(..HEADER_SIZE).unwrap_or(&[]));
        let table = bytes(code, table_start, table_length).ok_or(CodeError::OutOfRange(0))?;
        checksum.update(table);
        let mut end = table_end;
        let mut has_text = false;
        let mut has_engine = false;
        for (number, section) in sections.iter().enumerate() {
            let name = sections.section_name(endian, section)?;
            has_text |= name == b".text";
            has_engine |= name == b".wasmtime.engine";
            if section.sh_type(endian) == SHT_NOBITS {
                continue;
            }
            let (offset, length) = (section.sh_offset(endian), section.sh_size(endian));
            let contents = bytes(code, offset, length).ok_or(CodeError::OutOfRange(number))?;
            end = end.max(offset.saturating_add(length));
            if !LARGE_SECTIONS.contains(&name) {
                checksum.update(contents);
            }
        }
        if !has_text {
            return Err(CodeError::MissingSection(".text"));
        }
        if !has_engine {
            return Err(CodeError::MissingSection(".wasmtime.engine"));
        }
        let machine = header.e_machine.get(endian);
        Ok(Self {
            machine,
            end,
            checksum: checksum.finalize(),
        })
    }

    /// Checks that the code is for the machine that a target triple names.
    ///
    /// # Errors
    /// [`CodeError::Machine`].
    pub(super) fn check_target(&self, target: &str) -> Result<(), CodeError> {
        let expected = match super::cpu::platform(target).0 {
            "x86_64" => Some(EM_X86_64),
            "aarch64" => Some(EM_AARCH64),
            "riscv64gc" | "riscv64" => Some(EM_RISCV),
            "s390x" => Some(EM_S390),
            _ => None,
        };
        if expected == Some(self.machine) {
            return Ok(());
        }
        let target = escape(target).into_owned();
        Err(CodeError::Machine {
            machine: self.machine,
            target,
        })
    }
}

/// Whether a file begins as a component or module does that wasmtime compiled.
pub(super) fn is_wasmtime_elf(file: &[u8]) -> bool {
    file.starts_with(b"\x7fELF") && file.get(7) == Some(&OS_ABI_WASMTIME)
}

fn bytes(code: &[u8], start: u64, length: u64) -> Option<&[u8]> {
    let start = usize::try_from(start).ok()?;
    code.get(start..start.checked_add(usize::try_from(length).ok()?)?)
}
