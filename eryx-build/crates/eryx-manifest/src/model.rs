//! What a manifest means: the types every later stage reads.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

/// A manifest whose every value was checked and whose every path is absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The manifest file itself, as an absolute path.
    pub path: PathBuf,
    /// The folder that relative paths of the manifest start from, as an absolute path.
    pub folder: PathBuf,
    /// `[image]`: what the image is.
    pub image: ImageSection,
    /// `[packages]`: which packages go into it.
    pub packages: PackagesSection,
    /// `[preinit]`: what runs at bake time.
    pub preinit: PreinitSection,
    /// `[python]`: how Python behaves in the sandbox.
    pub python: PythonSection,
    /// `[compile]`: which machine the code is for.
    pub compile: CompileSection,
    /// `[runtime]`: which runtime the image is built on.
    pub runtime: RuntimeSection,
}

/// `[image]`: the identity of the image, its program and its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageSection {
    /// `name`: `[a-z0-9][a-z0-9._-]*`, at most 128 bytes. The image file is `<name>.cwasm` unless
    /// the command line says otherwise.
    pub name: String,
    /// `version`: free text in one line, at most 128 bytes.
    pub version: Option<String>,
    /// `description`: free text, at most 4096 bytes.
    pub description: Option<String>,
    /// `entrypoint`: what runs when the command line names no program.
    pub entrypoint: Option<Entrypoint>,
    /// `files`: what is baked in read-only, sorted by sandbox path, no sandbox path twice.
    pub files: Vec<FileMapping>,
}

/// One file or folder of the host that is baked into the image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileMapping {
    /// Where it is on the host: an absolute path that existed when the manifest was read.
    pub host: PathBuf,
    /// Where it appears in the sandbox: an absolute normalised path that is not `/` and not in a
    /// folder which the sandbox keeps for itself.
    pub sandbox: String,
}

/// What an image runs when it is started without a program.
///
/// [`Display`](fmt::Display) gives the form that manifests are written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entrypoint {
    /// `package.module:function`: import the module, call the attribute without arguments.
    Function {
        /// The dotted module name.
        module: String,
        /// The dotted path of the callable inside the module.
        attribute: String,
    },
    /// The absolute path of a `.py` file in the sandbox, run as `__main__`.
    Script(String),
}

impl fmt::Display for Entrypoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function { module, attribute } => write!(formatter, "{module}:{attribute}"),
            Self::Script(path) => formatter.write_str(path),
        }
    }
}

/// `[packages]`: the packages of the site tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackagesSection {
    /// `requirements`, and what the files, `pyproject` and `groups` it names list, in the order in
    /// which they are written.
    pub requirements: Vec<Requirement>,
    /// `constraints`: versions that a package must have if it is installed at all.
    pub constraints: Vec<Requirement>,
    /// `overrides`: requirements that stand in for every other requirement of the same package.
    pub overrides: Vec<Requirement>,
    /// `exclude`: normalised names of packages that are not installed though others require them.
    pub exclude: BTreeSet<String>,
    /// `wheels`: wheel files of the host, absolute, sorted, none twice; globs are already expanded.
    pub wheels: Vec<PathBuf>,
    /// `find-links`: folders of the host (absolute paths) and addresses with more distributions.
    pub find_links: Vec<String>,
    /// `index`: the package index in place of the one the user's installer is configured for.
    pub index: Option<String>,
    /// `extra-index`: more package indexes.
    pub extra_index: Vec<String>,
    /// `pre`: whether pre-releases are taken.
    pub pre: bool,
    /// `platform-tags`: platform tags of wheels (PEP 425) that fit the sandbox besides the usual.
    pub platform_tags: Vec<String>,
    /// `without-native`: normalised names of packages whose libraries for other platforms are left
    /// out because the package works without them.
    pub without_native: BTreeSet<String>,
    /// `strip`: which files of packages are left out of the image.
    pub strip: StripSection,
}

/// One requirement: a package, with what is asked of it (PEP 508).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The requirement in the form of PEP 508. A path of the host in it is an absolute `file:` URL.
    pub text: String,
    /// The package name in the spelling that all its spellings stand for (PEP 503).
    pub name: String,
    /// The hashes that a distribution of it may have, as `sha256:` and 64 digits; any if empty.
    pub hashes: Vec<String>,
    /// Where it is written, for messages: `eryx.toml:7` or `requirements.txt:3`.
    pub origin: String,
}

