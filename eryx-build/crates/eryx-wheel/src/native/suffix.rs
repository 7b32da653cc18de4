//! How extension modules are named.

/// How the runtime's Python ends the names of extension modules.
pub const EXTENSION_SUFFIX: &str = ".cpython-314-wasm32-wasi.so";
