//! Puts the runtime distribution together when the project is built.
//!
//! base libraries (`base.rs`) + guest and modules compiled from C, ours and that of `sources.toml`
//! (`guest.rs`, `library.rs`, with the compiler of `zig.rs`, as far as `objects.rs` has none) +
//! standard library with newer files (`newer.rs`), the guest's Python half and time zones (`zones.rs`)
//! → one compressed archive in `OUT_DIR` (`distribution.rs`), which the crate includes, and which is
//! kept for other target directories (`kept.rs`). A directory named by `ERYX_RUNTIME_DIR` takes the
//! place of all of it.

mod base;
mod compiler;
mod crates;
mod distribution;
mod failure;
mod guest;
mod kept;
mod library;
mod licenses;
mod newer;
mod objects;
mod sources;
mod unit;
mod zig;
mod zones;

use failure::Failure;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Puts the archive into `OUT_DIR`.
///
/// # Errors
/// When it cannot be put together.
pub(super) fn run() -> Result<(), Failure> {
    for watched in kept::INPUTS {
        println!("cargo::rerun-if-changed={watched}");
    }
    for variable in ["ERYX_RUNTIME_DIR", "ZIG"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let directory = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .ok_or_else(|| format!("{name} is not set"))
    };
    let (here, out) = (directory("CARGO_MANIFEST_DIR")?, directory("OUT_DIR")?);
    let archive = if let Some(directory) = env::var_os("ERYX_RUNTIME_DIR") {
        distribution::compress(&distribution::read(&PathBuf::from(directory))?)?
    } else {
        let path = kept::path(&here)?;
        if let Some(archive) = path.as_deref().and_then(kept::read) {
            archive
        } else {
            let archive = distribution::compress(&assemble(&here, &out)?)?;
            if let Some(path) = path {
                kept::write(&path, &archive);
            }
            archive
        }
    };
    println!(
        "cargo::rustc-env=ERYX_RUNTIME_IDENTITY={}",
        distribution::identity(&archive)?
    );
    let path = out.join("runtime.tar.zst");
    fs::write(&path, archive).map_err(|error| format!("{}: {error}", path.display()))
}

fn assemble(here: &Path, out: &Path) -> Result<distribution::Files, Failure> {
    let sources = sources::Sources::read(here)?;
    let wheel = sources.named(zones::WHEEL)?;
    let installed = zones::install(wheel)?;
    let zones = zones::take(&installed)?;
    let mut base = None;
    let mut libraries = Vec::new();
    let mut origins = Vec::new();
    for source in &sources.crates {
        let bytes = crates::fetch(source, out)?;
        let directory = format!("{}-{}", source.name, source.version);
        if let Some(library) = &source.library {
            let target = out.join("sources").join(&source.name);
            libraries.push(library::unpack(library, &bytes, &directory, &target)?);
        } else if source.name == base::CRATE {
            let taken =
                base::take(source, &bytes).map_err(|error| format!("{directory}: {error}"))?;
            base = Some(taken);
        }
        origins.push((source, bytes));
    }
    let mut base = base.ok_or_else(|| format!("sources.toml lacks {}", base::CRATE))?;
    for (source, bytes) in &origins {
        if source.name == newer::CRATE {
            newer::put(source, bytes, here, &mut base)?;
        }
    }
    let zig = zig::find()?;
    let guest = guest::compile(&zig, &base, libraries, here, out)?;
    let mut texts = Vec::new();
    for (source, bytes) in &origins {
        let origin = licenses::Origin::Crate(bytes);
        texts.extend(licenses::take(source, &origin, &base, &zig)?);
    }
    let directory = format!("{}-{}.dist-info", wheel.name, wheel.version);
    let origin = licenses::Origin::Wheel(installed.join(directory));
    texts.extend(licenses::take(wheel, &origin, &base, &zig)?);
    distribution::assemble(&sources, base, guest, &zones, texts, here)
}
