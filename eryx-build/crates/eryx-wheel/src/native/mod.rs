//! Finds the native libraries in a site tree: wasm shared libraries, by the
//! `dylink.0` section they begin with.
//!
//! Machine code of other platforms is refused here, with words on what to do about it. This module
//! must not know how libraries are linked or loaded.
//!
//! ```
//! use eryx_wheel::{native, site_tree::SiteTree};
//!
//! assert!(native::find(&SiteTree::default(), &|_| String::new())?.is_empty());
//! # Ok::<(), native::NativeError>(())
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::site_packages::SITE_PACKAGES;
use crate::site_tree::{SiteFile, SiteTree};
use eryx_wasm::dylink;
use eryx_wasm::link::SharedLibrary;

mod error;
mod foreign;
mod suffix;

pub use error::{NativeError, NativeProblem};
pub use eryx_wasm::dylink::is_shared_library as is_native_library;
use foreign::is_library_name;
pub use foreign::{ForeignLibrary, identify};
pub use suffix::EXTENSION_SUFFIX;

/// How the names of extension modules for the stable ABI end.
const STABLE_SUFFIX: &str = ".abi3.so";

/// How the names of functions begin that initialise Python modules.
const INITIALISER_PREFIX: &str = "PyInit_";

/// A wasm shared library of the site tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeLibrary {
    /// What is linked. Python opens an extension module by its path; other libraries are only needed by
    /// such modules.
    pub shared: SharedLibrary,
    /// Which of the tree's packages it belongs to.
    pub package: usize,
}

