//! What the linker takes for granted and a hostile library need not keep: one library of a name, and
//! one type of an exported name. It would panic otherwise.

use super::{LinkError, SharedLibrary, library::file_name};
use std::collections::BTreeMap;
use wasmparser::{BinaryReaderError, ExternalKind, FuncType, Parser, Payload, TypeRef};

/// A library with the name that it is linked by.
pub(super) struct Named<'a> {
    /// By which it is linked.
    pub name: &'a str,
    /// Where it is, for messages: a sandbox path, or its name when it is the runtime's.
    pub path: &'a str,
    /// The wasm module.
    pub bytes: &'a [u8],
}

/// The native libraries by the names that they are linked by, each once.
///
/// # Errors
/// When one has the name of a library of the runtime, or two that differ have one name.
pub(super) fn named<'a>(
    native: &[&'a SharedLibrary],
    is_of_the_runtime: impl Fn(&str) -> bool,
) -> Result<Vec<Named<'a>>, LinkError> {
    let mut found: BTreeMap<&str, &SharedLibrary> = BTreeMap::new();
    let mut libraries = Vec::new();
    for &library in native {
        let name = if library.is_opened_by_path {
            library.path.as_str()
        } else {
            file_name(&library.path)
        };
        if is_of_the_runtime(name) {
            return Err(LinkError::RuntimeName {
                path: library.path.clone(),
            });
        }
        match found.insert(name, library) {
            Some(other) if other.bytes == library.bytes => {}
            Some(other) => {
                return Err(LinkError::TwoOfAName {
                    first: other.path.clone(),
                    second: library.path.clone(),
                });
            }
            None => libraries.push(Named {
                name,
                path: &library.path,
                bytes: &library.bytes,
            }),
        }
    }
    Ok(libraries)
}

/// Checks that no two libraries export one name with different types.
///
/// # Errors
/// When two do, and when one is not a module that can be read.
pub(super) fn exports(libraries: &[Named<'_>]) -> Result<(), LinkError> {
    let mut known: BTreeMap<String, (Export, &str)> = BTreeMap::new();
    for library in libraries {
        let exports = read(library.bytes).map_err(|source| LinkError::Library {
            library: library.path.to_owned(),
            source: anyhow::Error::new(source),
        })?;
        for (name, export) in exports {
            match known.get(&name) {
                Some((other, path)) if *other != export => {
                    return Err(LinkError::ExportTypes {
                        name: eryx_base::escape::escape_short(&name, 80),
                        first: (*path).to_owned(),
                        second: library.path.to_owned(),
                    });
                }
                Some(_) => {}
                None => {
                    known.insert(name, (export, library.path));
                }
            }
        }
    }
    Ok(())
}

/// The type of an export, as far as two of one name must agree.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Export {
    /// A function, of a type that can be read.
    Function(Option<FuncType>),
    /// Anything else.
    Other(ExternalKind),
}

/// The exports of a library, by name.
///
/// # Errors
/// When it is not a module that can be read.
pub(super) fn read(module: &[u8]) -> Result<Vec<(String, Export)>, BinaryReaderError> {
    let mut types = Vec::new();
    let mut functions: Vec<u32> = Vec::new();
    let mut exports = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    types.push(ty?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    if let TypeRef::Func(index) | TypeRef::FuncExact(index) = import?.ty {
                        functions.push(index);
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for index in section {
                    functions.push(index?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    let ty = || {
                        let function = functions.get(usize::try_from(export.index).ok()?)?;
                        types.get(usize::try_from(*function).ok()?).cloned()
                    };
                    let kind = match export.kind {
                        ExternalKind::Func => Export::Function(ty()),
                        other => Export::Other(other),
                    };
                    exports.push((export.name.to_owned(), kind));
                }
            }
            _ => {}
        }
    }
    Ok(exports)
}
