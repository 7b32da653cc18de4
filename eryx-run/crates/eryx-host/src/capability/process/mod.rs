//! What a program says about itself: its end, what it imports, how it can be interrupted.

pub(crate) mod exit;
pub(crate) mod host;
pub mod importing;
pub mod interrupt;
