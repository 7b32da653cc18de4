//! pip's installation report → locked packages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use pep440_rs::Version;
use pep508_rs::{ExtraName, MarkerEnvironment};
use serde::Deserialize;

use crate::resolve::lock::{LockedFile, LockedPackage, Place};
use eryx_base::Digest;
use eryx_base::escape::escape;
use eryx_packaging::environment;
use eryx_packaging::requirement::{self, Requirement};
use eryx_packaging::url::{percent_decoded, without_user};
use eryx_packaging::{is_package_name, normalize_package_name};

use super::error::SolveError;
use super::problem::Problem;

/// The largest report that is read, in bytes.
const MAX_REPORT: u64 = 256 << 20;

#[derive(Deserialize)]
pub(super) struct Report {
    pub(super) install: Vec<Install>,
}

#[derive(Deserialize)]
pub(super) struct Install {
    download_info: DownloadInfo,
    is_direct: bool,
    pub(super) metadata: Metadata,
}

#[derive(Deserialize)]
struct DownloadInfo {
    url: String,
    archive_info: Option<ArchiveInfo>,
}

#[derive(Deserialize)]
struct ArchiveInfo {
    #[serde(default)]
    hashes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(super) struct Metadata {
    pub(super) name: String,
    pub(super) version: String,
    #[serde(default)]
    requires_dist: Vec<String>,
    #[serde(default)]
    pub(super) provides_extra: Vec<String>,
}

/// Reads pip's report: its packages, and all of it.
pub(super) fn read(
    path: &Path,
    problem: &Problem<'_>,
    installer: &str,
) -> Result<(Vec<LockedPackage>, Report), SolveError> {
    let wrong = |what: String| SolveError::Report {
        installer: installer.to_owned(),
        problem: what,
    };
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(MAX_REPORT).read_to_string(&mut text))
        .map_err(|error| wrong(format!("there is no report: {error}")))?;
    let report: Report = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let dependencies = Dependencies::of(&report, problem);
    let packages = report.install.iter().map(|install| {
        let name = &install.metadata.name;
        if !is_package_name(name) {
            return Err(wrong(format!("`{}` is no package name", escape(name))));
        }
        let version = &install.metadata.version;
        if Version::from_str(version).is_err() {
            let version = escape(version);
            return Err(wrong(format!("`{version}` is no version of `{name}`")));
        }
        Ok(LockedPackage {
            name: normalize_package_name(name),
            version: version.clone(),
            file: file(install, &wrong)?,
            dependencies: dependencies.of_package(&install.metadata),
        })
    });
    let packages = packages.collect::<Result<_, _>>()?;
    Ok((packages, report))
}

fn file(install: &Install, wrong: &dyn Fn(String) -> SolveError) -> Result<LockedFile, SolveError> {
    let url = &install.download_info.url;
    let Some(archive) = &install.download_info.archive_info else {
        return Err(SolveError::Place {
            package: install.metadata.name.clone(),
            place: escape(&without_user(url)).into_owned(),
        });
    };
    let sha256 = archive.hashes.get("sha256");
    let sha256 = sha256
        .and_then(|hash| Digest::from_hex(hash))
        .ok_or_else(|| {
            let name = escape(&install.metadata.name);
            wrong(format!("it has no sha256 for `{name}`"))
        })?;
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let local = path.strip_prefix("file://");
    let place = match (local, install.is_direct) {
        (Some(path), true) => Place::Path(PathBuf::from(percent_decoded(path))),
        (None, true) => Place::Url(without_user(url)),
        // An index or a directory of links of this machine: where it is, is of no use to others.
        (Some(_), false) => Place::Index(None),
        (None, false) => Place::Index(Some(without_user(path))),
    };
    Ok(LockedFile {
        name: percent_decoded(path.rsplit('/').next().unwrap_or(path)),
        sha256,
        size: None,
        place,
    })
}

/// Who requires whom, as far as markers and extras tell.
pub(super) struct Dependencies {
    environment: Option<MarkerEnvironment>,
    names: BTreeSet<String>,
    /// The extras that anything asks for, by package.
    extras: BTreeMap<String, Vec<ExtraName>>,
}

