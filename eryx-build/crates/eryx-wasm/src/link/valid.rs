//! Validation of each native library by itself, as the engine that will run it has it.

use super::{LinkError, check::Named};
use eryx_base::variables::SDK_EXCEPTIONS;
use wasmparser::{Validator, WasmFeatures};

/// Asks the engine of the sandbox whether it takes a library. When it does not, the text says why.
pub type EngineCheck<'e> = &'e dyn Fn(&[u8]) -> Result<(), String>;

/// Checks that the engine takes each library. It would refuse the whole later, without a name.
///
/// # Errors
/// When it refuses one: for a proposal that it does not have, or since the library is damaged.
pub(super) fn for_the_engine(
    libraries: &[Named<'_>],
    engine: EngineCheck<'_>,
) -> Result<(), LinkError> {
    for library in libraries {
        let Err(refusal) = engine(library.bytes) else {
            continue;
        };
        // What no engine takes is damaged.
        Validator::new_with_features(WasmFeatures::all())
            .validate_all(library.bytes)
            .map_err(|source| LinkError::Library {
                library: library.path.to_owned(),
                source: anyhow::Error::new(source),
            })?;
        let refusal = refusal.lines().next().unwrap_or_default();
        return Err(LinkError::Engine {
            library: library.path.to_owned(),
            advice: if refusal.contains("exception") {
                without_exceptions()
            } else {
                String::new()
            },
            refusal: refusal.to_owned(),
        });
    }
    Ok(())
}

/// What to do about a library with exceptions.
fn without_exceptions() -> String {
    let variable = SDK_EXCEPTIONS.name;
    format!(
        ". Compile it without C++ exceptions: with `-fno-exceptions`, or by `eryx sdk` with \
         {variable}=abort"
    )
}
