//! Locking: what people see of `eryx lock`, and what later bakes make of the lock. Packages come out
//! of a folder that the tests fill, through the real pip.

mod drift;
mod extras;
mod failures;
mod index;
#[cfg(unix)]
mod installer;
mod obstacles;
mod offline;
mod resolution;
mod source;
#[cfg(unix)]
mod special_files;
mod uv;
