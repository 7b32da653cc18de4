//! apt and dpkg-deb of this machine: one mirror, with directories of its own.

use crate::{
    error::{DebianError, unusable},
    kept::Kept,
    types::{Package, Request},
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Where Debian and its derivatives put the keys of their archives.
const ARCHIVE_KEYRINGS: &str = "/usr/share/keyrings";

/// How many of the last lines of a program are shown.
const LAST_LINES: usize = 6;

/// The mirrors of this machine, those of the release itself before those of its security updates.
pub(super) fn mirrors(request: &Request<'_>) -> Result<Vec<String>, DebianError> {
    let mut command = Command::new("apt-get");
    // apt reads the sources, of whichever form: this is what it makes of them.
    command.args(["indextargets", "--format", "$(RELEASE) $(SITE)"]);
    let output = run(&mut command, "apt-get", request.package)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let order: BTreeSet<(bool, &str)> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(release, site)| (release.ends_with("-security"), site))
        .filter(|(_, site)| !site.contains(char::is_whitespace))
        .collect();
    let mut mirrors: Vec<String> = Vec::new();
    for (_, site) in order {
        if !mirrors.iter().any(|one| one == site) {
            mirrors.push(site.to_owned());
        }
    }
    if mirrors.is_empty() {
        return Err(DebianError::NoMirror(request.package.to_owned()));
    }
    Ok(mirrors)
}

/// apt with one mirror, and with directories of its own.
pub(super) struct Apt<'a> {
    request: &'a Request<'a>,
    directory: tempfile::TempDir,
}

impl<'a> Apt<'a> {
    /// One for binary packages.
    pub(super) fn new(
        request: &'a Request<'a>,
        parent: &Path,
        mirror: &str,
    ) -> Result<Self, DebianError> {
        Self::of("deb", request, parent, mirror)
    }

    /// One for source packages.
    pub(super) fn of_sources(
        request: &'a Request<'a>,
        parent: &Path,
        mirror: &str,
    ) -> Result<Self, DebianError> {
        Self::of("deb-src", request, parent, mirror)
    }

    fn of(
        kind: &str,
        request: &'a Request<'a>,
        parent: &Path,
        mirror: &str,
    ) -> Result<Self, DebianError> {
        let directory = tempfile::tempdir_in(parent).map_err(unusable(parent))?;
        let path = directory.path();
        let make = |name: &str| {
            let path = path.join(name);
            fs::create_dir_all(&path).map_err(unusable(&path))?;
            Ok::<_, DebianError>(path)
        };
        for name in [
            "state/lists/partial",
            "cache/archives/partial",
            "parts",
            "archive",
        ] {
            make(name)?;
        }
        copy_keyrings(&make("keys")?)?;
        let suite = request.suite;
        let write = |name: &str, text: &str| {
            let path = path.join(name);
            fs::write(&path, text).map_err(unusable(&path))
        };
        write("sources.list", &format!("{kind} {mirror} {suite} main\n"))?;
        write("status", "")?;
        write("apt.conf", &configuration(path))?;
        Ok(Apt { request, directory })
    }

    pub(super) fn fetch(&self, kept: &Kept) -> Result<Package, DebianError> {
        let name = self.request.package;
        let update = self.run("apt-get", &["update", "--error-on=any"])?;
        if !update.status.success() {
            return Err(DebianError::NoSuite {
                suite: self.request.suite.to_owned(),
                output: last_lines(&update),
            });
        }
        let missing = || DebianError::NoPackage {
            package: name.to_owned(),
            suite: self.request.suite.to_owned(),
        };
        let shown = self.run("apt-cache", &["show", "--no-all-versions", name])?;
        let record = String::from_utf8_lossy(&shown.stdout);
        let field = |key: &str| {
            let mut lines = record.lines();
            lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
        };
        let package = field("Version")
            .zip(field("SHA256"))
            .and_then(|(version, sha256)| kept.package(version, sha256))
            .ok_or_else(missing)?;
        if !package.files.is_dir() {
            self.unpack(&package)?;
        }
        kept.write(&package, self.directory.path())?;
        Ok(package)
    }

    /// Downloads a source package, and gives the archive of its original sources, when it is of this
    /// version.
    pub(super) fn original(&self, version: &str) -> Result<PathBuf, DebianError> {
        let Request { package, suite, .. } = *self.request;
        let update = self.run("apt-get", &["update", "--error-on=any"])?;
        if !update.status.success() {
            return Err(DebianError::NoSuite {
                suite: suite.to_owned(),
                output: last_lines(&update),
            });
        }
        let arguments = ["source", "--download-only", "--only-source", package];
        let download = self.run("apt-get", &arguments)?;
        let start = format!("{package}_");
        let of_original = |name: &str| {
            let (found, rest) = name.strip_prefix(&start)?.split_once(".orig.tar.")?;
            let is_archive = !rest.ends_with(".asc");
            is_archive.then(|| found.to_owned())
        };
        let directory = self.directory.path().join("archive");
        let entries = fs::read_dir(&directory).map_err(unusable(&directory))?;
        let mut found = entries.flatten().filter_map(|entry| {
            let version = of_original(&entry.file_name().to_string_lossy())?;
            Some((version, entry.path()))
        });
        match found.next() {
            Some((found, path)) if found == version => Ok(path),
            Some((found, _)) => Err(DebianError::OtherVersion {
                package: package.to_owned(),
                suite: suite.to_owned(),
                wanted: version.to_owned(),
                found,
            }),
            None if download.status.success() => Err(DebianError::NoPackage {
                package: package.to_owned(),
                suite: suite.to_owned(),
            }),
            None => Err(DebianError::Download {
                package: package.to_owned(),
                version: version.to_owned(),
                output: last_lines(&download),
            }),
        }
    }

