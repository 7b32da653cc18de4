//! The same without futures: calls return when the program has ended.
//!
//! No asynchronous runtime is made, so that these calls may be made within one, too: they block the
//! thread, as any blocking call does.
//!
//! ```no_run
//! use eryx::{Image, Policy, Program, Streams, blocking::Sandbox};
//!
//! let sandbox = Sandbox::load(&Image::open("image.cwasm")?)?;
//! let (streams, output) = Streams::captured(b"");
//! let outcome = sandbox.run(Program::command("print(6 * 7)"), &[], &Policy::default(), streams)?;
//! assert_eq!(outcome.status(), 0);
//! assert_eq!(output.stdout(), b"42\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::{error::Error, sandbox};
use eryx_host::{
    Interrupt, Outcome, Program, Streams, block_on,
    engine::{EngineOptions, Pool},
    policy::Policy,
};
use eryx_image::Image;

/// The blocking twin of [`eryx::Sandbox`](crate::Sandbox).
#[derive(Debug, Clone)]
pub struct Sandbox {
    inner: sandbox::Sandbox,
}

impl Sandbox {
    /// As [`crate::Sandbox::load`].
    ///
    /// # Errors
    /// As there.
    pub fn load(image: &Image) -> Result<Self, Error> {
        sandbox::Sandbox::load(image).map(Self::from)
    }

    /// As [`crate::Sandbox::load_pooled`].
    ///
    /// # Errors
    /// As there.
    pub fn load_pooled(image: &Image, pool: Pool) -> Result<Self, Error> {
        sandbox::Sandbox::load_pooled(image, pool).map(Self::from)
    }

    /// As [`crate::Sandbox::load_with`].
    ///
    /// # Errors
    /// As there.
    pub fn load_with(image: &Image, options: EngineOptions) -> Result<Self, Error> {
        sandbox::Sandbox::load_with(image, options).map(Self::from)
    }

    /// The image.
    pub fn image(&self) -> &Image {
        self.inner.image()
    }

    /// As [`crate::Sandbox::prepare`].
    ///
    /// # Errors
    /// As there.
    pub fn prepare(&self, policy: &Policy, streams: Streams) -> Result<Running, Error> {
        let inner = self.inner.prepare(policy, streams)?;
        Ok(Running { inner })
    }

    /// As [`crate::Sandbox::run`].
    ///
    /// # Errors
    /// As there.
    pub fn run(
        &self,
        program: Program,
        arguments: &[Vec<u8>],
        policy: &Policy,
        streams: Streams,
    ) -> Result<Outcome, Error> {
        block_on(self.inner.run(program, arguments, policy, streams))
    }
}

impl From<sandbox::Sandbox> for Sandbox {
    fn from(inner: sandbox::Sandbox) -> Self {
        Self { inner }
    }
}

/// The blocking twin of [`eryx::Running`](crate::Running).
#[derive(Debug)]
pub struct Running {
    inner: sandbox::Running,
}

impl Running {
    /// As [`crate::Running::then_prompt`].
    #[must_use]
    pub fn then_prompt(self) -> Self {
        let inner = self.inner.then_prompt();
        Self { inner }
    }

    /// Interrupts the program, from another thread.
    pub fn interrupt(&self) -> Interrupt {
        self.inner.interrupt()
    }

    /// As [`crate::Running::finish`].
    ///
    /// # Errors
    /// As there.
    pub fn finish(self, program: Program, arguments: &[Vec<u8>]) -> Result<Outcome, Error> {
        block_on(self.inner.finish(program, arguments))
    }
}
