//! What a rule is.

use crate::{Finding, house::House};
use anyhow::Result;

/// Something that must be true of the tree.
pub trait Rule {
    /// Each place where it is not.
    ///
    /// # Errors
    ///
    /// It cannot be found out.
    fn check(&self, house: &House) -> Result<Vec<Finding>>;
}
