//! A component with one of its core modules exchanged.

use super::FoldError;
use wasm_encoder::{Component, RawSection};
use wasmparser::{Parser, Payload};

/// The number of a section that holds a core module.
const MODULE_SECTION: u8 = 1;

/// A section of a component, without those within it.
struct Section<'a> {
    number: u8,
    data: &'a [u8],
}

/// The core modules of a component, in order.
///
/// # Errors
/// When it cannot be read.
pub(super) fn modules(component: &[u8]) -> Result<Vec<&[u8]>, FoldError> {
    Ok(sections(component)?
        .into_iter()
        .filter(|section| section.number == MODULE_SECTION)
        .map(|section| section.data)
        .collect())
}

/// The component with the bytes of its core module `number` exchanged.
///
/// # Errors
/// When it cannot be read.
pub(super) fn with_module(
    component: &[u8],
    number: usize,
    module: &[u8],
) -> Result<Vec<u8>, FoldError> {
    let mut written = Component::new();
    let mut modules = 0;
    for section in sections(component)? {
        let mut data = section.data;
        if section.number == MODULE_SECTION {
            if modules == number {
                data = module;
            }
            modules += 1;
        }
        written.section(&RawSection {
            id: section.number,
            data,
        });
    }
    Ok(written.finish())
}

fn sections(component: &[u8]) -> Result<Vec<Section<'_>>, FoldError> {
    let mut sections = Vec::new();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload.map_err(FoldError::Read)?;
        if depth == 0
            && let Some((number, range)) = payload.as_section()
        {
            sections.push(Section {
                number,
                data: component.get(range).unwrap_or_default(),
            });
        }
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(sections)
}
