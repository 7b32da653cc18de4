//! What makes build backends use the SDK: programs that stand for compilers and their companions, and the
//! variables that name them.
//!
//! setuptools, and what is built on it, takes everything from variables. `sysconfig` of the Python that runs
//! a build answers for the sandbox's Python then, and not for its own. CMake finds its toolchain file by a variable,
//! and Meson its cross file by a name. What cargo reads is in `cargo`.

use super::{Sdk, SdkError, cargo, programs::PROGRAMS, sysconfig};
use eryx_base::variables::{RUNTIME_DIR, SDK_DIR};
use eryx_wheel::native::EXTENSION_SUFFIX;
use std::{env, ffi::OsString, fs, io::Write as _, path::Path};

/// Libraries are linked without what could be stripped.
const STRIP: &str = "#!/bin/sh\nexit 0\n";

/// Starts programs of the machine alone. Builds that run what they link, to find out what there is, are told that
/// it does not run.
const RUN: &str = "\
#!/bin/sh
if [ \"$(head -c 4 \"$1\" 2>/dev/null | tail -c 3)\" = asm ]; then
    echo \"error: $1 is for the sandbox, and programs of the sandbox are not run while something is built\" >&2
    exit 126
fi
exec \"$@\"
";

/// Where data is looked for when no variable says so.
const DATA_DIRECTORIES: &str = "/usr/local/share:/usr/share";

/// The variables of a build, sorted, for a process whose own ones `of_process` tells.
#[must_use]
pub fn variables(
    sdk: &Sdk,
    of_process: impl Fn(&str) -> Option<OsString>,
) -> Vec<(&'static str, OsString)> {
    let program = |name: &str| sdk.bin().join(name).into_os_string();
    let shared = |name: &str| {
        let mut command = program(name);
        command.push(" -shared");
        command
    };
    let value = |name: &str| of_process(name).filter(|value| !value.is_empty());
    let python_path = before(&sdk.python_path(), value("PYTHONPATH"));
    let data = value("XDG_DATA_DIRS").unwrap_or_else(|| DATA_DIRECTORIES.into());
    let mut all = cargo::variables(sdk, value);
    all.extend([
        ("AR", program("wasm32-wasi-ar")),
        ("CC", program("wasm32-wasi-cc")),
        ("CMAKE_TOOLCHAIN_FILE", sdk.cmake_toolchain().into()),
        ("CXX", program("wasm32-wasi-c++")),
        ("LD", program("wasm32-wasi-ld")),
        ("LDCXXSHARED", shared("wasm32-wasi-c++")),
        ("LDSHARED", shared("wasm32-wasi-cc")),
        ("PYTHONPATH", python_path),
        ("RANLIB", program("wasm32-wasi-ranlib")),
        ("SETUPTOOLS_EXT_SUFFIX", EXTENSION_SUFFIX.into()),
        ("XDG_DATA_DIRS", before(&sdk.data(), Some(data))),
        ("_PYTHON_HOST_PLATFORM", sysconfig::PLATFORM.into()),
        ("_PYTHON_SYSCONFIGDATA_NAME", sysconfig::DATA_MODULE.into()),
    ]);
    all.sort();
    all
}

/// A list of directories with one before the others. Once more in the same shell must not add it once more.
fn before(directory: &Path, others: Option<OsString>) -> OsString {
    let mut path = directory.as_os_str().to_owned();
    let others = others.iter().flat_map(env::split_paths);
    for other in others.filter(|other| other != directory) {
        path.push(if cfg!(windows) { ";" } else { ":" });
        path.push(other);
    }
    path
}

/// A value as a shell reads it.
#[must_use]
pub fn quoted(value: &str) -> String {
    let plain = |one: char| one.is_ascii_alphanumeric() || "_-./+=:,@%".contains(one);
    match !value.is_empty() && value.chars().all(plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    }
}

/// Writes the programs, which start this very toolchain. Where it was moved, they follow.
///
/// # Errors
/// When they cannot be written.
pub fn write_programs(sdk: &Sdk) -> Result<(), SdkError> {
    let toolchain = env::current_exe().map_err(SdkError::file("eryx-build"))?;
    let bin = sdk.bin();
    fs::create_dir_all(&bin).map_err(SdkError::file(&bin))?;
    for (name, command) in PROGRAMS {
        let path = bin.join(name);
        let text = program(sdk, &toolchain, command);
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        replace(&bin, &path, &text).map_err(SdkError::file(&path))?;
    }
    Ok(())
}

fn program(sdk: &Sdk, toolchain: &Path, command: &str) -> String {
    match command {
        "strip" => return STRIP.to_owned(),
        "run" => return RUN.to_owned(),
        "rustc" => return cargo::wrapper(),
        _ => {}
    }
    let path = |path: &Path| quoted(&path.display().to_string());
    script(
        &path(sdk.root()),
        // An empty value is the built-in runtime, whatever the environment of a build says.
        &sdk.runtime().map(path).unwrap_or_default(),
        &path(toolchain),
        command,
    )
}

/// The text of a program, of values as a shell reads them.
fn script(root: &str, runtime: &str, toolchain: &str, command: &str) -> String {
    let (sdk_dir, runtime_dir) = (SDK_DIR.name, RUNTIME_DIR.name);
    format!(
        "#!/bin/sh\n{sdk_dir}={root} {runtime_dir}={runtime} exec {toolchain} sdk {command} -- \"$@\"\n"
    )
}

/// Writes beside and renames: another build may be starting the old one.
fn replace(directory: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let permissions = fs::Permissions::from_mode(0o755);
        file.as_file().set_permissions(permissions)?;
    }
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_what_was_meant() {
        for (value, expected) in [
            ("/a/b-c.so", "/a/b-c.so"),
            ("", "''"),
            ("a -shared", "'a -shared'"),
            ("it's $HOME", r"'it'\''s $HOME'"),
        ] {
            assert_eq!(quoted(value), expected);
        }
    }

    #[test]
    fn a_program_starts_the_toolchain() {
        let text = script("'/my sdk'", "/runtime", "/bin/eryx-build", "c++");
        assert_eq!(
            text,
            "#!/bin/sh\nERYX_SDK_DIR='/my sdk' ERYX_RUNTIME_DIR=/runtime exec /bin/eryx-build sdk c++ -- \"$@\"\n"
        );
    }
}
