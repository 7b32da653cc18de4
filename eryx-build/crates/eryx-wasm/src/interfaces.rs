//! Which interfaces a world or a component imports, by their names and versions.
//!
//! ```
//! let world = "package e:w@0.1.0; world sandbox { import e:a/b@0.2.0; }
//!     package e:a@0.2.0 { interface b { f: func(); } }";
//! let interfaces = eryx_wasm::interfaces::of_world(world)?;
//! assert_eq!(interfaces.world, "e:w@0.1.0");
//! assert_eq!(interfaces.imports, ["e:a/b@0.2.0"]);
//! # Ok::<(), eryx_wasm::link::LinkError>(())
//! ```

use crate::link::{LinkError, parse_world};
use wasmparser::{ComponentTypeRef, Parser, Payload};
use wit_parser::WorldItem;

/// What a guest and its host speak, as WIT names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interfaces {
    /// The package of the world, with its version: that of the guest's own exports.
    pub world: String,
    /// The interfaces that the guest imports, sorted.
    pub imports: Vec<String>,
}

/// The interfaces of the world `sandbox` in a text of WIT.
///
/// # Errors
/// When the text is not valid WIT, or has no such world.
pub fn of_world(text: &str) -> Result<Interfaces, LinkError> {
    let (resolve, world) = parse_world(text)?;
    let world = resolve.worlds.get(world);
    let package = world.and_then(|world| resolve.packages.get(world.package?));
    let imports = world.into_iter().flat_map(|world| world.imports.values());
    let imports = imports.filter_map(|item| match item {
        WorldItem::Interface { id, .. } => resolve.id_of(*id),
        _ => None,
    });
    let mut imports: Vec<String> = imports.collect();
    imports.sort();
    Ok(Interfaces {
        world: package
            .map(|package| package.name.to_string())
            .unwrap_or_default(),
        imports,
    })
}

/// The interfaces that a component imports, sorted. The component was validated before; of what is
/// not a component there are none.
#[must_use]
pub fn imports(component: &[u8]) -> Vec<String> {
    let mut imports = Vec::new();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component).flatten() {
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            // Components within the component import from it, not from the host.
            Payload::ComponentImportSection(section) if depth == 0 => {
                let found = section.into_iter().flatten();
                let found =
                    found.filter(|import| matches!(import.ty, ComponentTypeRef::Instance(_)));
                imports.extend(found.map(|import| import.name.name.to_owned()));
            }
            _ => {}
        }
    }
    imports.sort();
    imports
}
