//! Which definition every import of every module stands for.

use super::{
    FuseError, assumed,
    graph::{CoreInstance, Graph, Item},
};
use crate::core_module::{CoreModule, ImportKind};
use std::collections::{BTreeMap, HashMap};
use wasmparser::ExternalKind;

/// The modules that are fused, in the order of their instantiation, and what their imports stand for.
pub(super) struct Resolved<'a> {
    /// The modules.
    pub modules: Vec<CoreModule<'a>>,
    /// What each is called; libraries by their names.
    pub names: Vec<String>,
    /// What every index of every module stands for.
    pub spaces: Vec<Spaces>,
    by_instance: HashMap<u32, usize>,
}

/// What the indices of one module stand for, imported or defined.
#[derive(Default)]
pub(super) struct Spaces {
    /// Functions.
    pub functions: Vec<Target>,
    /// Tables.
    pub tables: Vec<Target>,
    /// Memories.
    pub memories: Vec<Target>,
    /// Globals.
    pub globals: Vec<Target>,
    /// Exception tags.
    pub tags: Vec<Target>,
}

/// What an index stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Target {
    /// What a module defines, by that module's own index.
    Defined {
        /// The module.
        module: usize,
        /// The index.
        index: u32,
    },
    /// A function of the host, by the component's own index.
    Host(u32),
}

/// How many names an item may have before it is taken for one that is defined by itself.
const MAX_ALIASES: usize = 64;

impl<'a> Resolved<'a> {
    /// Reads the modules of a component and resolves their imports.
    ///
    /// # Errors
    /// When a module cannot be read or an import stands for nothing.
    pub(super) fn new(graph: &Graph<'a>) -> Result<Self, FuseError> {
        let mut resolved = Resolved {
            modules: Vec::new(),
            names: Vec::new(),
            spaces: Vec::new(),
            by_instance: HashMap::new(),
        };
        let mut seen = BTreeMap::new();
        for (number, instance) in (0..).zip(&graph.instances) {
            let CoreInstance::Module { module, .. } = instance else {
                continue;
            };
            assumed(
                seen.insert(*module, number).is_none(),
                "each module is instantiated once",
            )?;
            let bytes = usize::try_from(*module)
                .ok()
                .and_then(|module| graph.modules.get(module))
                .ok_or_else(|| FuseError::assumption("every instance has its module"))?;
            resolved.by_instance.insert(number, resolved.modules.len());
            resolved.modules.push(CoreModule::read(bytes)?);
            let name = graph.names.get(module).copied().unwrap_or_default();
            resolved.names.push(name.to_owned());
        }
        for (number, instance) in (0..).zip(&graph.instances) {
            if let CoreInstance::Module { arguments, .. } = instance
                && let Some(module) = resolved.by_instance.get(&number)
            {
                let spaces = resolved.spaces_of(graph, *module, arguments)?;
                resolved.spaces.push(spaces);
            }
        }
        Ok(resolved)
    }

    fn spaces_of(
        &self,
        graph: &Graph<'a>,
        module: usize,
        arguments: &HashMap<&'a str, u32>,
    ) -> Result<Spaces, FuseError> {
        let read = self.module(module)?;
        let mut spaces = Spaces::default();
        for import in &read.imports {
            let target = arguments
                .get(import.module)
                .map(|instance| self.export(graph, *instance, import.name, import.kind))
                .transpose()?
                .flatten()
                .ok_or_else(|| {
                    FuseError::assumption(format!(
                        "the import `{}` of `{}` stands for something",
                        import.name, import.module
                    ))
                })?;
            let space = match import.kind {
                ImportKind::Function => &mut spaces.functions,
                ImportKind::Table => &mut spaces.tables,
                ImportKind::Memory => &mut spaces.memories,
                ImportKind::Global => &mut spaces.globals,
                ImportKind::Tag => &mut spaces.tags,
            };
            assumed(
                import.kind == ImportKind::Function || matches!(target, Target::Defined { .. }),
                "the host gives functions alone",
            )?;
            space.push(target);
        }
        for (space, count) in [
            (&mut spaces.functions, read.functions.len()),
            (&mut spaces.tables, read.tables.len()),
            (&mut spaces.memories, read.memories.len()),
            (&mut spaces.globals, read.globals.len()),
            (&mut spaces.tags, read.tags.len()),
        ] {
            for index in space.len()..count {
                let index = crate::core_module::index(index)?;
                space.push(Target::Defined { module, index });
            }
        }
        Ok(spaces)
    }

