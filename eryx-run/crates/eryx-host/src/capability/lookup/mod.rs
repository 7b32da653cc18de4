//! Looking up the addresses of names.

pub(crate) mod host;
