//! What can still be used.

use crate::core_module::{CoreModule, ModuleError, Uses, index};
use rayon::prelude::*;
use std::collections::HashSet;
use wasmparser::{ConstExpr, ElementItems, ExternalKind, Operator};

/// What can be used from outside of a module, directly or not.
pub(super) struct Live {
    /// Functions that may be called. Those in a table count: code may call any entry.
    pub functions: HashSet<u32>,
    /// Globals that these functions set.
    pub globals_set: HashSet<u32>,
    /// Tables that these functions may make larger.
    pub tables_grown: HashSet<u32>,
}

impl Live {
    /// What can be used when the function `emptied` does nothing any more.
    ///
    /// # Errors
    /// When the module cannot be read.
    pub(super) fn of(module: &CoreModule<'_>, emptied: Option<u32>) -> Result<Self, ModuleError> {
        let uses: Result<Vec<Uses>, ModuleError> = module.bodies.par_iter().map(Uses::of).collect();
        let uses = uses?;
        let first = index(module.imported_functions)?;
        let mut live = Self {
            functions: HashSet::new(),
            globals_set: HashSet::new(),
            tables_grown: HashSet::new(),
        };
        let mut open = roots(module)?;
        while let Some(function) = open.pop() {
            if !live.functions.insert(function) || emptied == Some(function) {
                continue;
            }
            let uses = function
                .checked_sub(first)
                .and_then(|defined| uses.get(usize::try_from(defined).ok()?));
            if let Some(uses) = uses {
                open.extend(&uses.functions);
                live.globals_set.extend(&uses.globals_set);
                live.tables_grown.extend(&uses.tables_grown);
            }
        }
        Ok(live)
    }
}

/// The functions by which code is entered: exports, what segments put into tables, what globals refer to.
fn roots(module: &CoreModule<'_>) -> Result<Vec<u32>, ModuleError> {
    let mut roots: Vec<u32> = module
        .exports
        .iter()
        .filter(|export| matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact))
        .map(|export| export.index)
        .collect();
    roots.extend(module.start);
    for element in &module.elements {
        match &element.items {
            ElementItems::Functions(functions) => {
                for function in functions.clone() {
                    roots.push(function?);
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions.clone() {
                    referred(&expression?, &mut roots)?;
                }
            }
        }
    }
    for value in &module.global_values {
        referred(value, &mut roots)?;
    }
    Ok(roots)
}

fn referred(expression: &ConstExpr<'_>, roots: &mut Vec<u32>) -> Result<(), ModuleError> {
    for operator in expression.get_operators_reader() {
        if let Operator::RefFunc { function_index } = operator? {
            roots.push(function_index);
        }
    }
    Ok(())
}
