//! Loading an image, and running programs in it.

use crate::error::Error;
use eryx_host::{
    Interrupt, Outcome, Program, Streams,
    engine::{EngineOptions, Pool},
    policy::Policy,
};
use eryx_image::Image;
use std::fmt;

/// An image that is ready to run programs. Cheap to clone; each run has an instance of its own, and
/// runs may go on side by side.
#[derive(Clone)]
pub struct Sandbox {
    host: eryx_host::Sandbox,
}

impl Sandbox {
    /// Maps the machine code of an image and links it to the host.
    ///
    /// # Errors
    /// When the engine refuses the machine code, or this process has no source of random numbers.
    pub fn load(image: &Image) -> Result<Self, Error> {
        Self::load_with(image, EngineOptions::default())
    }

    /// As [`Sandbox::load`], with memory that is kept and used for one sandbox after the other: for
    /// processes that run many.
    ///
    /// ```no_run
    /// use eryx::{Image, Pool, Sandbox};
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
    pub fn load_pooled(image: &Image, pool: Pool) -> Result<Self, Error> {
        let options = EngineOptions {
            pool: Some(pool),
            ..EngineOptions::default()
        };
        Self::load_with(image, options)
    }

    /// As [`Sandbox::load`], with an engine of these options.
    ///
    /// # Errors
    /// As those of [`Sandbox::load_pooled`].
    pub fn load_with(image: &Image, options: EngineOptions) -> Result<Self, Error> {
        let host = eryx_host::Sandbox::load_with(image, options).map_err(Error::new)?;
        Ok(Self { host })
    }

    /// The image.
    pub fn image(&self) -> &Image {
        self.host.image()
    }

    /// Prepares a run: everything is checked, nothing has started yet.
    ///
    /// # Errors
    /// When a mount or the working directory is not there.
    pub fn prepare(&self, policy: &Policy, streams: Streams) -> Result<Running, Error> {
        let host = self.host.prepare(policy, streams).map_err(Error::new)?;
        Ok(Running { host })
    }

    /// Runs a program to its end. `arguments` is what follows it on the command line; they need not be
    /// UTF-8. A script's first argument is its own name, as `sys.argv[0]` shows it.
    ///
    /// The program computes while the future is polled, and dropping the future stops it where it waits.
    /// Any executor will do; one that shares its threads wants long computations on threads of their own.
    ///
    /// # Errors
    /// When the run could not be started. What the program does wrong is an [`Outcome`].
    pub async fn run(
        &self,
        program: Program,
        arguments: &[Vec<u8>],
        policy: &Policy,
        streams: Streams,
    ) -> Result<Outcome, Error> {
        let running = self.prepare(policy, streams)?;
        running.finish(program, arguments).await
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sandbox")
            .field("image", &self.image().path())
            .finish_non_exhaustive()
    }
}

/// A run that is about to start.
pub struct Running {
    host: eryx_host::Running,
}

impl Running {
    /// Has the interactive prompt follow the program, however that ends, as `python3 -i` does.
    #[must_use]
    pub fn then_prompt(self) -> Self {
        let host = self.host.then_prompt();
        Self { host }
    }

    /// Interrupts the program, from another thread.
    pub fn interrupt(&self) -> Interrupt {
        self.host.interrupt()
    }

    /// Runs the program to its end.
    ///
    /// # Errors
    /// When the sandbox could not be started, or failed by no fault of the program.
    pub async fn finish(self, program: Program, arguments: &[Vec<u8>]) -> Result<Outcome, Error> {
        let finished = self.host.finish(program, arguments).await;
        finished.map_err(Error::new)
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Running").finish_non_exhaustive()
    }
}
