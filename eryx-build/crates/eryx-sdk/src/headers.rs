//! Where Python's headers come from: a directory that the user names, a Python 3.14 of this machine, one that uv
//! has or gets, or Debian's package, which is unpacked and not installed.
//!
//! All headers of one minor version fit one another; only `pyconfig.h` is the machine's own.

use super::{SdkError, record::PYTHON};
use eryx_base::regular_file;
use eryx_debian as debian;
use serde::Deserialize;
use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The most that headers may have, in bytes and in files.
const MAX_BYTES: u64 = 64 << 20;
const MAX_FILES: usize = 10_000;

/// The Debian package with the headers, and the suite that has it.
const DEBIAN_PACKAGE: &str = "libpython3.14-dev";
const DEBIAN_SUITE: &str = "sid";

/// What a Python is asked.
const QUESTION: &str = "\
import json, platform, sysconfig
print(json.dumps({
    'include': sysconfig.get_path('include'),
    'configuration': sysconfig.get_config_h_filename(),
    'version': platform.python_version(),
}))";

/// Headers that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderSource {
    /// The directory that has `Python.h`.
    pub directory: PathBuf,
    /// Some machine's `pyconfig.h` for them.
    pub configuration: PathBuf,
    /// The version of Python that they are from.
    pub version: String,
    /// Where they came from, in words.
    pub origin: String,
}

#[derive(Deserialize)]
struct Answer {
    include: PathBuf,
    configuration: PathBuf,
    version: String,
}

/// Finds headers: those that are named, or the first that there are. Tells `say` what takes long.
pub(super) fn find(
    named: Option<&Path>,
    debian_directory: &Path,
    say: &dyn Fn(&str),
) -> Result<HeaderSource, SdkError> {
    if let Some(directory) = named {
        return of_directory(directory, "the folder that was named");
    }
    let mut tried = Vec::new();
    let mut note = |what: &str, problem: SdkError| tried.push(format!("{what}: {problem}"));
    match of_python(Path::new(PYTHON), "Python 3.14 of this machine") {
        Some(Ok(found)) => return Ok(found),
        Some(Err(problem)) => note(PYTHON, problem),
        None => {}
    }
    match of_uv(say) {
        Some(Ok(found)) => return Ok(found),
        Some(Err(problem)) => note("uv", problem),
        None => {}
    }
    say("fetching Python's headers from Debian");
    let request = debian::Request {
        package: DEBIAN_PACKAGE,
        suite: DEBIAN_SUITE,
        directory: debian_directory,
        refresh: false,
    };
    match debian::fetch(&request) {
        Ok(package) => of_directory(
            &package.files.join("usr/include").join(PYTHON),
            &format!("Debian's {DEBIAN_PACKAGE} {}", package.version),
        ),
        Err(source) => Err(SdkError::NoHeaders {
            tried: match tried.as_slice() {
                [] => format!("{PYTHON}, uv, and Debian's {DEBIAN_PACKAGE}"),
                tried => tried.join("; "),
            },
            source: Box::new(source),
        }),
    }
}

/// The headers of a Python that can be run; none when it cannot.
fn of_python(program: &Path, origin: &str) -> Option<Result<HeaderSource, SdkError>> {
    let output = Command::new(program)
        .args(["-I", "-c", QUESTION])
        // What asks about another Python would be answered about that one.
        .env_remove("_PYTHON_SYSCONFIGDATA_NAME")
        .env_remove("_PYTHON_HOST_PLATFORM")
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let answer: Answer = serde_json::from_slice(&output.stdout).ok()?;
    let found = of_directory(&answer.include, origin).map(|found| HeaderSource {
        origin: format!("{origin}, {}", answer.version),
        configuration: match is_template(&answer.configuration) {
            true => answer.configuration,
            false => found.configuration,
        },
        ..found
    });
    Some(found)
}

