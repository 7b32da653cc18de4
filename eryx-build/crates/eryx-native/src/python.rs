//! The Python of the machine that runs build backends, and environments of it.
//!
//! It need not be the sandbox's 3.14: what it builds is for the sandbox by what `sysconfig` is told.
//! But many packages ask for a recent one to be built at all.

use std::{
    cmp::Reverse,
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    str::FromStr as _,
    sync::OnceLock,
};

use pep440_rs::{Version, VersionSpecifiers};

use crate::command::{self, Log};
use crate::error::NativeBuildError;

/// What is tried when nothing is named.
const CANDIDATES: [&str; 6] = [
    "python3.14",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3",
    "python",
];

/// What a Python tells of itself: its version, and whether it has pip and can make environments.
const QUESTION: &str = "import sys, importlib.util as u; \
print('.'.join(map(str, sys.version_info[:3])), sys.executable, all(u.find_spec(n) for n in ('pip', 'venv', 'ensurepip')))";

/// The version that uv is asked for.
const UV_VERSION: &str = "3.14";

/// A Python that runs build backends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Python {
    program: PathBuf,
    /// Its version, or that which uv is asked for.
    pub version: String,
    /// Whether it is uv, which finds or fetches one.
    is_uv: bool,
}

/// An environment of it, with nothing in it.
#[derive(Debug)]
pub(crate) struct Environment {
    /// The directory.
    pub directory: PathBuf,
    pip: Vec<OsString>,
}

impl Python {
    /// The one that is named, or the first that a package takes. `requires` is the package's
    /// `Requires-Python`.
    ///
    /// # Errors
    /// When none is found.
    pub(crate) fn find(named: Option<&str>, requires: &str) -> Result<Self, NativeBuildError> {
        let specifiers = VersionSpecifiers::from_str(requires).unwrap_or_default();
        let fits = |version: &str| {
            Version::from_str(version).is_ok_and(|version| specifiers.contains(&version))
        };
        let mut tried = Vec::new();
        if let Some(named) = named {
            match Self::ask(Path::new(named)) {
                Ok(python) => return Ok(python),
                Err(problem) => tried.push(format!("{named}: {problem}")),
            }
        } else {
            let pythons = Self::of_machine();
            if let Some(python) = pythons.iter().find(|python| fits(&python.version)) {
                return Ok(python.clone());
            }
            let told = pythons.iter().map(|python| {
                let Self {
                    program, version, ..
                } = python;
                format!("{} {version}", program.display())
            });
            tried.extend(told);
            if is_there("uv") {
                return Ok(Self {
                    program: "uv".into(),
                    version: UV_VERSION.to_owned(),
                    is_uv: true,
                });
            }
            tried.push("uv".to_owned());
        }
        let wanted = match requires {
            "" => String::new(),
            requires => format!("{requires} "),
        };
        Err(NativeBuildError::NoPython {
            wanted,
            tried: tried.join(", "),
        })
    }

