//! Putting the SDK together.

use super::{
    Sdk, SdkError, build_systems, cargo,
    compiler::Compiler,
    environment, headers,
    location::Location,
    pyconfig,
    record::{PYO3_CONFIGURATION, PYTHON, Record},
    runtime::{BuiltIn, Runtime},
    sysconfig,
};
use eryx_runtime::ziglang;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What can be chosen.
#[derive(Debug, Clone, Default)]
pub struct InstallOptions {
    /// A directory with Python's headers.
    pub python_include: Option<PathBuf>,
    /// A directory with the runtime to build for, instead of the built-in one.
    pub runtime: Option<PathBuf>,
    /// Whether one that is there is made again.
    pub again: bool,
}

/// Installs the SDK of this version of eryx unless it is there, and tells `say` each step.
///
/// Others that install at the same time wait for one another; what a killed one left is removed.
///
/// # Errors
/// When a part cannot be had, or the directory cannot be written.
pub fn install(
    options: &InstallOptions,
    built_in: BuiltIn,
    say: &dyn Fn(&str),
) -> Result<Sdk, SdkError> {
    let chosen = Runtime::new(options.runtime.as_deref(), built_in)?;
    let location = Location::of_user(&chosen)?;
    let _lock = location.lock()?;
    if !options.again
        && options.python_include.is_none()
        && let Some(sdk) = location.installed()?
    {
        environment::write_programs(&sdk)?;
        return Ok(sdk);
    }

    let runtime = chosen.read()?;
    let variables = sysconfig::variables(&runtime)?;
    let debian = headers::debian_directory()?;
    let source = headers::find(options.python_include.as_deref(), &debian, say)?;
    say(&format!("headers: {} ({})", source.version, source.origin));

    let staging = location.staging()?;
    let include = staging.path().join("include").join(PYTHON);
    headers::copy(&source, &include)?;
    let template =
        headers::read(&source.configuration).map_err(SdkError::file(&source.configuration))?;
    let configuration = pyconfig::derive(&template, &variables);
    write(&include.join("pyconfig.h"), configuration.as_bytes())?;

    let lib = directory(staging.path(), "lib")?;
    for library in runtime.libraries() {
        write(&lib.join(&library.name), &library.bytes)?;
    }
    let module = sysconfig::data_module(&variables, &location.directory);
    let python = directory(staging.path(), "python")?;
    let name = format!("{}.py", sysconfig::DATA_MODULE);
    write(&python.join(name), module.as_bytes())?;
    let details = sysconfig::build_details(runtime.python(), &location.directory);
    let details = format!("{details:#}\n");
    write(
        &staging.path().join("build-details.json"),
        details.as_bytes(),
    )?;

    write(
        &staging.path().join(PYO3_CONFIGURATION),
        cargo::configuration(runtime.python()).as_bytes(),
    )?;
    build_systems::write(staging.path(), &location.directory)?;

    if ziglang::installed()?.is_none() {
        say("installing the compiler, 100 MB");
    }
    let program = ziglang::install()?;
    let compiler = Compiler::new(&program, staging.path().join("cache"));
    say("compiling the compiler's runtime library");
    compiler.compile_libraries(&lib)?;
    let record = Record {
        python: runtime.python().to_owned(),
        runtime: runtime.identity().to_owned(),
        headers: source.version,
        origin: source.origin,
        compiler: program.display().to_string(),
        compiler_version: compiler.version()?,
    };
    location.put(staging, &record)?;
    let sdk = location
        .installed()?
        .ok_or_else(|| SdkError::NotInstalled(location.directory.clone()))?;
    environment::write_programs(&sdk)?;
    Ok(sdk)
}

fn directory(above: &Path, name: &str) -> Result<PathBuf, SdkError> {
    let path = above.join(name);
    fs::create_dir_all(&path).map_err(SdkError::file(&path))?;
    Ok(path)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), SdkError> {
    fs::write(path, bytes).map_err(SdkError::file(path))
}
