//! `eryx.toml` → [`Manifest`]: what goes into an image.
//!
//! A manifest is read in two steps: its *shape* (which keys, which kinds of value), then its
//! *meaning* (values validated, paths absolute, globs expanded). Both collect every mistake they can
//! find, with its line, its column and a suggestion, before the manifest is refused.
//!
//! Start with [`load`]. A section is a file in `sections`, in which one declaration has all there is
//! to say about its keys; `declare.rs` says how to declare one.
//!
//! This crate looks at the file system to find out whether a named file is there, and reads
//! requirement files and projects that the manifest names. It must not know package indexes, the
//! contents of wheels, wasm or terminals, and it renders nothing: a [`ManifestError`] is a
//! [`miette::Diagnostic`] that a binary can draw.
//!
//! ```
//! use std::path::Path;
//! use eryx_manifest::Manifest;
//!
//! let text = "[image]\nname = \"report\"\n\n[packages]\nrequirments = [\"six==1.17.0\"]\n";
//! let error = Manifest::from_text(text, Path::new("eryx.toml")).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "eryx.toml:5:1: there is no key `requirments` in [packages]",
//! );
//! assert_eq!(error.suggestion().as_deref(), Some("did you mean \"requirements\"?"));
//! ```

mod address;
mod checks;
mod choice;
mod collect;
mod declare;
mod diagnostic;
mod entrypoint;
mod error;
mod key;
mod load;
mod manifest;
mod project;
mod pyproject;
mod python_name;
mod reader;
mod reference;
mod requirement;
mod requirement_file;
mod sandbox_path;
mod schema;
mod sections;
mod suggestion;
#[cfg(test)]
mod tests;
mod text;
mod text_diagnostic;
mod wheels;

pub use diagnostic::Diagnostic;
pub use entrypoint::Entrypoint;
pub use error::{InvalidManifest, ManifestError};
pub use load::{MAX_MANIFEST_BYTES, load};
pub use manifest::Manifest;
pub use requirement::Requirement;
pub use sandbox_path::RESERVED_DIRECTORIES;
pub use schema::schema;
pub use sections::build::{Allow, BuildSection, ForPackages, Jobs};
pub use sections::compile::{CompileSection, Cpu, OptLevel, Target};
pub use sections::image::{FileMapping, ImageSection, suggested_image_name};
pub use sections::packages::PackagesSection;
pub use sections::preinit::PreinitSection;
pub use sections::python::{HashSeed, PythonSection, Threads};
pub use sections::runtime::RuntimeSection;
pub use sections::strip::StripSection;
