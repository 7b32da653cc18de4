//! Wheels that are pinned by hash, which the user's own pip or uv installs once into a directory of the user's
//! own: the compiler, and what the build of this crate takes files from.
//!
//! This file is a part of the build of this crate, too. It must not know what a wheel is for.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{self, Command},
};

/// What installs packages; what to install follows.
const INSTALLERS: [&[&str]; 3] = [
    &["python3", "-m", "pip", "install"],
    &["python", "-m", "pip", "install"],
    &["uv", "pip", "install"],
];

/// Why a wheel is not there.
#[derive(Debug, thiserror::Error)]
pub enum WheelError {
    /// The environment names no directory of the user.
    #[error("there is no home folder to install packages in: set ERYX_CACHE_DIR")]
    NoDirectory,
    /// The directory cannot be written.
    #[error(
        "what is installed cannot be put into {}: free or unlock that folder, or set ERYX_CACHE_DIR to \
         another", path.display()
    )]
    Write {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No installer did it.
    #[error(
        "the Python package {name} {version} could not be installed with pip or uv: install Python with \
         pip\n{tried}"
    )]
    Install {
        /// The package.
        name: String,
        /// Its version.
        version: String,
        /// What each of them said.
        tried: String,
    },
}

/// The directory of an installed wheel, whether it is there or not.
///
/// # Errors
/// When no directory of the user is known.
pub(crate) fn directory(name: &str, version: &str) -> Result<PathBuf, WheelError> {
    Ok(cache_directory()?
        .join("tools")
        .join(format!("{name}-{version}")))
}

/// The directory of an installed wheel, which is installed when it is not there. `requirement` is a line of a
/// requirement file, with hashes.
///
/// # Errors
/// When neither pip nor uv can install it, or its directory cannot be written.
pub(crate) fn install(name: &str, version: &str, requirement: &str) -> Result<PathBuf, WheelError> {
    let directory = directory(name, version)?;
    if !directory.join(name).is_dir() {
        install_into(&directory, name, version, requirement)?;
    }
    Ok(directory)
}

/// A directory of the user's own, never one that others can write to.
///
/// # Errors
/// When the environment names none.
pub(crate) fn cache_directory() -> Result<PathBuf, WheelError> {
    let variable = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let cache = variable("ERYX_CACHE_DIR")
        .or_else(|| variable("XDG_CACHE_HOME").map(|cache| cache.join("eryx")))
        .or_else(|| variable("LOCALAPPDATA").map(|cache| cache.join("eryx")))
        .or_else(|| variable("HOME").map(|home| home.join(".cache/eryx")))
        .ok_or(WheelError::NoDirectory)?;
    std::path::absolute(&cache).map_err(write(&cache))
}

fn write(path: &Path) -> impl FnOnce(io::Error) -> WheelError {
    move |source| WheelError::Write {
        path: path.to_owned(),
        source,
    }
}

/// Installs beside the final directory and renames, so that two at once and a killed one do no harm.
fn install_into(
    directory: &Path,
    name: &str,
    version: &str,
    requirement: &str,
) -> Result<(), WheelError> {
    let staging = directory.with_extension(format!("partial-{}", process::id()));
    let requirements = staging.join("requirements.txt");
    fs::create_dir_all(&staging)
        .and_then(|()| fs::write(&requirements, requirement))
        .map_err(write(&staging))?;
    let mut tried = String::new();
    for installer in INSTALLERS {
        let Some((program, arguments)) = installer.split_first() else {
            continue;
        };
        let result = Command::new(program)
            .args(arguments)
            .args([
                "--quiet",
                "--no-deps",
                "--require-hashes",
                "--only-binary=:all:",
                "--target",
            ])
            .arg(&staging)
            .arg("--requirement")
            .arg(&requirements)
            .output();
        match result {
            Ok(output) if output.status.success() => {
                // Another one may have been faster; what it installed is the same.
                let renamed = fs::rename(&staging, directory);
                if renamed.is_err() {
                    let _ = fs::remove_dir_all(&staging);
                }
                return match renamed {
                    Err(source) if !directory.join(name).is_dir() => Err(write(directory)(source)),
                    _ => Ok(()),
                };
            }
            Ok(output) => {
                tried += &format!(
                    "{}: {}\n",
                    installer.join(" "),
                    String::from_utf8_lossy(&output.stderr).trim()
                );
            }
            Err(error) => tried += &format!("{program}: {error}\n"),
        }
    }
    let _ = fs::remove_dir_all(&staging);
    Err(WheelError::Install {
        name: name.to_owned(),
        version: version.to_owned(),
        tried,
    })
}
