//! Link: runtime + native libraries → one uninitialised component.
//!
//! The libraries are shared wasm libraries with a `dylink.0` section; `wit-component` gives them one
//! memory and one table and resolves their symbols. This module knows nothing of packages or images.
//!
//! ```no_run
//! let runtime = eryx_runtime::Distribution::embedded()?;
//! let component = eryx_wasm::link::link(&runtime, &[], &|_| Ok(()))?.into_valid()?;
//! assert_eq!(&component[..4], b"\0asm");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod component;
mod error;
mod foreign;
mod library;
mod tags;
mod valid;

pub use component::{Component, LinkedLibrary, UntypedSlot, World};
pub use error::LinkError;
pub use library::SharedLibrary;
pub use valid::EngineCheck;

use crate::{dylink, slots};
use check::Named;
use eryx_runtime::{Distribution, Library};
use library::file_name;
use std::collections::{BTreeMap, BTreeSet};
use wasm_encoder::{CustomSection, Encode as _, Section as _};
use wit_component::{Linker, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, WorldId};

/// The guest's stack in linear memory, in bytes: that of a process on Linux. CPython watches it, and raises
/// RecursionError before it is used up.
const STACK_BYTES: u32 = 8 << 20;

/// The library that `wit-component` makes by itself.
const BUILT_IN: &str = "libdl.so";

/// How many lines of what the linker says are shown.
const MAX_LINES: usize = 8;

/// Links the runtime and native libraries, each of which the engine must take.
///
/// # Errors
/// When a library needs another one that is missing or a proposal that the engine does not have, two
/// libraries cannot be told apart, or symbols cannot be resolved.
pub fn link<'a>(
    runtime: &Distribution,
    native: impl IntoIterator<Item = &'a SharedLibrary>,
    engine: EngineCheck<'_>,
) -> Result<Component, LinkError> {
    let native: Vec<&SharedLibrary> = native.into_iter().collect();
    let guest = with_world(runtime)?;
    let base: BTreeMap<&str, &Library> = runtime
        .libraries()
        .iter()
        .map(|library| (library.name.as_str(), library))
        .collect();
    let native_libraries = check::named(&native, |name| {
        base.contains_key(name)
            || name == runtime.guest().name
            || name == BUILT_IN
            || name == foreign::NAME
            || name == tags::NAME
    })?;
    let needed = needed_base(runtime, &native, &base)?;

    let mut libraries: Vec<Named<'_>> = runtime
        .libraries()
        .iter()
        .filter(|library| needed.contains(library.name.as_str()))
        .map(of_the_runtime)
        .collect();
    libraries.push(Named {
        bytes: &guest,
        ..of_the_runtime(runtime.guest())
    });
    let first_native = libraries.len();
    libraries.extend(native_libraries);
    check::exports(&libraries)?;
    let (runtime_libraries, native_libraries) = libraries.split_at(first_native);
    valid::for_the_engine(native_libraries, engine)?;
    let foreign = foreign::library(runtime_libraries, native_libraries)?;

    // Fusing takes more libraries than the validator, and what it makes is validated as well.
    let mut linker = Linker::default()
        .validate(false)
        .stack_size(STACK_BYTES)
        .use_built_in_libdl(true);
    // Before those of packages: none of their functions takes the place of its own.
    linker =
        (linker.library(foreign::NAME, &foreign, false)).map_err(|source| LinkError::Library {
            library: foreign::NAME.to_owned(),
            source,
        })?;
    if let Some(tags) = tags::library(&libraries)? {
        // The linker leaves out what nothing opens and nothing calls.
        linker =
            (linker.library(tags::NAME, &tags, true)).map_err(|source| LinkError::Library {
                library: tags::NAME.to_owned(),
                source,
            })?;
    }
    let mut untyped = Vec::new();
    for (number, library) in libraries.iter().enumerate() {
        let openable = number >= first_native;
        let adapted = slots::adapt(library.bytes).map_err(|source| LinkError::Library {
            library: library.path.to_owned(),
            source: source.into(),
        })?;
        let traps = adapted.findings.into_iter().filter(|one| !one.is_adapted);
        untyped.extend(traps.map(|finding| UntypedSlot {
            library: library.path.to_owned(),
            finding,
        }));
        let bytes = adapted.bytes.as_deref().unwrap_or(library.bytes);
        linker = linker
            .library(library.name, bytes, openable)
            .map_err(|source| LinkError::Library {
                library: library.path.to_owned(),
                source,
            })?;
    }
    // The linker asserts what it takes for granted. What is known of that is checked above.
    let bytes = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| linker.encode()))
        .map_err(|_| LinkError::Panic)?
        .map_err(|error| LinkError::Encode(shortened(&error)))?;
    Ok(Component {
        bytes,
        libraries: libraries
            .iter()
            .enumerate()
            .map(|(number, library)| LinkedLibrary {
                name: library.name.to_owned(),
                is_of_the_runtime: number < first_native,
                worlds: worlds(library.bytes),
            })
            .collect(),
        untyped,
        guest: runtime.guest().name.clone(),
        overrides: runtime.overrides().to_vec(),
        retired: runtime.retired().to_vec(),
    })
}

