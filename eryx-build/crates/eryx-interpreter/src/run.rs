//! What runs programs at bake time.

use crate::error::PreinitError;
use eryx_host::Program;
use eryx_vfs::Namespace;

/// What runs programs at bake time, each in an instance of its own that imported nothing.
pub trait Run: Sync {
    /// Runs a program. Returns its status and what it printed.
    ///
    /// # Errors
    /// When the sandbox cannot be run.
    fn run(
        &self,
        files: Namespace,
        program: Program,
        arguments: &[Vec<u8>],
    ) -> Result<(i32, String), PreinitError>;
}
