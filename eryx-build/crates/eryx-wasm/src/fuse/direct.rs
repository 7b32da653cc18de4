//! Functions that only call what lies in one fixed entry of a table.
//!
//! The linker makes one for every function that is called before its library is instantiated, and for
//! every function of the host that needs the memory. When nothing ever changes the table, calling the
//! entry's function directly is the same.

use super::{
    FuseError,
    resolve::{Resolved, Target},
};
use crate::core_module::{Constant, ModuleError, Uses, index, indirect_call_of};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use wasmparser::{ConstExpr, ElementItems, ElementKind, FuncType, Operator};

/// How many such functions may call each other before it is taken for a circle.
const MAX_STEPS: usize = 64;

/// What the code of every defined function of every module uses.
pub(super) type AllUses = Vec<Vec<Uses>>;

/// Reads the code of every module.
pub(super) fn uses(resolved: &Resolved<'_>) -> Result<AllUses, FuseError> {
    let all: Result<AllUses, ModuleError> = resolved
        .modules
        .par_iter()
        .map(|module| module.bodies.par_iter().map(Uses::of).collect())
        .collect();
    Ok(all?)
}

/// The values of the globals that never change, by what they are.
pub(super) fn constants(resolved: &Resolved<'_>) -> Result<HashMap<Target, Constant>, FuseError> {
    let mut known = HashMap::new();
    for (number, module) in resolved.modules.iter().enumerate() {
        let first = module.imported_globals();
        for (offset, value) in module.global_values.iter().enumerate() {
            let own = first + offset;
            let is_mutable = module.globals.get(own).is_none_or(|ty| ty.mutable);
            if is_mutable {
                continue;
            }
            if let Some(value) = constant(resolved, number, value, &known) {
                let target = Target::Defined {
                    module: number,
                    index: index(own)?,
                };
                known.insert(target, value);
            }
        }
    }
    Ok(known)
}

/// The value of a constant expression of a module.
pub(super) fn constant(
    resolved: &Resolved<'_>,
    module: usize,
    expression: &ConstExpr<'_>,
    known: &HashMap<Target, Constant>,
) -> Option<Constant> {
    Constant::of(expression, |global| {
        let spaces = resolved.spaces.get(module)?;
        let target = spaces.globals.get(usize::try_from(global).ok()?)?;
        known.get(target).copied()
    })
}

/// For every function that only calls a fixed entry of a table that nothing changes: what lies there.
///
/// # Errors
/// When a module cannot be read.
pub(super) fn calls(
    resolved: &Resolved<'_>,
    uses: &AllUses,
    known: &HashMap<Target, Constant>,
) -> Result<HashMap<Target, Target>, FuseError> {
    let entries = entries(resolved, uses, known)?;
    let host_types = host_types(resolved);
    let mut direct = HashMap::new();
    for (number, module) in resolved.modules.iter().enumerate() {
        for function in module.defined_functions()? {
            let Some((table, entry)) = indirect_call_of(module, function)? else {
                continue;
            };
            let table = resolved
                .spaces
                .get(number)
                .and_then(|spaces| spaces.tables.get(usize::try_from(table).ok()?));
            let Some(&target) = table.and_then(|table| entries.get(&(*table, entry))) else {
                continue;
            };
            let called = match target {
                Target::Defined { module, index } => {
                    resolved.module(module)?.function_type(index)?
                }
                Target::Host(host) => match host_types.get(&host) {
                    Some(ty) => ty,
                    None => continue,
                },
            };
            // A call through the table would trap when the types differ.
            if called == module.function_type(function)? {
                let own = Target::Defined {
                    module: number,
                    index: function,
                };
                direct.insert(own, target);
            }
        }
    }
    let ends = direct
        .keys()
        .map(|own| (*own, end_of(*own, &direct)))
        .filter(|(own, end)| own != end)
        .collect();
    Ok(ends)
}

/// What is called in the end. A circle ends where it began, and is left alone.
fn end_of(own: Target, direct: &HashMap<Target, Target>) -> Target {
    let mut target = own;
    for _ in 0..MAX_STEPS {
        match direct.get(&target) {
            Some(next) => target = *next,
            None => return target,
        }
    }
    own
}

/// The type of every function of the host, as the modules import it.
fn host_types<'r>(resolved: &'r Resolved<'_>) -> HashMap<u32, &'r FuncType> {
    let mut types = HashMap::new();
    for (module, spaces) in resolved.modules.iter().zip(&resolved.spaces) {
        for (function, target) in (0..).zip(&spaces.functions) {
            if let Target::Host(host) = target
                && let Ok(ty) = module.function_type(function)
            {
                types.insert(*host, ty);
            }
        }
    }
    types
}

/// What lies in the entries of the tables that nothing changes once their segments are in place.
fn entries(
    resolved: &Resolved<'_>,
    uses: &AllUses,
    known: &HashMap<Target, Constant>,
) -> Result<HashMap<(Target, u32), Target>, FuseError> {
    let mut changed: HashSet<Target> = HashSet::new();
    for (spaces, uses) in resolved.spaces.iter().zip(uses) {
        for table in uses.iter().flat_map(|uses| &uses.tables_written) {
            if let Some(target) = spaces
                .tables
                .get(usize::try_from(*table).unwrap_or(usize::MAX))
            {
                changed.insert(*target);
            }
        }
    }
    let mut entries = HashMap::new();
    for (number, (module, spaces)) in resolved.modules.iter().zip(&resolved.spaces).enumerate() {
        for element in &module.elements {
            let ElementKind::Active {
                table_index,
                offset_expr,
            } = &element.kind
            else {
                continue;
            };
            let table = usize::try_from(table_index.unwrap_or(0)).unwrap_or(usize::MAX);
            let Some(&table) = spaces.tables.get(table) else {
                continue;
            };
            let Some(Constant::I32(offset)) = constant(resolved, number, offset_expr, known) else {
                changed.insert(table);
                continue;
            };
            for (entry, function) in (offset.cast_unsigned()..).zip(functions(&element.items)?) {
                let target = function
                    .and_then(|function| spaces.functions.get(usize::try_from(function).ok()?));
                match target {
                    Some(target) => entries.insert((table, entry), *target),
                    None => entries.remove(&(table, entry)),
                };
            }
        }
    }
    entries.retain(|(table, _), _| !changed.contains(table));
    Ok(entries)
}

/// The functions of an element segment; none where it has something else.
fn functions(items: &ElementItems<'_>) -> Result<Vec<Option<u32>>, FuseError> {
    match items {
        ElementItems::Functions(functions) => functions
            .clone()
            .into_iter()
            .map(|function| function.map(Some).map_err(FuseError::Read))
            .collect(),
        ElementItems::Expressions(_, expressions) => expressions
            .clone()
            .into_iter()
            .map(|expression| {
                let expression = expression.map_err(FuseError::Read)?;
                let first = expression.get_operators_reader().read();
                Ok(match first.map_err(FuseError::Read)? {
                    Operator::RefFunc { function_index } => Some(function_index),
                    _ => None,
                })
            })
            .collect(),
    }
}
