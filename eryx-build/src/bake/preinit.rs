//! Preinit: a component → the snapshot, in which the interpreter has started and imported.

use std::{
    hash::{BuildHasher, RandomState},
    io::{self, Write},
    path::Path,
    sync::{Arc, OnceLock},
};

use eryx_base::{regular_file, size::human_bytes};
use eryx_host::{Clocks, OutputSink, files, policy::WORKING_DIRECTORY};
use eryx_image::Tree;
use eryx_interpreter::{
    preinit::{Interpreter, Preparation, TIME_LIMIT},
    random::fixed_device,
};
use eryx_vfs::Namespace;

use super::{
    BakeError, PreinitFailure,
    bytecode::bytecode,
    context::{Context, Done},
    fuse::Code,
    guest_modules::{INLINE_THREADS, PATH_FILES},
    unpack::Contents,
};
use crate::{
    bytecode::Compiled,
    manifest::{HashSeed, Manifest, Threads},
    progress::{Level, Progress, Stage},
    site_tree::SiteTree,
    tree::FilesError,
};

/// How much `/tmp` holds at bake time, in bytes.
const SCRATCH_BYTES: u64 = 1 << 30;

/// How much of what the guest prints at bake time is shown, in bytes.
const MAX_OUTPUT_BYTES: usize = 1_000_000;

/// The largest preinit script that is read, in bytes.
const MAX_SCRIPT_BYTES: u64 = 64 << 20;

