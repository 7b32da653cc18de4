//! A whole bake: every stage in its order, each a module with one function.
//!
//! ```text
//! resolve → fetch → build → unpack → link → fuse → preinit → bytecode → fold → compile → pack
//! ```
//!
//! A stage takes the `Context` and what the stages before it gave; the context reports its start,
//! its end and its notes. What a stage *does* is another crate's; this module must not know it.

mod archives;
mod build;
mod bytecode;
mod compile;
mod context;
mod error;
mod fetch;
mod fold;
mod fuse;
mod guest_modules;
mod hints;
mod link;
mod native;
mod pack;
mod preinit;
mod resolve;
mod sources;
mod unallowed;
mod unpack;
mod unused;
mod wheels;

pub use error::BakeError;
pub use hints::PreinitFailure;
pub use resolve::{LockSummary, lock};
pub use unallowed::Unallowed;
pub use wheels::wheels;

use crate::{
    manifest::Manifest,
    progress::{BakeSummary, Level, Progress},
    resolve::{Lock, Mode},
};
use context::Context;
use eryx_base::variables;
use eryx_image as image;
use native::NativeBuilds;
use std::{path::Path, sync::Arc, time::Instant};

/// The environment variable that names the runtime of bakes whose manifest names none.
pub const RUNTIME_VARIABLE: &str = variables::RUNTIME_DIR.name;

/// Bakes the image that `manifest` describes and writes it to `output`. `mode` says what may be done
/// with the lock and the network.
///
/// # Errors
/// That of the stage that failed. Nothing is written then, and an image that was there stays.
pub fn bake(
    manifest: &Manifest,
    output: &Path,
    mode: &Mode,
    progress: &Arc<dyn Progress>,
) -> Result<BakeSummary, BakeError> {
    let started = Instant::now();
    image::check_writable(output)?;
    let context = Context::new(manifest, mode, progress)?;
    let natives = NativeBuilds::new(&context)?;
    let lock = resolve::resolve(&context, &natives)?;
    let bytes = image_of(&context, &natives, &lock, output)?;
    let summary = BakeSummary {
        image: output.to_owned(),
        bytes,
        elapsed: started.elapsed(),
    };
    progress.baked(&summary);
    Ok(summary)
}

/// Bakes an image that nobody keeps, to see whether it can be baked: what its lock and its file are
/// called is not told.
///
/// # Errors
/// As [`bake`].
pub fn try_out(
    manifest: &Manifest,
    output: &Path,
    mode: &Mode,
    progress: &Arc<dyn Progress>,
) -> Result<(), BakeError> {
    let context = Context::new(manifest, mode, progress)?;
    let natives = NativeBuilds::new(&context)?;
    let lock = resolve::resolve_once(&context, &natives)?;
    image_of(&context, &natives, &lock, output).map(drop)
}

/// All stages after resolve. Gives the length of the image, in bytes.
fn image_of(
    context: &Context<'_>,
    natives: &NativeBuilds<'_>,
    lock: &Lock,
    output: &Path,
) -> Result<u64, BakeError> {
    let fetched = fetch::fetch(context, lock)?;
    let wheels = build::build(context, natives, &fetched, lock)?;
    let mut contents = unpack::unpack(context, &wheels)?;
    let component = link::link(context, &contents)?;
    let component = fuse::fuse(context, component)?;
    let (snapshot, bytecode) = preinit::preinit(context, component, &contents)?;
    let strips_sources = context.manifest.packages.strip.sources;
    let notes = contents.add_bytecode(bytecode, strips_sources)?;
    context.note(Level::Info, &notes);
    let snapshot = fold::fold(context, snapshot)?;
    let code = compile::compile(context, &snapshot)?;
    let image = pack::pack(context, output, &contents, &snapshot, &code)?;
    Ok(image.file_length)
}