    /// What an export of a core instance stands for.
    fn export(
        &self,
        graph: &Graph<'a>,
        instance: u32,
        name: &str,
        kind: ImportKind,
    ) -> Result<Option<Target>, FuseError> {
        let (mut instance, mut name) = (instance, name.to_owned());
        for _ in 0..MAX_ALIASES {
            let (export_kind, index) = match graph.core_instance(instance) {
                Some(CoreInstance::Items(items)) => match items.get(name.as_str()) {
                    Some(item) => *item,
                    None => return Ok(None),
                },
                Some(CoreInstance::Module { .. }) => {
                    return self.export_of_module(instance, &name, kind);
                }
                None => return Ok(None),
            };
            if !is_of_kind(export_kind, kind) {
                return Ok(None);
            }
            match graph.item(export_kind, index) {
                Some(Item::Export {
                    instance: other,
                    name: other_name,
                }) => {
                    instance = other;
                    other_name.clone_into(&mut name);
                }
                Some(Item::Host) => return Ok(Some(Target::Host(index))),
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// What an export of a module's instance stands for. What the module only passes on was resolved when
    /// the instances before it were.
    fn export_of_module(
        &self,
        instance: u32,
        name: &str,
        kind: ImportKind,
    ) -> Result<Option<Target>, FuseError> {
        let Some(&module) = self.by_instance.get(&instance) else {
            return Ok(None);
        };
        let read = self.module(module)?;
        let Some((export_kind, index)) = read.export(name) else {
            return Ok(None);
        };
        if !is_of_kind(export_kind, kind) {
            return Ok(None);
        }
        let own = Target::Defined { module, index };
        let Some(spaces) = self.spaces.get(module) else {
            return Ok(Some(own));
        };
        let space = match kind {
            ImportKind::Function => &spaces.functions,
            ImportKind::Table => &spaces.tables,
            ImportKind::Memory => &spaces.memories,
            ImportKind::Global => &spaces.globals,
            ImportKind::Tag => &spaces.tags,
        };
        Ok(usize::try_from(index)
            .ok()
            .and_then(|index| space.get(index))
            .copied())
    }

    /// What a core function of the component stands for, and the name that it was taken by.
    pub(super) fn core_function(
        &self,
        graph: &Graph<'a>,
        function: u32,
    ) -> Result<Option<(Target, String)>, FuseError> {
        Ok(match graph.item(ExternalKind::Func, function) {
            Some(Item::Export { instance, name }) => self
                .export(graph, instance, name, ImportKind::Function)?
                .map(|target| (target, name.to_owned())),
            Some(Item::Host) => Some((Target::Host(function), String::new())),
            None => None,
        })
    }

    /// A module that is fused.
    pub(super) fn module(&self, module: usize) -> Result<&CoreModule<'a>, FuseError> {
        self.modules
            .get(module)
            .ok_or_else(|| FuseError::assumption("every module that is named was read"))
    }
}

fn is_of_kind(export: ExternalKind, import: ImportKind) -> bool {
    matches!(
        (export, import),
        (
            ExternalKind::Func | ExternalKind::FuncExact,
            ImportKind::Function
        ) | (ExternalKind::Table, ImportKind::Table)
            | (ExternalKind::Memory, ImportKind::Memory)
            | (ExternalKind::Global, ImportKind::Global)
            | (ExternalKind::Tag, ImportKind::Tag)
    )
}
