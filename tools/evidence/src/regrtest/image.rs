//! The image that has the tests in it.

use crate::{
    evidence::own_file,
    process::{self, GRACE, ProcessOutcome},
};
use anyhow::{Context, Result, bail};
use eryx_debian::{Request, fetch};
use eryx_tests::binaries;
use serde_json::Value;
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// The packages of Debian that have `Lib/test` between them, and the suite that has the newest.
const PACKAGES: [&str; 3] = [
    "libpython3.14-minimal",
    "libpython3.14-stdlib",
    "libpython3.14-testsuite",
];
const SUITE: &str = "sid";
const LIBRARY: &str = "usr/lib/python3.14";

/// What of Debian's standard library is of no use to another interpreter.
const FOREIGN: [&str; 5] = [
    "test",
    "lib-dynload",
    "config-",
    "_sysconfigdata_",
    "sitecustomize",
];

/// The memory that one run of a module may take.
const MEMORY: &str = "1GiB";

/// The deepest directory of tests that is copied.
const MAX_LEVELS: usize = 16;

const MANIFEST: &str = "[image]\nname = \"regrtest\"\n\n[image.files]\n\"test\" = \"/app/test\"\n";

/// CPython's tests, in an image.
pub(super) struct Suite {
    directory: PathBuf,
    /// The standard library of the tests' own version, where it is known.
    library: Option<PathBuf>,
    /// Where the tests come from, in words.
    pub version: String,
    /// The time that one run of a module may take.
    pub limit: Duration,
}

impl Suite {
    /// Gets the tests and bakes them, unless that has been done.
    pub(super) fn new(
        directory: &Path,
        from: Option<&Path>,
        refresh: bool,
        limit: Duration,
    ) -> Result<Self> {
        let (sources, version) = match from {
            Some(path) => (vec![path.to_owned()], "a local CPython".to_owned()),
            None => debian(refresh)?,
        };
        let library = from.is_none().then(|| directory.join("library"));
        let suite = Self {
            directory: directory.to_owned(),
            library,
            version,
            limit,
        };
        let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
        let noted = directory.join("version");
        let same = fs::read_to_string(&noted).is_ok_and(|text| text == suite.version);
        let baked = changed(&suite.image());
        if from.is_some() || !same || baked.is_none() || changed(&binaries().eryx_build) > baked {
            suite.bake(&sources)?;
            fs::write(noted, &suite.version)?;
        }
        Ok(suite)
    }

    fn image(&self) -> PathBuf {
        self.directory.join("image.cwasm")
    }

    fn bake(&self, sources: &[PathBuf]) -> Result<()> {
        let copied = |name: &str, sources: &[PathBuf], wanted: &dyn Fn(&str) -> bool| {
            let directory = self.directory.join(name);
            if directory.exists() {
                fs::remove_dir_all(&directory)?;
            }
            for source in sources.iter().filter(|source| source.is_dir()) {
                copy(source, &directory, 0, wanted)
                    .with_context(|| format!("{} cannot be copied", source.display()))?;
            }
            Ok::<_, anyhow::Error>(())
        };
        match &self.library {
            Some(_) => {
                let tests: Vec<PathBuf> = sources.iter().map(|one| one.join("test")).collect();
                copied("test", &tests, &|_| true)?;
                let foreign = |name: &str| FOREIGN.iter().any(|start| name.starts_with(start));
                copied("library", sources, &|name| !foreign(name))?;
            }
            None => copied("test", sources, &|_| true)?,
        }
        let manifest = self.directory.join("eryx.toml");
        fs::write(&manifest, MANIFEST)?;
        eprintln!("baking {}", self.image().display());
        let mut command = Command::new(&binaries().eryx_build);
        command.args(["build", "--quiet", "-f"]).arg(manifest);
        command.arg("-o").arg(self.image());
        let status = command.status()?;
        if !status.success() {
            bail!("{command:?} ended with {status}");
        }
        Ok(())
    }

    /// The names of all modules.
    pub(super) fn modules(&self) -> Result<Vec<String>> {
        let (ended, events) = self.run("modules", &[], false)?;
        let modules = events.iter().find_map(|event| event["modules"].as_array());
        let names = modules.with_context(|| {
            format!(
                "the modules of the tests cannot be listed:\n{}",
                ended.errors
            )
        })?;
        Ok(names
            .iter()
            .filter_map(|name| Some(name.as_str()?.to_owned()))
            .collect())
    }

    /// Whether the standard library of the tests' own version is known.
    pub(super) fn has_library(&self) -> bool {
        self.library.is_some()
    }

    /// Runs the program that runs tests, and gives what it noted until it ended. `newer` puts the standard
    /// library of the tests' own version before that of the image.
    pub(super) fn run(
        &self,
        name: &str,
        arguments: &[&str],
        newer: bool,
    ) -> Result<(ProcessOutcome, Vec<Value>)> {
        let directory = self.directory.join("runs").join(name);
        if directory.exists() {
            fs::remove_dir_all(&directory)?;
        }
        let report = directory.join("report");
        fs::create_dir_all(&report)?;
        let mut volume = OsString::from(&report);
        volume.push(":/report:rw");
        let mut command = Command::new(&binaries().eryx_run);
        command.arg("-v").arg(volume);
        if let (true, Some(library)) = (newer, &self.library) {
            let mut volume = library.clone().into_os_string();
            volume.push(":/library");
            command.arg("-v").arg(volume);
            command.args(["-e", "PYTHONPATH=/library"]);
        }
        command.args(["--memory", MEMORY, "--timeout"]);
        command.arg(format!("{}s", self.limit.as_secs()));
        command.arg(self.image());
        command.arg(own_file("programs/run_regrtest.py"));
        command.arg("/report/events.jsonl").args(arguments);
        let ended = process::wait(command, &directory, "run", self.limit.saturating_add(GRACE))?;
        let text = match fs::read(report.join("events.jsonl")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            text => text.unwrap_or_default(),
        };
        // The last line is cut off when the sandbox ended while it was written.
        let events = String::from_utf8_lossy(&text)
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        Ok((ended, events))
    }
}

/// Debian's packages: the directories of the standard library in them, and their version.
fn debian(refresh: bool) -> Result<(Vec<PathBuf>, String)> {
    let kept = eryx_tests::target().join("debian");
    let mut versions = Vec::new();
    let mut sources = Vec::new();
    for package in PACKAGES {
        let package = fetch(&Request {
            package,
            suite: SUITE,
            directory: &kept,
            refresh,
        })
        .context("there are no tests: name a directory `Lib/test` of CPython 3.14 with `--from`")?;
        sources.push(package.files.join(LIBRARY));
        versions.push(package.version);
    }
    versions.dedup();
    let [version] = versions.as_slice() else {
        bail!("Debian's tests are of different versions ({versions:?}): use `--refresh`");
    };
    Ok((sources, format!("Debian's {version}")))
}

/// Copies a directory, without bytecode of other interpreters, and what is wanted of its top.
fn copy(from: &Path, to: &Path, level: usize, wanted: &dyn Fn(&str) -> bool) -> Result<()> {
    if level > MAX_LEVELS {
        bail!("{} is too deep", from.display());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let (path, target) = (entry.path(), to.join(&name));
        if name == "__pycache__" || !wanted(&name.to_string_lossy()) {
            continue;
        }
        if path.is_dir() {
            copy(&path, &target, level + 1, &|_| true)?;
        } else {
            fs::copy(&path, &target).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}
