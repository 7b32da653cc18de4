//! Pack: machine code, files and what is known of both → the image.

use std::path::Path;

use eryx_base::size::human_bytes;
use eryx_host::engine;
use eryx_image::ImageSummary;
use eryx_wasm::{
    heap,
    interfaces::{self, Interfaces},
};

use super::{
    BakeError,
    context::{Context, Done},
    fuse::Code,
    unpack::Contents,
};
use crate::{
    compile::MachineCode,
    pack::{self, Parts},
    progress::Stage,
    tree::FilesError,
};

/// Writes the image to `output`, or replaces the one that is there.
pub(super) fn pack(
    context: &Context<'_>,
    output: &Path,
    contents: &Contents,
    snapshot: &Code,
    code: &MachineCode,
) -> Result<ImageSummary, BakeError> {
    context.run(Stage::Pack, |_| {
        let interfaces = Interfaces {
            imports: interfaces::imports(&snapshot.bytes),
            ..interfaces::of_world(context.runtime.world())?
        };
        let parts = Parts {
            settings: engine::settings(),
            manifest: context.manifest,
            runtime: &context.runtime,
            site: &contents.site,
            graph: &contents.graph,
            native: &contents.native,
            code,
            tree: &contents.files.encode().map_err(FilesError::from)?,
            interfaces: &interfaces,
            heap: heap::bytes_of(&snapshot.bytes),
        };
        let summary = pack::pack(output, &parts)?;
        let size = human_bytes(summary.file_length);
        Ok(Done::new(summary, size))
    })
}
