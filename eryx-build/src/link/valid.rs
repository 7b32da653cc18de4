//! Validation: each native library by itself, as the engine that will run it has it, and the component when
//! it stays as it was linked.

use super::{Component, LinkError, check::Named};
use eryx_run::engine;
use wasm_encoder::{ComponentSection, ExportKind, InstanceSection};
use wasmparser::{Validator, WasmFeatures};
use wasmtime::{Engine, Module};

/// How the validator begins when there are more libraries than it lets a component have. It has no other
/// way to tell that from what is wrong with a component.
const LIMITS: [&str; 2] = [
    "instances count exceeds limit",
    "modules count exceeds limit",
];

/// How many more instances there must be room for: preinit adds some of its own.
const ROOM: usize = 8;

/// What to do about a library with exceptions.
const WITHOUT_EXCEPTIONS: &str = ". Compile it without C++ exceptions: with `-fno-exceptions`, or by `eryx sdk` with \
     ERYX_SDK_EXCEPTIONS=abort";

impl Component {
    /// The component's binary, when it is valid as it was linked. A component that is fused need not be.
    ///
    /// # Errors
    /// When it has more libraries than a component may have that is not fused, or is not valid.
    pub fn into_valid(self) -> Result<Vec<u8>, LinkError> {
        let mut bytes = self.bytes;
        let length = bytes.len();
        let mut room = InstanceSection::new();
        for _ in 0..ROOM {
            room.export_items::<[(&str, ExportKind, u32); 0], &str>([]);
        }
        room.append_to_component(&mut bytes);
        let validated = Validator::new_with_features(WasmFeatures::all()).validate_all(&bytes);
        bytes.truncate(length);
        let error = match validated {
            Ok(_) => return Ok(bytes),
            Err(error) => error,
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

/// Checks that the engine takes each library. It would refuse the whole later, without a name.
///
/// # Errors
/// When it refuses one: for a proposal that it does not have, or since the library is damaged.
pub(super) fn for_the_engine(libraries: &[Named<'_>]) -> Result<(), LinkError> {
    if libraries.is_empty() {
        return Ok(());
    }
    let failed = |library: &Named<'_>, source| LinkError::Library {
        library: library.path.to_owned(),
        source,
    };
    let mut engine = None;
    for library in libraries {
        let engine = match &engine {
            Some(engine) => engine,
            None => {
                let made = Engine::new(&engine::config());
                engine.insert(made.map_err(|source| failed(library, source.into()))?)
            }
        };
        let Err(refusal) = Module::validate(engine, library.bytes) else {
            continue;
        };
        // What no engine takes is damaged.
        Validator::new_with_features(WasmFeatures::all())
            .validate_all(library.bytes)
            .map_err(|source| failed(library, anyhow::Error::new(source)))?;
        let refusal = format!("{refusal:#}");
        let refusal = refusal.lines().next().unwrap_or_default();
        return Err(LinkError::Engine {
            library: library.path.to_owned(),
            advice: if refusal.contains("exception") {
                WITHOUT_EXCEPTIONS
            } else {
                ""
            },
            refusal: refusal.to_owned(),
        });
    }
    Ok(())
}
