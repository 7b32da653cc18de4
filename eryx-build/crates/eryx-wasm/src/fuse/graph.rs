//! The core instances of a component, and what they are given.

use super::{FuseError, assumed};
use std::collections::{BTreeSet, HashMap};
use wasmparser::{
    CanonicalFunction, CanonicalOption, ComponentAlias, ComponentName, ComponentNameSectionReader,
    ExternalKind, Instance, KnownCustom, Parser, Payload,
};

/// What a component does with core modules. Only what fusing needs: component types are not read.
#[derive(Default)]
pub(super) struct Graph<'a> {
    /// The bytes of every core module.
    pub modules: Vec<&'a [u8]>,
    /// What the modules are called: libraries by their names.
    pub names: HashMap<u32, &'a str>,
    /// Every core instance, in the order of instantiation.
    pub instances: Vec<CoreInstance<'a>>,
    functions: Vec<Item<'a>>,
    tables: Vec<Item<'a>>,
    memories: Vec<Item<'a>>,
    globals: Vec<Item<'a>>,
    tags: Vec<Item<'a>>,
    /// Core functions that the component calls when it is called, or when that call is over.
    pub lifted: BTreeSet<u32>,
    /// Core functions by which the component gets memory for what it passes to its own functions.
    pub reallocs_of_exports: BTreeSet<u32>,
    /// Core functions by which the component gets memory, for whatever reason.
    pub reallocs: BTreeSet<u32>,
}

/// A core instance.
pub(super) enum CoreInstance<'a> {
    /// Of a module, with the instance that is given for each first name of an import.
    Module {
        /// The module's index.
        module: u32,
        /// What it is given.
        arguments: HashMap<&'a str, u32>,
    },
    /// A bundle of items under new names.
    Items(HashMap<&'a str, (ExternalKind, u32)>),
}

/// An item of one of the component's core index spaces.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item<'a> {
    /// What an instance exports.
    Export {
        /// The instance.
        instance: u32,
        /// The export's name.
        name: &'a str,
    },
    /// A function that the component makes of its own imports.
    Host,
}

impl<'a> Graph<'a> {
    /// Reads a component.
    ///
    /// # Errors
    /// When it cannot be read, and when it has something that fusing does not handle.
    pub(super) fn read(component: &'a [u8]) -> Result<Self, FuseError> {
        let mut graph = Graph::default();
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(component) {
            let payload = payload.map_err(FuseError::Read)?;
            match payload {
                Payload::ModuleSection {
                    unchecked_range, ..
                } => {
                    assumed(depth == 0, "no module lies within an inner component")?;
                    let module = component.get(unchecked_range).unwrap_or_default();
                    graph.modules.push(module);
                    depth += 1;
                }
                Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                payload if depth == 0 => graph.take(payload)?,
                _ => {}
            }
        }
        Ok(graph)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<(), FuseError> {
        match payload {
            Payload::InstanceSection(section) => {
                for instance in section {
                    self.instance(instance.map_err(FuseError::Read)?);
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    if let ComponentAlias::CoreInstanceExport {
                        kind,
                        instance_index,
                        name,
                    } = alias.map_err(FuseError::Read)?
                    {
                        let item = Item::Export {
                            instance: instance_index,
                            name,
                        };
                        self.space(kind).push(item);
                    }
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for function in section {
                    self.canonical(function.map_err(FuseError::Read)?)?;
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::ComponentName(names) = section.as_known() {
                    self.read_names(names);
                }
            }
            Payload::ComponentStartSection { .. } => {
                assumed(false, "the component has no start function")?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Names are for people: what cannot be read of them is left out.
    fn read_names(&mut self, section: ComponentNameSectionReader<'a>) {
        for names in section.into_iter().flatten() {
            if let ComponentName::CoreModules(names) = names {
                for naming in names.into_iter().flatten() {
                    self.names.insert(naming.index, naming.name);
                }
            }
        }
    }

    fn instance(&mut self, instance: Instance<'a>) {
        self.instances.push(match instance {
            Instance::Instantiate { module_index, args } => CoreInstance::Module {
                module: module_index,
                arguments: args.iter().map(|arg| (arg.name, arg.index)).collect(),
            },
            Instance::FromExports(exports) => CoreInstance::Items(
                exports
                    .iter()
                    .map(|export| (export.name, (export.kind, export.index)))
                    .collect(),
            ),
        });
    }

    fn canonical(&mut self, function: CanonicalFunction) -> Result<(), FuseError> {
        let (options, is_export): (&[CanonicalOption], bool) = match &function {
            CanonicalFunction::Lift {
                core_func_index,
                options,
                ..
            } => {
                self.lifted.insert(*core_func_index);
                (options, true)
            }
            CanonicalFunction::Lower { options, .. } => (options, false),
            CanonicalFunction::ResourceDrop { .. } => (&[], false),
            _ => {
                return assumed(false, "functions are lifted and lowered synchronously");
            }
        };
        for option in options {
            match option {
                CanonicalOption::Realloc(function) => {
                    self.reallocs.insert(*function);
                    if is_export {
                        self.reallocs_of_exports.insert(*function);
                    }
                }
                CanonicalOption::PostReturn(function) => {
                    self.lifted.insert(*function);
                }
                CanonicalOption::Memory(_) | CanonicalOption::UTF8 => {}
                _ => {
                    return assumed(
                        false,
                        "functions are lifted and lowered synchronously, with text as UTF-8",
                    );
                }
            }
        }
        if !is_export {
            self.functions.push(Item::Host);
        }
        Ok(())
    }

    fn space(&mut self, kind: ExternalKind) -> &mut Vec<Item<'a>> {
        match kind {
            ExternalKind::Func | ExternalKind::FuncExact => &mut self.functions,
            ExternalKind::Table => &mut self.tables,
            ExternalKind::Memory => &mut self.memories,
            ExternalKind::Global => &mut self.globals,
            ExternalKind::Tag => &mut self.tags,
        }
    }

    /// An item of one of the component's core index spaces.
    pub(super) fn item(&self, kind: ExternalKind, index: u32) -> Option<Item<'a>> {
        let space = match kind {
            ExternalKind::Func | ExternalKind::FuncExact => &self.functions,
            ExternalKind::Table => &self.tables,
            ExternalKind::Memory => &self.memories,
            ExternalKind::Global => &self.globals,
            ExternalKind::Tag => &self.tags,
        };
        space.get(usize::try_from(index).ok()?).copied()
    }

    /// A core instance.
    pub(super) fn core_instance(&self, index: u32) -> Option<&CoreInstance<'a>> {
        self.instances.get(usize::try_from(index).ok()?)
    }
}
