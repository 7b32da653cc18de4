//! Where everything goes in the fused module.

use super::{
    FuseError, assumed,
    direct::AllUses,
    resolve::{Resolved, Spaces, Target},
};
use crate::core_module::{Constant, GlobalPlace, HostFunction, Part, index};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The new index of everything that the fused module has.
pub(super) struct Layout {
    /// What it imports, in order.
    pub hosts: Vec<HostFunction>,
    functions: HashMap<Target, u32>,
    globals: HashMap<Target, GlobalPlace>,
    tables: HashMap<Target, u32>,
    tags: HashMap<Target, u32>,
    kept_functions: Vec<Vec<u32>>,
    kept_globals: Vec<Vec<u32>>,
    kept_tables: Vec<Vec<u32>>,
}

impl Layout {
    /// Decides where everything goes. `direct` says which functions are left out, and what is called
    /// instead of each.
    ///
    /// # Errors
    /// When there is not one memory, and when there is too much of something.
    pub(super) fn new(
        resolved: &Resolved<'_>,
        uses: &AllUses,
        constants: &HashMap<Target, Constant>,
        direct: &HashMap<Target, Target>,
    ) -> Result<Self, FuseError> {
        let memories: usize = resolved
            .modules
            .iter()
            .map(|module| module.memories.len() - module.imported_memories)
            .sum();
        assumed(memories == 1, "there is one memory")?;
        let used_tables = used_tables(resolved, uses, direct)?;
        let host_numbers = hosts(resolved, direct)?;
        let mut layout = Self {
            hosts: Vec::new(),
            functions: HashMap::new(),
            globals: HashMap::new(),
            tables: HashMap::new(),
            tags: HashMap::new(),
            kept_functions: Vec::new(),
            kept_globals: Vec::new(),
            kept_tables: Vec::new(),
        };
        for (host, function) in host_numbers {
            let number = index(layout.hosts.len())?;
            layout.functions.insert(Target::Host(host), number);
            layout.hosts.push(function);
        }
        let mut next_function = index(layout.hosts.len())?;
        let mut next_global = 0;
        for (number, module) in resolved.modules.iter().enumerate() {
            let own = |index| Target::Defined {
                module: number,
                index,
            };
            let mut functions = Vec::new();
            for function in module.defined_functions()? {
                if !direct.contains_key(&own(function)) {
                    layout.functions.insert(own(function), next_function);
                    functions.push(function);
                    next_function += 1;
                }
            }
            let mut globals = Vec::new();
            for global in index(module.imported_globals())?..index(module.globals.len())? {
                let place = if let Some(value) = constants.get(&own(global)) {
                    GlobalPlace::Value(*value)
                } else {
                    globals.push(global);
                    next_global += 1;
                    GlobalPlace::Index(next_global - 1)
                };
                layout.globals.insert(own(global), place);
            }
            let mut tables = Vec::new();
            for table in index(module.imported_tables)?..index(module.tables.len())? {
                if used_tables.contains(&own(table)) {
                    let place = index(layout.tables.len())?;
                    layout.tables.insert(own(table), place);
                    tables.push(table);
                }
            }
            for tag in index(module.imported_tags)?..index(module.tags.len())? {
                let place = index(layout.tags.len())?;
                layout.tags.insert(own(tag), place);
            }
            layout.kept_functions.push(functions);
            layout.kept_globals.push(globals);
            layout.kept_tables.push(tables);
        }
        Ok(layout)
    }

    /// The new index of a function.
    pub(super) fn function(&self, target: Target, direct: &HashMap<Target, Target>) -> Option<u32> {
        let target = direct.get(&target).unwrap_or(&target);
        self.functions.get(target).copied()
    }

    /// The index behind the last function.
    pub(super) fn function_count(&self) -> Result<u32, FuseError> {
        let kept: usize = self.kept_functions.iter().map(Vec::len).sum();
        Ok(index(self.hosts.len() + kept)?)
    }

