//! Debian packages as files: downloaded by this machine's own apt, verified by it, unpacked, and never
//! installed.
//!
//! Some files that a bake or a test wants are in no wheel: a library's sources, CPython's own tests. apt has
//! the mirrors, proxies and keyrings of the machine, so it is asked for them. It gets folders of its own for
//! its state, cache and sources, so that no file of the machine changes and nobody has to be root. Any suite
//! can be named, such as `sid` on a machine with an older release: the mirror is the same.
//!
//! What was fetched once is kept by version and sha256, and needs neither apt nor a network again.
//!
//! This room must not know what is in a package, and uses nothing of the other rooms: programs that can not
//! depend on the toolchain take the file as it is.
//!
//! ```no_run
//! use eryx_build::debian::{Request, fetch};
//! use std::path::Path;
//!
//! let package = fetch(&Request {
//!     package: "libpython3.14-testsuite",
//!     suite: "sid",
//!     folder: Path::new("debian"),
//!     refresh: false,
//! })?;
//! println!("{} is in {}", package.version, package.files.display());
//! # Ok::<(), eryx_build::debian::DebianError>(())
//! ```

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Where Debian and its derivatives put the keys of their archives.
const ARCHIVE_KEYRINGS: &str = "/usr/share/keyrings";

/// How many of the last lines of a program are shown.
const LAST_LINES: usize = 6;

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The name of a binary package.
    pub package: &'a str,
    /// The suite or the code name of a release, such as `sid`.
    pub suite: &'a str,
    /// Where packages are kept; made when it is missing. It must belong to this user alone.
    pub folder: &'a Path,
    /// Whether to ask the mirror for a newer version when one is kept already.
    pub refresh: bool,
}

/// A package that is unpacked on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its version, as Debian writes it.
    pub version: String,
    /// The hash of the archive, 64 hexadecimal digits.
    pub sha256: String,
    /// The folder that has its files, as they would be below `/`.
    pub files: PathBuf,
}

/// Why a package can not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum DebianError {
    /// A name is none that Debian gives.
    #[error("`{}` is no name of a Debian package or suite: they have small letters, digits, `+`, `-` and `.`", .0.escape_debug())]
    Name(String),
    /// There is no apt.
    #[error(
        "`{program}` can not be started, by which `{package}` is fetched: use a Debian or a system like it"
    )]
    NoApt {
        /// The program.
        program: &'static str,
        /// The package.
        package: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The machine has no sources of packages.
    #[error(
        "apt on this machine has no source of packages to fetch `{0}` from: add a Debian mirror to /etc/apt"
    )]
    NoMirror(String),
    /// No mirror of the machine has the suite, or none can be reached.
    #[error(
        "no mirror that apt on this machine knows has a verified index of the suite `{suite}`: check the \
         network, and that /etc/apt names a mirror of Debian; apt says:\n{output}"
    )]
    NoSuite {
        /// The suite.
        suite: String,
        /// The last lines of its standard error.
        output: String,
    },
    /// The suite does not have the package.
    #[error(
        "there is no package `{package}` in the suite `{suite}`: name another suite, such as `sid`"
    )]
    NoPackage {
        /// The package.
        package: String,
        /// The suite.
        suite: String,
    },
    /// The archive did not come, or is not the one of the index.
    #[error("`{package}` {version} can not be downloaded: try again later; apt says:\n{output}")]
    Download {
        /// The package.
        package: String,
        /// Its version.
        version: String,
        /// The last lines of its standard error.
        output: String,
    },
    /// The archive can not be unpacked.
    #[error("`{package}` {version} can not be unpacked: check the disk; dpkg-deb says:\n{output}")]
    Unpack {
        /// The package.
        package: String,
        /// Its version.
        version: String,
        /// The last lines of its standard error.
        output: String,
    },
    /// A file or folder can not be written or read.
    #[error("cannot use {}, where Debian packages are kept: free or unlock it", path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}

/// Gives a package, and fetches it before when it is not kept already.
///
/// # Errors
/// When there is no apt, when no mirror has the suite or the package, when the index or the archive is not
/// signed by a key of this machine, or when the folder can not be written.
pub fn fetch(request: &Request<'_>) -> Result<Package, DebianError> {
    for name in [request.package, request.suite] {
        if !is_name(name) {
            return Err(DebianError::Name(name.to_owned()));
        }
    }
    let folder = std::path::absolute(request.folder).map_err(unusable(request.folder))?;
    let kept = Kept {
        folder: folder.join(request.suite).join(request.package),
    };
    if let (false, Some(package)) = (request.refresh, kept.read()) {
        return Ok(package);
    }
    make_private(&kept.folder)?;
    let mirrors = mirrors(request)?;
    let mut problem = DebianError::NoMirror(request.package.to_owned());
    for mirror in &mirrors {
        let apt = Apt::new(request, &folder, mirror)?;
        match apt.fetch(&kept) {
            Ok(package) => return Ok(package),
            // The first mirror counts, but that one has the suite tells more than that another has not.
            Err(next @ DebianError::NoPackage { .. }) => problem = next,
            Err(next @ DebianError::NoSuite { .. }) => {
                if matches!(problem, DebianError::NoMirror(_)) {
                    problem = next;
                }
            }
            Err(other) => return Err(other),
        }
    }
    Err(problem)
}

/// Whether a text can be the name of a package or a suite, and so the name of a folder.
fn is_name(text: &str) -> bool {
    let plain = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit();
    text.len() <= 128
        && text.starts_with(plain)
        && text.chars().all(|one| plain(one) || "+-.".contains(one))
}

