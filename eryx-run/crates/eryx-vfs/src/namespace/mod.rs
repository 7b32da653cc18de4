//! The one tree that the guest sees, put together from mounts.
//!
//! A namespace finds the mount that a path belongs to, follows the links that lead from one mount
//! into another, and makes up the directories that exist only because something is mounted below
//! them. What is in a mount it leaves to the mount.

mod builder;
mod checks;
mod ending;
#[cfg(test)]
mod ending_tests;
mod mounts;
mod operations;
mod resolve;
#[cfg(test)]
mod tests;
mod types;

pub use self::builder::{MountError, NamespaceBuilder};
pub use self::mounts::MountId;
pub use self::types::{Entry, Namespace, Resolved};