/// Finds the native libraries of a site tree, in the order of their paths. They stay in the tree
/// too, since Python looks for the files. `chain` says in a few words who requires a package.
///
/// # Errors
/// When the tree has machine code of another platform, an extension module of another Python, or
/// what is named as a library and is none: all of these together, those of one kind and package once.
pub fn find(
    tree: &SiteTree,
    chain: &dyn Fn(&str) -> String,
) -> Result<Vec<NativeLibrary>, NativeError> {
    let mut libraries = Vec::new();
    let mut problems = Vec::new();
    let mut foreign = BTreeSet::new();
    for (path, file) in &tree.files {
        let package = tree.packages.get(file.package);
        let name = package.map(|package| package.name.clone());
        let name = name.unwrap_or_default();
        let wheel = || {
            let wheel = package.map_or("", |package| &package.wheel);
            format!("{wheel}{}", chain(&name))
        };
        if let Some(library) = identify(path, &file.contents) {
            if foreign.insert(file.package) {
                problems.push(NativeProblem::Foreign {
                    wheel: wheel(),
                    package: name,
                    path: path.clone(),
                    platform: library.platform,
                    more: more_foreign(tree, file.package),
                });
            }
            continue;
        }
        match library(path, file, &wheel) {
            Ok(found) => libraries.extend(found),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(libraries)
    } else {
        Err(NativeError { problems })
    }
}

/// The library that a file is; `None` for one that is none and is not named as if it were.
fn library(
    path: &str,
    file: &SiteFile,
    wheel: &dyn Fn() -> String,
) -> Result<Option<NativeLibrary>, NativeProblem> {
    let path = path.to_owned();
    if !is_native_library(&file.contents) {
        let is_wasm = dylink::is_wasm(&file.contents);
        if is_wasm && is_library_name(&path) {
            return Err(NativeProblem::NotShared {
                wheel: wheel(),
                path,
            });
        }
        if path.ends_with(EXTENSION_SUFFIX) || path.ends_with(STABLE_SUFFIX) {
            return Err(NativeProblem::NoLibrary {
                wheel: wheel(),
                path,
            });
        }
        return Ok(None);
    }
    if is_for_another_python(&path) {
        return Err(NativeProblem::OtherPython {
            wheel: wheel(),
            path,
        });
    }
    let mut is_extension_module = false;
    let read = dylink::read(&file.contents, |export| {
        is_extension_module |= export.starts_with(INITIALISER_PREFIX);
    });
    match read {
        Ok(dylink) => Ok(Some(NativeLibrary {
            shared: SharedLibrary {
                path: format!("{SITE_PACKAGES}/{path}"),
                bytes: Arc::clone(&file.contents),
                needed: dylink.needed,
                is_opened_by_path: is_extension_module,
            },
            package: file.package,
        })),
        Err(source) => Err(NativeProblem::Malformed {
            wheel: wheel(),
            path,
            source,
        }),
    }
}

fn more_foreign(tree: &SiteTree, package: usize) -> String {
    let all = tree
        .files
        .iter()
        .filter(|(path, file)| file.package == package && identify(path, &file.contents).is_some());
    match all.count().saturating_sub(1) {
        0 => String::new(),
        more => format!(" (and so are {more} more of its files)"),
    }
}

/// Whether a file name has the suffix of an extension module (PEP 3149) of a Python or platform
/// other than the runtime's.
fn is_for_another_python(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let tagged = [".cpython-", ".pypy", ".graalpy"];
    name.ends_with(".so")
        && !name.ends_with(EXTENSION_SUFFIX)
        && tagged.iter().any(|tag| name.contains(tag))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use eryx_base::Digest;
    use eryx_packaging::Origin;

    use crate::package::PackageMetadata;

    use super::*;

    fn find_in(tree: &SiteTree) -> Result<Vec<NativeLibrary>, NativeError> {
        find(tree, &|_| String::new())
    }

    /// A module with this name of its first section that needs `libc.so` and exports one function.
    fn module(first_section: &str, export: &str) -> Vec<u8> {
        use wasm_encoder::{
            CodeSection, CustomSection, ExportKind, ExportSection, Function, FunctionSection,
            Module, TypeSection,
        };
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut exports = ExportSection::new();
        exports.export(export, ExportKind::Func, 0);
        let mut body = Function::new([]);
        body.instruction(&wasm_encoder::Instruction::End);
        let mut code = CodeSection::new();
        code.function(&body);
        let mut module = Module::new();
        module
            .section(&CustomSection {
                name: first_section.into(),
                data: b"\x02\x09\x01\x07libc.so".into(),
            })
            .section(&types)
            .section(&functions)
            .section(&exports)
            .section(&code);
        module.finish()
    }

    fn tree(path: &str, contents: &[u8]) -> SiteTree {
        let mut tree = SiteTree::default();
        tree.packages.push(PackageMetadata {
            name: "a".to_owned(),
            version: "1".to_owned(),
            summary: None,
            license: None,
            requires_python: None,
            provides_extra: Vec::new(),
            requires_dist: Vec::new(),
            entry_points: BTreeMap::new(),
            scripts: Vec::new(),
            wheel: "a-1-py3-none-any.whl".to_owned(),
            sha256: Digest::of(b""),
            origin: Origin::LocalFile,
            source: None,
            size: 0,
            file_count: 0,
        });
        let file = SiteFile {
            contents: contents.into(),
            package: 0,
        };
        tree.files.insert(path.to_owned(), file);
        tree
    }

    #[test]
    fn libraries_are_found_under_any_suffix() {
        for name in [
            "a/b.cpython-314-wasm32-wasi.so",
            "a/b.abi3.so",
            "a/b.so",
            "a.libs/libb.so.1",
        ] {
            let found = find_in(&tree(name, &module("dylink.0", "PyInit_b"))).unwrap();
            assert_eq!(found.len(), 1, "{name}");
            assert_eq!(found[0].shared.path, format!("/site-packages/{name}"));
            assert_eq!(found[0].shared.needed, ["libc.so"]);
            assert!(found[0].shared.is_opened_by_path);
        }
    }

    #[test]
    fn a_plain_module_is_data_unless_it_claims_to_be_a_library() {
        let plain = module("name", "run");
        assert_eq!(find_in(&tree("a/program.wasm", &plain)).unwrap(), []);
        let error = find_in(&tree("a/b.so", &plain)).unwrap_err();
        assert!(error.to_string().contains("\"a/b.so\""), "{error}");
    }

    #[test]
    fn an_extension_of_another_python_is_refused() {
        for name in [
            "a/b.cpython-313-wasm32-wasi.so",
            "a/b.cpython-314-wasm32-emscripten.so",
            "a/b.cpython-314t-wasm32-wasi.so",
        ] {
            let error = find_in(&tree(name, &module("dylink.0", "PyInit_b"))).unwrap_err();
            assert!(
                matches!(error.problems[..], [NativeProblem::OtherPython { .. }]),
                "{name}"
            );
        }
    }

    #[test]
    fn machine_code_names_wheel_platform_and_remedy() {
        let mut tree = tree("a/b.so", b"\xcf\xfa\xed\xfe\x0c\0\0\x01");
        let again = tree.files["a/b.so"].clone();
        tree.files.insert("a/c.so".to_owned(), again);
        let message = find_in(&tree).unwrap_err().to_string();
        for part in [
            "\"a/b.so\"",
            "a-1-py3-none-any.whl",
            "macOS (arm64)",
            "1 more",
            "without-native",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn a_torn_library_is_an_error() {
        let mut bytes = module("dylink.0", "PyInit_b");
        bytes.pop();
        let error = find_in(&tree("a/b.so", &bytes)).unwrap_err();
        assert!(matches!(
            error.problems[..],
            [NativeProblem::Malformed { .. }]
        ));
    }

    #[test]
    fn what_is_named_as_a_library_and_is_none_is_refused() {
        let component = b"\0asm\x0d\0\x01\0";
        for (name, contents, refused) in [
            ("a/b.cpython-314-wasm32-wasi.so", &b"!<arch>\n"[..], true),
            ("a/b.abi3.so", b"#!/bin/sh", true),
            ("a/b.pyd", component, true),
            ("a/libb.so.1.2", component, true),
            ("a/b.dylib", component, true),
            ("a/b.wasm", component, false),
            ("a/libb.a", b"!<arch>\n", false),
            ("a/b.so", b"", false),
        ] {
            let found = find_in(&tree(name, contents));
            assert_eq!(found.is_err(), refused, "{name}: {found:?}");
        }
    }

    #[test]
    fn every_package_that_cannot_run_is_named_at_once_with_who_requires_it() {
        let mut both = tree("a/b.so", b"\x7fELF");
        let other = tree("c/d.pyd", b"MZ");
        both.packages.push(PackageMetadata {
            name: "c".to_owned(),
            wheel: "c-1-py3-none-any.whl".to_owned(),
            ..other.packages[0].clone()
        });
        let file = SiteFile {
            package: 1,
            ..other.files["c/d.pyd"].clone()
        };
        both.files.insert("c/d.pyd".to_owned(), file);
        let error = find(&both, &|package| format!(" (x requires {package})")).unwrap_err();
        assert_eq!(error.problems.len(), 2);
        let message = error.to_string();
        for part in [
            "\"a/b.so\" in a-1-py3-none-any.whl (x requires a) is machine code for Linux",
            "\"c/d.pyd\" in c-1-py3-none-any.whl (x requires c) is machine code for Windows",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
}
