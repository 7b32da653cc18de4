//! Source distributions that are made byte by byte: what is taken from them, and every attack that
//! was thought of.

mod archives;
mod attacks;
mod builder;
mod fuzzed;
mod mutations;

pub(super) use builder::gz;

// The archives that the tests of unpacking make.
#[path = "../../../eryx-wheel/src/unpack/tests"]
mod zips {
    #[expect(dead_code, reason = "those tests use more of it")]
    pub(super) mod builder;
    pub(super) mod choices;
    pub(super) mod runner;
}
