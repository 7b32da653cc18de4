//! Validation of each native library by itself, as the engine that will run it has it.

use super::{LinkError, check::Named};
use wasmparser::{BinaryReaderError, HeapType, Parser, Payload, Validator, WasmFeatures};

/// Asks the engine of the sandbox whether it takes a library. When it does not, the text says why.
pub type EngineCheck<'e> = &'e dyn Fn(&[u8]) -> Result<(), String>;

/// What to do about a library with exceptions in an encoding that was given up, as the rest of the sentence.
const ADVICE_ON_LEGACY_EXCEPTIONS: &str = ". Compile it with exceptions as the standard has them, by \
     `-mllvm -wasm-use-legacy-eh=false`, or with `-fno-exceptions`";

/// Checks that the engine takes each library. It would refuse the whole later, without a name.
///
/// # Errors
/// When it refuses one: for a proposal that it does not have, or since the library is damaged. When one keeps
/// references.
pub(super) fn for_the_engine(
    libraries: &[Named<'_>],
    engine: EngineCheck<'_>,
) -> Result<(), LinkError> {
    for library in libraries {
        let Err(refusal) = engine(library.bytes) else {
            let place = references(library.bytes).map_err(|source| LinkError::Library {
                library: library.path.to_owned(),
                source: anyhow::Error::new(source),
            })?;
            match place {
                Some(place) => {
                    return Err(LinkError::References {
                        library: library.path.to_owned(),
                        place,
                    });
                }
                None => continue,
            }
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
            advice: match refusal.contains("legacy") && refusal.contains("exception") {
                true => ADVICE_ON_LEGACY_EXCEPTIONS,
                false => "",
            },
            refusal: refusal.to_owned(),
        });
    }
    Ok(())
}

/// Where a library keeps references, such as those to exceptions. A snapshot has memory and numbers, and only
/// the functions with which tables begin.
fn references(library: &[u8]) -> Result<Option<&'static str>, BinaryReaderError> {
    for payload in Parser::new(0).parse_all(library) {
        match payload? {
            Payload::GlobalSection(section) => {
                for global in section {
                    let ty = global?.ty;
                    if ty.mutable && ty.content_type.is_reference_type() {
                        return Ok(Some("a global"));
                    }
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    if table?.ty.element_type.heap_type() != HeapType::FUNC {
                        return Ok(Some("a table"));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_where_they_are_kept() {
        let place = |text: &str| references(&wat::parse_str(text).unwrap()).unwrap();
        assert_eq!(place("(module)"), None);
        assert_eq!(place("(module (global (mut i64) (i64.const 0)))"), None);
        assert_eq!(place("(module (global funcref (ref.null func)))"), None);
        assert_eq!(place("(module (table 1 funcref))"), None);
        for kind in ["exn", "extern", "func"] {
            let text = format!("(module (global (mut {kind}ref) (ref.null {kind})))");
            assert_eq!(place(&text), Some("a global"), "{kind}");
        }
        for kind in ["exn", "extern"] {
            let text = format!("(module (table 1 {kind}ref))");
            assert_eq!(place(&text), Some("a table"), "{kind}");
        }
    }
}
