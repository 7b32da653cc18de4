//! Wheels, good and hostile, through the whole crate.

use std::collections::BTreeSet;

use crate::strip::Strip;

use super::{UnpackError, WheelProblem, unpack};
use crate::site_tree::SiteTree;

mod attacks;
pub(crate) mod builder;
pub(crate) mod choices;
mod contents;
mod fuzzed;
mod hostile;
mod mutations;
pub(crate) mod runner;
mod stripped;

use builder::{Entry, archive, distribution};

/// All that can be stripped.
const EVERYTHING: Strip = Strip {
    tests: true,
    docs: true,
    stubs: true,
    headers: true,
};

fn unpack_bytes(bytes: &[u8]) -> Result<SiteTree, UnpackError> {
    let directory = tempfile::tempdir().unwrap();
    unpack(
        &[distribution(directory.path(), "a", bytes)],
        &BTreeSet::new(),
    )
}

fn unpack_entries(entries: &[Entry]) -> Result<SiteTree, UnpackError> {
    unpack_bytes(&archive(entries))
}

/// What is wrong with a wheel of these bytes.
fn problem(bytes: &[u8]) -> WheelProblem {
    match unpack_bytes(bytes) {
        Err(UnpackError::Wheel(error)) => *error.problem,
        other => panic!("not refused as a wheel: {other:?}"),
    }
}

/// Asserts that a wheel of these entries is refused with a problem of this form.
macro_rules! assert_refused {
    ($entries:expr, $form:pat) => {
        let problem = super::problem(&super::archive(&$entries));
        assert!(matches!(problem, $form), "{problem:?}");
    };
}
use assert_refused;
