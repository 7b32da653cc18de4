//! Link: the runtime and native libraries → one component.

use eryx_base::size::human_bytes;

use super::{
    BakeError,
    context::{Context, Done},
    unpack::Contents,
};
use crate::{
    link::{self, Component},
    progress::Stage,
};

/// The runtime and the native libraries of the packages as one component.
pub(super) fn link(context: &Context<'_>, contents: &Contents) -> Result<Component, BakeError> {
    context.run(Stage::Link, |_| {
        let native = contents.native.iter().map(|library| &library.shared);
        let component = link::link(&context.runtime, native, &eryx_interpreter::accepts)?;
        let summary = format!(
            "{} libraries, {}",
            component.libraries.len(),
            human_bytes(component.bytes.len() as u64)
        );
        Ok(Done::new(component, summary))
    })
}
