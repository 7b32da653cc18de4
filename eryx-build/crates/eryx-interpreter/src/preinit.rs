//! Preinit: component → snapshot, the same code with a heap in which the interpreter has started and
//! the manifest's imports are done.
//!
//! The guest runs on the loader's own host code, with fixed clocks and fixed random data, so that the
//! same inputs give the same bytes. What the guest prints meanwhile goes to the caller.

use crate::{
    error::PreinitError,
    instrumented::Instrumented,
    limit::{keep_time, ticks},
    run::Run,
};
use eryx_base::{
    Digest,
    excerpt::{TRACEBACK, excerpt},
};
use eryx_cache::Cache;
use eryx_host::{
    HostConfig, ImportListener, OutputSink, Program, RunFlags, State, Streams, block_on, call_run,
    engine, exit_status_of, linker, policy::WORKING_DIRECTORY,
};
use eryx_image::WASMTIME_VERSION;
use eryx_vfs::Namespace;
use std::time::Duration;
use wasmtime::{
    Engine, OptLevel, Store,
    component::{Component, ComponentType, Instance, Lift, Linker},
};
use wasmtime_wizer::{ComponentContext, Wizer};

/// How long preparing may take, and each program that runs at bake time.
pub const TIME_LIMIT: Duration = Duration::from_secs(600);

/// The cache's kind of machine code for preparing.
const INTERPRETERS: &str = "preinit-interpreters";

/// What the guest is asked to prepare.
pub struct Preparation {
    /// Modules to import, in order.
    pub imports: Vec<String>,
    /// The sandbox path of a script to run once.
    pub script: Option<String>,
    /// The file system it sees.
    pub files: Namespace,
    /// Where what it prints goes.
    pub output: OutputSink,
    /// Who is told which module is imported.
    pub importing: Option<ImportListener>,
    /// How long it may take; [`TIME_LIMIT`] is plenty.
    pub limit: Duration,
    /// The seed of `hash()`, as `PYTHONHASHSEED` takes it; the one that every image has when it is none.
    pub hash_seed: Option<u32>,
}

/// The guest's answer when it could not be prepared.
#[derive(Debug, ComponentType, Lift)]
#[component(record)]
struct Failure {
    module: Option<String>,
    traceback: String,
}

/// A component that is compiled quickly and instrumented, ready to be prepared.
pub struct Interpreter<'a> {
    wizer: Wizer,
    context: ComponentContext<'a>,
    engine: Engine,
    component: Component,
    linker: Linker<State>,
}

impl<'a> Interpreter<'a> {
    /// Compiles a component for preparation on this machine.
    ///
    /// # Errors
    /// When the component is one that cannot be snapshot or compiled.
    pub fn new(component: &'a [u8]) -> Result<Self, PreinitError> {
        Self::compiled(component, |engine, instrumented| {
            Component::new(engine, instrumented).map_err(PreinitError::Engine)
        })
    }

    /// The same, with the machine code taken from the cache, or kept there for the next bake.
    ///
    /// Compiling is half of a bake. A component without native libraries of packages is the same for
    /// every image; others are many and large, and better compiled by [`Interpreter::new`].
    ///
    /// # Errors
    /// Those of [`Interpreter::new`], and when the cache cannot be written.
    pub fn cached(component: &'a [u8], cache: &Cache) -> Result<Self, PreinitError> {
        Self::compiled(component, |engine, instrumented| {
            let key = Digest::of_parts([
                instrumented,
                WASMTIME_VERSION.as_bytes(),
                std::env::consts::ARCH.as_bytes(),
            ]);
            // The engine refuses code that was compiled with other settings.
            let kept = cache.get(INTERPRETERS, &key);
            if let Some(component) = kept.and_then(|code| deserialize(engine, &code).ok()) {
                return Ok(component);
            }
            let code = engine
                .precompile_component(instrumented)
                .map_err(PreinitError::Engine)?;
            cache.put(INTERPRETERS, &key, &code)?;
            deserialize(engine, &code).map_err(PreinitError::Engine)
        })
    }

    fn compiled(
        component: &'a [u8],
        compile: impl FnOnce(&Engine, &[u8]) -> Result<Component, PreinitError>,
    ) -> Result<Self, PreinitError> {
        let wizer = Wizer::new();
        let (context, instrumented) = wizer
            .instrument_component(component)
            .map_err(PreinitError::Snapshot)?;
        let mut config = engine::config();
        // It runs once, for seconds; compiling it well would take longer than it saves.
        config.cranelift_opt_level(OptLevel::None);
        // A package may loop for ever. Only this engine asks for the time, not that of the image.
        config.epoch_interruption(true);
        let engine = Engine::new(&config).map_err(PreinitError::Engine)?;
        keep_time(&engine);
        let component = compile(&engine, &instrumented)?;
        let linker = linker(&engine).map_err(PreinitError::Engine)?;
        Ok(Interpreter {
            wizer,
            context,
            engine,
            component,
            linker,
        })
    }

