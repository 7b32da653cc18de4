//! A whole bake: every stage in its order.
//!
//! This room decides what happens side by side and what is taken from the cache; what a stage does is
//! the stage's own.

mod advice;
mod error;
mod fused;
mod gather;
mod sources;
mod unused;

pub use advice::PreinitFailure;
pub use error::BakeError;
pub use gather::{LockSummary, lock};

use crate::{
    bytecode::{self, Compiled},
    cache::Cache,
    compile, link,
    manifest::{Manifest, Threads},
    native,
    pack::{self, Parts},
    preinit::{self, Interpreter, Preparation, fixed_device},
    progress::{BakeSummary, Level, Progress, RunningStage, Stage},
    resolve::Mode,
    tree::{FilesError, ImageFiles, STDLIB},
    unpack::{self, SiteTree},
    world,
};
use eryx_base::size::human_bytes;
use eryx_run::{
    image::{self, Tree},
    policy::WORKING_FOLDER,
    sandbox::{Clocks, OutputSink, files},
    vfs::Namespace,
};
use eryx_runtime::Distribution;
use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

/// How much `/tmp` holds at bake time, in bytes.
const SCRATCH_BYTES: u64 = 1 << 30;

/// The sandbox path of the preinit script, at bake time only. It keeps its name, which tracebacks show.
fn script_path(script: &Path) -> String {
    let name = script
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("preinit.py");
    format!("{WORKING_FOLDER}/{name}")
}

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
    let reporter = progress;
    let progress: &dyn Progress = &**reporter;
    image::check_writable(output)?;
    let cache = Cache::open()?;
    let runtime = runtime(manifest)?;
    let (mut site, graph) = gather::gather(manifest, &runtime, mode, &cache, progress)?;
    let native = native::find(&site)?;
    let mut files = ImageFiles::gather(&runtime, &site, &manifest.image.files)?;
    if let Some(entrypoint) = &manifest.image.entrypoint
        && !files.has(entrypoint)
    {
        return Err(BakeError::Entrypoint(entrypoint.to_string()));
    }
    let sources = files.encode()?.into_tree();

    let stage = RunningStage::start(progress, Stage::Link);
    let component = link::link(&runtime, &native)?;
    stage.finish(format!(
        "{} libraries, {}",
        component.libraries.len(),
        human_bytes(component.bytes.len() as u64)
    ));
    let component = fused::fuse(component, manifest.compile.fuse, progress)?;

    let stage = RunningStage::start(progress, Stage::Preinit);
    stage.detail("compiling the interpreter");
    let interpreter = Interpreter::new(&component.bytes)?;
    let namespace = bake_files(manifest, sources.clone())?;
    // One core imports while the others compile bytecode.
    let (snapshot, compiled) = std::thread::scope(|scope| {
        let importing = scope.spawn(|| {
            let snapshot = interpreter.snapshot(preparation(manifest, &site, namespace, reporter));
            if let Ok(snapshot) = &snapshot {
                stage.finish(format!(
                    "{} imports, {}",
                    manifest.preinit.imports.len(),
                    human_bytes(snapshot.len() as u64)
                ));
            }
            snapshot
        });
        let compiled = compile_bytecode(&interpreter, &runtime, &files, &sources, &cache, progress);
        (importing.join(), compiled)
    });
    let snapshot = match snapshot {
        Ok(snapshot) => snapshot.map_err(|error| PreinitFailure::new(error, &site))?,
        Err(panic) => std::panic::resume_unwind(panic),
    };
    let mut compiled = compiled?;
    if manifest.packages.strip.sources {
        strip_sources(&mut compiled, &mut site, &mut files, progress)?;
    }
    for (source, bytes) in compiled {
        if let Some(path) = bytecode::bytecode_path(&source) {
            files.add(path, bytes)?;
        }
    }
    // The compiler is about to need several hundred megabytes.
    drop(interpreter);
    let is_fused = component.is_fused;
    drop(component);
    drop(sources);
    let snapshot = if is_fused {
        fused::fold(snapshot, progress)
    } else {
        snapshot
    };

    let stage = RunningStage::start(progress, Stage::Compile);
    let code = compile::compile(&snapshot, &manifest.compile)?;
    stage.finish(format!(
        "{} for {}",
        human_bytes(code.bytes.len() as u64),
        code.baseline
    ));

    let stage = RunningStage::start(progress, Stage::Pack);
    let summary = pack::pack(
        output,
        &Parts {
            manifest,
            runtime: &runtime,
            site: &site,
            graph: &graph,
            native: &native,
            code: &code,
            tree: &files.encode()?,
            heap: heap_of(&snapshot),
        },
    )?;
    stage.finish(human_bytes(summary.file_length));
    let summary = BakeSummary {
        image: output.to_owned(),
        bytes: summary.file_length,
        elapsed: started.elapsed(),
    };
    progress.baked(&summary);
    Ok(summary)
}

/// The environment variable that names the runtime of bakes whose manifest names none.
pub const RUNTIME_VARIABLE: &str = "ERYX_RUNTIME_DIR";

