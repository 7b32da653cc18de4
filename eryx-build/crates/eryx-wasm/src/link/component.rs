//! A component that was linked, and its validation when it stays as it was linked.

use super::LinkError;
use crate::slots::Finding;
use eryx_runtime::{Override, Retired};
use wasm_encoder::{ComponentSection, ExportKind, InstanceSection};
use wasmparser::{Parser, Payload, TypeRef, Validator, WasmFeatures};

/// How the validator begins when there are more libraries than it lets a component have. It has no other
/// way to tell that from what is wrong with a component.
const LIMITS: [&str; 2] = [
    "instances count exceeds limit",
    "modules count exceeds limit",
];

/// How many more instances there must be room for: preinit adds some of its own.
const ROOM: usize = 8;

/// A component that was linked and not yet initialised.
#[derive(Debug, Clone, Default)]
pub struct Component {
    /// The component's binary, which nobody has validated yet: [`Component::into_valid`] does.
    pub bytes: Vec<u8>,
    /// The libraries in it.
    pub libraries: Vec<LinkedLibrary>,
    /// Functions whose calls by Python trap.
    pub untyped: Vec<UntypedSlot>,
    /// The name of the runtime's guest among them.
    pub guest: String,
    /// The functions of the base libraries in whose place the guest's are to be used.
    pub overrides: Vec<Override>,
    /// The parts of the base libraries that nothing uses then.
    pub retired: Vec<Retired>,
}

/// A library that was linked.
#[derive(Debug, Clone)]
pub struct LinkedLibrary {
    /// Its name.
    pub name: String,
    /// Whether it is the runtime's, not a package's.
    pub is_of_the_runtime: bool,
    /// The worlds that it imports and exports, as `wit-component` encodes them.
    pub worlds: Vec<World>,
}

/// A function that Python calls with another type than it has, and that nothing could be put before.
#[derive(Debug, Clone)]
pub struct UntypedSlot {
    /// The library's path in the sandbox, or its name when it is the runtime's.
    pub library: String,
    /// The function and the slot.
    pub finding: Finding,
}

/// A custom section that describes a world.
#[derive(Debug, Clone)]
pub struct World {
    /// The section's name.
    pub name: String,
    /// What is in it.
    pub data: Vec<u8>,
}

impl Component {
    /// The component's binary, when it is valid as it was linked. A component that is fused need not be.
    ///
    /// # Errors
    /// When it has more libraries than a component may have that is not fused, or is not valid; or when
    /// modules share exceptions, which preinit has no place for.
    pub fn into_valid(self) -> Result<Vec<u8>, LinkError> {
        if shares_tags(&self.bytes) {
            return Err(LinkError::Exceptions);
        }
        let mut bytes = self.bytes;
        let length = bytes.len();
        let mut room = InstanceSection::new();
        for _ in 0..ROOM {
            room.export_items::<[(&str, ExportKind, u32); 0], &str>([]);
        }
        room.append_to_component(&mut bytes);
        let validated = Validator::new_with_features(WasmFeatures::all()).validate_all(&bytes);
        bytes.truncate(length);
        let Err(error) = validated else {
            return Ok(bytes);
        };
        let is_limit = |limit: &&str| error.message().starts_with(*limit);
        Err(if LIMITS.iter().any(is_limit) {
            LinkError::TooMany {
                libraries: self.libraries.len(),
            }
        } else {
            LinkError::Encode(error.to_string())
        })
    }
}

/// Whether a module of a component imports the tag of an exception. What cannot be read does not: validation
/// says more of it.
fn shares_tags(component: &[u8]) -> bool {
    let payloads = Parser::new(0).parse_all(component);
    payloads.flatten().any(|payload| {
        let Payload::ImportSection(section) = payload else {
            return false;
        };
        let mut imports = section.into_imports().flatten();
        imports.any(|import| matches!(import.ty, TypeRef::Tag(_)))
    })
}
