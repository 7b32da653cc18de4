//! Fold: a snapshot → one without what no run can use any more.

use eryx_base::{errors::chain, size::human_bytes};

use super::{
    BakeError,
    context::{Context, Done},
    fuse::Code,
};
use crate::{fold, progress::Stage};

/// The folded snapshot; the snapshot itself, with a warning that says why, when it cannot be folded.
/// Only one core module can be.
pub(super) fn fold(context: &Context<'_>, snapshot: Code) -> Result<Code, BakeError> {
    if !snapshot.is_fused {
        return Ok(snapshot);
    }
    context.run(Stage::Fold, |_| {
        Ok(match fold::fold(&snapshot.bytes) {
            Ok(folded) => {
                let summary = format!(
                    "{} functions and {} globals less, {}",
                    folded.dropped_functions,
                    folded.dropped_globals,
                    human_bytes(folded.bytes.len() as u64)
                );
                let code = Code {
                    bytes: folded.bytes,
                    is_fused: true,
                };
                Done::new(code, summary)
            }
            Err(error) => Done::new(snapshot, "not folded").with_warning(format!(
                "the image is made without folding, and is larger: {}",
                chain(&error)
            )),
        })
    })
}