/// What is kept of one package: a folder for each version, and a file that names the last.
struct Kept {
    folder: PathBuf,
}

impl Kept {
    fn current(&self) -> PathBuf {
        self.folder.join("current")
    }

    fn read(&self) -> Option<Package> {
        let text = fs::read_to_string(self.current()).ok()?;
        let (version, sha256) = text.trim_end().split_once('\n')?;
        self.package(version, sha256)
            .filter(|package| package.files.is_dir())
    }

    /// Where a version is, or is to be. None when version or hash could name another folder.
    fn package(&self, version: &str, sha256: &str) -> Option<Package> {
        let plain = |one: char| one.is_ascii_alphanumeric() || "+-.~:".contains(one);
        let is_version = !version.is_empty() && version.chars().all(plain);
        let is_hash = sha256.len() == 64 && sha256.chars().all(|one| one.is_ascii_hexdigit());
        (is_version && is_hash).then(|| Package {
            files: self.folder.join(format!("{version}-{sha256}")),
            version: version.to_owned(),
            sha256: sha256.to_owned(),
        })
    }

    fn write(&self, package: &Package, temporary: &Path) -> Result<(), DebianError> {
        let new = temporary.join("current");
        fs::write(&new, format!("{}\n{}\n", package.version, package.sha256))
            .and_then(|()| fs::rename(&new, self.current()))
            .map_err(unusable(&self.current()))
    }
}

/// The mirrors of this machine, those of the release itself before those of its security updates.
fn mirrors(request: &Request<'_>) -> Result<Vec<String>, DebianError> {
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

/// apt with one mirror, and with folders of its own.
struct Apt<'a> {
    request: &'a Request<'a>,
    folder: tempfile::TempDir,
}

impl<'a> Apt<'a> {
    fn new(request: &'a Request<'a>, parent: &Path, mirror: &str) -> Result<Apt<'a>, DebianError> {
        let folder = tempfile::tempdir_in(parent).map_err(unusable(parent))?;
        let path = folder.path();
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
        write("sources.list", &format!("deb {mirror} {suite} main\n"))?;
        write("status", "")?;
        write("apt.conf", &configuration(path))?;
        Ok(Apt { request, folder })
    }

    fn fetch(&self, kept: &Kept) -> Result<Package, DebianError> {
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
        kept.write(&package, self.folder.path())?;
        Ok(package)
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
        let files = self.folder.path().join("files");
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
        let folder = self.folder.path().join("archive");
        let entries = fs::read_dir(&folder).map_err(unusable(&folder))?;
        let mut paths = entries.flatten().map(|entry| entry.path());
        Ok(paths.find(|path| path.extension().is_some_and(|extension| extension == "deb")))
    }

    fn run(&self, program: &'static str, arguments: &[&str]) -> Result<Output, DebianError> {
        let mut command = Command::new(program);
        command
            .arg("-c")
            .arg(self.folder.path().join("apt.conf"))
            .args(arguments)
            // `apt-get download` writes to the folder that it is in.
            .current_dir(self.folder.path().join("archive"));
        run(&mut command, program, self.request.package)
    }
}

/// What apt is told beside the configuration of the machine, which it reads first: proxies and credentials
/// stay, folders are private, and what the machine does after an update is not done.
fn configuration(folder: &Path) -> String {
    let path = |name: &str| folder.join(name).display().to_string();
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
        // As root, apt would hand its work to a user who can not write to these folders.
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

/// Puts the keys that this machine trusts, and those of the archives it has keyrings of, into one folder:
/// sources may name keyrings for themselves alone, which ours are not.
fn copy_keyrings(keys: &Path) -> Result<(), DebianError> {
    let is_archive = |name: &str| name.contains("-archive-keyring.");
    for (folder, all) in [("/etc/apt/trusted.gpg.d", true), (ARCHIVE_KEYRINGS, false)] {
        let Ok(entries) = fs::read_dir(folder) else {
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

fn unusable(path: &Path) -> impl FnOnce(io::Error) -> DebianError {
    |source| DebianError::Folder {
        path: path.to_owned(),
        source,
    }
}

fn make_private(folder: &Path) -> Result<(), DebianError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(unusable(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request<'a>(package: &'a str, suite: &'a str, folder: &'a Path) -> Request<'a> {
        Request {
            package,
            suite,
            folder,
            refresh: false,
        }
    }

    #[test]
    fn names_can_leave_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["", "..", "../a", "a/b", "A", "-o", "a b", "a\n"] {
            let failure = fetch(&request(name, "sid", folder.path()));
            assert!(matches!(failure, Err(DebianError::Name(_))), "{name:?}");
            let failure = fetch(&request("hello", name, folder.path()));
            assert!(matches!(failure, Err(DebianError::Name(_))), "{name:?}");
        }
        assert!(is_name("libpython3.14-testsuite") && is_name("g++") && is_name("sid"));
    }

    #[test]
    fn what_is_kept_needs_no_apt() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept {
            folder: folder.path().join("sid/hello"),
        };
        let package = kept.package("1:2.0-1~b+c", &"0a".repeat(32)).unwrap();
        fs::create_dir_all(&package.files).unwrap();
        kept.write(&package, folder.path()).unwrap();
        let given = fetch(&request("hello", "sid", folder.path())).unwrap();
        assert_eq!(given, package);
        fs::remove_dir(&package.files).unwrap();
        assert_eq!(kept.read(), None);
        for (version, sha256) in [("../x", "0a".repeat(32)), ("1", "0".repeat(63))] {
            assert_eq!(kept.package(version, &sha256), None);
        }
    }

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
