//! Core WebAssembly modules as `fuse` and `fold` need them: read into parts, and written again with other
//! indices.
//!
//! This module knows the binary format alone; what is merged or left out, and why that is sound, the two
//! stages decide.
//!
//! ```
//! # use eryx_wasm::core_module::CoreModule;
//! let module = CoreModule::read(b"\0asm\x01\0\0\0")?;
//! assert_eq!(module.functions.len(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod body;
mod constant;
mod error;
mod mapped;
mod part;
mod read;
mod write;

pub use body::{Uses, indirect_call_of, only_fills};
pub use constant::Constant;
pub use error::ModuleError;
pub(crate) use error::{at, index};
pub use part::{GlobalPlace, Part};
pub use read::{CoreModule, Import, ImportKind};
pub use write::{Export, HostFunction, Written, write};