impl Dependencies {
    pub(super) fn of(report: &Report, problem: &Problem<'_>) -> Self {
        let required = report
            .install
            .iter()
            .flat_map(|one| &one.metadata.requires_dist);
        let asked = problem.requirements.iter().map(|one| &one.text);
        let mut extras: BTreeMap<String, Vec<ExtraName>> = BTreeMap::new();
        for requirement in required
            .chain(asked)
            .filter_map(|text| requirement::parse(text).ok())
        {
            if !requirement.extras.is_empty() {
                let name = normalize_package_name(requirement.name.as_ref());
                extras.entry(name).or_default().extend(requirement.extras);
            }
        }
        let names = report.install.iter();
        Self {
            environment: environment::sandbox(problem.python),
            names: names
                .map(|one| normalize_package_name(&one.metadata.name))
                .collect(),
            extras,
        }
    }

    fn of_package(&self, metadata: &Metadata) -> Vec<String> {
        let name = normalize_package_name(&metadata.name);
        let required = self.requirements_of(metadata);
        let required = required
            .map(|one| normalize_package_name(one.name.as_ref()))
            .filter(|one| self.names.contains(one) && *one != name);
        required.collect::<BTreeSet<String>>().into_iter().collect()
    }

    /// What of a package's requirements holds in the sandbox, with the extras that are asked for.
    pub(super) fn requirements_of<'a>(
        &'a self,
        metadata: &'a Metadata,
    ) -> impl Iterator<Item = Requirement> + 'a {
        let name = normalize_package_name(&metadata.name);
        let extras = self.extras.get(&name).map_or(&[][..], Vec::as_slice);
        let required = metadata.requires_dist.iter();
        required
            .filter_map(|text| requirement::parse(text).ok())
            .filter(move |one| {
                let environment = self.environment.as_ref();
                environment.is_some_and(|environment| one.marker.evaluate(environment, extras))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<LockedPackage>, SolveError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("report.json");
        std::fs::write(&path, text).unwrap();
        let problem = Problem {
            python: "3.14.0",
            ..Problem::default()
        };
        read(&path, &problem, "pip").map(|(packages, _)| packages)
    }

    fn install(name: &str, url: &str, direct: bool, requires: &str) -> String {
        let hash = "ab".repeat(32);
        format!(
            r#"{{"download_info": {{"url": "{url}", "archive_info": {{"hashes": {{"sha256": "{hash}"}}}}}},
            "is_direct": {direct}, "metadata": {{"name": "{name}", "version": "1.0", "requires_dist": [{requires}]}}}}"#
        )
    }

    #[test]
    fn files_places_and_dependencies_are_read() {
        let simple = "https://me:secret@packages.example.com";
        let report = [
            install(
                "A",
                &format!("{simple}/A-1.0-py3-none-any.whl"),
                false,
                r#""b[x]>1", "d; sys_platform == 'win32'""#,
            ),
            install(
                "b",
                "file:///tmp/b%20c/b-1.0.tar.gz",
                true,
                r#""d; extra == 'x'", "A""#,
            ),
            install("d", &format!("{simple}/d-1.0.zip#sha256=1"), true, ""),
        ];
        let packages = read_text(&format!(r#"{{"install": [{}]}}"#, report.join(","))).unwrap();
        let [a, b, d] = packages.as_slice() else {
            panic!("{packages:?}")
        };
        assert_eq!(
            (a.name.as_str(), a.dependencies.as_slice()),
            ("a", &["b".to_owned()][..])
        );
        let url = "https://packages.example.com/A-1.0-py3-none-any.whl".to_owned();
        assert_eq!(a.file.place, Place::Index(Some(url)));
        assert_eq!(b.dependencies, ["a", "d"]);
        assert_eq!(b.file.place, Place::Path("/tmp/b c/b-1.0.tar.gz".into()));
        assert_eq!(d.file.name, "d-1.0.zip");
        assert!(matches!(&d.file.place, Place::Url(url) if !url.contains("secret")));
    }

    #[test]
    fn what_can_not_be_locked_is_refused() {
        let directory = r#"{"install": [{"download_info": {"url": "file:///x", "dir_info": {}},
            "is_direct": true, "metadata": {"name": "x", "version": "1"}}]}"#;
        assert!(matches!(
            read_text(directory),
            Err(SolveError::Place { .. })
        ));
        let other = install("../x", "https://example.com/x-1.zip", false, "");
        let other = read_text(&format!(r#"{{"install": [{other}]}}"#));
        assert!(matches!(other, Err(SolveError::Report { .. })));
        let other = install("x", "https://example.com/x-1.zip", false, "");
        let other = other.replace("\"1.0\"", "\"1/../2\"");
        let other = read_text(&format!(r#"{{"install": [{other}]}}"#));
        assert!(matches!(other, Err(SolveError::Report { .. })));
        assert!(matches!(read_text("[]"), Err(SolveError::Report { .. })));
    }
}