    /// Prepares an instance and bakes its heap into the component.
    ///
    /// # Errors
    /// When an import or the script fails, and when the component cannot be run or rewritten.
    pub fn snapshot(&self, preparation: Preparation) -> Result<Vec<u8>, PreinitError> {
        block_on(async {
            let (mut store, instance) = self.prepare(preparation).await?;
            // The whole heap is handed over, and nobody hostile is left to bound.
            store.set_hostcall_fuel(usize::MAX);
            self.wizer
                .snapshot_component(
                    &self.context,
                    &mut Instrumented {
                        store: &mut store,
                        instance,
                    },
                )
                .await
                .map_err(PreinitError::Snapshot)
        })
    }

    /// Runs a program in an instance that imported nothing. Returns its status and what it printed.
    ///
    /// # Errors
    /// When the sandbox cannot be run.
    pub fn run(
        &self,
        files: Namespace,
        program: Program,
        arguments: &[Vec<u8>],
    ) -> Result<(i32, String), PreinitError> {
        let (streams, output) = Streams::captured(b"");
        let preparation = Preparation {
            imports: Vec::new(),
            script: None,
            files,
            output: streams.stdout,
            importing: None,
            limit: TIME_LIMIT,
            hash_seed: None,
        };
        block_on(async {
            let (mut store, instance) = self.prepare(preparation).await?;
            store.set_epoch_deadline(ticks(TIME_LIMIT));
            let status = call_run(
                &mut store,
                &instance,
                &program,
                arguments,
                WORKING_DIRECTORY,
                RunFlags::default(),
            )
            .await
            .map_err(PreinitError::Trapped)?;
            Ok((
                status,
                String::from_utf8_lossy(&output.stdout()).into_owned(),
            ))
        })
    }

    async fn prepare(
        &self,
        preparation: Preparation,
    ) -> Result<(Store<State>, Instance), PreinitError> {
        let mut config = HostConfig::bake(preparation.files, preparation.output)
            .with_import_listener(preparation.importing);
        if let Some(seed) = preparation.hash_seed {
            config = config.with_variable("PYTHONHASHSEED", &seed.to_string());
        }
        let mut store = State::store(&self.engine, config);
        store.set_epoch_deadline(ticks(preparation.limit));
        let instance = self
            .linker
            .instantiate_async(&mut store, &self.component)
            .await
            .map_err(PreinitError::Trapped)?;
        start(
            &mut store,
            &instance,
            &preparation.imports,
            preparation.script.as_deref(),
        )
        .await
        .map_err(|error| match error {
            PreinitError::Trapped(trap) if is_interrupt(&trap) => {
                PreinitError::TimeLimit(preparation.limit.as_secs())
            }
            other => other,
        })?;
        // What is left is reading the heap, which is no guest's work.
        store.set_epoch_deadline(u64::MAX / 2);
        Ok((store, instance))
    }
}

fn deserialize(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the code was made by `precompile_component` of the same version, here or in an
    // earlier process of this user. `Cache::get` has held it against the hash that it was written
    // with, and the cache is a directory that only this user may write to, as images are.
    unsafe { Component::deserialize(engine, code) }
}

fn is_interrupt(error: &wasmtime::Error) -> bool {
    error.downcast_ref::<wasmtime::Trap>() == Some(&wasmtime::Trap::Interrupt)
}

impl Run for Interpreter<'_> {
    fn run(
        &self,
        files: Namespace,
        program: Program,
        arguments: &[Vec<u8>],
    ) -> Result<(i32, String), PreinitError> {
        Interpreter::run(self, files, program, arguments)
    }
}

/// Starts the interpreter in an instance, with `imports` imported and the script at the sandbox path
/// `script` run.
///
/// # Errors
/// When an import or the script fails, and when the guest stops on its own.
pub async fn start(
    store: &mut Store<State>,
    instance: &Instance,
    imports: &[String],
    script: Option<&str>,
) -> Result<(), PreinitError> {
    let prepare = instance
        .get_typed_func::<(&[String], Option<&str>), (Result<(), Failure>,)>(&mut *store, "prepare")
        .map_err(PreinitError::Trapped)?;
    let (answer,) = prepare
        .call_async(&mut *store, (imports, script))
        .await
        .map_err(|error| match exit_status_of(&error) {
            Some(status) => PreinitError::Exited(status),
            None if error.is::<wasmtime::ThrownException>() => PreinitError::Exception,
            None => PreinitError::Trapped(error),
        })?;
    answer.map_err(|Failure { module, traceback }| {
        // What is raised may have a text of any length.
        let traceback = excerpt(&traceback, TRACEBACK).into_owned();
        match module {
            Some(module) => PreinitError::Import { module, traceback },
            None => PreinitError::Script { traceback },
        }
    })
}
