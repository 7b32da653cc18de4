//! Giving a wheel the tags of the sandbox.
//!
//! A build tool names a wheel after the Python that it runs in, and some name extension modules after it, too.
//! What is in the wheel decides instead: it must have native libraries for the sandbox, and none for another
//! platform. Wheels for the stable ABI stay such.
//!
//! ```no_run
//! use eryx_sdk::retag::retag;
//!
//! let wheel = retag("dist/markupsafe-3.0.3-cp311-cp311-wasi_wasm32.whl".as_ref())?;
//! assert!(wheel.ends_with("markupsafe-3.0.3-cp314-cp314-wasi_wasm32.whl"));
//! # Ok::<(), eryx_sdk::retag::RetagError>(())
//! ```

use eryx_base::regular_file;
use eryx_packaging::{WheelName, WheelNameError};
use eryx_wheel::{
    native::{self, EXTENSION_SUFFIX},
    record,
    unpack::{
        MAX_TOTAL_SIZE, MAX_WHEEL_SIZE, WheelProblem,
        archive::{self, Budget},
    },
};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Cursor, Write as _},
    path::{Path, PathBuf},
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// The platform tag that is given.
const PLATFORM: &str = "wasi_wasm32";

/// Python and ABI tags of libraries that are for this very Python.
const PYTHON: &str = "cp314";

/// Why a wheel cannot be retagged.
#[derive(Debug, thiserror::Error)]
pub enum RetagError {
    /// The file has not the name of a wheel.
    #[error("`{}` is not named as a wheel is", path.display())]
    Name {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: WheelNameError,
    },
    /// It cannot be read or written.
    #[error("cannot use `{}`: check that it can be read and its folder be written", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// It is larger than wheels may be.
    #[error("`{}` has more than {MAX_WHEEL_SIZE} bytes, which no wheel may have", .0.display())]
    Large(PathBuf),
    /// It is no wheel.
    #[error("`{}` is not a whole wheel", path.display())]
    Wheel {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: WheelProblem,
    },
    /// It has no `WHEEL`, or several.
    #[error("`{}` has not exactly one `.dist-info/WHEEL`, as a wheel has", .0.display())]
    Metadata(PathBuf),
    /// It has machine code of another platform.
    #[error(
        "`{library}` in `{}` is machine code for {platform}: build the wheel with the variables of \
         `eryx sdk env`, and without what was built before", path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The library in it.
        library: String,
        /// What it is for.
        platform: String,
    },
    /// It has no native library at all.
    #[error(
        "`{}` has no native library, so it is a wheel for every platform: the build left its native part \
         out, which its output may explain (`pip wheel --verbose`)", .0.display()
    )]
    Pure(PathBuf),
    /// Two libraries have one name after the new suffix.
    #[error("`{library}` is in `{}` for two Pythons: build the wheel anew in a clean folder", path.display())]
    Twice {
        /// The file.
        path: PathBuf,
        /// The library in it.
        library: String,
    },
}

/// Writes a wheel again with the tags of the sandbox, beside the old one, which goes. Gives its path.
///
/// # Errors
/// When it is no wheel, or not one whose native libraries are for the sandbox.
pub fn retag(path: &Path) -> Result<PathBuf, RetagError> {
    retag_with(path, &[])
}

/// As [`retag`], with more files in the directory `.dist-info`, by their paths below it.
///
/// # Errors
/// As [`retag`].
pub fn retag_with(path: &Path, more: &[(&str, &[u8])]) -> Result<PathBuf, RetagError> {
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = WheelName::parse(&file_name).map_err(|source| RetagError::Name {
        path: path.to_owned(),
        source,
    })?;
    let unusable = |source| RetagError::File {
        path: path.to_owned(),
        source,
    };
    let bytes = regular_file::read_at_most(path, MAX_WHEEL_SIZE)
        .map_err(unusable)?
        .ok_or_else(|| RetagError::Large(path.to_owned()))?;
    let files = archive::read(&bytes, &Budget::new(MAX_TOTAL_SIZE)).map_err(|source| {
        RetagError::Wheel {
            path: path.to_owned(),
            source,
        }
    })?;
    let mut files = with_suffixes(path, files)?;
    let (python, abi) = tags(&name, &files);
    let tag = format!("{python}-{abi}-{PLATFORM}");
    change_metadata(path, &mut files, &tag, more)?;

    // All but the last three parts stay: name, version, and a build number if there is one.
    let start = file_name.rsplitn(4, '-').last().unwrap_or_default();
    let new = path.with_file_name(format!("{start}-{tag}.whl"));
    let bytes = write(&files).map_err(unusable)?;
    let directory = match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    };
    let put = || -> io::Result<()> {
        let mut temporary = tempfile::NamedTempFile::new_in(directory)?;
        temporary.write_all(&bytes)?;
        let permissions = fs::metadata(path)?.permissions();
        temporary.as_file().set_permissions(permissions)?;
        temporary.persist(&new)?;
        match new == path {
            true => Ok(()),
            false => fs::remove_file(path),
        }
    };
    put().map_err(unusable)?;
    Ok(new)
}

