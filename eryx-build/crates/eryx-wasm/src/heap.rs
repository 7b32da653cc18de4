//! The heap that a snapshot has in it.

use wasmparser::{Parser, Payload};

/// The initialised memory in a component: what its data sections hold, in bytes. Nothing of what is
/// not WebAssembly.
#[must_use]
pub fn bytes_of(component: &[u8]) -> u64 {
    let data = Parser::new(0).parse_all(component).flatten();
    let data = data.map(|payload| match payload {
        Payload::DataSection(section) => {
            let segments = section.into_iter().flatten();
            segments.map(|segment| segment.data.len() as u64).sum()
        }
        _ => 0,
    });
    data.sum()
}
