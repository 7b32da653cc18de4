//! What CMake and Meson read: a toolchain file, and a cross file.
//!
//! Both systems ask what they build for once, in a file that names the programs. The files of CMake find their SDK
//! by where they lie; Meson's has paths.

use super::{SdkError, programs::PROGRAMS};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The directory of CMake's files in an SDK, and the toolchain file.
const CMAKE: &str = "cmake";
const TOOLCHAIN: &str = "cmake/wasm32-wasi.cmake";

/// The directory of data in which Meson looks for cross files by name, and the file.
const DATA: &str = "share";
const CROSS: &str = "share/meson/cross/wasm32-wasi";

/// The modules for both names of CMake's package are one text.
const FIND_PYTHON: &str = include_str!("cmake/FindPython.cmake");

/// CMake's files, below its directory.
const FILES: [(&str, &str); 5] = [
    ("wasm32-wasi.cmake", include_str!("cmake/wasm32-wasi.cmake")),
    ("provider.cmake", include_str!("cmake/provider.cmake")),
    ("modules/FindPython.cmake", FIND_PYTHON),
    ("modules/FindPython3.cmake", FIND_PYTHON),
    (
        "modules/Platform/WASI.cmake",
        include_str!("cmake/Platform-WASI.cmake"),
    ),
];

/// CMake's toolchain file in an SDK.
pub(super) fn toolchain(sdk: &Path) -> PathBuf {
    sdk.join(TOOLCHAIN)
}

/// Meson's cross file in an SDK.
pub(super) fn cross(sdk: &Path) -> PathBuf {
    sdk.join(CROSS)
}

/// The directory in which Meson finds the cross file by its name.
pub(super) fn data(sdk: &Path) -> PathBuf {
    sdk.join(DATA)
}

/// Writes the files below `staging`, for an SDK that will be in `directory`.
pub(super) fn write(staging: &Path, directory: &Path) -> Result<(), SdkError> {
    for (name, text) in FILES {
        put(&staging.join(CMAKE).join(name), text)?;
    }
    put(&cross(staging), &cross_text(directory))
}

fn put(path: &Path, text: &str) -> Result<(), SdkError> {
    let directory = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(directory).map_err(SdkError::file(directory))?;
    fs::write(path, text).map_err(SdkError::file(path))
}

/// The text of the cross file, for an SDK that will be in `directory`.
fn cross_text(directory: &Path) -> String {
    let path = |below: &Path| quoted(&directory.join(below).display().to_string());
    let mut text = String::from(
        "# For Meson: builds for the sandbox, with the programs of this SDK.\n\n[binaries]\n",
    );
    for (program, command) in PROGRAMS {
        let name = match command {
            "cc" => "c",
            "c++" => "cpp",
            // The C compiler links, and answers for its linker.
            "ld" | "run" | "rust-ld" | "rustc" => continue,
            other => other,
        };
        text += &format!("{name} = {}\n", path(&Path::new("bin").join(program)));
    }
    text += &format!(
        "# Translates on the machine, and is of no target.\ncython = 'cython'\n\n\
         [host_machine]\nsystem = 'wasi'\nkernel = 'none'\ncpu_family = 'wasm32'\ncpu = 'wasm32'\nendian = 'little'\n\n\
         [properties]\nneeds_exe_wrapper = true\n\
         # Which numpy would find out by running a program.\nlongdouble_format = 'IEEE_QUAD_LE'\n\n\
         [built-in options]\npython.build_config = {}\n",
        path(Path::new("build-details.json"))
    );
    text
}

/// A text as Meson reads it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cross_file_names_the_programs() {
        let text = cross_text(Path::new("/it's here"));
        for line in [
            r"c = '/it\'s here/bin/wasm32-wasi-cc'",
            r"cpp = '/it\'s here/bin/wasm32-wasi-c++'",
            r"strip = '/it\'s here/bin/wasm32-wasi-strip'",
            "longdouble_format = 'IEEE_QUAD_LE'",
            r"python.build_config = '/it\'s here/build-details.json'",
        ] {
            assert!(text.lines().any(|one| one == line), "{text}");
        }
        assert!(!text.contains("wasm32-wasi-ld"), "{text}");
    }
}
