//! Wheels that the build needs: pip or uv installs each once, checked by hash, into a folder of the
//! user's own. Nothing of them is run but the compiler.

use crate::Failure;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command},
};

/// The folder with an installed wheel, which is installed when it is not there.
///
/// `requirement` is what a requirement file says, with hashes.
pub fn install(name: &str, version: &str, requirement: &str) -> Result<PathBuf, Failure> {
    let folder = cache_folder()?
        .join("tools")
        .join(format!("{name}-{version}"));
    if !folder.join(name).is_dir() {
        install_into(&folder, requirement)?;
    }
    if folder.join(name).is_dir() {
        Ok(folder)
    } else {
        Err(format!(
            "{}: {name} {version} could not be moved there",
            folder.display()
        ))
    }
}

/// A folder of the user's own, never one that others can write to.
pub fn cache_folder() -> Result<PathBuf, Failure> {
    let variable = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    variable("ERYX_CACHE_DIR")
        .or_else(|| variable("XDG_CACHE_HOME").map(|cache| cache.join("eryx")))
        .or_else(|| variable("LOCALAPPDATA").map(|cache| cache.join("eryx")))
        .or_else(|| variable("HOME").map(|home| home.join(".cache/eryx")))
        .ok_or_else(|| {
            "There is no home folder to keep the compiler in: set ERYX_CACHE_DIR.".to_owned()
        })
}

/// Installs beside the final folder and renames, so that two builds at once and a killed one do no harm.
fn install_into(folder: &Path, requirement: &str) -> Result<(), Failure> {
    let staging = folder.with_extension(format!("partial-{}", process::id()));
    let requirements = staging.join("requirements.txt");
    fs::create_dir_all(&staging)
        .and_then(|()| fs::write(&requirements, requirement))
        .map_err(|error| format!("{}: {error}", staging.display()))?;
    let installers: [&[&str]; 3] = [
        &["python3", "-m", "pip", "install"],
        &["python", "-m", "pip", "install"],
        &["uv", "pip", "install"],
    ];
    let mut tried = String::new();
    for installer in installers {
        let result = Command::new(installer[0])
            .args(&installer[1..])
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
                // Another build may have been faster; what it installed is the same.
                if fs::rename(&staging, folder).is_err() {
                    let _ = fs::remove_dir_all(&staging);
                }
                return Ok(());
            }
            Ok(output) => {
                tried += &format!(
                    "{}: {}\n",
                    installer.join(" "),
                    String::from_utf8_lossy(&output.stderr).trim()
                );
            }
            Err(error) => tried += &format!("{}: {error}\n", installer[0]),
        }
    }
    let _ = fs::remove_dir_all(&staging);
    Err(format!(
        "The runtime needs {}, which could not be installed with pip or uv.\n{tried}\
         Install Python with pip, or name a ready runtime distribution folder in ERYX_RUNTIME_DIR.\n",
        folder.file_name().unwrap_or_default().display()
    ))
}
