//! `eryx-build`: the toolchain's program.

use std::process::ExitCode;

/// Makes glibc's allocator return freed memory to the system at once. Left alone it raises its own
/// threshold as large blocks come and go, and a bake needs 80 MB more.
fn give_memory_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: the call only sets a number in the allocator; no other thread runs yet.
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, 128 << 10);
    }
}

fn main() -> ExitCode {
    give_memory_back();
    eryx_build::cli::main()
}
