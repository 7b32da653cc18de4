//! WebAssembly: from shared libraries to one small core module.
//!
//! | module | does |
//! | --- | --- |
//! | [`dylink`] | reads what a shared library says of itself |
//! | [`link`] | runtime + shared libraries → component |
//! | [`slots`] | shared library → one whose functions have the types by which Python calls them |
//! | [`fuse`] | component → component with one core module |
//! | [`fold`] | snapshot → snapshot without what cannot be used any more |
//! | [`heap`] | measures the heap in a snapshot |
//! | [`interfaces`] | reads which interfaces a world or component imports |
//! | [`core_module`] | core modules, read into parts and written with other indices |
//!
//! Start with [`link::link`]. But for the tables that [`slots`] reads, this crate knows no
//! Python; and it knows no packages and no engine.

pub mod core_module;
pub mod dylink;
pub mod fold;
pub mod fuse;
pub mod heap;
pub mod interfaces;
pub mod link;
pub mod slots;
