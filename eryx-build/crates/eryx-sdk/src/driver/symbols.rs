//! Which symbols a library leaves to others, and which of the sandbox's libraries has them.

use crate::SdkError;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use wasmparser::{BinaryReader, BinaryReaderError, Parser, Payload, TypeRef};

/// The libraries of the sandbox, in the order in which they are searched.
const BASE: [&str; 8] = [
    "libc.so",
    "libc++abi.so",
    "libc++.so",
    "libwasi-emulated-getpid.so",
    "libwasi-emulated-mman.so",
    "libwasi-emulated-process-clocks.so",
    "libwasi-emulated-signal.so",
    "libpython3.14.so",
];

/// What the bake itself gives to every library.
const GIVEN: [&str; 10] = [
    "__c_longjmp",
    "__cpp_exception",
    "__heap_base",
    "__heap_end",
    "__stack_high",
    "__stack_low",
    "dlclose",
    "dlerror",
    "dlopen",
    "dlsym",
];

/// The section in which compilers and linkers list the features of WebAssembly that code was compiled for.
const FEATURES: &str = "target_features";

/// What a library leaves to others and what it gives.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    pub imports: BTreeSet<String>,
    pub exports: BTreeSet<String>,
    /// Whether code in it was compiled for WebAssembly's exceptions.
    pub has_exceptions: bool,
}

impl Symbols {
    /// Reads a library's symbols.
    pub(super) fn read(path: &Path) -> Result<Self, SdkError> {
        let bytes = fs::read(path).map_err(SdkError::file(path))?;
        parse(&bytes).map_err(|source| SdkError::Library {
            path: path.to_owned(),
            source,
        })
    }
}

/// Where the open symbols of a library are.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    /// The sandbox's libraries that have some.
    pub libraries: Vec<PathBuf>,
    /// Those that nobody has, sorted.
    pub open: Vec<String>,
}

impl Resolved {
    /// Whether some are of the C++ library, or of what the runtime's has not.
    pub(super) fn need_cxx(&self) -> bool {
        let is_cxx = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("libc++")
        };
        !self.open.is_empty() || self.libraries.iter().any(is_cxx)
    }
}

/// Looks for the symbols that a library leaves open, in others that it is linked with and in the sandbox's
/// libraries.
pub(super) fn resolve(
    library: &Symbols,
    others: &[Symbols],
    lib: &Path,
) -> Result<Resolved, SdkError> {
    let mut open: BTreeSet<&String> = library
        .imports
        .iter()
        .filter(|name| {
            !library.exports.contains(*name)
                && !GIVEN.contains(&name.as_str())
                && !others.iter().any(|other| other.exports.contains(*name))
        })
        .collect();
    let mut resolved = Resolved::default();
    for name in BASE {
        if open.is_empty() {
            break;
        }
        let path = lib.join(name);
        let base = Symbols::read(&path)?;
        let before = open.len();
        open.retain(|name| !base.exports.contains(*name));
        if open.len() < before {
            resolved.libraries.push(path);
        }
    }
    resolved.open = open.into_iter().cloned().collect();
    Ok(resolved)
}

fn parse(module: &[u8]) -> Result<Symbols, BinaryReaderError> {
    let mut symbols = Symbols::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    let is_symbol = match (import.module, import.ty) {
                        ("env", TypeRef::Func(_) | TypeRef::FuncExact(_) | TypeRef::Tag(_)) => true,
                        ("GOT.func" | "GOT.mem", _) => true,
                        // The one of WASI 0.1, of which there is nothing in the sandbox.
                        (module, TypeRef::Func(_)) => !module.contains(':'),
                        _ => false,
                    };
                    if is_symbol {
                        symbols.imports.insert(import.name.to_owned());
                    }
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    symbols.exports.insert(export?.name.to_owned());
                }
            }
            Payload::CustomSection(section) if section.name() == FEATURES => {
                let reader = BinaryReader::new(section.data(), section.data_offset());
                symbols.has_exceptions |= has_exceptions(reader)?;
            }
            _ => {}
        }
    }
    Ok(symbols)
}

/// Whether the list of features that code was compiled for has exceptions.
fn has_exceptions(mut features: BinaryReader<'_>) -> Result<bool, BinaryReaderError> {
    let mut found = false;
    for _ in 0..features.read_var_u32()? {
        let is_used = features.read_u8()? == b'+';
        found |= features.read_string()? == "exception-handling" && is_used;
    }
    Ok(found)
}
