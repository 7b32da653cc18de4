//! Compiling for the sandbox.

use super::{
    adapt,
    arguments::{Action, Command, Input},
    dependencies::Dependencies,
    explain,
    program::{Exceptions, Program},
};
use crate::{
    Sdk, SdkError,
    compiler::{Compiler, TARGET},
    record::PYTHON,
};
use std::{
    ffi::{OsStr, OsString},
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{self, Stdio},
};

/// For every source. Code is independent of its place, and names are a library's own unless it says
/// otherwise, as Python's modules do: two libraries may have functions of one name then. Nothing here
/// depends on the machine.
pub(super) const FLAGS: [&str; 7] = [
    "-fPIC",
    "-fno-stack-protector",
    "-fvisibility=hidden",
    "-fno-sanitize=all",
    "-g0",
    "-Wno-unused-command-line-argument",
    "-D_GNU_SOURCE",
];

/// What the libraries of the sandbox have beyond the system itself, and the headers hide without these.
pub(super) const EMULATED: [&str; 5] = [
    "-D__wasilibc_use_wasip2",
    "-D_WASI_EMULATED_GETPID",
    "-D_WASI_EMULATED_MMAN",
    "-D_WASI_EMULATED_PROCESS_CLOCKS",
    "-D_WASI_EMULATED_SIGNAL",
];

/// The runtime's C++ library has its names in another namespace than the compiler's own, and was configured
/// with parts that the compiler leaves out on this target. The symbols of all of them are there; that no
/// thread can be started shows at run time, as everywhere in the sandbox.
pub(super) const LIBRARY_OF_CXX: [&str; 9] = [
    "-U_LIBCPP_ABI_NAMESPACE",
    "-D_LIBCPP_ABI_NAMESPACE=__2",
    "-U_LIBCPP_ABI_VERSION",
    "-D_LIBCPP_ABI_VERSION=2",
    "-U_LIBCPP_HAS_FILESYSTEM",
    "-D_LIBCPP_HAS_FILESYSTEM=1",
    "-U_LIBCPP_HAS_THREADS",
    "-D_LIBCPP_HAS_THREADS=1",
    "-D_LIBCPP_HAS_THREAD_API_PTHREAD=1",
];

/// C++ exceptions by WebAssembly's own, in the encoding of the standard. Assembly needs them, too.
pub(super) const EXCEPTIONS: [&str; 5] = [
    "-fexceptions",
    "-fwasm-exceptions",
    "-mexception-handling",
    "-mllvm",
    "-wasm-use-legacy-eh=false",
];

/// Variables by which compilers find the machine's own headers and libraries.
const VARIABLES: [&str; 6] = [
    "CPATH",
    "C_INCLUDE_PATH",
    "CPLUS_INCLUDE_PATH",
    "OBJC_INCLUDE_PATH",
    "LIBRARY_PATH",
    "SDKROOT",
];

/// Directories of the machine's own headers.
const SYSTEM_DIRECTORIES: [&str; 3] = [
    "/usr/include",
    "/usr/local/include",
    "/opt/homebrew/include",
];

/// Answers what is asked about the compiler itself.
pub(super) fn ask(
    compiler: &Compiler,
    program: Program,
    command: &Command,
) -> Result<i32, SdkError> {
    let name = if program == Program::Cxx { "c++" } else { "cc" };
    let mut ask = compiler.command(name);
    ask.args(["-target", TARGET]).args(&command.flags);
    compiler.status(&mut ask)
}

/// Compiles every source as far as is asked for.
pub(super) fn compile(
    sdk: &Sdk,
    compiler: &Compiler,
    command: &Command,
    exceptions: Exceptions,
) -> Result<i32, SdkError> {
    let sources: Vec<&PathBuf> = command
        .inputs
        .iter()
        .filter_map(|input| match input {
            Input::Source(path) => Some(path),
            _ => None,
        })
        .collect();
    if sources.is_empty() {
        return Err(SdkError::Usage(
            "there is nothing to compile: name a source".to_owned(),
        ));
    }
    if sources.len() > 1 && command.output.is_some() {
        return Err(SdkError::Usage(
            "several sources cannot be compiled into one file: name one source, or leave out `-o`"
                .to_owned(),
        ));
    }
    for source in sources {
        let ending = match command.action {
            Action::Preprocess => None,
            Action::Assembly => Some("s"),
            _ => Some("o"),
        };
        let by_name = || Some(PathBuf::from(source.file_name()?).with_extension(ending?));
        let output = command.output.clone().or_else(by_name);
        let status = one(
            sdk,
            compiler,
            command,
            exceptions,
            source,
            output.as_deref(),
        )?;
        if status != 0 {
            return Ok(status);
        }
    }
    Ok(0)
}

/// Compiles one source into an object, or as far as is asked for.
pub(super) fn one(
    sdk: &Sdk,
    compiler: &Compiler,
    command: &Command,
    exceptions: Exceptions,
    source: &Path,
    output: Option<&Path>,
) -> Result<i32, SdkError> {
    let action = match command.action {
        Action::Preprocess => "-E",
        Action::Assembly => "-S",
        _ => "-c",
    };
    match output {
        Some(output) if action == "-c" && !is_assembly(command, source) => {
            object(sdk, compiler, command, exceptions, source, output)
        }
        _ => {
            let mut run = frontend(sdk, compiler, command, exceptions, source);
            run.arg(action).arg(source);
            if let Some(output) = output {
                run.arg("-o").arg(output);
            }
            told(compiler, command, source, &mut run)
        }
    }
}

