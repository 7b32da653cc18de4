//! What is linked, by name: functions with their signatures, and data.

use super::super::LinkError;
use super::signature::Signature;
use crate::link::check::{self, Export};
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::ExternalKind;

/// A library with the name that it is linked by.
pub(in crate::link) type Named<'a> = check::Named<'a>;

/// Libraries of the runtime whose symbols have names of C++, which nobody calls by name.
const WITHOUT_C: [&str; 2] = ["libc++.so", "libc++abi.so"];

/// The guest itself: its exports are for the host.
const GUEST: &str = "liberyx.so";

/// Beginnings of names that are the business of libc, of the interpreter, or of threads that there are none of.
const PRIVATE_BEGINNINGS: [&str; 7] = [
    "_",
    "cabi_",
    "descriptor_",
    "fts_",
    "pthread_",
    "thrd_",
    "wasi_",
];

/// Ends of names of libc that are other names, or variants for a locale, a large file or a thread.
const VARIANT_ENDS: [&str; 3] = ["_l", "64", "_unlocked"];

/// Names with such a beginning that programs use all the same.
const PUBLIC: [&str; 5] = [
    "__errno_location",
    "_Py_Dealloc",
    "_Py_HashDouble",
    "_PyObject_GetDictPtr",
    "_PyBytes_Resize",
];

/// What nobody calls by name, and is large: every function with an address is code that an image keeps.
const LARGE: [&str; 8] = [
    "crypt", "crypt_r", "encrypt", "ftw", "iconv", "nftw", "setkey", "strfmon",
];

/// Beginnings of names of what starts and ends interpreters. The guest has done that when a program runs, and
/// fold leaves its code out.
const LIFE_OF_INTERPRETERS: [&str; 15] = [
    "PyConfig_",
    "PyInitConfig_",
    "PyInit_",
    "PyInterpreterState_Clear",
    "PyInterpreterState_Delete",
    "PyInterpreterState_New",
    "PyPreConfig_",
    "Py_BytesMain",
    "Py_EndInterpreter",
    "Py_Finalize",
    "Py_Initialize",
    "Py_Main",
    "Py_NewInterpreter",
    "Py_PreInitialize",
    "Py_RunMain",
];

/// Signatures of the mathematics of `float`, `long double` and complex numbers, which is large and is there
/// for `double` as well: two integers next to each other are a `long double`.
fn is_other_mathematics(signature: &Signature) -> bool {
    let text = signature.text.as_str();
    text.contains("ll") || text.contains('f') || matches!(text, "idd:" | "idddd:")
}

/// Whether a function of the runtime is offered to programs by its name.
fn is_offered(name: &str, signature: &Signature) -> bool {
    if PUBLIC.contains(&name) {
        return true;
    }
    let begins = |beginning: &&str| name.starts_with(*beginning);
    let ends = |end: &&str| name.ends_with(*end);
    !(PRIVATE_BEGINNINGS.iter().any(begins)
        || LIFE_OF_INTERPRETERS.iter().any(begins)
        || VARIANT_ENDS.iter().any(ends)
        || LARGE.contains(&name)
        || is_other_mathematics(signature))
}

/// Beginnings of names of packages' functions that C does not give the addresses of: modules and C++.
const OF_OTHERS: [&str; 2] = ["PyInit_", "_Z"];

/// Between the name of a package's library and that of a symbol.
pub(super) const IN_LIBRARY: char = ':';

/// What a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A function, with the number of its signature. Its address is written into the table when the
    /// component starts, or asked of `dlsym`.
    Function { signature: u32, is_addressed: bool },
    /// Data that everybody sees.
    Data,
}

/// The symbols of all libraries, and the signatures of their functions.
pub(super) struct Symbols {
    /// By name; those of packages by the name of the library, a colon, and the name.
    pub by_name: BTreeMap<String, Kind>,
    /// The signatures, those with callbacks first.
    pub signatures: Vec<Signature>,
    /// How many of the signatures have callbacks.
    pub with_callbacks: usize,
}

impl Symbols {
    /// Reads the exports of all libraries.
    ///
    /// # Errors
    /// When a library cannot be read.
    pub(super) fn read(runtime: &[Named<'_>], packages: &[Named<'_>]) -> Result<Self, LinkError> {
        let mut found: Vec<(String, Option<Signature>, bool)> = Vec::new();
        // A name stands for what the first library has that exports it.
        let mut known = BTreeSet::new();
        for library in runtime {
            let is_offered_here = !WITHOUT_C.contains(&library.name) && library.name != GUEST;
            for (name, export) in exports(library)? {
                known.insert(name.clone());
                if !is_offered_here {
                    continue;
                }
                match export {
                    Export::Function(Some(ty)) => {
                        if let Some(signature) = Signature::of(&ty)
                            && is_offered(&name, &signature)
                        {
                            found.push((name, Some(signature), true));
                        }
                    }
                    Export::Other(ExternalKind::Global) => found.push((name, None, true)),
                    _ => {}
                }
            }
        }
        for library in packages {
            for (name, export) in exports(library)? {
                let is_first = known.insert(name.clone());
                if let Export::Function(Some(ty)) = export
                    && let Some(signature) = Signature::of(&ty)
                {
                    let is_others = OF_OTHERS.iter().any(|one| name.starts_with(one));
                    let is_addressed = is_first && !is_others && !name.contains(IN_LIBRARY);
                    let name = format!("{}{IN_LIBRARY}{name}", library.name);
                    found.push((name, Some(signature), is_addressed));
                }
            }
        }
        let mut signatures = Signature::with_callbacks();
        let with_callbacks = signatures.len();
        let others: BTreeSet<Signature> = (found.iter())
            .filter_map(|(_, signature, _)| signature.clone())
            .filter(|signature| !signatures.contains(signature))
            .collect();
        signatures.extend(others);
        let numbers: BTreeMap<&Signature, u32> = signatures.iter().zip(0..).collect();
        let mut by_name = BTreeMap::new();
        for (name, signature, is_addressed) in found {
            let kind = match signature.as_ref().map(|signature| numbers.get(signature)) {
                None => Kind::Data,
                Some(Some(&signature)) => Kind::Function {
                    signature,
                    is_addressed,
                },
                Some(None) => continue,
            };
            by_name.entry(name).or_insert(kind);
        }
        Ok(Self {
            by_name,
            signatures,
            with_callbacks,
        })
    }
}

/// The exports of a library that are for others: those of the convention of linking are not.
fn exports(library: &Named<'_>) -> Result<Vec<(String, Export)>, LinkError> {
    let exports = check::read(library.bytes).map_err(|source| LinkError::Library {
        library: library.path.to_owned(),
        source: anyhow::Error::new(source),
    })?;
    let is_of_linking = |name: &str| name.starts_with("__wasm_") || name == "_initialize";
    // A name that C cannot hold would end early in the table.
    Ok(exports
        .into_iter()
        .filter(|(name, _)| !is_of_linking(name) && !name.contains('\0'))
        .collect())
}
