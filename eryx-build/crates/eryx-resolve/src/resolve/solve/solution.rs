//! What requirements resolve to.

use crate::resolve::lock::LockedPackage;

/// What requirements resolve to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Solution {
    /// One exact file a package.
    pub packages: Vec<LockedPackage>,
    /// What is probably not as the user wants it, a sentence each.
    pub warnings: Vec<String>,
}
