//! Modules of the guest that a bake imports by itself.

/// Processes the `.pth` files of packages when it is imported.
pub(super) const PATH_FILES: &str = "_eryx.path_files";

/// Lets pools of threads run their tasks in place.
pub(super) const INLINE_THREADS: &str = "_eryx.inline_threads";
