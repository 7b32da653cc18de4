//! How every step of the build fails.

/// Why the runtime could not be put together: one sentence, or a few, for the person who builds.
pub(super) type Failure = String;