/// The snapshot of a component, and the bytecode of the image's sources. Both come from the same
/// interpreter, side by side: one core imports while the others compile.
pub(super) fn preinit(
    context: &Context<'_>,
    component: Code,
    contents: &Contents,
) -> Result<(Code, Compiled), BakeError> {
    let sources = contents
        .files
        .encode()
        .map_err(FilesError::from)?
        .into_tree();
    let files = file_system(context.manifest, sources.clone())?;
    let made = OnceLock::new();
    std::thread::scope(|scope| {
        let mut compiling = None;
        let snapshot = context.run(Stage::Preinit, |stage| {
            stage.detail("compiling the interpreter");
            // Those with native libraries are many and large, and seldom the same again.
            let interpreter = if contents.native.is_empty() {
                Interpreter::cached(&component.bytes, &context.cache)?
            } else {
                Interpreter::new(&component.bytes)?
            };
            let interpreter = made.get_or_init(|| interpreter);
            let compile = || bytecode(context, interpreter, &contents.files, &sources);
            compiling = Some(scope.spawn(compile));
            let snapshot = interpreter
                .snapshot(preparation(context, &contents.site, files))
                .map_err(|error| PreinitFailure::new(error, &contents.site))?;
            let imports = context.manifest.preinit.imports.len();
            let size = human_bytes(snapshot.len() as u64);
            Ok(Done::new(snapshot, format!("{imports} imports, {size}")))
        });
        let compiled = compiling.map(|compiling| match compiling.join() {
            Ok(compiled) => compiled,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        let snapshot = Code {
            bytes: snapshot?,
            is_fused: component.is_fused,
        };
        Ok((snapshot, compiled.transpose()?.unwrap_or_default()))
    })
}

/// The sandbox path of the preinit script, at bake time only. It keeps its name, which tracebacks
/// show.
fn script_path(script: &Path) -> String {
    let name = script.file_name().and_then(|name| name.to_str());
    format!("{WORKING_DIRECTORY}/{}", name.unwrap_or("preinit.py"))
}

/// The file system that preparing sees: the sources, and the preinit script.
fn file_system(manifest: &Manifest, tree: Tree) -> Result<Namespace, BakeError> {
    let mut builder = files::base(tree, SCRATCH_BYTES, &Clocks::fixed(), fixed_device())?;
    if let Some(path) = &manifest.preinit.script {
        let failed = |source| BakeError::Script {
            path: path.clone(),
            source,
        };
        let script = regular_file::read_at_most(path, MAX_SCRIPT_BYTES).map_err(failed)?;
        let too_large = || io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 64 MiB");
        let script = script.ok_or_else(|| failed(too_large()))?;
        builder = builder.mount_file(&script_path(path), script)?;
    }
    Ok(builder.build())
}

/// What the guest is asked to prepare, reporting as it goes.
fn preparation(context: &Context<'_>, site: &SiteTree, files: Namespace) -> Preparation {
    let manifest = context.manifest;
    // Only here: bytecode that other bakes use too is compiled by an interpreter without them.
    let path_files = site.has_path_files().then(|| PATH_FILES.to_owned());
    let inline = manifest.python.threads == Threads::Inline;
    let inline = inline.then(|| INLINE_THREADS.to_owned());
    let imports = manifest.preinit.imports.iter().cloned();
    let importing = Arc::clone(context.progress);
    let printed = GuestOutput {
        progress: Arc::clone(context.progress),
        left: MAX_OUTPUT_BYTES,
    };
    Preparation {
        imports: inline
            .into_iter()
            .chain(path_files)
            .chain(imports)
            .collect(),
        script: manifest.preinit.script.as_deref().map(script_path),
        files,
        output: OutputSink::new(printed, false),
        importing: Some(Box::new(move |module| {
            importing.stage_detail(Stage::Preinit, &format!("importing {module}"));
        })),
        limit: TIME_LIMIT,
        hash_seed: match manifest.python.hash_seed {
            HashSeed::Common => None,
            HashSeed::Number(seed) => Some(seed),
            HashSeed::RandomAtBake => Some(unforeseen_seed()),
        },
    }
}

/// A seed that the operating system has a part in.
fn unforeseen_seed() -> u32 {
    // 0 would be none at all.
    u32::try_from(RandomState::new().hash_one(()) >> u32::BITS).map_or(1, |seed| seed.max(1))
}

/// What the guest prints at bake time is shown up to a bound, and is in no image.
struct GuestOutput {
    progress: Arc<dyn Progress>,
    /// How many bytes are still shown.
    left: usize,
}

impl Write for GuestOutput {
    /// Takes all of it: whether somebody sees what it prints must not change what a script does.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let shown = bytes.len().min(self.left);
        if let Some(bytes) = bytes.get(..shown).filter(|bytes| !bytes.is_empty()) {
            self.progress.output(bytes);
        }
        if shown < bytes.len() && self.left > 0 {
            let limit = human_bytes(MAX_OUTPUT_BYTES as u64);
            let note = format!("preinit prints more than {limit}: the rest is not shown");
            self.progress.note(Level::Warning, &note);
        }
        // Nothing is left as soon as something is not shown, so that it is said once.
        self.left = self.left.saturating_sub(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use crate::progress::{BakeSummary, StageSummary};

    use super::*;

    /// Counts what is shown.
    #[derive(Default)]
    struct Shown {
        bytes: Mutex<usize>,
        notes: Mutex<Vec<String>>,
    }

    impl Progress for Shown {
        fn stage_started(&self, _: Stage) {}
        fn stage_detail(&self, _: Stage, _: &str) {}
        fn stage_bytes(&self, _: Stage, _: u64, _: Option<u64>) {}
        fn stage_finished(&self, _: Stage, _: &StageSummary) {}
        fn stage_failed(&self, _: Stage, _: Duration) {}
        fn note(&self, _: Level, text: &str) {
            self.notes.lock().unwrap().push(text.to_owned());
        }
        fn output(&self, bytes: &[u8]) {
            *self.bytes.lock().unwrap() += bytes.len();
        }
        fn baked(&self, _: &BakeSummary) {}
    }

    #[test]
    fn output_beyond_the_bound_is_taken_and_not_shown_and_that_is_said_once() {
        let shown = Arc::new(Shown::default());
        let mut output = GuestOutput {
            progress: shown.clone(),
            left: MAX_OUTPUT_BYTES,
        };
        for _ in 0..30 {
            output.write_all(&[b'x'; 70_000]).unwrap();
        }
        assert_eq!(*shown.bytes.lock().unwrap(), MAX_OUTPUT_BYTES);
        let notes = shown.notes.lock().unwrap();
        assert_eq!(
            *notes,
            ["preinit prints more than 1.0 MB: the rest is not shown"]
        );
    }
}
