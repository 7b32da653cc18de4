//! The image that has the tests in it.

use super::super::process::{self, Ended, GRACE};
use crate::{
    debian::{Request, fetch},
    measure,
    setup::Binaries,
};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// The packages of Debian that have `Lib/test` between them, and the suite that has the newest.
const PACKAGES: [&str; 2] = ["libpython3.14-stdlib", "libpython3.14-testsuite"];
const SUITE: &str = "sid";
const FOLDER: &str = "usr/lib/python3.14/test";

/// What one run of a module may take.
pub const LIMIT: Duration = Duration::from_secs(120);
const MEMORY: &str = "1GiB";

/// The deepest folder of tests that is copied.
const MOST_LEVELS: usize = 16;

const MANIFEST: &str = "[image]\nname = \"regrtest\"\n\n[image.files]\n\"test\" = \"/app/test\"\n";

/// CPython's tests, in an image.
pub struct Suite<'a> {
    binaries: &'a Binaries,
    folder: PathBuf,
    /// Where the tests come from, in words.
    pub version: String,
}

impl<'a> Suite<'a> {
    /// Gets the tests and bakes them, unless that has been done.
    pub fn new(
        binaries: &'a Binaries,
        folder: &Path,
        from: Option<&Path>,
        refresh: bool,
    ) -> Result<Suite<'a>> {
        let (sources, version) = match from {
            Some(path) => (vec![path.to_owned()], "a local CPython".to_owned()),
            None => debian(binaries, refresh)?,
        };
        let suite = Suite {
            binaries,
            folder: folder.to_owned(),
            version,
        };
        let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
        let noted = folder.join("version");
        let same = fs::read_to_string(&noted).is_ok_and(|text| text == suite.version);
        let baked = changed(&suite.image());
        if from.is_some() || !same || baked.is_none() || changed(&binaries.eryx_build) > baked {
            suite.bake(&sources)?;
            fs::write(noted, &suite.version)?;
        }
        Ok(suite)
    }

    fn image(&self) -> PathBuf {
        self.folder.join("image.cwasm")
    }

    fn bake(&self, sources: &[PathBuf]) -> Result<()> {
        let tests = self.folder.join("test");
        if tests.exists() {
            fs::remove_dir_all(&tests)?;
        }
        for source in sources {
            copy(source, &tests, 0)
                .with_context(|| format!("{} can not be copied", source.display()))?;
        }
        let manifest = self.folder.join("eryx.toml");
        fs::write(&manifest, MANIFEST)?;
        eprintln!("baking {}", self.image().display());
        let mut command = Command::new(&self.binaries.eryx_build);
        command.args(["build", "--quiet", "-f"]).arg(manifest);
        measure::process(command.arg("-o").arg(self.image()))?;
        Ok(())
    }

    /// The names of all modules.
    pub fn modules(&self) -> Result<Vec<String>> {
        let (ended, events) = self.run("modules", &[])?;
        let modules = events.iter().find_map(|event| event["modules"].as_array());
        let names = modules.with_context(|| {
            format!(
                "the modules of the tests can not be listed:\n{}",
                ended.errors
            )
        })?;
        Ok(names
            .iter()
            .filter_map(|name| Some(name.as_str()?.to_owned()))
            .collect())
    }

    /// Runs the program that runs tests, and gives what it noted until it ended.
    pub fn run(&self, name: &str, arguments: &[&str]) -> Result<(Ended, Vec<Value>)> {
        let folder = self.folder.join("runs").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let report = folder.join("report");
        fs::create_dir_all(&report)?;
        let mut volume = OsString::from(&report);
        volume.push(":/report:rw");
        let mut command = Command::new(&self.binaries.eryx_run);
        command.arg("-v").arg(volume);
        command.args(["--memory", MEMORY, "--timeout"]);
        command.arg(format!("{}s", LIMIT.as_secs()));
        command.arg(self.image());
        command.arg(self.binaries.program("run_regrtest.py"));
        command.arg("/report/events.jsonl").args(arguments);
        let ended = process::wait(command, &folder, "run", LIMIT.saturating_add(GRACE))?;
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

/// Debian's packages: the folders of tests in them, and their version.
fn debian(binaries: &Binaries, refresh: bool) -> Result<(Vec<PathBuf>, String)> {
    let kept = binaries.target.join("debian");
    let mut versions = Vec::new();
    let mut sources = Vec::new();
    for package in PACKAGES {
        let package = fetch(&Request {
            package,
            suite: SUITE,
            folder: &kept,
            refresh,
        })
        .context("there are no tests: name a folder `Lib/test` of CPython 3.14 with `--from`")?;
        sources.push(package.files.join(FOLDER));
        versions.push(package.version);
    }
    versions.dedup();
    let [version] = versions.as_slice() else {
        bail!("Debian's tests are of different versions ({versions:?}): use `--refresh`");
    };
    Ok((sources, format!("Debian's {version}")))
}

/// Copies a folder, without bytecode of other interpreters.
fn copy(from: &Path, to: &Path, level: usize) -> Result<()> {
    if level > MOST_LEVELS {
        bail!("{} is too deep", from.display());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_name() == "__pycache__" {
            continue;
        }
        if path.is_dir() {
            copy(&path, &target, level + 1)?;
        } else {
            fs::copy(&path, &target).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}
