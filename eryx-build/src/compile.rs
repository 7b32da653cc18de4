//! Compile: snapshot → machine code.
//!
//! The engine's configuration is the loader's own; this module adds only what concerns the compiler: the
//! target, the CPU features that code may use, and how hard to optimise. It knows nothing of Python.

mod names;

pub use names::NamesError;

use crate::manifest::{CompileSection, Cpu, OptLevel, Target};
use eryx_host::engine;
use eryx_image as image;
use wasmtime::{Config, Engine};

/// What code for x86-64 may use by default on top of the architecture's baseline: the x86-64-v2 level,
/// which server and desktop processors have had since 2009. The compiler's name for each feature, and
/// the one that Rust's feature detection has.
const PORTABLE_X86_64: [(&str, &str); 6] = [
    ("has_cmpxchg16b", "cmpxchg16b"),
    ("has_popcnt", "popcnt"),
    ("has_sse3", "sse3"),
    ("has_ssse3", "ssse3"),
    ("has_sse41", "sse4.1"),
    ("has_sse42", "sse4.2"),
];

/// Machine code, and what it needs.
#[derive(Debug, Clone)]
pub struct MachineCode {
    /// The code, in wasmtime's own format.
    pub bytes: Vec<u8>,
    /// The target triple.
    pub target: String,
    /// The CPU baseline, in words.
    pub baseline: String,
    /// The features that a CPU must have.
    pub features: Vec<String>,
}

/// Why no machine code was made.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The machine that bakes is not one that images can be made for.
    #[error("images cannot be made for this machine ({0}): name another `compile.target`")]
    Host(String),
    /// The compiler cannot make code for the target.
    #[error("the compiler cannot make code for {target}: {source:#}")]
    Target {
        /// The target triple.
        target: String,
        /// What the compiler said.
        source: wasmtime::Error,
    },
    /// The snapshot cannot be compiled.
    #[error("the snapshot cannot be compiled: {0:#}")]
    Compile(#[source] wasmtime::Error),
    /// What the compiler wrote is not what this version of it writes.
    #[error("the machine code has a form that was not expected: {0}")]
    Names(#[from] NamesError),
}

/// Compiles a snapshot as the manifest's `[compile]` says.
///
/// # Errors
/// When the compiler has no such target, or refuses the snapshot.
pub fn compile(snapshot: &[u8], section: &CompileSection) -> Result<MachineCode, CompileError> {
    let target = target_triple(section.target)?;
    let (engine, baseline, features) =
        configured(section, target).map_err(|source| CompileError::Target {
            target: target.to_owned(),
            source,
        })?;
    let mut bytes = engine
        .precompile_component(snapshot)
        .map_err(CompileError::Compile)?;
    names::leave_out(&mut bytes)?;
    Ok(MachineCode {
        bytes,
        target: target.to_owned(),
        baseline,
        features,
    })
}

fn configured(
    section: &CompileSection,
    target: &str,
) -> wasmtime::Result<(Engine, String, Vec<String>)> {
    let mut config = engine::config();
    config.cranelift_opt_level(match section.opt_level {
        OptLevel::Speed => wasmtime::OptLevel::Speed,
        OptLevel::SpeedAndSize => wasmtime::OptLevel::SpeedAndSize,
        OptLevel::None => wasmtime::OptLevel::None,
    });
    let (baseline, features) = match section.cpu {
        // Without a target the compiler uses whatever this machine has.
        Cpu::Native => {
            let features = image::host_cpu_features()
                .into_iter()
                .map(str::to_owned)
                .collect();
            ("native".to_owned(), features)
        }
        Cpu::Portable => {
            config.target(target)?;
            if target.starts_with("x86_64") {
                enable_portable_x86_64(&mut config);
                let features = PORTABLE_X86_64
                    .iter()
                    .map(|(_, name)| (*name).to_owned())
                    .collect();
                ("x86-64-v2".to_owned(), features)
            } else {
                ("armv8-a".to_owned(), Vec::new())
            }
        }
    };
    Ok((Engine::new(&config)?, baseline, features))
}

fn enable_portable_x86_64(config: &mut Config) {
    for (flag, _) in PORTABLE_X86_64 {
        // SAFETY: these flags only let the compiler use instructions of the CPU. The loader refuses an
        // image whose features the machine does not have, and so does wasmtime when it loads the code.
        unsafe { config.cranelift_flag_enable(flag) };
    }
}

/// The triple that the compiler knows a target by.
fn target_triple(target: Target) -> Result<&'static str, CompileError> {
    let host = || match (std::env::consts::ARCH, std::env::consts::OS) {
        ("x86_64", "linux") => Some(Target::X86_64Linux),
        ("aarch64", "linux") => Some(Target::Aarch64Linux),
        ("x86_64", "macos") => Some(Target::X86_64Macos),
        ("aarch64", "macos") => Some(Target::Aarch64Macos),
        ("x86_64", "windows") => Some(Target::X86_64Windows),
        _ => None,
    };
    target.triple().or_else(|| host()?.triple()).ok_or_else(|| {
        CompileError::Host(format!(
            "{} {}",
            std::env::consts::OS,
            std::env::consts::ARCH
        ))
    })
}
