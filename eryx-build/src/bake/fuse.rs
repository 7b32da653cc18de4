//! Fuse: a component → one with a single core module, where that can be made. An image works
//! without, only not as fast.

use eryx_base::{errors::chain, size::human_bytes};

use super::{
    BakeError,
    context::{Context, Done},
};
use crate::{
    fuse,
    link::{Component, LinkError},
    progress::Stage,
};

/// A component's code, before or after preinit.
pub(super) struct Code {
    /// Its binary.
    pub bytes: Vec<u8>,
    /// Whether it is one core module.
    pub is_fused: bool,
}

/// The component, fused when the manifest wants it; as it was linked, with a warning that says why,
/// when it cannot be.
///
/// # Errors
/// When it must stay as it was linked, and is not valid so.
pub(super) fn fuse(context: &Context<'_>, component: Component) -> Result<Code, BakeError> {
    let linked = |bytes| Code {
        bytes,
        is_fused: false,
    };
    if !context.manifest.compile.fuse {
        return Ok(linked(component.into_valid()?));
    }
    context.run(Stage::Fuse, |_| {
        let error = match fuse::fuse(&component) {
            Ok(fused) => {
                let size = human_bytes(fused.bytes.len() as u64);
                let summary = format!("{} functions, {size}", fused.functions);
                let code = Code {
                    bytes: fused.bytes,
                    is_fused: true,
                };
                return Ok(Done::new(code, summary));
            }
            Err(error) => error,
        };
        match component.into_valid() {
            Ok(bytes) => Ok(Done::new(linked(bytes), "not fused").with_warning(format!(
                "the image is made without fusing: it starts slower, and lacks what the runtime mends in its \
                 base: {}",
                chain(&error)
            ))),
            Err(LinkError::TooMany { libraries }) => Err(BakeError::Unfused {
                libraries,
                source: error,
            }),
            Err(LinkError::Exceptions) => Err(BakeError::UnfusedExceptions(error)),
            Err(error) => Err(error.into()),
        }
    })
}
