//! What a policy is made of.

use super::mount::{Mount, ScriptFile};
use eryx_base::SandboxPath;
use std::path::PathBuf;

/// The directory in which programs run, and where the script of a run is seen.
pub const WORKING_DIRECTORY: &str = "/work";

/// The home directory of a program, which is scratch space like `/tmp`.
pub const HOME_DIRECTORY: &str = "/root";

/// The environment variables of every sandbox, as a container has them, unless others of the same names are
/// given.
pub const DEFAULT_ENVIRONMENT: [(&str, &str); 3] = [
    ("HOME", HOME_DIRECTORY),
    ("USER", "root"),
    ("LANG", "C.UTF-8"),
];

/// How many bytes `/tmp` holds by default.
pub const SCRATCH_BYTES: u64 = 256 << 20;

/// What a run may do.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Environment variables, in order. The program sees no others but `HOME`, `USER` and `LANG`
    /// ([`DEFAULT_ENVIRONMENT`]), unless they are among these.
    pub environment: Vec<(String, String)>,
    /// Files and directories of the host that the program sees.
    pub mounts: Vec<Mount>,
    /// The directory in which the program starts; [`WORKING_DIRECTORY`] when there is none.
    pub working_directory: Option<SandboxPath>,
    /// The most bytes of memory the program may use, counting what the image holds; up to 4 GiB when
    /// there is none.
    pub memory: Option<u64>,
    /// How many bytes `/tmp` holds; [`HOME_DIRECTORY`] holds as many, but at most 64 MiB. They are part
    /// of the host's memory, not of the program's.
    pub scratch: u64,
    /// A file that is seen, read-only, at a sandbox path: the script of a run.
    pub script: Option<ScriptFile>,
    /// Files of the host that the program does not change through any mount, nor names on the way to
    /// them. The image and the program that this process runs are among them in any case.
    pub protected: Vec<PathBuf>,
}

impl Policy {
    /// The directory in which the program starts.
    pub fn starts_in(&self) -> &str {
        let chosen = self.working_directory.as_ref();
        chosen.map_or(WORKING_DIRECTORY, SandboxPath::as_str)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            environment: Vec::new(),
            mounts: Vec::new(),
            working_directory: None,
            memory: None,
            scratch: SCRATCH_BYTES,
            script: None,
            protected: Vec::new(),
        }
    }
}
