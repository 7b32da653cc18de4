//! `[packages.strip]`: which files of packages are left out of the image.

use crate::declare::section;

section! {
    /// Which files of packages are left out of the image
    ///
    /// Everything that code can read is kept unless it is named here.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct StripSection ["packages.strip"] {
        /// Directories `tests` and `test` inside packages
        tests: bool { example: "tests = true" }
        /// Directories `docs` and `doc`, and documentation beside packages
        docs: bool { example: "docs = true" }
        /// Type stubs, `.pyi` and `py.typed`
        stubs: bool { example: "stubs = true" }
        /// C and Cython headers and sources
        headers: bool { example: "headers = true" }
        /// `.py` files that have bytecode: tracebacks show no lines of code then
        sources: bool { example: "sources = true" }
    }
}
