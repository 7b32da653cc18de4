//! A manifest of one package: baking it, and running a program in the image.

use crate::{
    evidence::{Evidence, own_file},
    process::{self, GRACE, MAX_OUTPUT, ProcessOutcome},
};
use anyhow::{Context, Result};
use eryx_tests::binaries;
use serde_json::Value;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// How long one bake may take, with downloads and builds from source.
const BAKE_LIMIT: Duration = Duration::from_secs(900);

/// A directory with a manifest and an image.
pub(crate) struct Project {
    /// Where everything of it is.
    pub directory: PathBuf,
}

/// What a manifest says.
#[derive(Default)]
pub(crate) struct Wanted {
    /// Requirements (PEP 508).
    pub requirements: Vec<String>,
    /// Packages whose native libraries are left out.
    pub without_native: Vec<String>,
    /// Wheels, by patterns of paths from the project's directory.
    pub wheels: Vec<String>,
    /// Modules that are imported when the image is baked.
    pub imports: Vec<String>,
    /// The package that is taken as a source distribution, though there is a wheel.
    pub from_source: Option<String>,
    /// Whether pools of threads run their tasks in place.
    pub inline_threads: bool,
}

/// A package in the lock.
pub(crate) struct Locked {
    /// Its version.
    pub version: String,
    /// The sha256 of its source distribution, if that is what was chosen.
    pub source: Option<String>,
}

impl Project {
    /// An empty directory for a package.
    pub(crate) fn new(evidence: &Evidence, name: &str) -> Result<Self> {
        let directory = evidence.directory.join(name);
        if directory.exists() {
            fs::remove_dir_all(&directory)?;
        }
        fs::create_dir_all(directory.join("report"))?;
        Ok(Self { directory })
    }

    fn image(&self) -> PathBuf {
        self.directory.join("image.cwasm")
    }

    /// Bakes. Gives the message of the failure when there is no image.
    pub(crate) fn bake(&self, wanted: &Wanted) -> Result<Result<(), String>> {
        let manifest = self.directory.join("eryx.toml");
        let threads = if wanted.inline_threads {
            "[python]\nthreads = \"inline\"\n\n"
        } else {
            ""
        };
        let text = format!(
            "[image]\nname = \"evidence\"\n\n{threads}[packages]\nrequirements = {}\nwithout-native = {}\n\
             wheels = {}\n\n[preinit]\nimports = {}\n\n[compile]\nopt-level = \"none\"\n",
            Value::from(wanted.requirements.clone()),
            Value::from(wanted.without_native.clone()),
            Value::from(wanted.wheels.clone()),
            Value::from(wanted.imports.clone()),
        );
        fs::write(&manifest, text)?;
        let mut command = Command::new(&binaries().eryx_build);
        command.args(["build", "--json", "-f"]).arg(&manifest);
        command.arg("-o").arg(self.image());
        if let Some(package) = &wanted.from_source {
            // pip's and uv's own ways to say it.
            command.env("PIP_NO_BINARY", package);
            command.env("UV_NO_BINARY_PACKAGE", package);
        }
        let ended = process::wait(command, &self.directory, "bake", BAKE_LIMIT)?;
        if ended.success {
            return Ok(Ok(()));
        }
        if ended.late {
            let seconds = BAKE_LIMIT.as_secs();
            return Ok(Err(format!("the bake did not end within {seconds} s")));
        }
        let events = ended.output.lines();
        let message = events
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|event| event["event"] == "error")
            .find_map(|event| event["message"].as_str().map(str::to_owned));
        Ok(Err(message.unwrap_or(ended.errors)))
    }

    /// Runs a program of this tool in the image, with `/report` to write to.
    pub(crate) fn run(
        &self,
        program: &str,
        mount: Option<(&Path, &str)>,
        arguments: &[&str],
        limit: Duration,
    ) -> Result<ProcessOutcome> {
        let mut command = Command::new(&binaries().eryx_run);
        let mut volume = |host: &Path, rest: &str| {
            let mut text = host.as_os_str().to_owned();
            text.push(rest);
            command.arg("-v").arg(text);
        };
        volume(&self.directory.join("report"), ":/report:rw");
        if let Some((host, guest)) = mount {
            volume(host, &format!(":{guest}:ro"));
        }
        command
            .arg("--timeout")
            .arg(format!("{}s", limit.as_secs()));
        command.arg(self.image());
        command.arg(own_file("programs").join(program));
        command.args(arguments);
        process::wait(command, &self.directory, "run", limit.saturating_add(GRACE))
    }

    /// What a program wrote to `/report`.
    pub(crate) fn report(&self, name: &str) -> Result<Option<Value>> {
        match File::open(self.directory.join("report").join(name)) {
            Ok(file) => {
                let text = std::io::read_to_string(std::io::Read::take(file, MAX_OUTPUT))?;
                Ok(serde_json::from_str(&text).ok())
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A package of the lock, when resolving came that far.
    pub(crate) fn locked(&self, name: &str) -> Result<Option<Locked>> {
        let Ok(text) = fs::read_to_string(self.directory.join("pylock.toml")) else {
            return Ok(None);
        };
        let lock: toml::Table = text.parse().context("the lock is no TOML")?;
        let packages = lock.get("packages").and_then(toml::Value::as_array);
        let package = packages
            .into_iter()
            .flatten()
            .find(|package| package.get("name").and_then(toml::Value::as_str) == Some(name));
        Ok(package.map(|package| {
            let text = |value: Option<&toml::Value>| Some(value?.as_str()?.to_owned());
            let hash = || text(package.get("sdist")?.get("hashes")?.get("sha256"));
            Locked {
                version: text(package.get("version")).unwrap_or_default(),
                source: hash(),
            }
        }))
    }

    /// Removes the image, of which there would be many.
    pub(crate) fn forget_image(&self) -> Result<()> {
        match fs::remove_file(self.image()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}
