//! The C++ library with exceptions. The runtime's own has none: what throws there ends the program.
//!
//! It is compiled out of the sources that the compiler has with it, when the first library is linked that needs
//! it, and kept beside the SDK's other libraries. Each library of a package has a copy of those parts that it
//! uses, of which nothing is visible to others.

use super::compile::{EMULATED, EXCEPTIONS, FLAGS, LIBRARY_OF_CXX};
use crate::{
    Sdk, SdkError,
    compiler::{Compiler, TARGET},
};
use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// The archive.
const LIBRARY: &str = "libc++-exceptions.a";

/// Where its sources are, in the directory of the compiler's own.
const DIRECTORIES: [&str; 4] = [
    "libcxx/src",
    "libcxx/src/filesystem",
    "libcxx/src/ryu",
    "libcxxabi/src",
];

/// The one among them that stands for exceptions where there are none.
const WITHOUT_EXCEPTIONS: &str = "cxa_noexception.cpp";

/// The only part of the unwinder that there is on this target.
const UNWINDER: &str = "libunwind/src/Unwind-wasm.c";

/// What the sources use of the system and the sandbox does not have.
const SHIM: &str = "\
#include <errno.h>
#include <sys/types.h>
static inline ssize_t copy_file_range(int, off_t *, int, off_t *, size_t, unsigned) {
    errno = EINVAL;
    return -1;
}
";

/// How its C++ is compiled. No name is visible, `operator new` included. Types are compared by their names, since
/// each library has its own copy of their descriptions. A message of `terminate` has names as the compiler has
/// them: what makes them readable would be in every library.
const OF_LIBRARY: [&str; 13] = [
    "-std=c++23",
    "-O2",
    "-ffunction-sections",
    "-fdata-sections",
    "-fvisibility-global-new-delete=force-hidden",
    "-D_LIBCPP_BUILDING_LIBRARY",
    "-D_LIBCXXABI_BUILDING_LIBRARY",
    "-D_LIBCPP_DISABLE_VISIBILITY_ANNOTATIONS",
    "-D_LIBCXXABI_DISABLE_VISIBILITY_ANNOTATIONS",
    "-DLIBCXX_BUILDING_LIBCXXABI",
    "-DLIBCXXABI_NON_DEMANGLING_TERMINATE",
    "-D_LIBCPP_TYPEINFO_COMPARISON_IMPLEMENTATION=2",
    "-Wno-everything",
];

/// How the unwinder is compiled.
const OF_UNWINDER: [&str; 4] = [
    "-O2",
    "-D_LIBUNWIND_HIDE_SYMBOLS",
    "-D_LIBUNWIND_IS_NATIVE_ONLY",
    "-Wno-everything",
];

/// The archive of an SDK, which is compiled when it is not there yet. Whoever needs it at the same time waits.
///
/// # Errors
/// When the sources are not there or cannot be compiled, or the SDK cannot be written.
pub(super) fn library(sdk: &Sdk, compiler: &Compiler) -> Result<PathBuf, SdkError> {
    let path = sdk.lib().join(LIBRARY);
    if path.is_file() {
        return Ok(path);
    }
    let lock = path.with_added_extension("lock");
    let file = File::create(&lock).map_err(SdkError::file(&lock))?;
    file.lock().map_err(SdkError::file(&lock))?;
    if !path.is_file() {
        let staging = tempfile::tempdir_in(sdk.lib()).map_err(SdkError::file(sdk.lib()))?;
        let archive = compile(compiler, staging.path())?;
        fs::rename(&archive, &path).map_err(SdkError::file(&path))?;
    }
    Ok(path)
}

/// Compiles all sources, as many at a time as the machine has processors, and archives them.
fn compile(compiler: &Compiler, staging: &Path) -> Result<PathBuf, SdkError> {
    let root = compiler.library_directory()?;
    let sources = sources(&root)?;
    let shim = staging.join("shim.h");
    fs::write(&shim, SHIM).map_err(SdkError::file(&shim))?;
    let objects: Vec<PathBuf> = (sources.iter().enumerate())
        .map(|(number, source)| {
            let name = source.file_stem().unwrap_or_default().to_string_lossy();
            staging.join(format!("{number:03}-{name}.o"))
        })
        .collect();
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(None);
    let work = || {
        while let Some((source, object)) = {
            let number = next.fetch_add(1, Ordering::Relaxed);
            sources.get(number).zip(objects.get(number))
        } {
            if let Err(error) = one(compiler, &root, &shim, source, object) {
                *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                next.store(sources.len(), Ordering::Relaxed);
            }
        }
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(work);
        }
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let archive = staging.join(LIBRARY);
    let mut run = compiler.command("ar");
    run.arg("rcsD").arg(&archive).args(&objects);
    compiler.output("its C++ library", &mut run)?;
    Ok(archive)
}

/// The sources, in an order that is the same everywhere.
fn sources(root: &Path) -> Result<Vec<PathBuf>, SdkError> {
    let mut sources = Vec::new();
    for directory in DIRECTORIES {
        let directory = root.join(directory);
        let entries = fs::read_dir(&directory).map_err(SdkError::file(&directory))?;
        for entry in entries {
            let path = entry.map_err(SdkError::file(&directory))?.path();
            let is_source = path.extension().is_some_and(|ending| ending == "cpp");
            let is_other = path
                .file_name()
                .is_some_and(|name| name == WITHOUT_EXCEPTIONS);
            if is_source && !is_other {
                sources.push(path);
            }
        }
    }
    sources.sort();
    sources.push(root.join(UNWINDER));
    Ok(sources)
}

fn one(
    compiler: &Compiler,
    root: &Path,
    shim: &Path,
    source: &Path,
    object: &Path,
) -> Result<(), SdkError> {
    let is_cxx = source.extension().is_some_and(|ending| ending == "cpp");
    let mut run = compiler.command(if is_cxx { "c++" } else { "cc" });
    run.args(["-target", TARGET])
        .args(FLAGS)
        .args(EMULATED)
        .args(EXCEPTIONS);
    // Where the compiler is installed is nothing that a library should tell.
    let mut map = OsString::from("-fmacro-prefix-map=");
    map.push(root.join(""));
    map.push("=");
    run.arg(map);
    let mut include = |directory: &str| {
        run.arg("-I").arg(root.join(directory));
    };
    if is_cxx {
        include("libcxx/src");
        include("libcxx/libc");
        include("libcxxabi/include");
        run.args(LIBRARY_OF_CXX).args(OF_LIBRARY);
        run.arg("-include").arg(shim);
    } else {
        include("libunwind/include");
        run.args(OF_UNWINDER);
    }
    run.arg("-c").arg(source).arg("-o").arg(object);
    compiler.output("its C++ library", &mut run)?;
    Ok(())
}
