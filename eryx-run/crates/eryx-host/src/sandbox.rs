//! Loading an image's machine code, and running programs in it.

use crate::{
    capability::process::interrupt::Interrupt,
    config::HostConfig,
    engine::{self, EngineOptions, Pool},
    error::SandboxError,
    files,
    guest::call_run,
    interface,
    linker::linker,
    names,
    outcome::{Outcome, outcome_of},
    policy::rules::Policy,
    program::{Program, RunFlags},
    state::State,
    streams::Streams,
};
use eryx_image::Image;
use std::path::PathBuf;
use wasmtime::{
    Engine, Store,
    component::{Component, InstancePre},
};

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
    pub fn load(image: &Image) -> Result<Self, SandboxError> {
        Self::load_with(image, EngineOptions::default())
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
    pub fn load_pooled(image: &Image, pool: Pool) -> Result<Self, SandboxError> {
        let options = EngineOptions {
            pool: Some(pool),
            ..EngineOptions::default()
        };
        Self::load_with(image, options)
    }

    /// As [`Sandbox::load`], with an engine of these options.
    ///
    /// # Errors
    /// As those of [`Sandbox::load`], and when the system refuses the addresses that a pool takes up.
    pub fn load_with(image: &Image, options: EngineOptions) -> Result<Self, SandboxError> {
        // WASI's generators panic without one. A statically linked process has only what is in `/dev`.
        getrandom::fill(&mut [0; 8]).map_err(SandboxError::Random)?;
        let engine = engine::engine(options).map_err(SandboxError::Engine)?;
        image.check_interfaces(interface::HOST, interface::GUEST)?;
        image.check_engine(&engine::settings())?;
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
        Ok(Self {
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
        let flags = RunFlags {
            inspect: false,
            line_editor: streams.lines.is_some(),
        };
        let files = files::namespace(&self.image, policy)?;
        let config = HostConfig::run(files, policy, streams);
        let interrupt = config.interrupt();
        let store = State::store(self.instance.engine(), config);
        Ok(Running {
            image: self.image.clone(),
            instance: self.instance.clone(),
            store,
            interrupt,
            working_directory: policy.starts_in().to_owned(),
            flags,
        })
    }

    /// Runs a program to its end, while the future is polled. `arguments` is what follows it on the command line; they need not be
    /// UTF-8. A script's first argument is its own name, as `sys.argv[0]` shows it.
    ///
    /// # Errors
    /// When the run could not be started. What the program does wrong is an [`Outcome`].
    pub async fn run(
        &self,
        program: Program,
        arguments: &[Vec<u8>],
        policy: &Policy,
        streams: Streams,
    ) -> Result<Outcome, SandboxError> {
        let running = self.prepare(policy, streams)?;
        running.finish(program, arguments).await
    }
}

/// A run that is about to start.
pub struct Running {
    image: Image,
    instance: InstancePre<State>,
    store: Store<State>,
    interrupt: Interrupt,
    working_directory: String,
    flags: RunFlags,
}

impl Running {
    /// Has the interactive prompt follow the program, however that ends, as `python3 -i` does.
    pub fn then_prompt(mut self) -> Self {
        self.flags.inspect = true;
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
    ) -> Result<Outcome, SandboxError> {
        let result = self.call(program, arguments).await;
        // Before the memory that the cells lie in goes away.
        self.interrupt.withdraw();
        result
    }

    async fn call(
        &mut self,
        program: Program,
        arguments: &[Vec<u8>],
    ) -> Result<Outcome, SandboxError> {
        let instance = self
            .instance
            .instantiate_async(&mut self.store)
            .await
            .map_err(SandboxError::not_started)?;
        let store = &mut self.store;
        let directory = &self.working_directory;
        match call_run(store, &instance, &program, arguments, directory, self.flags).await {
            Ok(status) => Ok(Outcome::exited(status)),
            Err(error) => outcome_of(error, Some(&self.image)).map_err(SandboxError::Failed),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.interrupt.withdraw();
    }
}

fn map_code(engine: &Engine, image: &Image) -> wasmtime::Result<Component> {
    let path = opened_path(image);
    // SAFETY: an image is trusted like an executable, which `eryx_image` documents. `Image::open`
    // has checked that this file was written by the toolchain for this engine and machine.
    unsafe {
        match path {
            Some(path) => Component::deserialize_file(engine, path),
            // The copy has no other path, and what is at the image's may change.
            None if image.is_copy() => Component::deserialize(engine, image.code()),
            None => Component::deserialize_file(engine, image.path()),
        }
    }
}

/// A path of the very file that was opened and checked, whatever lies at its own path by now, where the
/// system has such paths.
fn opened_path(image: &Image) -> Option<PathBuf> {
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd;
        let path = PathBuf::from(format!("/proc/self/fd/{}", image.file().as_raw_fd()));
        path.exists().then_some(path)
    }
    #[cfg(not(target_os = "linux"))]
    None
}