type Files = BTreeMap<String, Vec<u8>>;

/// The files with extension modules named for the sandbox's Python.
fn with_suffixes(path: &Path, files: Files) -> Result<Files, RetagError> {
    let mut renamed = Files::new();
    let mut is_native = false;
    for (name, contents) in files {
        if let Some(foreign) = native::identify(&name, &contents) {
            return Err(RetagError::Foreign {
                path: path.to_owned(),
                library: name,
                platform: foreign.platform,
            });
        }
        let is_library = native::is_native_library(&contents);
        is_native |= is_library;
        let name = match is_library {
            true => for_the_sandbox(&name),
            false => name,
        };
        if renamed.insert(name.clone(), contents).is_some() {
            return Err(RetagError::Twice {
                path: path.to_owned(),
                library: name,
            });
        }
    }
    match is_native {
        true => Ok(renamed),
        false => Err(RetagError::Pure(path.to_owned())),
    }
}

/// A library's path, with the suffix of the sandbox's Python in place of another's.
fn for_the_sandbox(path: &str) -> String {
    let (directory, name) = path
        .rsplit_once('/')
        .map_or(("", path), |(directory, name)| (directory, name));
    let tagged = name
        .strip_suffix(".so")
        .and_then(|stem| stem.rsplit_once('.'))
        .filter(|(_, tag)| tag.starts_with("cpython-"));
    match (tagged, directory) {
        (None, _) => path.to_owned(),
        (Some((module, _)), "") => format!("{module}{EXTENSION_SUFFIX}"),
        (Some((module, _)), _) => format!("{directory}/{module}{EXTENSION_SUFFIX}"),
    }
}

/// The tags of Python and ABI. A wheel for the stable ABI whose modules are all such keeps its own.
fn tags(name: &WheelName, files: &Files) -> (String, String) {
    let is_abi3 =
        name.abi == ["abi3"] && !files.keys().any(|path| path.ends_with(EXTENSION_SUFFIX));
    match (is_abi3, name.python.as_slice()) {
        (true, [python]) => (python.clone(), "abi3".to_owned()),
        _ => (PYTHON.to_owned(), PYTHON.to_owned()),
    }
}

/// Puts the tag into `WHEEL` and `more` beside it, and writes RECORD anew.
fn change_metadata(
    path: &Path,
    files: &mut Files,
    tag: &str,
    more: &[(&str, &[u8])],
) -> Result<(), RetagError> {
    let is_top = |name: &str| name.matches('/').count() == 1;
    let mut found = files
        .keys()
        .filter(|name| name.ends_with(".dist-info/WHEEL") && is_top(name));
    let (Some(wheel), None) = (found.next().cloned(), found.next()) else {
        return Err(RetagError::Metadata(path.to_owned()));
    };
    let old = files
        .get(&wheel)
        .map(|text| String::from_utf8_lossy(text).into_owned());
    let mut text = String::new();
    for line in old.unwrap_or_default().lines() {
        let key = line
            .split(':')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if !line.trim().is_empty() && key != "tag" && key != "root-is-purelib" {
            text += line;
            text.push('\n');
        }
    }
    text += &format!("Root-Is-Purelib: false\nTag: {tag}\n");
    files.insert(wheel.clone(), text.into_bytes());

    let directory = wheel.strip_suffix("WHEEL").unwrap_or_default();
    for (name, contents) in more {
        files.insert(format!("{directory}{name}"), contents.to_vec());
    }
    let record = format!("{directory}RECORD");
    // What was signed is another list now.
    for signature in ["RECORD.jws", "RECORD.p7s"] {
        files.remove(&format!("{directory}{signature}"));
    }
    files.remove(&record);
    let listed = files
        .iter()
        .map(|(path, contents)| (path, contents.as_slice()));
    let text = record::write(listed, &record);
    files.insert(record, text);
    Ok(())
}

/// The archive, which is the same for the same files.
fn write(files: &Files) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    for (path, contents) in files {
        zip.start_file(path.as_str(), options)?;
        zip.write_all(contents)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
#[path = "retag_tests.rs"]
mod tests;
