//! The user's own package installer: finding pip, and running it for the sandbox.
//!
//! pip is started through a script of ours, which makes it work for the sandbox's platform and
//! never run the code of a package: where pip would start a build backend, it asks back, and
//! whoever runs it answers. Indexes, mirrors, proxies and credentials are those that pip is
//! configured for.
//!
//! This module knows how to start pip and how to listen to it. It must not know locks or wheels.
//!
//! ```no_run
//! use eryx_resolve::installer::{Installer, Job, PipOptions};
//!
//! let options = PipOptions::for_python("3.14.0");
//! let job = Job::new(&options, vec!["download".into(), "six".into()]);
//! let outcome = Installer::find()?.run(&job)?;
//! assert!(outcome.success);
//! # Ok::<(), eryx_resolve::installer::InstallerError>(())
//! ```

pub(crate) mod error;
mod find;
mod job;
mod options;
mod output;
mod run;
mod surroundings;

pub use error::InstallerError;
pub use find::Installer;
pub use job::{Answer, Answering, Job, Question};
pub use options::{PipOptions, index_arguments};
pub use output::Outcome;
pub(crate) use output::{indented, says_network};