/// The headers of a Python that uv has, or gets now; none without uv, or when it cannot get one.
fn of_uv(say: &dyn Fn(&str)) -> Option<Result<HeaderSource, SdkError>> {
    let uv = |arguments: &[&str]| {
        let output = Command::new("uv").args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    uv(&["--version"])?;
    let find = || uv(&["python", "find", "--system", "3.14"]).filter(|path| !path.is_empty());
    let program = if let Some(program) = find() {
        program
    } else {
        say("uv installs Python 3.14 for its headers");
        uv(&["python", "install", "3.14"])?;
        find()?
    };
    of_python(Path::new(&program), "uv's Python 3.14")
}

/// The headers in a directory.
fn of_directory(directory: &Path, origin: &str) -> Result<HeaderSource, SdkError> {
    let directory = std::path::absolute(directory).map_err(SdkError::file(directory))?;
    let wrong = |problem: String| SdkError::Headers {
        directory: directory.clone(),
        problem,
    };
    if !directory.join("Python.h").is_file() {
        return Err(wrong("there is no `Python.h` in it".to_owned()));
    }
    let path = directory.join("patchlevel.h");
    let text = read(&path).map_err(SdkError::file(&path))?;
    let version = version(&text).unwrap_or_default();
    if format!("python{version}")
        .strip_prefix(PYTHON)
        .is_none_or(|rest| !rest.starts_with('.'))
    {
        let other = match version.as_str() {
            "" => "an unknown version".to_owned(),
            version => version.to_owned(),
        };
        return Err(wrong(format!("those in it are of {other}")));
    }
    let configuration = configuration(&directory)
        .ok_or_else(|| wrong("it has no `pyconfig.h` of a configured Python".to_owned()))?;
    Ok(HeaderSource {
        origin: origin.to_owned(),
        directory,
        configuration,
        version,
    })
}

/// The version in `patchlevel.h`.
fn version(text: &str) -> Option<String> {
    let line = text.lines().find_map(|line| {
        line.trim()
            .strip_prefix("#define PY_VERSION")?
            .trim()
            .strip_prefix('"')
    })?;
    line.split('"').next().map(str::to_owned)
}

/// The `pyconfig.h` of a directory. On Debian it only includes the one of the architecture.
fn configuration(directory: &Path) -> Option<PathBuf> {
    let path = directory.join("pyconfig.h");
    if is_template(&path) {
        return Some(path);
    }
    let text = read(&path).ok()?;
    let above = directory.parent()?;
    let included = text.lines().filter_map(|line| {
        let rest = line.trim().strip_prefix('#')?.trim_start();
        rest.strip_prefix("include")?
            .trim()
            .strip_prefix('<')?
            .strip_suffix('>')
    });
    included
        .filter(|path| !path.split('/').any(|part| part == ".."))
        .map(|path| above.join(path))
        .find(|path| is_template(path))
}

/// Whether a file is a `pyconfig.h` with values in it.
fn is_template(path: &Path) -> bool {
    read(path).is_ok_and(|text| text.contains("#define SIZEOF_VOID_P"))
}

/// The text of a header that somebody else put there.
pub(super) fn read(path: &Path) -> io::Result<String> {
    io::read_to_string(regular_file::open(path)?)
}

/// Copies the headers, but for `pyconfig.h`.
pub(super) fn copy(source: &HeaderSource, target: &Path) -> Result<(), SdkError> {
    let mut copied = Copied::default();
    copy_directory(&source.directory, target, &mut copied).map_err(|problem| match problem {
        Some(error) => error,
        None => SdkError::Headers {
            directory: source.directory.clone(),
            problem: "there are too many files in it".to_owned(),
        },
    })
}

#[derive(Default)]
struct Copied {
    bytes: u64,
    files: usize,
}

/// Copies the headers of a directory and those below. An error that is none means that there are too many.
fn copy_directory(
    source: &Path,
    target: &Path,
    copied: &mut Copied,
) -> Result<(), Option<SdkError>> {
    fs::create_dir_all(target).map_err(SdkError::file(target))?;
    let entries = fs::read_dir(source).map_err(SdkError::file(source))?;
    for entry in entries {
        let entry = entry.map_err(SdkError::file(source))?;
        let (from, to) = (entry.path(), target.join(entry.file_name()));
        let kind = entry.file_type().map_err(SdkError::file(&from))?;
        if kind.is_dir() {
            copy_directory(&from, &to, copied)?;
            continue;
        }
        // A link to a directory would lead out of the headers.
        let is_header = from.extension().is_some_and(|end| end == "h") && from.is_file();
        if !is_header || entry.file_name() == "pyconfig.h" {
            continue;
        }
        copied.files = copied.files.saturating_add(1);
        copied.bytes = copied
            .bytes
            .saturating_add(from.metadata().map_or(0, |data| data.len()));
        if copied.files > MAX_FILES || copied.bytes > MAX_BYTES {
            return Err(None);
        }
        fs::copy(&from, &to).map_err(SdkError::file(&to))?;
    }
    Ok(())
}

/// The directory in which Debian's packages are kept.
pub(super) fn debian_directory() -> Result<PathBuf, SdkError> {
    Ok(eryx_cache::Cache::user_directory()?.join("debian"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(version: &str, configuration: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let include = directory.path().join(PYTHON);
        fs::create_dir_all(include.join("cpython")).unwrap();
        for (name, text) in [
            ("Python.h", ""),
            ("cpython/object.h", "struct a;"),
            ("notes.txt", ""),
            (
                "patchlevel.h",
                &format!("#define PY_VERSION   \t\"{version}\"\n"),
            ),
            ("pyconfig.h", configuration),
        ] {
            fs::write(include.join(name), text).unwrap();
        }
        directory
    }

    #[test]
    fn headers_of_the_right_version_are_taken_without_their_configuration() {
        let directory = directory("3.14.7", "#define SIZEOF_VOID_P 8\n");
        let found = of_directory(&directory.path().join(PYTHON), "here").unwrap();
        assert_eq!(found.version, "3.14.7");
        let target = directory.path().join("copy");
        copy(&found, &target).unwrap();
        assert!(target.join("cpython/object.h").is_file());
        assert!(!target.join("pyconfig.h").exists() && !target.join("notes.txt").exists());
    }

    #[test]
    fn the_configuration_of_an_architecture_is_found() {
        let text =
            "# include <none/python3.14/pyconfig.h>\n#  include <arch/python3.14/pyconfig.h>\n";
        let directory = directory("3.14.0", text);
        let real = directory.path().join("arch").join(PYTHON);
        fs::create_dir_all(&real).unwrap();
        fs::write(real.join("pyconfig.h"), "#define SIZEOF_VOID_P 8\n").unwrap();
        let found = of_directory(&directory.path().join(PYTHON), "here").unwrap();
        assert_eq!(found.configuration, real.join("pyconfig.h"));
    }

    #[test]
    fn other_headers_are_refused() {
        for (version, configuration, words) in [
            ("3.13.1", "#define SIZEOF_VOID_P 8\n", "of 3.13.1"),
            ("3.140.1", "#define SIZEOF_VOID_P 8\n", "of 3.140.1"),
            ("3.14.1", "# include <../../x.h>\n", "pyconfig.h"),
        ] {
            let directory = directory(version, configuration);
            let problem = of_directory(&directory.path().join(PYTHON), "here").unwrap_err();
            assert!(problem.to_string().contains(words), "{problem}");
        }
    }
}
