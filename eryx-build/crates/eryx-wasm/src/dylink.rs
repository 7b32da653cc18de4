//! What a WebAssembly shared library says of itself in its section `dylink.0`.

use wasmparser::{BinaryReaderError, Dylink0Subsection, KnownCustom, Parser, Payload};

const WASM_MAGIC: &[u8] = b"\0asm";
/// More names than any real library has; they are kept in memory.
const MAX_NEEDED: usize = 1000;

/// What a wasm shared library says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dylink {
    /// The names of the libraries it needs, in its own order.
    pub needed: Vec<String>,
}

/// Whether bytes begin as WebAssembly does, of any kind.
#[must_use]
pub fn is_wasm(bytes: &[u8]) -> bool {
    bytes.starts_with(WASM_MAGIC)
}

/// Whether the first section of a wasm module makes it a shared library: a custom section named
/// `dylink.0`, as the tool conventions for WebAssembly ask for.
#[must_use]
pub fn is_shared_library(bytes: &[u8]) -> bool {
    if !is_wasm(bytes) {
        return false;
    }
    let mut payloads = Parser::new(0).parse_all(bytes);
    let is_module = matches!(
        payloads.next(),
        Some(Ok(Payload::Version {
            encoding: wasmparser::Encoding::Module,
            ..
        }))
    );
    is_module
        && matches!(
            payloads.next(),
            Some(Ok(Payload::CustomSection(section))) if section.name() == "dylink.0"
        )
}

/// Reads a shared library as far as needed; its code is checked when it is linked. `export` is called with
/// the name of each of its exports.
///
/// # Errors
/// When it is no well-formed WebAssembly.
pub fn read(bytes: &[u8], mut export: impl FnMut(&str)) -> Result<Dylink, BinaryReaderError> {
    let mut dylink = Dylink::default();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::CustomSection(section) => {
                if let KnownCustom::Dylink0(subsections) = section.as_known() {
                    for subsection in subsections {
                        if let Dylink0Subsection::Needed(names) = subsection? {
                            let space = MAX_NEEDED.saturating_sub(dylink.needed.len());
                            let names = names.into_iter().take(space).map(str::to_owned);
                            dylink.needed.extend(names);
                        }
                    }
                }
            }
            Payload::ExportSection(exports) => {
                for one in exports {
                    export(one?.name);
                }
            }
            _ => {}
        }
    }
    Ok(dylink)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: u8, contents: &[u8]) -> Vec<u8> {
        let mut bytes = vec![id, u8::try_from(contents.len()).unwrap()];
        bytes.extend(contents);
        bytes
    }

    fn name(text: &str) -> Vec<u8> {
        let mut bytes = vec![u8::try_from(text.len()).unwrap()];
        bytes.extend(text.as_bytes());
        bytes
    }

    fn custom(title: &str, contents: &[u8]) -> Vec<u8> {
        section(0, &[name(title), contents.to_vec()].concat())
    }

    /// A module with this name of its first section that needs `libc.so` and exports one global.
    fn module(first_section: &str, export: &str) -> Vec<u8> {
        let needed = section(2, &[vec![1], name("libc.so")].concat());
        let global = section(6, &[1, 0x7f, 0, 0x41, 0, 0x0b]);
        let exports = section(7, &[vec![1], name(export), vec![3, 0]].concat());
        let custom = custom(first_section, &needed);
        [b"\0asm\x01\0\0\0".to_vec(), custom, global, exports].concat()
    }

    #[test]
    fn a_shared_library_is_known_by_its_first_section() {
        assert!(is_shared_library(&module("dylink.0", "run")));
        assert!(!is_shared_library(&module("dylink", "run")));
        assert!(!is_shared_library(b"\0asm\x01\0\0\0"));
        assert!(!is_shared_library(b"\0asm\x0d\0\x01\0"));
        assert!(!is_shared_library(b"\0asm"));
        let late = [
            b"\0asm\x01\0\0\0".to_vec(),
            custom("name", &[]),
            custom("dylink.0", &[]),
        ];
        assert!(!is_shared_library(&late.concat()));
    }

    #[test]
    fn needs_and_exports_are_read() {
        let mut exports = Vec::new();
        let library = module("dylink.0", "cos");
        let dylink = read(&library, |name| exports.push(name.to_owned())).unwrap();
        assert_eq!(dylink.needed, ["libc.so"]);
        assert_eq!(exports, ["cos"]);
    }

    #[test]
    fn a_torn_library_is_an_error() {
        let whole = module("dylink.0", "run");
        for length in 9..whole.len() {
            // A cut between two sections leaves a shorter module that is whole again.
            let mut exports = 0;
            if let Ok(dylink) = read(&whole[..length], |_| exports += 1) {
                assert!(dylink.needed.is_empty() || exports == 0);
            }
        }
        assert!(read(&whole[..whole.len() - 1], |_| {}).is_err());
    }
}
