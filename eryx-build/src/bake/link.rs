//! Link: the runtime and native libraries → one component.

use eryx_base::size::human_bytes;

use super::{
    BakeError,
    context::{Context, Done},
    unpack::Contents,
};
use crate::{
    link::{self, Component, UntypedSlot},
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
        let mut done = Done::new(component, summary);
        if let Some(warning) = untyped(&done.value().untyped) {
            done = done.with_warning(warning);
        }
        Ok(done)
    })
}

/// Where the book tells of such functions, and how they are repaired.
const BOOK: &str = "docs/src/guide/native-packages.md#functions-of-another-type";

/// Functions that a program cannot call, by the libraries that they are in, and what to do about it.
fn untyped(slots: &[UntypedSlot]) -> Option<String> {
    let first = slots.first()?;
    let others = match slots.len() - 1 {
        0 => String::new(),
        1 => ", and so is 1 other function".to_owned(),
        others => format!(", and so are {others} other functions"),
    };
    Some(format!(
        "{}: {}, which ends a program that uses it: its C declares the function with another type than \
         Python's table asks for{others}; report it to the author of the package, or give the C function \
         that type and build the package again: {BOOK}",
        first.library, first.finding
    ))
}
