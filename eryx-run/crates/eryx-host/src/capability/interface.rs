//! The name of our own interface, of which several capabilities have functions.

/// The interface that guests import from us.
pub(crate) const HOST: &str = "eryx:sandbox/host@0.1.0";