/// `[packages.strip]`: which files of packages are left out of the image. Everything that code can
/// read is kept unless it is named here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StripSection {
    /// `tests`: folders `tests` and `test` inside of packages.
    pub tests: bool,
    /// `docs`: folders `docs` and `doc`, and documentation beside packages.
    pub docs: bool,
    /// `stubs`: type stubs, `.pyi`, and `py.typed`.
    pub stubs: bool,
    /// `headers`: C and Cython headers and sources.
    pub headers: bool,
    /// `sources`: `.py` files that have bytecode.
    pub sources: bool,
}

/// `[preinit]`: what runs once in the sandbox at bake time; its heap stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreinitSection {
    /// `imports`: dotted module names in the order they are imported, none twice.
    pub imports: Vec<String>,
    /// `script`: a `.py` file of the host that runs after the imports, as an absolute path.
    pub script: Option<PathBuf>,
}

/// `[python]`: how Python behaves in the sandbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PythonSection {
    /// `threads`: what pools of threads do, as no thread can be started.
    pub threads: Threads,
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
    fn default() -> CompileSection {
        CompileSection {
            target: Target::default(),
            cpu: Cpu::default(),
            opt_level: OptLevel::default(),
            fuse: true,
        }
    }
}

/// `[runtime]`: where CPython comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuntimeSection {
    /// `path`: the folder of a runtime distribution, absolute; the built-in runtime when absent.
    pub path: Option<PathBuf>,
}

/// A value that is written in manifests as one word out of a fixed list.
pub(super) trait Choice: Copy + 'static {
    /// Every value, in the order in which messages list them.
    const ALL: &'static [Self];
    /// The word in the manifest.
    fn written(self) -> &'static str;
}

/// The operating system and processor family that the image's machine code is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Target {
    /// `host`: the machine that bakes.
    #[default]
    Host,
    /// `x86_64-linux`.
    X86_64Linux,
    /// `aarch64-linux`.
    Aarch64Linux,
    /// `x86_64-macos`.
    X86_64Macos,
    /// `aarch64-macos`.
    Aarch64Macos,
    /// `x86_64-windows`.
    X86_64Windows,
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

impl Choice for Target {
    const ALL: &'static [Self] = &[
        Self::Host,
        Self::X86_64Linux,
        Self::Aarch64Linux,
        Self::X86_64Macos,
        Self::Aarch64Macos,
        Self::X86_64Windows,
    ];

    fn written(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::X86_64Linux => "x86_64-linux",
            Self::Aarch64Linux => "aarch64-linux",
            Self::X86_64Macos => "x86_64-macos",
            Self::Aarch64Macos => "aarch64-macos",
            Self::X86_64Windows => "x86_64-windows",
        }
    }
}

/// What pools of threads do with a task.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Threads {
    /// `none`: they fail, as starting a thread does.
    #[default]
    None,
    /// `inline`: they run it in place when it is submitted.
    Inline,
}

impl Choice for Threads {
    const ALL: &'static [Self] = &[Self::None, Self::Inline];

    fn written(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Inline => "inline",
        }
    }
}

/// Which processors of the target's family can run the image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Cpu {
    /// `portable`: every processor of the family.
    #[default]
    Portable,
    /// `native`: those with every feature of the processor that bakes.
    Native,
}

impl Choice for Cpu {
    const ALL: &'static [Self] = &[Self::Portable, Self::Native];

    fn written(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Native => "native",
        }
    }
}

/// What the compiler optimises for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum OptLevel {
    /// `speed`: the fastest code.
    #[default]
    Speed,
    /// `speed-and-size`: fast code that is smaller.
    SpeedAndSize,
    /// `none`: the fastest bake, with slow and large code.
    None,
}

impl Choice for OptLevel {
    const ALL: &'static [Self] = &[Self::Speed, Self::SpeedAndSize, Self::None];

    fn written(self) -> &'static str {
        match self {
            Self::Speed => "speed",
            Self::SpeedAndSize => "speed-and-size",
            Self::None => "none",
        }
    }
}

/// Shows each choice as it is written in a manifest.
macro_rules! display_as_written {
    ($($choice:ty),*) => {$(
        impl fmt::Display for $choice {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.written())
            }
        }
    )*};
}

display_as_written!(Target, Cpu, OptLevel, Threads);
