//! Building a package as a person does: its source distribution downloaded by hash, and built by pip with the
//! variables of `eryx sdk env`.

use super::list::{Library, Package, Source};
use crate::evidence::Evidence;
use anyhow::{Context, Result, bail};
use eryx_tests::binaries;
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// What installs the tools; what to install follows.
const INSTALLERS: [&[&str]; 3] = [
    &["python3", "-m", "pip", "install"],
    &["python", "-m", "pip", "install"],
    &["uv", "pip", "install"],
];

/// A package that was built.
pub(super) struct Built {
    /// Its source distribution.
    pub archive: PathBuf,
    /// The size of its native libraries, in bytes.
    pub bytes: u64,
}

/// Everything that builds need.
pub(super) struct Builder {
    /// A directory with pip and build backends, for `PYTHONPATH`.
    tools: PathBuf,
}

/// A failure that is a fact about the package: what was printed last.
type Outcome<T> = Result<std::result::Result<T, String>>;

impl Builder {
    /// Installs the tools and the SDK, unless they are there.
    pub(super) fn new(evidence: &Evidence, tools: &[String]) -> Result<Self> {
        let builder = Self {
            tools: evidence.directory.join("tools"),
        };
        let (wanted, noted) = (tools.join("\n"), builder.tools.join("tools.txt"));
        if fs::read_to_string(&noted).ok().as_ref() != Some(&wanted) {
            let _ = fs::remove_dir_all(&builder.tools);
            builder.install(tools)?;
            fs::write(noted, wanted)?;
        }
        let output = builder.sdk().args(["install", "--quiet"]).output()?;
        if !output.status.success() {
            bail!("the SDK cannot be installed: {}", last_line(&output));
        }
        Ok(builder)
    }

    fn install(&self, tools: &[String]) -> Result<()> {
        let mut tried = String::new();
        for installer in INSTALLERS {
            let (program, arguments) = installer.split_first().context("no installer")?;
            let output = Command::new(program)
                .args(arguments)
                .args(["--quiet", "--target"])
                .arg(&self.tools)
                .args(tools)
                .output();
            match output {
                Ok(output) if output.status.success() => return Ok(()),
                Ok(output) => tried += &String::from_utf8_lossy(&output.stderr),
                Err(error) => tried += &format!("{program}: {error}\n"),
            }
        }
        bail!("neither pip nor uv installs {tools:?}\n{tried}");
    }

    fn sdk(&self) -> Command {
        let mut command = Command::new(&binaries().eryx_build);
        command.arg("sdk").env("PYTHONPATH", &self.tools);
        command
    }

    /// Builds a package: the wheel is in the directory `dist`.
    pub(super) fn build(&self, package: &Package, directory: &Path) -> Outcome<Built> {
        let archive = match self.download(&package.source, &directory.join("source"))? {
            Ok(archive) => archive,
            Err(problem) => return Ok(Err(problem)),
        };
        let mut command = self.sdk();
        if let Some(library) = &package.library {
            let made = directory.join("library");
            if let Err(problem) = self.library(library, &made)? {
                return Ok(Err(problem));
            }
            let flag = |flag: &str| {
                let mut flag = OsString::from(flag);
                flag.push(&made);
                flag
            };
            command.env("CFLAGS", flag("-I")).env("LDFLAGS", flag("-L"));
        }
        let dist = directory.join("dist");
        command
            .args(["env", "--", "python3", "-m", "pip", "wheel", "--no-deps"])
            .args(["--no-build-isolation", "--no-cache-dir", "--wheel-dir"])
            .arg(&dist)
            .arg(&archive)
            .envs(&package.environment);
        if let Err(problem) = Self::done(command, directory, "wheel")? {
            return Ok(Err(problem));
        }
        let mut command = self.sdk();
        command.arg("retag").arg(only_file(&dist)?);
        if let Err(problem) = Self::done(command, directory, "retag")? {
            return Ok(Err(problem));
        }
        let bytes = Self::native_bytes(&only_file(&dist)?)?;
        Ok(Ok(Built { archive, bytes }))
    }

