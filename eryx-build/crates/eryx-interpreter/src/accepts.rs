//! Whether the engine of the sandbox takes a library.

use eryx_host::engine;
use std::sync::LazyLock;
use wasmtime::{Engine, Module};

/// Asks the engine that runs images whether it takes a library, which compiles nothing.
///
/// # Errors
/// What the engine says when it refuses the library: for a proposal that it does not have, or since the
/// library is damaged.
pub fn accepts(library: &[u8]) -> Result<(), String> {
    static ENGINE: LazyLock<Result<Engine, String>> =
        LazyLock::new(|| Engine::new(&engine::config()).map_err(|error| format!("{error:#}")));
    let engine = ENGINE.as_ref().map_err(Clone::clone)?;
    Module::validate(engine, library).map_err(|refusal| format!("{refusal:#}"))
}
