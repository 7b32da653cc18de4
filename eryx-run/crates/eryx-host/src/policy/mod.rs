//! The policy: what a run may do. By default it may do nothing but compute and print.
//!
//! This module knows names, paths and numbers; the sandbox carries them out.
//!
//! ```
//! use eryx_host::policy::{Access, Mount, Policy, SandboxPath};
//!
//! let mut policy = Policy::default();
//! let mount = Mount::new("/srv/data", SandboxPath::new("/data")?, Access::ReadOnly)?;
//! policy.mounts.push(mount);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub(crate) mod mount;
pub(crate) mod rules;

pub use eryx_base::{SandboxPath, SandboxPathError};
pub use mount::{Access, Mount, MountError, ScriptFile};
pub use rules::{DEFAULT_ENVIRONMENT, HOME_DIRECTORY, Policy, SCRATCH_BYTES, WORKING_DIRECTORY};
