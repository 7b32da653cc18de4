//! Native libraries of the tests, compiled from the C files among the fixtures by the compiler that
//! also compiles the guest.

use crate::{target, wheels::Wheel, workspace};
use eryx_runtime::Distribution;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

const COMPILE: [&str; 12] = [
    "cc",
    "-target",
    "wasm32-wasi",
    "-std=c11",
    "-O2",
    "-g0",
    "-fPIC",
    "-fvisibility=hidden",
    "-fno-sanitize=all",
    "-Wall",
    "-Wextra",
    "-Werror",
];

/// Compiles `tests/fixtures/native/<name>.c` and links it with libraries of the same wheel, each a file
/// name and its contents. The runtime's libraries are there, too.
pub fn library(name: &str, with: &[(&str, &[u8])]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder is made");
    let path = |name: &str| folder.path().join(name);
    let object = path("library.o");
    let source = workspace()
        .join("tests/fixtures/native")
        .join(format!("{name}.c"));
    zig(
        &COMPILE,
        &[Path::new("-c"), &source, Path::new("-o"), &object],
    );

    let runtime = Distribution::embedded().expect("the runtime is whole");
    let base = runtime
        .libraries()
        .iter()
        .map(|library| (library.name.as_str(), &library.bytes[..]));
    let base = base.filter(|(name, _)| ["libpython3.14.so", "libc.so"].contains(name));
    let libraries: Vec<PathBuf> = with
        .iter()
        .copied()
        .chain(base)
        .map(|(name, bytes)| {
            fs::write(path(name), bytes).expect("a file is written");
            path(name)
        })
        .collect();

    let result = path("library.so");
    let mut arguments: Vec<&Path> = vec![&object];
    arguments.extend(libraries.iter().map(PathBuf::as_path));
    arguments.extend([Path::new("-o"), &result]);
    zig(
        &["wasm-ld", "-shared", "--experimental-pic", "--strip-debug"],
        &arguments,
    );
    fs::read(result).expect("the linker wrote a library")
}

fn zig(words: &[&str], paths: &[&Path]) {
    let cache = target().join("tests-zig");
    let output = Command::new(compiler())
        .args(words)
        .args(paths)
        .env("ZIG_GLOBAL_CACHE_DIR", &cache)
        .env("ZIG_LOCAL_CACHE_DIR", &cache)
        .output()
        .expect("the compiler starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The compiler that `ZIG` names, or the one that the build of the runtime installed.
fn compiler() -> PathBuf {
    let variable = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(program) = variable("ZIG") {
        return program;
    }
    let cache = variable("ERYX_CACHE_DIR")
        .or_else(|| variable("XDG_CACHE_HOME").map(|cache| cache.join("eryx")))
        .or_else(|| variable("HOME").map(|home| home.join(".cache/eryx")))
        .expect("the user has a cache folder");
    let installed = fs::read_dir(cache.join("tools"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("ziglang/zig"))
        .filter(|program| program.is_file())
        .max();
    installed.expect("building the runtime installs a compiler, unless ZIG names one")
}

/// How many libraries [`many_libraries`] has: more than a component can in which each stays a core module.
const MANY: usize = 250;

/// The name of the module in that fixture.
const PART: &str = "part000";

/// A wheel of 250 modules, `many.part000` to `many.part249`, that differ in the number in their names.
pub fn many_libraries() -> Wheel {
    let library = library(PART, &[]);
    (0..MANY).fold(
        Wheel::new("many")
            .tag("cp314-cp314-wasi_wasm32")
            .file("many/__init__.py", ""),
        |wheel, number| {
            let name = format!("part{number:03}");
            wheel.file(
                &format!("many/{name}.cpython-314-wasm32-wasi.so"),
                renamed(&library, name.as_bytes()),
            )
        },
    )
}

/// The library with another name of the same length, wherever it is in it.
fn renamed(library: &[u8], name: &[u8]) -> Vec<u8> {
    assert_eq!(name.len(), PART.len());
    let mut library = library.to_vec();
    let mut start = 0;
    while let Some(found) = library.get(start..).and_then(|rest| {
        rest.windows(PART.len())
            .position(|bytes| bytes == PART.as_bytes())
    }) {
        start += found;
        library[start..start + name.len()].copy_from_slice(name);
        start += name.len();
    }
    library
}