/// The sections of a library that describe worlds. The linker has read the library before.
fn worlds(library: &[u8]) -> Vec<World> {
    let payloads = wasmparser::Parser::new(0).parse_all(library);
    let sections = payloads.filter_map(|payload| match payload {
        Ok(wasmparser::Payload::CustomSection(section)) => Some(section),
        _ => None,
    });
    sections
        .filter(|section| section.name().starts_with("component-type"))
        .map(|section| World {
            name: section.name().to_owned(),
            data: section.data().to_vec(),
        })
        .collect()
}

fn of_the_runtime(library: &Library) -> Named<'_> {
    Named {
        name: &library.name,
        path: &library.name,
        bytes: &library.bytes,
    }
}

/// The first lines of what the linker says: it names every symbol that it cannot resolve.
fn shortened(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    let lines: Vec<&str> = text.lines().collect();
    match lines.get(..MAX_LINES) {
        Some(first) => format!("{}\nand {} more", first.join("\n"), lines.len() - MAX_LINES),
        None => text,
    }
}

/// The guest with the world that it exports, as the linker wants it.
fn with_world(runtime: &Distribution) -> Result<Vec<u8>, LinkError> {
    let (resolve, world) = parse_world(runtime.world())?;
    let mut guest = runtime.guest().bytes.clone();
    embed_component_metadata(&mut guest, &resolve, world, StringEncoding::UTF8)
        .map_err(LinkError::World)?;
    // What the guest imports of WASI by itself is described where libc describes what it imports.
    for world in runtime
        .libraries()
        .iter()
        .flat_map(|base| worlds(&base.bytes))
    {
        let section = CustomSection {
            name: world.name.into(),
            data: world.data.into(),
        };
        guest.push(section.id());
        section.encode(&mut guest);
    }
    Ok(guest)
}

/// The world `sandbox` in a text of WIT.
pub(crate) fn parse_world(text: &str) -> Result<(Resolve, WorldId), LinkError> {
    let mut resolve = Resolve::default();
    let package = (resolve.push_str("sandbox.wit", text)).map_err(LinkError::World)?;
    let world = (resolve.select_world(&[package], Some("sandbox"))).map_err(LinkError::World)?;
    Ok((resolve, world))
}

/// The base libraries that the guest and the native libraries need, directly or not. The others would
/// only make every image larger.
fn needed_base<'a>(
    runtime: &Distribution,
    native: &[&SharedLibrary],
    base: &BTreeMap<&'a str, &'a Library>,
) -> Result<BTreeSet<&'a str>, LinkError> {
    let own: BTreeSet<&str> = native
        .iter()
        .map(|library| file_name(&library.path))
        .collect();
    let mut open = vec![(runtime.guest().name.as_str(), needed_by(runtime.guest())?)];
    open.extend(
        native
            .iter()
            .map(|library| (library.path.as_str(), library.needed.clone())),
    );
    let mut found = BTreeSet::new();
    while let Some((library, needed)) = open.pop() {
        for needed in needed {
            if own.contains(needed.as_str()) || needed == BUILT_IN {
                continue;
            }
            let Some((&name, &dependency)) = base.get_key_value(needed.as_str()) else {
                return Err(LinkError::Missing {
                    library: library.to_owned(),
                    needed,
                });
            };
            if found.insert(name) {
                open.push((name, needed_by(dependency)?));
            }
        }
    }
    Ok(found)
}

/// The names of the libraries that a library of the runtime needs.
fn needed_by(library: &Library) -> Result<Vec<String>, LinkError> {
    let dylink = dylink::read(&library.bytes, |_| {}).map_err(|source| LinkError::Library {
        library: library.name.clone(),
        source: anyhow::Error::new(source),
    })?;
    Ok(dylink.needed)
}