/// The folder of the runtime that a manifest chooses, or else the environment.
fn chosen_runtime(manifest: &Manifest) -> Option<PathBuf> {
    let chosen = env::var_os(RUNTIME_VARIABLE).filter(|folder| !folder.is_empty());
    (manifest.runtime.path.clone()).or(chosen.map(PathBuf::from))
}

/// The runtime that a manifest asks for, or else the environment; the built-in one when neither does.
fn runtime(manifest: &Manifest) -> Result<Distribution, BakeError> {
    let runtime = match chosen_runtime(manifest) {
        Some(folder) => Distribution::from_folder(&folder)?,
        None => Distribution::embedded()?,
    };
    world::check(&runtime)?;
    Ok(runtime)
}

/// The file system that preparing sees: the sources, and the preinit script.
fn bake_files(manifest: &Manifest, tree: Tree) -> Result<Namespace, BakeError> {
    let mut builder = files::base(tree, SCRATCH_BYTES, &Clocks::fixed(), fixed_device())?;
    if let Some(path) = &manifest.preinit.script {
        let script = fs::read(path).map_err(|source| BakeError::Script {
            path: path.clone(),
            source,
        })?;
        builder = builder.mount_file(&script_path(path), script)?;
    }
    Ok(builder.build())
}

/// Puts bytecode in the place of the packages' sources, and takes it out of what was compiled.
fn strip_sources(
    compiled: &mut Compiled,
    site: &mut SiteTree,
    files: &mut ImageFiles,
    progress: &dyn Progress,
) -> Result<(), FilesError> {
    let in_site = |path: &str| {
        let rest = path
            .strip_prefix(unpack::SITE_PACKAGES)?
            .strip_prefix('/')?;
        Some(rest.to_owned())
    };
    let (packages, others): (Compiled, Compiled) = std::mem::take(compiled)
        .into_iter()
        .partition(|(source, _)| in_site(source).is_some());
    *compiled = others;
    let packages: Vec<(String, bytes::Bytes)> = packages
        .into_iter()
        .filter_map(|(source, bytes)| Some((in_site(&source)?, bytes)))
        .collect();
    let already = site.notes.len();
    unpack::strip_sources(
        site,
        packages
            .iter()
            .map(|(source, bytes)| (source.as_str(), &**bytes)),
    );
    for note in site.notes.iter().skip(already) {
        progress.note(Level::Info, &note.to_string());
    }
    files.replace_site(site)
}

/// The module that processes the `.pth` files of packages when it is imported.
const PATH_FILES: &str = "_eryx.path_files";

/// The module of the guest by which pools of threads run their tasks in place.
const INLINE_THREADS: &str = "_eryx.inline_threads";

/// What the guest is asked to prepare, reporting as it goes.
fn preparation(
    manifest: &Manifest,
    site: &SiteTree,
    files: Namespace,
    progress: &Arc<dyn Progress>,
) -> Preparation {
    // Only here: bytecode that other bakes use too is compiled by an interpreter without them.
    let path_files = site.has_path_files().then(|| PATH_FILES.to_owned());
    let inline = manifest.python.threads == Threads::Inline;
    let inline = inline.then(|| INLINE_THREADS.to_owned());
    let imports = manifest.preinit.imports.iter().cloned();
    let importing = Arc::clone(progress);
    let printed = GuestOutput(Arc::clone(progress));
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
        limit: preinit::TIME_LIMIT,
    }
}

/// What the guest prints at bake time is shown, and is in no image.
struct GuestOutput(Arc<dyn Progress>);

impl Write for GuestOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.output(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytecode for every source: that of the standard library depends on the runtime alone, and comes out
/// of the cache after the first bake.
fn compile_bytecode(
    interpreter: &Interpreter<'_>,
    runtime: &Distribution,
    files: &ImageFiles,
    tree: &Tree,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<Compiled, BakeError> {
    let stage = RunningStage::start(progress, Stage::Bytecode);
    let (stdlib, packages): (Vec<_>, Vec<_>) = bytecode::sources(files)
        .into_iter()
        .partition(|path| path.starts_with(STDLIB));
    let key = bytecode::stdlib_key(runtime);
    let cached = cache
        .get(bytecode::KIND, &key)
        .and_then(|bytes| bytecode::decode(&bytes));
    let is_cached = cached.is_some();
    let mut compiled = match cached {
        Some(compiled) => compiled,
        None => {
            stage.detail("the standard library");
            let compiled = bytecode::compile(interpreter, tree, &stdlib)?;
            cache.put(bytecode::KIND, &key, &bytecode::encode(&compiled))?;
            compiled
        }
    };
    stage.detail("packages");
    compiled.extend(bytecode::compile(interpreter, tree, &packages)?);
    let note = format!("{} modules", compiled.len());
    if is_cached {
        stage.finish_cached(note)
    } else {
        stage.finish(note)
    }
    Ok(compiled)
}

/// The initialised memory in a snapshot: what its data sections hold.
fn heap_of(snapshot: &[u8]) -> u64 {
    let data = wasmparser::Parser::new(0)
        .parse_all(snapshot)
        .flatten()
        .map(|payload| match payload {
            wasmparser::Payload::DataSection(section) => section
                .into_iter()
                .flatten()
                .map(|segment| segment.data.len() as u64)
                .sum(),
            _ => 0,
        });
    data.sum()
}
