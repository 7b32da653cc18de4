//! From what a manifest asks for to exact, verified files on this machine, by the user's own uv or
//! pip.
//!
//! | module | |
//! | --- | --- |
//! | [`resolve`](mod@resolve) | the manifest's `[packages]` → a lock, kept as `pylock.toml` (PEP 751) |
//! | [`fetch`](mod@fetch) | a lock → files, each with the hash that the lock names |
//! | [`installer`] | starts pip for the sandbox, and answers what it asks |
//!
//! Start with [`resolve::resolve`]. No code of a package runs on this machine, and no registry is
//! named here: uv and pip know indexes, mirrors, proxies and credentials.

pub mod fetch;
pub mod installer;
pub mod resolve;
