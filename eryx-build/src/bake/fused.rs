//! One core module, when that can be made. An image works without, only not as fast.

use super::BakeError;
use crate::{
    fold,
    fuse::{self, FuseError},
    link::{Component, LinkError},
    progress::{Level, Progress, RunningStage, Stage},
};
use eryx_base::{errors::chain, size::human_bytes};

/// The component's code.
pub(super) struct Code {
    /// Its binary.
    pub bytes: Vec<u8>,
    /// Whether it is one core module.
    pub is_fused: bool,
}

/// The component, fused when that is wanted; as it was linked, with a note that says why, when it can not be.
///
/// # Errors
/// When it must stay as it was linked, and is not valid so.
pub(super) fn fuse(
    component: Component,
    is_wanted: bool,
    progress: &dyn Progress,
) -> Result<Code, BakeError> {
    if !is_wanted {
        return Ok(linked(component.into_valid()?));
    }
    let stage = RunningStage::start(progress, Stage::Fuse);
    let error = match fuse::fuse(&component) {
        Ok(fused) => {
            stage.finish(format!(
                "{} functions, {}",
                fused.functions,
                human_bytes(fused.bytes.len() as u64)
            ));
            return Ok(Code {
                bytes: fused.bytes,
                is_fused: true,
            });
        }
        Err(error) => error,
    };
    match component.into_valid() {
        Ok(bytes) => {
            stage.finish("not fused".to_owned());
            progress.note(Level::Warning, &not_fused(&error));
            Ok(linked(bytes))
        }
        Err(LinkError::TooMany { libraries }) => Err(BakeError::Unfused {
            libraries,
            source: error,
        }),
        Err(error) => Err(error.into()),
    }
}

fn linked(bytes: Vec<u8>) -> Code {
    Code {
        bytes,
        is_fused: false,
    }
}

fn not_fused(error: &FuseError) -> String {
    format!(
        "the image is made without fusing, and starts slower: {}",
        chain(error)
    )
}

/// The folded snapshot; the snapshot itself, with a note that says why, when it can not be folded.
pub(super) fn fold(snapshot: Vec<u8>, progress: &dyn Progress) -> Vec<u8> {
    let stage = RunningStage::start(progress, Stage::Fold);
    match fold::fold(&snapshot) {
        Ok(folded) => {
            stage.finish(format!(
                "{} functions and {} globals less, {}",
                folded.dropped_functions,
                folded.dropped_globals,
                human_bytes(folded.bytes.len() as u64)
            ));
            folded.bytes
        }
        Err(error) => {
            stage.finish("not folded".to_owned());
            progress.note(
                Level::Warning,
                &format!(
                    "the image is made without folding, and is larger: {}",
                    chain(&error)
                ),
            );
            snapshot
        }
    }
}
