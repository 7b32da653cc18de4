//! What POSIX has of files and `wasi:filesystem` lacks: the modes of new files, and space.

pub(crate) mod host;
