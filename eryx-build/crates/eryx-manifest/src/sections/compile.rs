//! `[compile]`: which machine the code is for.

use toml::Spanned;

use crate::checks::Checks;
use crate::choice::Choice;
use crate::declare::{choice, section};
use crate::diagnostic::SpannedDiagnostic;

section! {
    /// Which machine the code is for
    #[derive(Debug)]
    pub(crate) struct RawCompile ["compile"] {
        /// The operating system and processor family of the code
        target: Target { example: r#"target = "x86_64-linux""# }
        /// Which processors of that family the code runs on
        cpu: Option<Spanned<Cpu>> { example: r#"cpu = "portable""# }
        /// What the compiler spends its time on
        opt_level: OptLevel { example: r#"opt-level = "speed""# }
        /// Whether all native libraries become one core module
        fuse: bool = true { example: "fuse = true" }
    }
}

/// `[compile]`: how machine code is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompileSection {
    /// `target`: the operating system and processor family of the code.
    pub target: Target,
    /// `cpu`: which processors of that family the code runs on.
    pub cpu: Cpu,
    /// `opt-level`: what the compiler spends its time on.
    pub opt_level: OptLevel,
    /// `fuse`: whether the linked core modules become one.
    pub fuse: bool,
}

impl Default for CompileSection {
    fn default() -> Self {
        RawCompile::default().into()
    }
}

impl From<RawCompile> for CompileSection {
    fn from(raw: RawCompile) -> Self {
        Self {
            target: raw.target,
            cpu: raw.cpu.map(Spanned::into_inner).unwrap_or_default(),
            opt_level: raw.opt_level,
            fuse: raw.fuse,
        }
    }
}

/// Validates the section.
pub(crate) fn validate(raw: RawCompile, checks: &mut Checks<'_>) -> CompileSection {
    let native = raw.cpu.as_ref().filter(|cpu| *cpu.get_ref() == Cpu::Native);
    if let (Some(cpu), Some(_)) = (native, raw.target.triple()) {
        let message = format!(
            "`cpu = \"native\"` does not go with `target = \"{}\"`",
            raw.target.word()
        );
        checks.report(
            SpannedDiagnostic::new(
                cpu.span(),
                message,
                "the processor that bakes is not the one that runs",
            )
            .help("use cpu = \"portable\", or leave `target` out to bake for this machine"),
        );
    }
    raw.into()
}

choice! {
    /// The operating system and processor family that the image's machine code is for.
    pub enum Target {
        /// The machine that bakes.
        #[default]
        Host = "host",
        /// Linux on x86-64.
        X86_64Linux = "x86_64-linux",
        /// Linux on 64-bit Arm.
        Aarch64Linux = "aarch64-linux",
        /// macOS on x86-64.
        X86_64Macos = "x86_64-macos",
        /// macOS on 64-bit Arm.
        Aarch64Macos = "aarch64-macos",
        /// Windows on x86-64.
        X86_64Windows = "x86_64-windows",
    }
}

impl Target {
    /// The target triple, as wasmtime's `Config::target` takes it; `None` for the machine that
    /// bakes.
    #[must_use]
    pub fn triple(self) -> Option<&'static str> {
        match self {
            Self::Host => None,
            Self::X86_64Linux => Some("x86_64-unknown-linux-gnu"),
            Self::Aarch64Linux => Some("aarch64-unknown-linux-gnu"),
            Self::X86_64Macos => Some("x86_64-apple-darwin"),
            Self::Aarch64Macos => Some("aarch64-apple-darwin"),
            Self::X86_64Windows => Some("x86_64-pc-windows-msvc"),
        }
    }
}

choice! {
    /// Which processors of the target's family can run the image.
    pub enum Cpu {
        /// Every processor of the family.
        #[default]
        Portable = "portable",
        /// Those with every feature of the processor that bakes.
        Native = "native",
    }
}

choice! {
    /// What the compiler optimises for.
    pub enum OptLevel {
        /// The fastest code.
        #[default]
        Speed = "speed",
        /// Fast code that is smaller.
        SpeedAndSize = "speed-and-size",
        /// The fastest bake, with slow and large code.
        None = "none",
    }
}
