//! The tags by which libraries know each other's exceptions.
//!
//! A compiler lets each library import the tag of its language's exceptions, so that one throws what another
//! catches, and leaves it to whoever links to have one. A library is written that has those which no library
//! that is linked defines.

use super::{LinkError, check::Named};
use eryx_base::escape::escape_short;
use std::collections::BTreeMap;
use wasm_encoder::{
    CustomSection, ExportKind, ExportSection, Module, TagKind, TagSection, TagType, TypeSection,
    reencode::{Reencode as _, RoundtripReencoder},
};
use wasmparser::{BinaryReaderError, ExternalKind, FuncType, Parser, Payload, TypeRef};

/// What the library is called.
pub(super) const NAME: &str = "liberyx-tags.so";

/// A tag of a library.
struct Tag {
    name: String,
    ty: FuncType,
    is_imported: bool,
}

/// What is known of the tag of a name.
struct Known<'a> {
    ty: FuncType,
    /// The path of the first library that has it.
    path: &'a str,
    is_exported: bool,
}

/// Writes the library for what is linked; none when nothing lacks a tag.
///
/// # Errors
/// When a library cannot be read, or two have a tag of one name and different types.
pub(super) fn library(libraries: &[Named<'_>]) -> Result<Option<Vec<u8>>, LinkError> {
    let mut known: BTreeMap<String, Known<'_>> = BTreeMap::new();
    for library in libraries {
        let tags = read(library.bytes).map_err(|source| LinkError::Library {
            library: library.path.to_owned(),
            source: anyhow::Error::new(source),
        })?;
        for Tag {
            name,
            ty,
            is_imported,
        } in tags
        {
            let tag = known.entry(name.clone()).or_insert_with(|| Known {
                ty: ty.clone(),
                path: library.path,
                is_exported: false,
            });
            if tag.ty != ty {
                return Err(LinkError::ExceptionTypes {
                    name: escape_short(&name, 80),
                    first: tag.path.to_owned(),
                    second: library.path.to_owned(),
                });
            }
            tag.is_exported |= !is_imported;
        }
    }
    let lacking = known.into_iter().filter(|(_, tag)| !tag.is_exported);
    let mut types = TypeSection::new();
    let mut tags = TagSection::new();
    let mut exports = ExportSection::new();
    for (name, tag) in lacking {
        let number = tags.len();
        let ty = RoundtripReencoder
            .func_type(tag.ty)
            .map_err(|error| LinkError::Encode(error.to_string()))?;
        types.ty().func_type(&ty);
        tags.tag(TagType {
            kind: TagKind::Exception,
            func_type_idx: number,
        });
        exports.export(&name, ExportKind::Tag, number);
    }
    if tags.is_empty() {
        return Ok(None);
    }
    let mut module = Module::new();
    module.section(&CustomSection {
        name: "dylink.0".into(),
        // It has no memory and no table.
        data: [1, 4, 0, 0, 0, 0].as_slice().into(),
    });
    module.section(&types).section(&tags).section(&exports);
    Ok(Some(module.finish()))
}

/// The tags that a library imports or exports.
fn read(library: &[u8]) -> Result<Vec<Tag>, BinaryReaderError> {
    let mut types: Vec<FuncType> = Vec::new();
    let mut tags: Vec<u32> = Vec::new();
    let mut imported = 0;
    let mut found = Vec::new();
    let mut take = |types: &[FuncType], name: &str, ty: Option<&u32>, is_imported| {
        let ty = ty.and_then(|index| types.get(usize::try_from(*index).ok()?));
        found.extend(ty.map(|ty| Tag {
            name: name.to_owned(),
            ty: ty.clone(),
            is_imported,
        }));
    };
    for payload in Parser::new(0).parse_all(library) {
        match payload? {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    types.push(ty?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if let TypeRef::Tag(tag) = import.ty {
                        take(&types, import.name, Some(&tag.func_type_idx), true);
                        tags.push(tag.func_type_idx);
                        imported = tags.len();
                    }
                }
            }
            Payload::TagSection(section) => {
                for tag in section {
                    tags.push(tag?.func_type_idx);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Tag {
                        let index = usize::try_from(export.index).unwrap_or(usize::MAX);
                        // One that is passed on is nobody's yet.
                        take(&types, export.name, tags.get(index), index < imported);
                    }
                }
            }
            // What counts comes before.
            Payload::CodeSectionStart { .. } => break,
            _ => {}
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(texts: &[&str]) -> Result<Option<Vec<u8>>, LinkError> {
        let bytes: Vec<_> = (texts.iter())
            .map(|text| wat::parse_str(text).unwrap())
            .collect();
        let libraries: Vec<_> = (bytes.iter())
            .map(|bytes| Named {
                name: "a.so",
                path: "/a.so",
                bytes,
            })
            .collect();
        library(&libraries)
    }

    #[test]
    fn tags_that_nobody_has_are_written_once() {
        let importing = r#"(module (import "env" "one" (tag (param i32)))
            (import "env" "two" (tag (param i64 i64))))"#;
        let exporting = r#"(module (tag (export "two") (param i64 i64)))"#;
        let bytes = made(&[importing, importing, exporting]).unwrap().unwrap();
        assert!(crate::dylink::is_shared_library(&bytes));
        wasmparser::Validator::new().validate_all(&bytes).unwrap();
        let mut exports = Vec::new();
        crate::dylink::read(&bytes, |name| exports.push(name.to_owned())).unwrap();
        assert_eq!(exports, ["one"]);
    }

    #[test]
    fn nothing_is_written_when_nothing_is_lacking() {
        assert_eq!(made(&["(module)"]).unwrap(), None);
        let own = "(module (tag (param i32)))";
        assert_eq!(made(&[own]).unwrap(), None);
    }

    #[test]
    fn one_name_has_one_type() {
        let importing = r#"(module (import "env" "one" (tag (param i32))))"#;
        let other = r#"(module (import "env" "one" (tag (param i64))))"#;
        let exporting = r#"(module (tag (export "one") (param i64)))"#;
        for second in [other, exporting] {
            let refusal = made(&[importing, second]).unwrap_err();
            assert!(matches!(refusal, LinkError::ExceptionTypes { name, .. } if name == "one"));
        }
    }
}
