//! Compile: a snapshot → machine code.

use eryx_base::size::human_bytes;

use super::{
    BakeError,
    context::{Context, Done},
    fuse::Code,
};
use crate::{
    compile::{self, MachineCode},
    progress::Stage,
};

/// The machine code of a snapshot, for the target that the manifest names.
pub(super) fn compile(context: &Context<'_>, snapshot: &Code) -> Result<MachineCode, BakeError> {
    context.run(Stage::Compile, |_| {
        let code = compile::compile(&snapshot.bytes, &context.manifest.compile)?;
        let size = human_bytes(code.bytes.len() as u64);
        let summary = format!("{size} for {}", code.baseline);
        Ok(Done::new(code, summary))
    })
}