/// Compiles by way of assembly, in which functions are adapted to how Python calls them.
fn object(
    sdk: &Sdk,
    compiler: &Compiler,
    command: &Command,
    exceptions: Exceptions,
    source: &Path,
    output: &Path,
) -> Result<i32, SdkError> {
    let directory = tempfile::tempdir().map_err(SdkError::file(std::env::temp_dir()))?;
    let assembly = directory.path().join("assembly.s");
    let (dependencies, flags) = Dependencies::split(&command.flags);
    let command = &Command {
        flags,
        ..command.clone()
    };
    let frontend = || frontend(sdk, compiler, command, exceptions, source);
    let mut run = frontend();
    run.arg("-S").arg(source).arg("-o").arg(&assembly);
    match told(compiler, command, source, &mut run)? {
        0 => {}
        failed => return Ok(failed),
    }
    if let Some(flags) = dependencies.of_object(output) {
        match compiler.status(frontend().args(flags).arg(source))? {
            0 => {}
            failed => return Ok(failed),
        }
    }
    let text = fs::read_to_string(&assembly).map_err(SdkError::file(&assembly))?;
    if let Some(adapted) = adapt::adapted(&text) {
        fs::write(&assembly, adapted).map_err(SdkError::file(&assembly))?;
    }
    let mut run = compiler.command("cc");
    run.args(["-target", TARGET, "-g0", "-c"])
        .arg("-Wno-unused-command-line-argument")
        .args(exception_flags(command, exceptions, source))
        .arg(&assembly)
        .arg("-o")
        .arg(output);
    compiler.status(&mut run)
}

fn is_assembly(command: &Command, source: &Path) -> bool {
    match &command.language {
        Some(language) => language.to_string_lossy().starts_with("assembler"),
        None => source
            .extension()
            .is_some_and(|ending| ending == "s" || ending == "S"),
    }
}

/// The compiler with all that is the same whatever comes out.
fn frontend(
    sdk: &Sdk,
    compiler: &Compiler,
    command: &Command,
    exceptions: Exceptions,
    source: &Path,
) -> process::Command {
    let is_cxx = command.is_cxx_source(source);
    let mut run = compiler.command(if is_cxx { "c++" } else { "cc" });
    for variable in VARIABLES {
        run.env_remove(variable);
    }
    run.args(["-target", TARGET]).args(FLAGS).args(EMULATED);
    if let Ok(directory) = std::env::current_dir() {
        // Where a build runs is nothing that a library should tell.
        let mut map = OsString::from("-fmacro-prefix-map=");
        map.push(directory.join(""));
        map.push("=");
        run.arg(map);
    }
    if is_cxx {
        run.args(LIBRARY_OF_CXX);
    }
    run.args(exception_flags(command, exceptions, source));
    run.args(&command.flags);
    for (flag, directory) in &command.includes {
        if let Some(directory) = fitting(sdk, directory) {
            run.arg(flag).arg(directory);
        }
    }
    run.arg("-isystem").arg(sdk.include());
    if let Some(language) = &command.language {
        run.arg("-x").arg(language);
    }
    run
}

/// What is said of exceptions for a source: nothing for C, which lets those of others pass anyhow.
fn exception_flags(
    command: &Command,
    exceptions: Exceptions,
    source: &Path,
) -> &'static [&'static str] {
    if !command.is_cxx_source(source) {
        return &[];
    }
    match (command.wants_exceptions, exceptions) {
        (Some(false), _) | (None, Exceptions::Refuse) => &["-fno-exceptions"],
        (_, Exceptions::Throw) => &EXCEPTIONS,
        // Linking tells what comes of it.
        (Some(true), Exceptions::Refuse) | (_, Exceptions::Abort) => &["-fexceptions"],
    }
}

/// Runs the compiler; what it says of C++ is explained.
fn told(
    compiler: &Compiler,
    command: &Command,
    source: &Path,
    run: &mut process::Command,
) -> Result<i32, SdkError> {
    match command.is_cxx_source(source) {
        true => explaining(compiler, run),
        false => compiler.status(run),
    }
}

/// Compiles C++, and adds to what the compiler says of exceptions.
fn explaining(compiler: &Compiler, run: &mut process::Command) -> Result<i32, SdkError> {
    let run = run.stdin(Stdio::inherit()).stdout(Stdio::inherit());
    let output = run.output().map_err(compiler.not_started())?;
    // When standard error is gone there is nobody left to tell.
    let _ = std::io::stderr().write_all(&output.stderr);
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() && text.contains("exceptions disabled") {
        return Err(SdkError::Unresolved(explain::NO_EXCEPTIONS.to_owned()));
    }
    Ok(output.status.code().unwrap_or(1))
}

/// The directory that stands for one of headers: the SDK's own for those of a Python, and none for those of
/// the machine.
fn fitting(sdk: &Sdk, directory: &Path) -> Option<PathBuf> {
    let has_python = |directory: &Path| {
        directory.join("Python.h").is_file() && directory.join("pyconfig.h").is_file()
    };
    if has_python(directory) {
        return Some(sdk.include());
    }
    // Parts of Python's headers have directories of their own, and Debian has a second one for `pyconfig.h`.
    let name = directory.file_name().unwrap_or_default();
    if directory.parent().is_some_and(has_python) {
        return Some(sdk.include().join(name));
    }
    let is_python = name.to_string_lossy().starts_with("python3") || name == OsStr::new(PYTHON);
    if is_python && directory.join("pyconfig.h").is_file() {
        return Some(sdk.include());
    }
    let is_system = SYSTEM_DIRECTORIES.iter().any(|system| {
        let below = directory.strip_prefix(system);
        below.is_ok_and(|rest| {
            rest.as_os_str().is_empty() || rest.to_string_lossy().contains("-linux-")
        })
    });
    (!is_system).then(|| directory.to_owned())
}
