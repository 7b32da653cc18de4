//! Source distributions that are made byte by byte: what is taken from them, and every attack that
//! was thought of.

mod archives;
mod attacks;
mod builder;
mod fuzzed;
mod mutations;

pub(super) use builder::gz;

// The fuzzer has only some of these files, under this name.
use crate::unpack::tests as zips;
