//! The start functions of the modules.
//!
//! In the linked component the start function of a library runs before the segments of the next library
//! are copied; in the fused module all segments are in place first. That is the same for a function that
//! only computes globals, and for one that clears memory into which no later segment is copied.

use super::{
    FuseError, assumed,
    direct::constant,
    resolve::{Resolved, Target},
};
use crate::core_module::{Constant, CoreModule, only_fills};
use std::collections::HashMap;
use wasmparser::DataKind;

/// The start functions, in the order in which they run.
///
/// # Errors
/// When one does something that segments of a later module could change.
pub(super) fn in_order(
    resolved: &Resolved<'_>,
    known: &HashMap<Target, Constant>,
) -> Result<Vec<Target>, FuseError> {
    let mut starts = Vec::new();
    for (number, (module, spaces)) in resolved.modules.iter().zip(&resolved.spaces).enumerate() {
        let Some(start) = module.start else {
            continue;
        };
        check_order(resolved, known, number, module, start)?;
        let target = usize::try_from(start)
            .ok()
            .and_then(|start| spaces.functions.get(start))
            .ok_or_else(|| FuseError::assumption("every start function is there"))?;
        starts.push(*target);
    }
    Ok(starts)
}

fn check_order(
    resolved: &Resolved<'_>,
    known: &HashMap<Target, Constant>,
    number: usize,
    module: &CoreModule<'_>,
    start: u32,
) -> Result<(), FuseError> {
    let later = || resolved.modules.iter().enumerate().skip(number + 1);
    if later().all(|(_, module)| module.data.is_empty() && module.elements.is_empty()) {
        return Ok(());
    }
    let value = |global: u32| {
        let target = resolved
            .spaces
            .get(number)?
            .globals
            .get(usize::try_from(global).ok()?)?;
        known.get(target).copied()
    };
    let filled = only_fills(module, start, value)?.ok_or_else(|| {
        FuseError::assumption(
            "a start function before the last module only computes addresses and clears memory",
        )
    })?;
    if filled.is_empty() {
        return Ok(());
    }
    for (later, module) in later() {
        for data in &module.data {
            let DataKind::Active { offset_expr, .. } = &data.kind else {
                continue;
            };
            let Some(Constant::I32(offset)) = constant(resolved, later, offset_expr, known) else {
                return assumed(false, "the address of every data segment is known");
            };
            let first = u64::from(offset.cast_unsigned());
            let end = first + data.data.len() as u64;
            assumed(
                filled.iter().all(|(from, to)| end <= *from || *to <= first),
                "no start function clears memory that a later library fills",
            )?;
        }
    }
    Ok(())
}
