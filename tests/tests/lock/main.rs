//! Locking: what people see of `eryx lock`, and what later bakes make of the lock. Packages come out
//! of a folder that the tests fill, through the real pip.

mod drift;
mod failures;
mod index;
mod offline;
mod resolution;
mod source;
mod uv;
