//! What is measured: the binaries as they are shipped, two images, and the CPython of this machine.

use crate::measure::process;
use anyhow::{Context, Result, bail};
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// An image without packages, in which nothing is imported.
const BARE: &str = "[image]\nname = \"bare\"\n";

/// The binaries as they are shipped.
pub(crate) struct Binaries {
    /// The root of the workspace.
    pub workspace: PathBuf,
    /// The folder of all that cargo makes.
    pub target: PathBuf,
    /// The loader.
    pub eryx_run: PathBuf,
    /// The loader, linked statically.
    pub eryx_run_static: PathBuf,
    /// The toolchain.
    pub eryx_build: PathBuf,
}

/// What all benches need.
pub(crate) struct Setup {
    /// The binaries that are measured.
    pub binaries: Binaries,
    /// The image of `eryx.toml.example`.
    pub example: PathBuf,
    /// An image of nothing but the standard library.
    pub bare: PathBuf,
    /// The CPython to compare with.
    pub python: Python,
    /// A folder of these benches' own.
    pub folder: PathBuf,
}

/// A CPython of this machine.
pub(crate) struct Python {
    /// The interpreter itself, not a shim that starts it.
    pub path: PathBuf,
    /// Its version, in words.
    pub version: String,
}

impl Binaries {
    /// Builds them.
    pub(crate) fn build() -> Result<Self> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("the benches lie in no workspace")?
            .to_owned();
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| workspace.join("target"), |folder| workspace.join(folder));
        let cargo = |arguments: &str| -> Result<()> {
            let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let mut command = Command::new(cargo);
            command.current_dir(&workspace).args(arguments.split(' '));
            if !command.status()?.success() {
                bail!("`cargo {arguments}` failed");
            }
            Ok(())
        };
        let binary = |name: &str| target.join(format!("release/{name}{}", env::consts::EXE_SUFFIX));
        let folder = target.join("benches");
        fs::create_dir_all(&folder)?;
        let eryx_run_static = folder.join("eryx-run-static");
        // One at a time: together, the loader would be built with the features of the toolchain.
        cargo("build --release --quiet -p eryx-build")?;
        cargo(
            "rustc --release --quiet -p eryx-run --bin eryx-run -- -C target-feature=+crt-static",
        )?;
        // The other one takes its place.
        fs::copy(binary("eryx-run"), &eryx_run_static)?;
        cargo("build --release --quiet -p eryx-run")?;
        Ok(Self {
            eryx_run: binary("eryx-run"),
            eryx_run_static,
            eryx_build: binary("eryx-build"),
            workspace,
            target,
        })
    }

    /// A program that comes with these benches.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.workspace.join("benches/programs").join(name)
    }
}

impl Setup {
    /// Builds the binaries and bakes the images.
    pub(crate) fn new() -> Result<Self> {
        let binaries = Binaries::build()?;
        let folder = binaries.target.join("benches");
        let manifest = folder.join("bare.toml");
        fs::write(&manifest, BARE)?;
        let setup = Self {
            example: folder.join("example.cwasm"),
            bare: folder.join("bare.cwasm"),
            python: Python::find()?,
            folder,
            binaries,
        };
        setup.bake(&setup.example_manifest(), &setup.example)?;
        setup.bake(&manifest, &setup.bare)?;
        Ok(setup)
    }

    /// Bakes an image, unless the toolchain is the one that baked it before.
    pub(crate) fn bake(&self, manifest: &Path, image: &Path) -> Result<()> {
        let changed = |path: &Path| {
            fs::metadata(path)
                .and_then(|metadata| metadata.modified())
                .ok()
        };
        if changed(image).is_none_or(|baked| changed(&self.binaries.eryx_build) > Some(baked)) {
            eprintln!("baking {}", image.display());
            process(&mut self.build(manifest, image, "--quiet"))?;
        }
        Ok(())
    }

    /// The example's manifest.
    pub(crate) fn example_manifest(&self) -> PathBuf {
        self.binaries.workspace.join("eryx.toml.example")
    }

    /// A command that bakes a manifest.
    pub(crate) fn build(&self, manifest: &Path, image: &Path, option: &str) -> Command {
        let mut command = Command::new(&self.binaries.eryx_build);
        command
            .args(["build", option, "-f"])
            .arg(manifest)
            .arg("-o")
            .arg(image);
        command
    }

    /// A command that runs a program in an image.
    pub(crate) fn sandbox(&self, image: &Path) -> Command {
        let mut command = Command::new(&self.binaries.eryx_run);
        command.arg(image);
        command
    }

    /// A command of the CPython to compare with, which sees neither environment nor packages.
    pub(crate) fn native(&self) -> Command {
        let mut command = Command::new(&self.python.path);
        command.args(["-I", "-S"]);
        command
    }

    /// A program that comes with these benches.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.binaries.program(name)
    }
}

impl Python {
    /// The CPython that the user names, or the one that is nearest to the sandbox's.
    fn find() -> Result<Self> {
        let named = env::var_os("ERYX_BENCH_PYTHON").filter(|name| !name.is_empty());
        let candidates: Vec<OsString> = named.map_or_else(
            || vec!["python3.14".into(), "python3".into()],
            |name| vec![name],
        );
        candidates
            .iter()
            .find_map(Self::ask)
            .with_context(|| format!("none of {candidates:?} is a CPython that works"))
    }

    /// Asks an interpreter where it is: what is on PATH may be a shim that takes ten times as long.
    fn ask(name: &OsString) -> Option<Self> {
        let question = "import os, platform, sys; print(os.path.realpath(sys.executable)); \
                        print(platform.python_implementation(), platform.python_version())";
        let mut command = Command::new(name);
        command.args(["-I", "-c", question]).stderr(Stdio::null());
        let answer = process(&mut command).ok()?.output;
        let (path, version) = answer.trim_end().split_once('\n')?;
        Some(Self {
            path: path.into(),
            version: version.to_owned(),
        })
    }
}
