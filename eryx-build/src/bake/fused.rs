//! One core module, when that can be made. An image works without, only not as fast.

use crate::{
    fold,
    fuse::{self, FuseError},
    link::Component,
    progress::{Level, Progress, RunningStage, Stage, human_bytes},
};
use std::error::Error;

/// The fused component; none, with a note that says why, when it can not be fused.
pub(super) fn fuse(component: &Component, progress: &dyn Progress) -> Option<Vec<u8>> {
    let stage = RunningStage::start(progress, Stage::Fuse);
    match fuse::fuse(component) {
        Ok(fused) => {
            stage.finish(format!(
                "{} functions, {}",
                fused.functions,
                human_bytes(fused.bytes.len() as u64)
            ));
            Some(fused.bytes)
        }
        Err(error) => {
            stage.finish("not fused".to_owned());
            progress.note(Level::Warning, &not_fused(&error));
            None
        }
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

/// An error and what caused it, in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
