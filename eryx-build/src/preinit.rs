//! Preinit: component → snapshot, the same code with a heap in which the interpreter has started and
//! the manifest's imports are done.
//!
//! The guest runs on the loader's own host code, with fixed clocks and fixed random data, so that the
//! same inputs give the same bytes. What the guest prints meanwhile goes to the caller.

use eryx_run::{
    engine,
    policy::WORKING_FOLDER,
    sandbox::{
        HostConfig, ImportListener, Manner, OutputSink, Program, Random, State, Streams, block_on,
        call_run, exit_status, linker,
    },
    vfs::{Namespace, RandomSource},
};
use std::{future::Future, time::Duration};
use wasmtime::{
    Engine, OptLevel, Store,
    component::{Component, ComponentType, Instance, Lift, Linker, WasmList},
};
use wasmtime_wizer::{ComponentContext, ComponentInstanceState, Wizer};

mod accepts;
mod limit;

pub use accepts::accepts;
pub(crate) use limit::{keep_time, ticks};

/// How long preparing may take, and each program that runs at bake time.
pub const TIME_LIMIT: Duration = Duration::from_secs(600);

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
}

/// Why no snapshot was made.
#[derive(Debug, thiserror::Error)]
pub enum PreinitError {
    /// A module could not be imported.
    #[error("the module `{module}` can not be imported at bake time")]
    Import {
        /// The module that the manifest names.
        module: String,
        /// What Python said.
        traceback: String,
    },
    /// What the `.pth` files of packages ask for failed.
    #[error("a `.pth` file can not be processed at bake time")]
    PathFile {
        /// What Python said.
        traceback: String,
    },
    /// The script failed.
    #[error("the preinit script failed")]
    Script {
        /// What Python said.
        traceback: String,
    },
    /// The guest ended itself.
    #[error(
        "the preinit script, an import or a `.pth` file ended the interpreter with `os._exit({0})`: a \
         bake needs it to go on"
    )]
    Exited(i32),
    /// It took too long.
    #[error(
        "the preinit script, an import or a `.pth` file did not end within {0} s, and may never end"
    )]
    TimeLimit(u64),
    /// The interpreter could not be started, or it stopped on its own.
    #[error("the sandbox stopped while it was prepared: {0:#}")]
    Trapped(#[source] wasmtime::Error),
    /// The snapshot could not be taken.
    #[error("the snapshot can not be taken: {0:#}")]
    Snapshot(#[source] wasmtime::Error),
    /// The engine could not be made.
    #[error("the engine can not compile the component: {0:#}")]
    Engine(#[source] wasmtime::Error),
}

impl PreinitError {
    /// What Python said, when it was Python that failed.
    pub fn traceback(&self) -> Option<&str> {
        match self {
            PreinitError::Import { traceback, .. }
            | PreinitError::PathFile { traceback }
            | PreinitError::Script { traceback } => Some(traceback),
            _ => None,
        }
    }
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
    /// When the component is one that can not be snapshot or compiled.
    pub fn new(component: &'a [u8]) -> Result<Interpreter<'a>, PreinitError> {
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
        let component = Component::new(&engine, &instrumented).map_err(PreinitError::Engine)?;
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
    /// When an import or the script fails, and when the component can not be run or rewritten.
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
    /// When the sandbox can not be run.
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
        };
        block_on(async {
            let (mut store, instance) = self.prepare(preparation).await?;
            store.set_epoch_deadline(ticks(TIME_LIMIT));
            let status = call_run(
                &mut store,
                &instance,
                &program,
                arguments,
                WORKING_FOLDER,
                Manner::default(),
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
        let config = HostConfig::bake(preparation.files, preparation.output)
            .with_import_listener(preparation.importing);
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

/// What runs programs at bake time, each in an instance of its own that imported nothing.
pub trait Run: Sync {
    /// Runs a program. Returns its status and what it printed.
    ///
    /// # Errors
    /// When the sandbox can not be run.
    fn run(
        &self,
        files: Namespace,
        program: Program,
        arguments: &[Vec<u8>],
    ) -> Result<(i32, String), PreinitError>;
}

/// Starts the interpreter in an instance, with `imports` imported and the script at the sandbox path
/// `script` run.
pub(crate) async fn start(
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
        .map_err(|error| match exit_status(&error) {
            Some(status) => PreinitError::Exited(status),
            None => PreinitError::Trapped(error),
        })?;
    match answer {
        Ok(()) => Ok(()),
        Err(Failure {
            module: Some(module),
            traceback,
        }) => Err(PreinitError::Import { module, traceback }),
        Err(Failure {
            module: None,
            traceback,
        }) => Err(PreinitError::Script { traceback }),
    }
}

/// What `/dev/urandom` gives at bake time.
pub fn fixed_device() -> RandomSource {
    Random::Fixed.device()
}

/// Through which wizer reads the memories and globals of an instance of a component that it instrumented.
pub struct Instrumented<'a, T: 'static> {
    /// Where the instance is.
    pub store: &'a mut Store<T>,
    /// The instance.
    pub instance: Instance,
}

impl<T: Send> Instrumented<'_, T> {
    /// Calls one of the functions that wizer added. They exist and can not fail, by wizer's own making.
    async fn call<R: Lift + Send + Sync + 'static>(&mut self, instance: &str, function: &str) -> R {
        let added = "wizer exports what it reads";
        let outer = self
            .instance
            .get_export_index(&mut *self.store, None, instance)
            .expect(added);
        let index = self
            .instance
            .get_export_index(&mut *self.store, Some(&outer), function)
            .expect(added);
        let function = self
            .instance
            .get_typed_func::<(), (R,)>(&mut *self.store, index)
            .expect(added);
        function
            .call_async(&mut *self.store, ())
            .await
            .expect(added)
            .0
    }
}

impl<T: Send> ComponentInstanceState for Instrumented<'_, T> {
    async fn call_func_ret_list_u8(
        &mut self,
        instance: &str,
        function: &str,
        contents: impl FnOnce(&[u8]) + Send,
    ) {
        let list: WasmList<u8> = self.call(instance, function).await;
        contents(list.as_le_slice(&*self.store));
    }

    fn call_func_ret_s32(
        &mut self,
        instance: &str,
        function: &str,
    ) -> impl Future<Output = i32> + Send {
        self.call(instance, function)
    }

    fn call_func_ret_s64(
        &mut self,
        instance: &str,
        function: &str,
    ) -> impl Future<Output = i64> + Send {
        self.call(instance, function)
    }

    async fn call_func_ret_f32(&mut self, instance: &str, function: &str) -> u32 {
        self.call::<f32>(instance, function).await.to_bits()
    }

    async fn call_func_ret_f64(&mut self, instance: &str, function: &str) -> u64 {
        self.call::<f64>(instance, function).await.to_bits()
    }
}
