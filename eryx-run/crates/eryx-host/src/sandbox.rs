//! Loading an image's machine code, and running programs in it.

use crate::{
    capability::{
        process::interrupt::Interrupt,
        stdio::{sink::OutputClosed, streams::Streams},
    },
    config::HostConfig,
    engine::{self, Options, Pool},
    files::{self, FilesError},
    linker::linker,
    memory::MemoryTooSmall,
    names,
    outcome::{self, Ending, Trapped},
    policy::rules::Policy,
    program::{Manner, MannerFlags, Program},
    state::State,
};
use eryx_image::{Image, ImageError};
use std::{future::Future, io, path::PathBuf};
use wasmtime::{
    Engine, PoolConcurrencyLimitError, Store,
    component::{Component, Instance, InstancePre},
};

/// Why a sandbox could not be loaded, or a run could not be started.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// This machine has no engine.
    #[error("the engine can not be set up on this machine")]
    Engine(#[source] wasmtime::Error),
    /// The image was baked for an engine with other settings.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The engine refused the machine code.
    #[error("cannot use image `{}`: the engine refuses its machine code; bake it again", path.display())]
    Code {
        /// The image.
        path: PathBuf,
        /// What the engine said.
        source: wasmtime::Error,
    },
    /// The file system of a run could not be set up.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The image needs more memory than the policy allows.
    #[error(transparent)]
    Memory(MemoryTooSmall),
    /// As many sandboxes exist as the pool has room for.
    #[error(
        "as many sandboxes are running as the pool has room for: wait for one to end, or make it larger"
    )]
    Full(#[source] wasmtime::Error),
    /// The names of functions could not be written for `perf`.
    #[error("cannot write the names of functions for perf to `{}`", path.display())]
    PerfMap {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// This process has no source of random numbers, which every sandbox needs.
    #[error(
        "there is no source of random numbers: a loader that is linked statically needs `/dev/random` and `/dev/urandom`"
    )]
    Random(#[source] getrandom::Error),
    /// An instance could not be made.
    #[error("the sandbox could not be started")]
    Start(#[source] wasmtime::Error),
    /// The engine or the guest failed in a way that no program can cause.
    #[error("the sandbox failed")]
    Failed(#[source] wasmtime::Error),
}

/// An image that is ready to run programs. Cheap to clone; each run has an instance of its own, and
/// runs may go on side by side.
#[derive(Clone)]
pub struct Sandbox {
    image: Image,
    instance: InstancePre<State>,
}

impl Sandbox {
    /// Maps the machine code of an image and links it to the host.
    ///
    /// # Errors
    /// When the engine refuses the machine code, or this process has no source of random numbers.
    pub fn load(image: &Image) -> Result<Sandbox, SandboxError> {
        Sandbox::load_with(image, Options::default())
    }

    /// As [`Sandbox::load`], with memory that is kept and used for one sandbox after the other: for
    /// processes that run many.
    ///
    /// ```no_run
    /// use eryx_host::{Sandbox, engine::Pool};
    /// use eryx_image::Image;
    /// use std::num::NonZeroU32;
    ///
    /// let image = Image::open("image.cwasm")?;
    /// let most = NonZeroU32::new(64).ok_or("64 is not zero")?;
    /// let sandbox = Sandbox::load_pooled(&image, Pool::of(most))?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As those of [`Sandbox::load`], and when the system refuses the addresses that the pool takes up.
    pub fn load_pooled(image: &Image, pool: Pool) -> Result<Sandbox, SandboxError> {
        let options = Options {
            pool: Some(pool),
            ..Options::default()
        };
        Sandbox::load_with(image, options)
    }

    /// As [`Sandbox::load`], with an engine of these options.
    ///
    /// # Errors
    /// As those of [`Sandbox::load`], and when the system refuses the addresses that a pool takes up.
    pub fn load_with(image: &Image, options: Options) -> Result<Sandbox, SandboxError> {
        // WASI's generators panic without one. A statically linked process has only what is in `/dev`.
        getrandom::fill(&mut [0; 8]).map_err(SandboxError::Random)?;
        let engine = engine::engine(options).map_err(SandboxError::Engine)?;
        image.check_engine(&engine::settings(), engine::WORLD_SETTING)?;
        let refused = |source| SandboxError::Code {
            path: image.path().to_owned(),
            source,
        };
        let component = map_code(&engine, image).map_err(refused)?;
        if options.diagnostics.perf_map {
            names::write_perf_map(image, &component).map_err(|source| SandboxError::PerfMap {
                path: names::perf_map_path(),
                source,
            })?;
        }
        let linker = linker(&engine).map_err(SandboxError::Engine)?;
        let instance = linker.instantiate_pre(&component).map_err(refused)?;
        Ok(Sandbox {
            image: image.clone(),
            instance,
        })
    }

    /// The image.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// Prepares a run: everything is checked, nothing has started yet.
    ///
    /// # Errors
    /// When a mount or the working directory is not there.
    pub fn prepare(&self, policy: &Policy, streams: Streams) -> Result<Running, SandboxError> {
        let manner = Manner {
            inspect: false,
            line_editor: streams.lines.is_some(),
        };
        let files = files::namespace(self.image.tree().clone(), policy)?;
        let config = HostConfig::run(files, policy, streams);
        let interrupt = config.interrupt();
        let store = State::store(self.instance.engine(), config);
        Ok(Running {
            image: self.image.clone(),
            instance: self.instance.clone(),
            store,
            interrupt,
            working_directory: policy.starts_in().to_owned(),
            manner,
        })
    }

    /// Runs a program to its end. `arguments` is what follows it on the command line; they need not be
    /// UTF-8. A script's first argument is its own name, as `sys.argv[0]` shows it.
    ///
    /// # Errors
    /// When the run could not be started. What the program does wrong is an [`Ending`].
    pub fn run(
        &self,
        program: Program,
        arguments: &[Vec<u8>],
        policy: &Policy,
        streams: Streams,
    ) -> Result<Ending, SandboxError> {
        block_on(self.prepare(policy, streams)?.finish(program, arguments))
    }
}

/// A run that is about to start.
pub struct Running {
    image: Image,
    instance: InstancePre<State>,
    store: Store<State>,
    interrupt: Interrupt,
    working_directory: String,
    manner: Manner,
}

impl Running {
    /// Has the interactive prompt follow the program, however that ends, as `python3 -i` does.
    pub fn then_prompt(mut self) -> Running {
        self.manner.inspect = true;
        self
    }

    /// Interrupts the program, from another thread.
    pub fn interrupt(&self) -> Interrupt {
        self.interrupt.clone()
    }

    /// Runs the program to its end.
    ///
    /// # Errors
    /// When the sandbox could not be started, or failed by no fault of the program.
    pub async fn finish(
        mut self,
        program: Program,
        arguments: &[Vec<u8>],
    ) -> Result<Ending, SandboxError> {
        let result = self.call(program, arguments).await;
        // Before the memory that the cells lie in goes away.
        self.interrupt.withdraw();
        result
    }

    async fn call(
        &mut self,
        program: Program,
        arguments: &[Vec<u8>],
    ) -> Result<Ending, SandboxError> {
        let instance = self
            .instance
            .instantiate_async(&mut self.store)
            .await
            .map_err(not_started)?;
        let store = &mut self.store;
        let folder = &self.working_directory;
        match call_run(store, &instance, &program, arguments, folder, self.manner).await {
            Ok(status) => Ok(Ending::Exited(status)),
            Err(error) => ending_of(error, &self.image),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.interrupt.withdraw();
    }
}

/// Calls the guest's `run`. The program's exit status is returned.
///
/// # Errors
/// When the program trapped, ended itself at once ([`crate::exit_status`]) or was stopped by the host.
pub async fn call_run(
    store: &mut Store<State>,
    instance: &Instance,
    program: &Program,
    arguments: &[Vec<u8>],
    working_directory: &str,
    manner: Manner,
) -> wasmtime::Result<i32> {
    let run = instance
        .get_typed_func::<(&Program, &[Vec<u8>], &str, MannerFlags), (i32,)>(&mut *store, "run")?;
    let parameters = (
        program,
        arguments,
        working_directory,
        MannerFlags::from(manner),
    );
    let (status,) = run.call_async(store, parameters).await?;
    Ok(status)
}

/// Why no instance could be made.
fn not_started(error: wasmtime::Error) -> SandboxError {
    if error.is::<PoolConcurrencyLimitError>() {
        return SandboxError::Full(error);
    }
    match error.downcast::<MemoryTooSmall>() {
        Ok(too_small) => SandboxError::Memory(too_small),
        Err(error) => SandboxError::Start(error),
    }
}

/// What an error that ended a call says about the program.
fn ending_of(error: wasmtime::Error, image: &Image) -> Result<Ending, SandboxError> {
    if let Some(status) = outcome::exit_status(&error) {
        Ok(Ending::Exited(status))
    } else if error.downcast_ref::<OutputClosed>().is_some() {
        Ok(Ending::OutputClosed)
    } else if let Some(trapped) = Trapped::of(&error, image) {
        Ok(Ending::Trapped(trapped))
    } else {
        Err(SandboxError::Failed(error))
    }
}

fn map_code(engine: &Engine, image: &Image) -> wasmtime::Result<Component> {
    let path = opened_path(image);
    // SAFETY: an image is trusted like an executable, which `eryx_image` documents. `Image::open`
    // has checked that this file was written by the toolchain for this engine and machine.
    unsafe { Component::deserialize_file(engine, path) }
}

/// A path of the very file that was opened and checked, whatever lies at its own path by now, where the
/// system has such paths.
fn opened_path(image: &Image) -> PathBuf {
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd;
        let path = PathBuf::from(format!("/proc/self/fd/{}", image.file().as_raw_fd()));
        if path.exists() {
            return path;
        }
    }
    image.path().to_owned()
}

/// Runs a future of this module to its end on the current thread.
///
/// # Panics
/// When it is called inside of an asynchronous runtime; await the future there instead.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime without input and output needs nothing of the system")
        .block_on(future)
}
