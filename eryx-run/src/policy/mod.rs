//! The policy: what a run may do. By default it may do nothing but compute and print.
//!
//! This room knows names, paths and numbers; the sandbox carries them out.
//!
//! ```
//! use eryx_run::policy::{Access, Mount, Policy};
//!
//! let mut policy = Policy::default();
//! policy.mounts.push(Mount::parse("/srv/data:/data:ro")?);
//! assert_eq!(policy.mounts[0].access, Access::ReadOnly);
//! # Ok::<(), eryx_run::policy::PolicyError>(())
//! ```

mod mount;
mod quantity;

pub use mount::{Access, Mount};
pub use quantity::{parse_bytes, parse_duration};

/// The folder in which programs run, and where the script of a run is seen.
pub const WORKING_FOLDER: &str = "/work";

/// How many bytes `/tmp` holds by default.
pub const SCRATCH_BYTES: u64 = 256 << 20;

/// What a run may do.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Environment variables, in order. The program sees no others.
    pub environment: Vec<(String, String)>,
    /// Files and folders of the host that the program sees.
    pub mounts: Vec<Mount>,
    /// The folder in which the program starts: an absolute sandbox path.
    pub working_folder: String,
    /// The most bytes of memory the program may use, counting what the image holds; up to 4 GiB when
    /// there is none.
    pub memory: Option<u64>,
    /// How many bytes `/tmp` holds. They are part of the host's memory, not of the program's.
    pub scratch: u64,
    /// A file that is seen, read-only, at a sandbox path: the script of a run.
    pub script: Option<ScriptFile>,
}

/// A file that is given to a run with its contents.
#[derive(Debug, Clone)]
pub struct ScriptFile {
    /// Where it is seen: an absolute sandbox path.
    pub path: String,
    /// What it holds.
    pub contents: Vec<u8>,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            environment: Vec::new(),
            mounts: Vec::new(),
            working_folder: WORKING_FOLDER.to_owned(),
            memory: None,
            scratch: SCRATCH_BYTES,
            script: None,
        }
    }
}

/// What a policy can not be made of.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// A mount is not written as one.
    #[error(
        "`{0}` is not a mount: write HOST:GUEST, HOST:GUEST:ro or HOST:GUEST:rw, as in `./data:/data:ro`"
    )]
    MountForm(String),
    /// The sandbox side of a mount is not an absolute path without `.` and `..`.
    #[error("`{mount}` mounts at `{guest}`, which is not an absolute sandbox path such as `/data`")]
    MountPath {
        /// The mount as it was written.
        mount: String,
        /// Its sandbox side.
        guest: String,
    },
    /// A mount would hide what belongs to the image.
    #[error(
        "`{mount}` mounts at `{guest}`, which belongs to the image: choose another sandbox path, such as `/data`"
    )]
    MountReserved {
        /// The mount as it was written.
        mount: String,
        /// Its sandbox side.
        guest: String,
    },
    /// A quantity is not written as one.
    #[error("`{0}` is not a size: write a number of bytes with an optional unit, as in `256MiB`")]
    Bytes(String),
    /// A time is not written as one.
    #[error("`{0}` is not a duration: write a number with a unit, as in `500ms`, `5s` or `2m`")]
    Duration(String),
}
