//! Slots: functions that Python calls with another type than they have.
//!
//! CPython calls C functions through tables: the methods of a module, the slots of a type, getters and setters.
//! Native machines let the caller pass more than the function takes, or look for a result that it does not
//! give, and both CPython and packages have such functions. WebAssembly compares types at each call through a
//! table, and traps. So the tables are looked for in a library's static data; a function that takes less than it
//! is given, or returns nothing where a number is looked for, gets a function before it that drops the rest and
//! returns 0. One that cannot be helped that way is named.
//!
//! ```text
//! static PyType_Slot slots[] = {{Py_tp_clear, length_clear}, …};    void length_clear(PyObject *self);
//!                                             └─ gets (i32) -> (i32), which calls it and returns 0
//! ```
//!
//! Only what is certain is read: tables that a definition of a type or module refers to, and entries of methods
//! with their flags. Types that are made in memory at run time are not seen. This module knows how CPython 3.14
//! lays out its tables on a machine of 32 bits, and nothing of the linker.

mod call;
mod data;
mod layout;
mod rewrite;
mod tables;

use crate::core_module::{CoreModule, ModuleError};
use data::StaticData;
use std::collections::BTreeMap;
use wasmparser::{FuncType, ValType};

/// A library whose functions have the types by which Python calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adapted {
    /// The library, when it had to be changed.
    pub bytes: Option<Vec<u8>>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// A function that has another type than the one that Python calls it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whose table it is in: the name of a type, module or method.
    pub owner: String,
    /// The slot, such as `tp_clear`.
    pub slot: &'static str,
    /// The function's name, where the library has one for it.
    pub function: String,
    /// The type by which Python calls it.
    pub called: FuncType,
    /// The type that it has.
    pub found: FuncType,
    /// Whether another function was put before it. A call traps otherwise.
    pub is_adapted: bool,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            to,
            "{} of {}: {} is {}, and is called as {}",
            self.slot,
            eryx_base::escape::escape_short(&self.owner, 80),
            eryx_base::escape::escape_short(&self.function, 80),
            text(&self.found),
            text(&self.called)
        )
    }
}

fn text(ty: &FuncType) -> String {
    let list = |types: &[ValType]| {
        let types: Vec<String> = types.iter().map(ToString::to_string).collect();
        format!("({})", types.join(", "))
    };
    format!("{} -> {}", list(ty.params()), list(ty.results()))
}

/// Gives the functions of a shared library the types by which Python calls them.
///
/// # Errors
/// When it cannot be read or written.
pub fn adapt(library: &[u8]) -> Result<Adapted, ModuleError> {
    let unchanged = |findings| Adapted {
        bytes: None,
        findings,
    };
    let module = CoreModule::read(library)?;
    let Some(data) = StaticData::read(&module)? else {
        return Ok(unchanged(Vec::new()));
    };
    let mut findings = Vec::new();
    let mut adapted = BTreeMap::new();
    for one in tables::uses(&data) {
        let found = module.function_type(one.function)?;
        if *found == one.call.ty() {
            continue;
        }
        let is_adapted = one.call.can_be_adapted(found);
        if is_adapted {
            adapted.insert(one.address, (one.function, one.call));
        }
        let name = module.names.get(&one.function).copied();
        findings.push(Finding {
            function: name.unwrap_or("a function without a name").to_owned(),
            owner: one.owner,
            slot: one.slot,
            called: one.call.ty(),
            found: found.clone(),
            is_adapted,
        });
    }
    if adapted.is_empty() {
        return Ok(unchanged(findings));
    }
    Ok(Adapted {
        bytes: Some(rewrite::with_adapters(library, &module, &data, &adapted)?),
        findings,
    })
}
