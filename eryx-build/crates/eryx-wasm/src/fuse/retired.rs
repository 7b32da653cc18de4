//! Parts of the base libraries that nothing uses once functions of the guest are used in their place.
//!
//! Functions of such a part that lie in tables would keep all of it in the image, as any entry of a table may
//! be called. Their code is left out here, so that a call traps; fold leaves out the rest.

use super::{
    FuseError,
    direct::AllUses,
    overrides::NamedFunctions,
    resolve::{Resolved, Target},
};
use crate::core_module::CoreModule;
use eryx_runtime::Retired;
use std::{collections::HashSet, ops::RangeInclusive};
use wasmparser::ExternalKind;

/// The functions of each module whose code is left out.
///
/// # Errors
/// When a part is not there, or something outside of it still uses it.
pub(super) fn functions(
    resolved: &Resolved<'_>,
    uses: &AllUses,
    retired: &[Retired],
) -> Result<Vec<HashSet<u32>>, FuseError> {
    let mut functions = vec![HashSet::new(); resolved.modules.len()];
    for part in retired {
        let Some(library) = (resolved.names.iter()).position(|name| *name == part.library) else {
            continue;
        };
        let module = resolved.module(library)?;
        let range = range(module, part)?;
        if let Some(user) = user(resolved, uses, library, &range)? {
            return Err(failed(part, format!("{user} still uses it")));
        }
        if let Some(known) = functions.get_mut(library) {
            known.extend(range);
        }
    }
    Ok(functions)
}

fn failed(part: &Retired, reason: impl Into<String>) -> FuseError {
    FuseError::Retired {
        library: part.library.clone(),
        first: part.first.clone(),
        last: part.last.clone(),
        reason: reason.into(),
    }
}

/// The indices of a part's functions.
fn range(module: &CoreModule<'_>, part: &Retired) -> Result<RangeInclusive<u32>, FuseError> {
    let named = NamedFunctions::of(module);
    let find = |name: &str| {
        let found = named.get(name);
        found.map_err(|reason| failed(part, format!("{name}: {reason}")))
    };
    let range = find(&part.first)?..=find(&part.last)?;
    let exported = module.exports.iter().any(|export| {
        matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact)
            && range.contains(&export.index)
    });
    if range.is_empty() || exported {
        let reason = "its functions are not in that order, or some are exported";
        return Err(failed(part, reason));
    }
    Ok(range)
}

/// The name of a function outside of a part that calls one in it.
fn user(
    resolved: &Resolved<'_>,
    uses: &AllUses,
    library: usize,
    range: &RangeInclusive<u32>,
) -> Result<Option<String>, FuseError> {
    let inside = |target: &Target| match target {
        Target::Defined { module, index } => *module == library && range.contains(index),
        Target::Host(_) => false,
    };
    for (number, (module, spaces)) in resolved.modules.iter().zip(&resolved.spaces).enumerate() {
        let of_module = uses.get(number).into_iter().flatten();
        for (function, uses) in module.defined_functions()?.zip(of_module) {
            let own = Target::Defined {
                module: number,
                index: function,
            };
            let used = uses.functions.iter();
            let mut targets =
                used.filter_map(|used| spaces.functions.get(usize::try_from(*used).ok()?));
            if !inside(&own) && targets.any(inside) {
                let name = module.names.get(&function).copied();
                return Ok(Some(name.unwrap_or("a function without a name").to_owned()));
            }
        }
    }
    Ok(None)
}
