//! Finds the native libraries in a site tree: wasm shared libraries, by the
//! `dylink.0` section they begin with.
//!
//! Machine code of other platforms is refused here, with words on what to do about it. This module
//! must not know how libraries are linked or loaded.
//!
//! ```
//! use eryx_wheel::{native, site_tree::SiteTree};
//!
//! assert!(native::find(&SiteTree::default())?.is_empty());
//! # Ok::<(), native::NativeError>(())
//! ```

use std::sync::Arc;

use wasmparser::BinaryReaderError;

use crate::site_packages::SITE_PACKAGES;
use crate::site_tree::SiteTree;
use eryx_wasm::dylink;
use eryx_wasm::link::SharedLibrary;

mod foreign;

pub use eryx_wasm::dylink::is_shared_library as is_native_library;
pub use foreign::{ForeignLibrary, identify};

/// How the runtime's Python ends the names of extension modules.
pub const EXTENSION_SUFFIX: &str = ".cpython-314-wasm32-wasi.so";

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

/// Why the native libraries of a site tree cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NativeError {
    /// A library is machine code of another platform.
    #[error(
        "{path:?} in {wheel} is machine code for {platform}, which cannot run in the sandbox\
         {more}: if `{package}` works without its native libraries, add it to \
         `packages.without-native`; otherwise name a wheel of it for WASI in `packages.wheels`"
    )]
    Foreign {
        /// The package.
        package: String,
        /// The file name of its wheel.
        wheel: String,
        /// The first such file, relative to the site tree.
        path: String,
        /// The platform it is for.
        platform: String,
        /// How many more such files the wheel has, in words, or nothing.
        more: String,
    },
    /// An extension module is for another Python.
    #[error(
        "{path:?} in {wheel} is an extension module for another Python: the sandbox runs CPython \
         3.14 for WASI, whose modules end in {EXTENSION_SUFFIX} or .abi3.so"
    )]
    OtherPython {
        /// The file name of the wheel.
        wheel: String,
        /// The file, relative to the site tree.
        path: String,
    },
    /// A `.so` is WebAssembly but no shared library.
    #[error(
        "{path:?} in {wheel} is WebAssembly but not a shared library (it does not begin with a \
         `dylink.0` section): link it with `wasm-ld -shared`"
    )]
    NotShared {
        /// The file name of the wheel.
        wheel: String,
        /// The file, relative to the site tree.
        path: String,
    },
    /// A wasm shared library is malformed.
    #[error("{path:?} in {wheel} is a damaged WebAssembly library")]
    Malformed {
        /// The file name of the wheel.
        wheel: String,
        /// The file, relative to the site tree.
        path: String,
        /// What is wrong, and at which byte.
        #[source]
        source: BinaryReaderError,
    },
}

/// Finds the native libraries of a site tree, in the order of their paths. They stay in the tree
/// too, since Python looks for the files.
///
/// # Errors
/// When the tree has machine code of another platform, an extension module of another Python, or
/// a `.so` that is WebAssembly but no shared library.
pub fn find(tree: &SiteTree) -> Result<Vec<NativeLibrary>, NativeError> {
    let mut libraries = Vec::new();
    for (path, file) in &tree.files {
        let package = tree.packages.get(file.package);
        let wheel = package.map(|package| package.wheel.clone());
        let wheel = wheel.unwrap_or_default();
        let path = path.clone();
        if let Some(foreign) = identify(&path, &file.contents) {
            return Err(NativeError::Foreign {
                package: package.map(|p| p.name.clone()).unwrap_or_default(),
                more: more_foreign(tree, file.package),
                wheel,
                path,
                platform: foreign.platform,
            });
        }
        if !is_native_library(&file.contents) {
            if path.ends_with(".so") && dylink::is_wasm(&file.contents) {
                return Err(NativeError::NotShared { wheel, path });
            }
            continue;
        }
        if is_for_another_python(&path) {
            return Err(NativeError::OtherPython { wheel, path });
        }
        let mut is_extension_module = false;
        let read = dylink::read(&file.contents, |export| {
            is_extension_module |= export.starts_with(INITIALISER_PREFIX);
        });
        match read {
            Ok(dylink) => libraries.push(NativeLibrary {
                shared: SharedLibrary {
                    path: format!("{SITE_PACKAGES}/{path}"),
                    bytes: Arc::clone(&file.contents),
                    needed: dylink.needed,
                    is_opened_by_path: is_extension_module,
                },
                package: file.package,
            }),
            Err(source) => {
                return Err(NativeError::Malformed {
                    wheel,
                    path,
                    source,
                });
            }
        }
    }
    Ok(libraries)
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
    use crate::site_tree::SiteFile;

    use super::*;

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
            let found = find(&tree(name, &module("dylink.0", "PyInit_b"))).unwrap();
            assert_eq!(found.len(), 1, "{name}");
            assert_eq!(found[0].shared.path, format!("/site-packages/{name}"));
            assert_eq!(found[0].shared.needed, ["libc.so"]);
            assert!(found[0].shared.is_opened_by_path);
        }
    }

    #[test]
    fn a_plain_module_is_data_unless_it_claims_to_be_a_library() {
        let plain = module("name", "run");
        assert_eq!(find(&tree("a/program.wasm", &plain)).unwrap(), []);
        let error = find(&tree("a/b.so", &plain)).unwrap_err();
        assert!(error.to_string().contains("\"a/b.so\""), "{error}");
    }

    #[test]
    fn an_extension_of_another_python_is_refused() {
        for name in [
            "a/b.cpython-313-wasm32-wasi.so",
            "a/b.cpython-314-wasm32-emscripten.so",
            "a/b.cpython-314t-wasm32-wasi.so",
        ] {
            let error = find(&tree(name, &module("dylink.0", "PyInit_b"))).unwrap_err();
            assert!(matches!(error, NativeError::OtherPython { .. }), "{name}");
        }
    }

    #[test]
    fn machine_code_names_wheel_platform_and_remedy() {
        let mut tree = tree("a/b.so", b"\xcf\xfa\xed\xfe\x0c\0\0\x01");
        let again = tree.files["a/b.so"].clone();
        tree.files.insert("a/c.so".to_owned(), again);
        let message = find(&tree).unwrap_err().to_string();
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
        let error = find(&tree("a/b.so", &bytes)).unwrap_err();
        assert!(matches!(error, NativeError::Malformed { .. }));
    }
}