    /// Downloads a source distribution.
    fn download(&self, source: &Source, directory: &Path) -> Outcome<PathBuf> {
        fs::create_dir_all(directory)?;
        let requirement = directory.with_extension("txt");
        let Source {
            name,
            version,
            sha256,
        } = source;
        fs::write(
            &requirement,
            format!("{name}=={version} --hash=sha256:{sha256}\n"),
        )?;
        let mut command = Command::new("python3");
        command
            .args(["-m", "pip", "download", "--no-deps", "--no-binary=:all:"])
            .args(["--no-build-isolation", "--require-hashes", "--requirement"])
            .arg(&requirement)
            .arg("--dest")
            .arg(directory)
            .env("PYTHONPATH", &self.tools);
        match Self::done(command, directory, "download")? {
            Ok(()) => Ok(Ok(only_file(directory)?)),
            Err(problem) => Ok(Err(problem)),
        }
    }

    /// Compiles a C library into a directory, with its headers.
    fn library(&self, library: &Library, directory: &Path) -> Outcome<()> {
        let source = Source {
            name: library.source.clone(),
            version: library.version.clone(),
            sha256: library.sha256.clone(),
        };
        let archive = match self.download(&source, &directory.with_extension("source"))? {
            Ok(archive) => archive,
            Err(problem) => return Ok(Err(problem)),
        };
        fs::create_dir_all(directory)?;
        let unpack =
            "import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2], filter='data')";
        let mut command = Command::new("python3");
        let sources = directory.join("sources");
        command.args(["-c", unpack]).arg(archive).arg(&sources);
        if let Err(problem) = Self::done(command, directory, "unpack")? {
            return Ok(Err(problem));
        }
        let top = only_file(&sources)?;
        for header in &library.headers {
            fs::copy(top.join(header), directory.join(header))?;
        }
        let mut command = self.sdk();
        command.args(["cc", "--", "-O2", "-c", "-I."]);
        command
            .args(&library.flags)
            .args(&library.files)
            .current_dir(&top);
        if let Err(problem) = Self::done(command, directory, "compile")? {
            return Ok(Err(problem));
        }
        let objects = library
            .files
            .iter()
            .map(|file| Path::new(file).with_extension("o"));
        let mut command = self.sdk();
        command.args(["ar", "--", "rcs"]);
        command.arg(directory.join(format!("lib{}.a", library.name)));
        command.args(objects).current_dir(&top);
        Self::done(command, directory, "archive")
    }

    /// The size of the native libraries in a wheel.
    fn native_bytes(wheel: &Path) -> Result<u64> {
        let sum = "import sys, zipfile\n\
                   print(sum(one.file_size for one in zipfile.ZipFile(sys.argv[1]).infolist() \
                   if one.filename.endswith('.so')))";
        let output = Command::new("python3")
            .args(["-c", sum])
            .arg(wheel)
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        text.trim().parse().context("the wheel cannot be read")
    }

    /// Runs a command, whose output is kept in the directory.
    fn done(mut command: Command, directory: &Path, name: &str) -> Outcome<()> {
        let output = command
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .output()
            .with_context(|| format!("{command:?} cannot be started"))?;
        let log = directory.with_file_name(format!(
            "{}.{name}.log",
            directory.file_name().unwrap_or_default().to_string_lossy()
        ));
        fs::write(log, [&output.stdout[..], &output.stderr[..]].concat())?;
        Ok(match output.status.success() {
            true => Ok(()),
            false => Err(format!("{name}: {}", last_line(&output))),
        })
    }
}

/// The line that tells most: the last that the SDK said, or else the last.
fn last_line(output: &Output) -> String {
    let all = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8_lossy(&all);
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let said = lines().rfind(|line| line.starts_with("error: ") && !line.contains("Command '["));
    said.or_else(|| lines().next_back())
        .unwrap_or_default()
        .to_owned()
}

fn only_file(directory: &Path) -> Result<PathBuf> {
    let mut entries = fs::read_dir(directory)?;
    match (entries.next(), entries.next()) {
        (Some(entry), None) => Ok(entry?.path()),
        _ => bail!("{} has not exactly one file", directory.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toolchain_is_quoted_rather_than_pip() {
        let output = |text: &str| Output {
            status: Default::default(),
            stdout: text.into(),
            stderr: Vec::new(),
        };
        let text = "error: a.so needs `fork`\nerror: Command '[cc]' failed\n\nhint: see above\n";
        assert_eq!(last_line(&output(text)), "error: a.so needs `fork`");
        assert_eq!(last_line(&output("one\ntwo\n")), "two");
        assert_eq!(last_line(&output("")), "");
    }
}
