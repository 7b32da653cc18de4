//! A program that ends itself at once.

use std::fmt;

/// The program asked to end with this status at once.
#[derive(Debug)]
pub(crate) struct Exit(pub i32);

impl fmt::Display for Exit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the program ended with status {}", self.0)
    }
}

impl std::error::Error for Exit {}
