//! Baking images: what people see of `eryx build`.

mod cache;
mod command_line;
mod contents;
mod determinism;
mod exceptions;
mod failures;
mod hash_seed;
mod interruptions;
mod manifests;
mod many_libraries;
mod native;
mod output;
mod path_files;
mod requires;
mod rude;
mod runtime;
mod schema;
mod slots;
mod stale_descriptors;
mod strip;
mod templates;
mod wheels;
