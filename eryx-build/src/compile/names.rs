//! Leaving the names of functions out of what an engine decodes at each start.
//!
//! The engine keeps a table of them, which only the backtrace of a trap needs, and decoding it takes longer
//! than making an instance. The symbol table of the very same file has the names, too; the loader reads
//! it when it is asked where a trap happened.

use object::{
    Endianness,
    elf::FileHeader64,
    read::elf::{FileHeader as _, SectionHeader as _},
};
use std::ops::Range;
use wasmtime_environ::component::ComponentArtifacts;

/// The section with what the engine decodes.
const INFORMATION: &[u8] = b".wasmtime.info";

/// The section with the text of the names, which the table refers to.
const TEXT: &[u8] = b".name.wasm";

/// Why the names were not left out.
#[derive(Debug, thiserror::Error)]
pub enum NamesError {
    /// What the compiler wrote is no ELF file, or misses a section.
    #[error("the compiler's output is no ELF file with a section `{0}`")]
    Section(&'static str),
    /// The section is not what this version of the engine writes.
    #[error("the engine's own tables could not be read or written: {0}")]
    Tables(#[from] postcard::Error),
}

/// Leaves them out, in place: no part of the file moves.
///
/// With several core modules they stay: only the symbols of the first can be told by a function's index.
///
/// # Errors
/// When `code` is not what the engine's compiler writes.
pub(super) fn leave_out(code: &mut [u8]) -> Result<(), NamesError> {
    let information = section(code, INFORMATION).ok_or(NamesError::Section(".wasmtime.info"))?;
    let mut artifacts: ComponentArtifacts = postcard::from_bytes(&code[information.clone()])?;
    if artifacts.static_modules.len() != 1 {
        return Ok(());
    }
    for (_, module) in artifacts.static_modules.iter_mut() {
        module.func_names.clear();
    }
    // It is shorter than before. The decoder stops where its value ends.
    let place = &mut code[information];
    let written = postcard::to_slice(&artifacts, place)?.len();
    place[written..].fill(0);
    if let Some(text) = section(code, TEXT) {
        code[text].fill(0);
    }
    Ok(())
}

/// Where a section of an ELF file lies in it.
fn section(code: &[u8], wanted: &[u8]) -> Option<Range<usize>> {
    let header = FileHeader64::<Endianness>::parse(code).ok()?;
    let endian = header.endian().ok()?;
    let sections = header.sections(endian, code).ok()?;
    let (_, found) = sections.section_by_name(endian, wanted)?;
    let (start, length) = found.file_range(endian)?;
    let start = usize::try_from(start).ok()?;
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    (end <= code.len()).then_some(start..end)
}
