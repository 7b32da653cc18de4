//! What a build requires, for the Python that runs it: resolved once, pinned with hashes, installed
//! by them.

use std::fs;

use eryx_base::Digest;
use eryx_cache::Cache;
use serde::Deserialize;

use crate::command::{self, Log};
use crate::error::NativeBuildError;
use crate::python::Environment;

/// The cache's kind of what build requirements resolved to.
const RESOLUTIONS: &str = "native-build-resolutions";

/// The largest report of pip, in bytes, that is looked at.
const MAX_REPORT: usize = 64 << 20;

/// How requirements are resolved.
pub(crate) struct Resolver<'a> {
    /// Where results are kept.
    pub cache: &'a Cache,
    /// pip's options that name indexes.
    pub indexes: Vec<String>,
    /// Whether only the cache may be used.
    pub offline: bool,
    /// Whether kept results are given up.
    pub upgrade: bool,
    /// The version of the Python.
    pub python: &'a str,
}

/// Pinned requirements, a line each, as pip reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pinned(String);

#[derive(Deserialize)]
struct Report {
    install: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    metadata: Metadata,
    download_info: Download,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    version: String,
}

#[derive(Deserialize)]
struct Download {
    archive_info: Option<Archive>,
}

#[derive(Deserialize)]
struct Archive {
    hash: Option<String>,
    hashes: Option<std::collections::BTreeMap<String, String>>,
}

impl Resolver<'_> {
    /// Resolves requirements (PEP 508) of a package's build. Wheels alone are taken: nothing is built
    /// to build something.
    pub(crate) fn resolve(
        &self,
        package: &str,
        requirements: &[String],
        constraints: &[String],
        environment: &Environment,
    ) -> Result<Pinned, NativeBuildError> {
        if requirements.is_empty() {
            return Ok(Pinned(String::new()));
        }
        let key = self.key(requirements, constraints);
        if let Some(kept) = self.kept(requirements, constraints) {
            return Ok(kept);
        }
        if self.offline {
            return Err(NativeBuildError::Offline {
                what: format!("what {} resolves to", requirements.join(", ")),
            });
        }
        let directory = self.cache.temporary_directory()?;
        let mut command = environment.pip();
        command
            .args([
                "install",
                "--quiet",
                "--dry-run",
                "--ignore-installed",
                "--report",
                "-",
            ])
            .args(["--only-binary", ":all:"])
            .args(&self.indexes);
        if !constraints.is_empty() {
            let path = directory.path().join("constraints.txt");
            fs::write(&path, constraints.join("\n")).map_err(NativeBuildError::file(&path))?;
            command.arg("--constraint").arg(path);
        }
        let path = directory.path().join("requirements.txt");
        fs::write(&path, requirements.join("\n")).map_err(NativeBuildError::file(&path))?;
        command.arg("--requirement").arg(path);
        let output = command.output().map_err(|source| NativeBuildError::Start {
            program: "pip".to_owned(),
            hint: "",
            source,
        })?;
        let failed = |said: &str| NativeBuildError::Requirements {
            package: package.to_owned(),
            requirements: requirements.join(", "),
            said: command::indented(said.lines()),
        };
        if !output.status.success() {
            return Err(failed(&String::from_utf8_lossy(&output.stderr)));
        }
        let report: Option<Report> = match output.stdout.len() {
            0..=MAX_REPORT => serde_json::from_slice(&output.stdout).ok(),
            _ => None,
        };
        let report = report.ok_or_else(|| failed("pip's report cannot be read"))?;
        let mut lines = Vec::new();
        for item in report.install {
            let hash = item.download_info.archive_info.and_then(|archive| {
                let of_list = archive
                    .hashes
                    .and_then(|mut hashes| hashes.remove("sha256"));
                let of_one = archive
                    .hash
                    .and_then(|hash| hash.strip_prefix("sha256=").map(str::to_owned));
                of_list.or(of_one)
            });
            let hash = hash.filter(|hash| Digest::from_hex(hash).is_some());
            let Metadata { name, version } = item.metadata;
            let hash = hash.ok_or_else(|| failed(&format!("{name} has no SHA-256")))?;
            lines.push(format!("{name}=={version} --hash=sha256:{hash}\n"));
        }
        lines.sort();
        let text = lines.concat();
        self.cache.put(RESOLUTIONS, &key, text.as_bytes())?;
        Ok(Pinned(text))
    }

    /// What requirements resolved to before, unless that is given up.
    pub(crate) fn kept(&self, requirements: &[String], constraints: &[String]) -> Option<Pinned> {
        if requirements.is_empty() {
            return Some(Pinned(String::new()));
        }
        if self.upgrade {
            return None;
        }
        let text = self
            .cache
            .get(RESOLUTIONS, &self.key(requirements, constraints))?;
        String::from_utf8(text).ok().map(Pinned)
    }

    fn key(&self, requirements: &[String], constraints: &[String]) -> Digest {
        let mut parts = vec![self.python.as_bytes(), std::env::consts::ARCH.as_bytes()];
        for list in [requirements, constraints, &self.indexes] {
            parts.extend(list.iter().map(String::as_bytes));
            parts.push(b"\0");
        }
        Digest::of_parts(parts)
    }

    /// Installs what was pinned.
    pub(crate) fn install(
        &self,
        pinned: &Pinned,
        environment: &Environment,
        log: &mut Log<'_>,
    ) -> Result<(), NativeBuildError> {
        if pinned.0.is_empty() {
            return Ok(());
        }
        let path = environment.directory.join("requirements.txt");
        fs::write(&path, &pinned.0).map_err(NativeBuildError::file(&path))?;
        let mut command = environment.pip();
        command
            .args([
                "install",
                "--quiet",
                "--no-deps",
                "--no-compile",
                "--require-hashes",
            ])
            .args(["--only-binary", ":all:"])
            .args(&self.indexes)
            .arg("--requirement")
            .arg(path);
        if self.offline {
            // pip has a cache of its own, and asks the index even so.
            command.env("PIP_RETRIES", "0");
        }
        command::run(&mut command, "installing what the build requires", "", log)
    }
}

impl Pinned {
    /// The text, of which a build depends.
    pub(crate) fn text(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
