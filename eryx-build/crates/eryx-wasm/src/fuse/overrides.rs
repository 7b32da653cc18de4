//! Functions of the base libraries in whose place functions of the guest are used.
//!
//! What a module's index stands for is changed before anything is laid out, so that calls, tables and
//! addresses all follow. The guest's own indices stay, which is how its functions reach what they replace.

use super::{
    FuseError,
    resolve::{Resolved, Target},
};
use crate::core_module::CoreModule;
use eryx_runtime::Override;
use std::collections::HashMap;
use wasmparser::ExternalKind;

/// Lets every module but `guest` use the guest's functions that `overrides` names.
///
/// # Errors
/// When a function is not there, is there twice, or has another type than the one that it replaces.
pub(super) fn apply(
    resolved: &mut Resolved<'_>,
    guest: &str,
    overrides: &[Override],
) -> Result<(), FuseError> {
    if overrides.is_empty() {
        return Ok(());
    }
    let module_of = |name: &str| resolved.names.iter().position(|other| other == name);
    let guest = module_of(guest)
        .ok_or_else(|| FuseError::assumption("the guest is one of the libraries"))?;
    let mut functions: HashMap<&str, NamedFunctions<'_>> = HashMap::new();
    let mut replaced = HashMap::new();
    for one in overrides {
        let failed = |reason| FuseError::Override {
            library: one.library.clone(),
            function: one.function.clone(),
            by: one.by.clone(),
            reason,
        };
        // A library that no package needs is not linked.
        let Some(library) = module_of(&one.library) else {
            continue;
        };
        let module = resolved.module(library)?;
        let original = functions
            .entry(one.library.as_str())
            .or_insert_with(|| NamedFunctions::of(module))
            .get(&one.function)
            .map_err(failed)?;
        let own = resolved.module(guest)?;
        let ours = exported(own, &one.by).ok_or_else(|| failed("the guest does not export it"))?;
        if module.function_type(original)? != own.function_type(ours)? {
            return Err(failed("their types differ"));
        }
        let defined = |module, index| Target::Defined { module, index };
        let (original, ours) = (defined(library, original), defined(guest, ours));
        if replaced.insert(original, ours).is_some() {
            return Err(failed("it is replaced twice"));
        }
    }
    for (_, spaces) in resolved
        .spaces
        .iter_mut()
        .enumerate()
        .filter(|(module, _)| *module != guest)
    {
        for target in &mut spaces.functions {
            if let Some(ours) = replaced.get(target) {
                *target = *ours;
            }
        }
    }
    Ok(())
}

/// A function that a module defines and exports.
fn exported(module: &CoreModule<'_>, name: &str) -> Option<u32> {
    match module.export(name) {
        Some((ExternalKind::Func, function)) if module.body(function).is_some() => Some(function),
        _ => None,
    }
}

/// The functions that a library defines, by their names.
pub(super) struct NamedFunctions<'m> {
    module: &'m CoreModule<'m>,
    /// By the name section. None stands for several of one name.
    by_name: HashMap<&'m str, Option<u32>>,
}

impl<'m> NamedFunctions<'m> {
    pub(super) fn of(module: &'m CoreModule<'m>) -> Self {
        let mut by_name = HashMap::new();
        for (function, name) in &module.names {
            if module.body(*function).is_some() {
                by_name
                    .entry(*name)
                    .and_modify(|known| *known = None)
                    .or_insert(Some(*function));
            }
        }
        Self { module, by_name }
    }

    /// The function of this name; what is in the way when there is no such one.
    pub(super) fn get(&self, name: &str) -> Result<u32, &'static str> {
        match exported(self.module, name) {
            Some(function) => Ok(function),
            None => match self.by_name.get(name) {
                Some(Some(function)) => Ok(*function),
                Some(None) => Err("several functions of the library have that name"),
                None => Err("the library has no such function"),
            },
        }
    }
}