    /// Those of this machine that can run builds, the best first: the newest that is not newer than the
    /// sandbox's, for which packages may not be ready.
    fn of_machine() -> &'static [Self] {
        static PYTHONS: OnceLock<Vec<Python>> = OnceLock::new();
        PYTHONS.get_or_init(|| {
            let found = candidates().into_iter();
            let found = found.filter_map(|program| Self::ask(&program).ok());
            let mut pythons: Vec<Self> = Vec::new();
            for python in found {
                if !pythons.iter().any(|other| other.version == python.version) {
                    pythons.push(python);
                }
            }
            pythons.sort_by_cached_key(|python| {
                let version = Version::from_str(&python.version).ok();
                let is_newer = version.as_ref().is_none_or(|version| {
                    let wanted = UV_VERSION.split('.').filter_map(|part| part.parse().ok());
                    version.release().iter().take(2).copied().gt(wanted)
                });
                (is_newer, Reverse(version))
            });
            pythons
        })
    }

    fn ask(program: &Path) -> Result<Self, String> {
        let mut command = Command::new(program);
        command.args(["-c", QUESTION]).stdin(Stdio::null());
        let output = command.output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut words = text.trim().splitn(2, ' ');
        let version = words.next().filter(|_| output.status.success());
        let version = version.ok_or("it is no Python")?;
        let rest = words.next().unwrap_or_default();
        let (path, is_complete) = rest.rsplit_once(' ').unwrap_or_default();
        match is_complete {
            "True" => Ok(Self {
                program: path.into(),
                version: version.to_owned(),
                is_uv: false,
            }),
            _ => Err(format!("Python {version} without pip or venv")),
        }
    }

    /// A command of it.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        if self.is_uv {
            command.args(["run", "--no-project", "--python", UV_VERSION, "python"]);
        }
        command
    }

    /// Makes an environment in a directory that is not there yet.
    pub(crate) fn environment(
        &self,
        directory: &Path,
        log: &mut Log<'_>,
    ) -> Result<Environment, NativeBuildError> {
        let mut command = Command::new(&self.program);
        let program = directory.join("bin").join("python");
        let pip = if self.is_uv {
            command.args(["venv", "--quiet", "--seed", "--python", UV_VERSION]);
            vec![program.into(), "-m".into(), "pip".into()]
        } else {
            command.args(["-m", "venv", "--without-pip"]);
            let base = self.program.clone().into_os_string();
            let words = ["-m".into(), "pip".into(), "--python".into(), program.into()];
            std::iter::once(base).chain(words).collect()
        };
        command.arg(directory);
        command::run(&mut command, "making an environment for the build", "", log)?;
        Ok(Environment {
            directory: directory.to_owned(),
            pip,
        })
    }
}

impl Environment {
    /// A command of its pip, with the user's configuration of indexes.
    pub(crate) fn pip(&self) -> Command {
        let mut words = self.pip.iter();
        let mut command = Command::new(words.next().cloned().unwrap_or_default());
        command.args(words).stdin(Stdio::null());
        for variable in [
            "PIP_TARGET",
            "PIP_PREFIX",
            "PIP_ROOT",
            "PIP_REQUIRE_VIRTUALENV",
            "PYTHONPATH",
            "PYTHONHOME",
        ] {
            command.env_remove(variable);
        }
        command
            .env("PIP_NO_INPUT", "1")
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .env("PIP_NO_COLOR", "1")
            .env("PIP_USER", "0");
        command
    }

    /// Its Python.
    pub(crate) fn python(&self) -> PathBuf {
        self.programs().join("python")
    }

    /// The directory of its programs.
    pub(crate) fn programs(&self) -> PathBuf {
        self.directory.join("bin")
    }

    /// The directory of its packages.
    pub(crate) fn site_packages(&self) -> Result<PathBuf, NativeBuildError> {
        let lib = self.directory.join("lib");
        let entries = std::fs::read_dir(&lib).map_err(NativeBuildError::file(&lib))?;
        let mut directories = entries
            .flatten()
            .map(|entry| entry.path().join("site-packages"));
        let found = directories.find(|path| path.is_dir());
        found.ok_or_else(|| {
            NativeBuildError::file(&lib)(std::io::Error::from(std::io::ErrorKind::NotFound))
        })
    }
}

/// Commands by name, and those of pyenv, which has no commands for the Pythons that are not chosen.
fn candidates() -> Vec<PathBuf> {
    let mut candidates: Vec<PathBuf> = CANDIDATES.iter().map(PathBuf::from).collect();
    let root = env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".pyenv")));
    let versions = root.map(|root| root.join("versions"));
    let entries = versions.and_then(|versions| std::fs::read_dir(versions).ok());
    let mut others: Vec<(Version, PathBuf)> = entries
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = Version::from_str(entry.file_name().to_str()?).ok()?;
            Some((version, entry.path().join("bin").join("python3")))
        })
        .collect();
    others.sort_by(|(one, _), (other, _)| other.cmp(one));
    candidates.extend(others.into_iter().map(|(_, path)| path));
    candidates
}

/// Whether a program can be started.
pub(crate) fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    command
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