    /// The parts of the fused module, as they are written. `retired` has the functions of each module whose
    /// code is left out.
    ///
    /// # Errors
    /// When something has no place.
    pub(super) fn parts<'m, 'a>(
        self,
        resolved: &'m Resolved<'a>,
        direct: &HashMap<Target, Target>,
        retired: Vec<HashSet<u32>>,
    ) -> Result<Vec<Part<'m, 'a>>, FuseError> {
        let mut parts = Vec::new();
        let kept = self
            .kept_functions
            .iter()
            .zip(&self.kept_globals)
            .zip(&self.kept_tables);
        for ((((module, name), spaces), ((functions, globals), tables)), unreachable) in resolved
            .modules
            .iter()
            .zip(&resolved.names)
            .zip(&resolved.spaces)
            .zip(kept)
            .zip(retired)
        {
            let table_types = tables
                .iter()
                .filter_map(|table| {
                    let ty = module.tables.get(usize::try_from(*table).ok()?)?;
                    Some((*table, *ty))
                })
                .collect();
            parts.push(Part {
                module,
                name,
                functions: spaces
                    .functions
                    .iter()
                    .map(|target| self.function(*target, direct))
                    .collect(),
                globals: self.globals_of(spaces)?,
                tables: spaces
                    .tables
                    .iter()
                    .map(|target| self.tables.get(target).copied())
                    .collect(),
                tags: spaces
                    .tags
                    .iter()
                    .map(|target| self.tags.get(target).copied().unwrap_or_default())
                    .collect(),
                kept_functions: functions.clone(),
                kept_globals: globals.clone(),
                kept_tables: table_types,
                emptied: Vec::new(),
                unreachable,
            });
        }
        Ok(parts)
    }

    fn globals_of(&self, spaces: &Spaces) -> Result<Vec<GlobalPlace>, FuseError> {
        spaces
            .globals
            .iter()
            .map(|target| {
                self.globals
                    .get(target)
                    .copied()
                    .ok_or_else(|| FuseError::assumption("every global is defined by a module"))
            })
            .collect()
    }
}

/// The tables that code still uses when the functions in `direct` are gone.
fn used_tables(
    resolved: &Resolved<'_>,
    uses: &AllUses,
    direct: &HashMap<Target, Target>,
) -> Result<HashSet<Target>, FuseError> {
    let mut used = HashSet::new();
    for (number, module) in resolved.modules.iter().enumerate() {
        for (function, uses) in module
            .defined_functions()?
            .zip(uses.get(number).into_iter().flatten())
        {
            let own = Target::Defined {
                module: number,
                index: function,
            };
            if direct.contains_key(&own) {
                continue;
            }
            for table in &uses.tables {
                let target = resolved
                    .spaces
                    .get(number)
                    .and_then(|spaces| spaces.tables.get(usize::try_from(*table).ok()?));
                used.extend(target.copied());
            }
        }
    }
    Ok(used)
}

/// The functions of the host under the names by which libraries import them. The linker's own modules,
/// which fill tables, import them by number from a module without a name.
fn hosts(
    resolved: &Resolved<'_>,
    direct: &HashMap<Target, Target>,
) -> Result<BTreeMap<u32, HostFunction>, FuseError> {
    let mut hosts = BTreeMap::new();
    for (module, spaces) in resolved.modules.iter().zip(&resolved.spaces) {
        let imports = module
            .imports
            .iter()
            .filter(|import| import.kind == crate::core_module::ImportKind::Function);
        for ((function, import), target) in (0..).zip(imports).zip(&spaces.functions) {
            let Target::Host(host) = direct.get(target).unwrap_or(target) else {
                continue;
            };
            if import.module.is_empty() {
                continue;
            }
            let ty = module.function_type(function)?;
            let known = hosts.entry(*host).or_insert_with(|| HostFunction {
                module: import.module.to_owned(),
                name: import.name.to_owned(),
                ty: ty.clone(),
            });
            assumed(
                known.ty == *ty,
                "all libraries import a function of the host with one type",
            )?;
        }
    }
    Ok(hosts)
}
