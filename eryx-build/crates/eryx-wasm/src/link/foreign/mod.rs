//! The library by which programs call functions by their addresses, as `ctypes` does.
//!
//! A function of WebAssembly can be called by its address only with its own type. Here all types are known: a
//! library is written that has, in its memory, a table of the symbols of what is linked with the number of
//! each function's signature; a function that calls any address with any of these signatures, its arguments
//! and its result lying in memory; and functions that call back into the guest, so many of each of the
//! commonest signatures. `runtime/modules/foreign_calls.c` has the other side of the table's layout.

mod module;
mod signature;
mod symbols;
mod table;

pub(super) use symbols::Named;

use super::LinkError;
use symbols::Symbols;

/// What the library is called.
pub(super) const NAME: &str = "liberyx-foreign.so";

/// Writes the library for what is linked: the runtime's libraries, whose symbols everybody sees, and those of
/// packages, whose symbols are found by library.
///
/// # Errors
/// When a library cannot be read.
pub(super) fn library(runtime: &[Named<'_>], packages: &[Named<'_>]) -> Result<Vec<u8>, LinkError> {
    let symbols = Symbols::read(runtime, packages)?;
    Ok(module::write(&symbols))
}

#[cfg(test)]
mod tests {
    use super::*;
    use eryx_runtime::Distribution;

    fn text(wat: &[u8], words: &str) -> bool {
        wat.windows(words.len())
            .any(|window| window == words.as_bytes())
    }

    #[test]
    fn the_library_is_valid_and_has_the_symbols_of_what_is_linked() {
        let runtime = Distribution::embedded().unwrap();
        let libc = (runtime.libraries().iter())
            .find(|library| library.name == "libc.so")
            .unwrap();
        let named = |name, bytes| Named {
            name,
            path: name,
            bytes,
        };
        let bytes = library(
            &[named("libc.so", &libc.bytes)],
            &[named("libextra.so", &libc.bytes)],
        )
        .unwrap();
        assert!(crate::dylink::is_shared_library(&bytes));
        wasmparser::Validator::new().validate_all(&bytes).unwrap();
        // Functions of packages are known by their library too, and those that are private are not known.
        for (words, is_there) in [
            ("\0strlen\0", true),
            ("\0libextra.so:strlen\0", true),
            ("\0qsort\0", true),
            ("\0pthread_create\0", false),
            ("\0__wasm_call_ctors\0", false),
            ("\0iiii:\0", true),
        ] {
            assert_eq!(text(&bytes, words), is_there, "{words:?}");
        }
    }
}
