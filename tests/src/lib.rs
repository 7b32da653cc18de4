//! What the end-to-end tests share: the real binaries, images that are baked once, and running them.
//!
//! Nothing here knows the inside eryx. A test sees what a person sees: files, arguments, output and
//! an exit status.
//!
//! ```no_run
//! use eryx_tests::{eryx_run, images};
//!
//! let output = eryx_run(images::bare()).args(["-c", "print(1)"]).run();
//! assert_eq!((output.status, output.out()), (0, "1\n".into()));
//! ```
//!
//! Environment: `ERYX_BIN_DIR` is a folder with ready binaries to test, instead of ones that are built.

mod binaries;
pub mod exceptions;
pub mod images;
pub mod native;
mod paths;
mod process;
pub mod project;
pub mod python;
pub mod sdk;
pub mod source;
mod terminal;
pub mod wheels;

pub use binaries::{Binaries, binaries};
pub use paths::{target, workspace};
pub use process::{Output, Process, Run};
pub use terminal::Terminal;

use std::path::Path;

/// The loader with an image; arguments follow it.
pub fn eryx_run(image: &Path) -> Run {
    Run::new(&binaries().eryx_run).arg(image)
}

/// The name people type.
pub fn eryx() -> Run {
    Run::new(&binaries().eryx)
}

/// The toolchain.
pub fn eryx_build() -> Run {
    Run::new(&binaries().eryx_build)
}
