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

/// Leaves out those of the first core module, in place: no part of the file moves.
///
/// They stay when another module has so many functions that the loader, which has nothing but an index then,
/// could take one for a function of the first: those start after what the first imports. An image that
/// is not fused has such modules.
///
/// # Errors
/// When `code` is not what the engine's compiler writes.
pub(super) fn leave_out(code: &mut [u8]) -> Result<(), NamesError> {
    let information = section(code, INFORMATION).ok_or(NamesError::Section(".wasmtime.info"))?;
    let mut artifacts: ComponentArtifacts = postcard::from_bytes(&code[information.clone()])?;
    let mut modules = artifacts.static_modules.values_mut();
    let Some(first) = modules.next() else {
        return Ok(());
    };
    let imports = first.module.num_imported_funcs;
    if modules.any(|other| other.module.functions.len() > imports) {
        return Ok(());
    }
    first.func_names.clear();
    // It is shorter than before. The decoder stops where its value ends.
    let place = &mut code[information];
    let written = postcard::to_slice(&artifacts, place)?.len();
    place[written..].fill(0);
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

#[cfg(test)]
mod tests {
    use super::{INFORMATION, leave_out, section};
    use wasmtime_environ::component::ComponentArtifacts;

    /// How many names are left of a module that imports one function, beside one with these functions.
    fn names_beside(functions: &str) -> usize {
        let component = format!(
            r#"(component
                (core module $first
                    (import "glue" "one" (func))
                    (func $named (export "run")))
                (core module $glue {functions})
                (core instance $inner (instantiate $glue))
                (core instance (instantiate $first (with "glue" (instance $inner)))))"#
        );
        let component = wat::parse_str(component).unwrap();
        let engine = wasmtime::Engine::default();
        let mut code = engine.precompile_component(&component).unwrap();
        leave_out(&mut code).unwrap();
        let information = section(&code, INFORMATION).unwrap();
        let artifacts: ComponentArtifacts = postcard::from_bytes(&code[information]).unwrap();
        let first = artifacts.static_modules.values().next().unwrap();
        first.func_names.len()
    }

    #[test]
    fn an_image_that_is_fused_loses_its_names() {
        // What is left beside the one module are the few functions that tie it to the host. An image
        // kept its names because of them once.
        assert_eq!(names_beside(r#"(func $one (export "one"))"#), 0);
    }

    #[test]
    fn names_stay_where_an_index_could_mean_two_functions() {
        let functions = r#"(func $one (export "one")) (func $two (export "two"))"#;
        assert_eq!(names_beside(functions), 1);
    }
}