    /// Downloads a package and unpacks it in its place.
    fn unpack(&self, package: &Package) -> Result<(), DebianError> {
        let name = self.request.package;
        let pinned = format!("{name}={}", package.version);
        let download = self.run("apt-get", &["download", &pinned])?;
        let archive = self.archive()?;
        let Some(archive) = archive.filter(|_| download.status.success()) else {
            return Err(DebianError::Download {
                package: name.to_owned(),
                version: package.version.clone(),
                output: last_lines(&download),
            });
        };
        let files = self.directory.path().join("files");
        let mut command = Command::new("dpkg-deb");
        command.arg("-x").arg(archive).arg(&files);
        let unpacked = run(&mut command, "dpkg-deb", name)?;
        if !unpacked.status.success() {
            return Err(DebianError::Unpack {
                package: name.to_owned(),
                version: package.version.clone(),
                output: last_lines(&unpacked),
            });
        }
        match fs::rename(&files, &package.files) {
            // Somebody else was faster, with the same archive.
            Err(_) if package.files.is_dir() => Ok(()),
            done => done.map_err(unusable(&package.files)),
        }
    }

    /// The one file that was downloaded, the hash of which apt has checked.
    fn archive(&self) -> Result<Option<PathBuf>, DebianError> {
        let directory = self.directory.path().join("archive");
        let entries = fs::read_dir(&directory).map_err(unusable(&directory))?;
        let mut paths = entries.flatten().map(|entry| entry.path());
        Ok(paths.find(|path| path.extension().is_some_and(|extension| extension == "deb")))
    }

    fn run(&self, program: &'static str, arguments: &[&str]) -> Result<Output, DebianError> {
        let mut command = Command::new(program);
        command
            .arg("-c")
            .arg(self.directory.path().join("apt.conf"))
            .args(arguments)
            // `apt-get download` writes to the directory that it is in.
            .current_dir(self.directory.path().join("archive"));
        run(&mut command, program, self.request.package)
    }
}

/// What apt is told beside the configuration of the machine, which it reads first: proxies and credentials
/// stay, directories are private, and what the machine does after an update is not done.
fn configuration(directory: &Path) -> String {
    let path = |name: &str| directory.join(name).display().to_string();
    let settings = [
        ("Dir::State", path("state")),
        ("Dir::State::lists", path("state/lists")),
        ("Dir::State::status", path("status")),
        ("Dir::Cache", path("cache")),
        ("Dir::Cache::archives", path("cache/archives")),
        ("Dir::Etc::sourcelist", path("sources.list")),
        ("Dir::Etc::sourceparts", path("parts")),
        ("Dir::Etc::preferences", path("none")),
        ("Dir::Etc::preferencesparts", path("parts")),
        ("Dir::Etc::trustedparts", path("keys")),
        ("Dir::Log", path("state")),
        // As root, apt would hand its work to a user who cannot write to these directories.
        ("APT::Sandbox::User", "root".to_owned()),
        ("Acquire::Languages", "none".to_owned()),
        ("Acquire::Retries", "2".to_owned()),
    ];
    let hooks = [
        "APT::Update::Pre-Invoke",
        "APT::Update::Post-Invoke",
        "APT::Update::Post-Invoke-Success",
        // Each names one more kind of index that some other program of the machine wants.
        "Acquire::IndexTargets::deb::DEP-11",
        "Acquire::IndexTargets::deb::Contents-deb",
    ];
    let cleared = hooks.map(|name| format!("#clear {name};\n"));
    let set = settings.map(|(name, value)| format!("{name} \"{value}\";\n"));
    cleared.into_iter().chain(set).collect()
}

/// Puts the keys that this machine trusts, and those of the archives it has keyrings of, into one directory:
/// sources may name keyrings for themselves alone, which ours are not.
fn copy_keyrings(keys: &Path) -> Result<(), DebianError> {
    let is_archive = |name: &str| name.contains("-archive-keyring.");
    for (directory, all) in [("/etc/apt/trusted.gpg.d", true), (ARCHIVE_KEYRINGS, false)] {
        let Ok(entries) = fs::read_dir(directory) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let text = name.to_string_lossy();
            let is_keyring = text.ends_with(".gpg") || text.ends_with(".asc");
            if is_keyring && (all || is_archive(&text)) {
                let to = keys.join(&name);
                fs::copy(entry.path(), &to).map_err(unusable(&to))?;
            }
        }
    }
    Ok(())
}

/// Runs a program to its end, with messages in English and nobody to ask.
fn run(command: &mut Command, program: &'static str, package: &str) -> Result<Output, DebianError> {
    command
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(|source| DebianError::NoApt {
            program,
            package: package.to_owned(),
            source,
        })
}

fn last_lines(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_and_the_hooks_of_the_machine_stay_out() {
        let text = configuration(Path::new("/f"));
        for line in [
            "#clear APT::Update::Post-Invoke;\n",
            "Dir::State::lists \"/f/state/lists\";\n",
            "Dir::Etc::sourceparts \"/f/parts\";\n",
        ] {
            assert!(text.contains(line), "{text}");
        }
    }
}
