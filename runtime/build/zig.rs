//! The compiler for the guest: the `zig` that `ZIG` names, or the pinned `ziglang` wheel, which pip or
//! uv installs once into a folder of the user's own.

use crate::Failure;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command},
};

const VERSION: &str = "0.17.1";

/// A compiler that is there.
pub struct Zig {
    program: PathBuf,
}

impl Zig {
    /// A command of the compiler, with its caches where they disturb nobody.
    pub fn command(&self, out: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("ZIG_GLOBAL_CACHE_DIR", out.join("zig-cache"))
            .env("ZIG_LOCAL_CACHE_DIR", out.join("zig-cache"));
        command
    }
}

/// Finds the compiler, installing it when it is not there.
pub fn find() -> Result<Zig, Failure> {
    if let Some(program) = env::var_os("ZIG").filter(|program| !program.is_empty()) {
        return Ok(Zig {
            program: program.into(),
        });
    }
    let folder = tools_folder()?.join(format!("ziglang-{VERSION}"));
    let program = folder
        .join("ziglang")
        .join(if cfg!(windows) { "zig.exe" } else { "zig" });
    if !program.is_file() {
        install(&folder)?;
    }
    Ok(Zig { program })
}

/// A folder of the user's own, never one that others can write to.
fn tools_folder() -> Result<PathBuf, Failure> {
    let variable = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let cache = variable("ERYX_CACHE_DIR")
        .or_else(|| variable("XDG_CACHE_HOME").map(|cache| cache.join("eryx")))
        .or_else(|| variable("LOCALAPPDATA").map(|cache| cache.join("eryx")))
        .or_else(|| variable("HOME").map(|home| home.join(".cache/eryx")))
        .ok_or("There is no home folder to install the compiler in: set ERYX_CACHE_DIR.")?;
    Ok(cache.join("tools"))
}

/// Installs beside the final folder and renames, so that two builds at once and a killed one do no harm.
fn install(folder: &Path) -> Result<(), Failure> {
    let staging = folder.with_extension(format!("partial-{}", process::id()));
    let requirements = staging.join("requirements.txt");
    fs::create_dir_all(&staging)
        .and_then(|()| fs::write(&requirements, include_str!("ziglang.txt")))
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
                let renamed = fs::rename(&staging, folder);
                if renamed.is_err() {
                    let _ = fs::remove_dir_all(&staging);
                }
                return if folder.join("ziglang").is_dir() {
                    Ok(())
                } else {
                    Err(format!(
                        "{}: the compiler could not be moved there",
                        folder.display()
                    ))
                };
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
        "The compiler for the guest, the Python package ziglang {VERSION}, could not be installed with \
         pip or uv.\n{tried}Install Python with pip, or name a zig {VERSION} program in ZIG, or a ready \
         runtime distribution folder in ERYX_RUNTIME_DIR."
    ))
}
