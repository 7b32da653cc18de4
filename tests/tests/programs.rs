//! Runs every program below `programs/` and compares what it leaves with the files beside it.
//!
//! `name.py` is a case; `name.stdout`, `name.stderr` and `name.status` hold what is expected, nothing
//! and 0 when they are missing. `ERYX_UPDATE=1` writes them anew. A program may begin with settings:
//!
//! ```text
//! # image: example        bare (when none is named), example, snapshot or inline
//! # run: --memory 64MiB   options of eryx-run
//! # args: a b             arguments of the program
//! # as: command           script (when nothing is said), command (-c), stdin (-) or module (-m name)
//! # stdin: text           a line of standard input; may be repeated
//! # fused                 only in the fused image: an override of the base is what is shown
//! # merged                standard error goes to the same pipe as standard output
//! ```
//!
//! Each runs twice: in an image that was fused, and, as `linked/…`, in one of the same inputs that was not.
//! Both must leave the very same.

use eryx_tests::{
    Output, Run, binaries,
    images::{Linking, Shared},
};
use libtest_mimic::{Arguments, Failed, Trial};
use similar::TextDiff;
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    let mut programs = Vec::new();
    find(&root, &mut programs);
    programs.sort();
    let trials = programs
        .iter()
        .flat_map(|path| Linking::ALL.map(|linking| (path.clone(), linking)))
        .filter(|(path, linking)| *linking == Linking::Fused || !needs_fusing(path))
        .map(|(path, linking)| {
            let name = path.with_extension("");
            let name = name
                .strip_prefix(&root)
                .unwrap_or(&name)
                .display()
                .to_string();
            let name = match linking {
                Linking::Fused => name,
                Linking::Linked => format!("linked/{name}"),
            };
            Trial::test(name, move || check(&path, linking).map_err(Failed::from))
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn find(folder: &Path, programs: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the programs are there") {
        let path = entry.expect("the programs are readable").path();
        if path.is_dir() {
            find(&path, programs);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            programs.push(path);
        }
    }
}

/// Whether a program says that what it shows is only there when modules were fused.
fn needs_fusing(path: &Path) -> bool {
    fs::read(path).is_ok_and(|source| {
        let mut lines = source.split(|byte| *byte == b'\n');
        lines.any(|line| line == b"# fused")
    })
}

fn check(path: &Path, linking: Linking) -> Result<(), String> {
    let output = run(path, linking)?;
    let status = match output.status {
        0 => Vec::new(),
        status => format!("{status}\n").into_bytes(),
    };
    let results = [
        ("stdout", &output.stdout),
        ("stderr", &output.stderr),
        ("status", &status),
    ];
    if env::var_os("ERYX_UPDATE").is_some() && linking == Linking::Fused {
        return results.iter().try_for_each(|(kind, actual)| {
            update(&path.with_extension(kind), actual).map_err(|error| error.to_string())
        });
    }
    let mut differences = String::new();
    for (kind, actual) in results {
        let expected = match fs::read(path.with_extension(kind)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            expected => expected.map_err(|error| error.to_string())?,
        };
        if expected != *actual {
            let (expected, actual) = (
                String::from_utf8_lossy(&expected),
                String::from_utf8_lossy(actual),
            );
            let diff = TextDiff::from_lines(&expected, &actual);
            let diff = diff.unified_diff().header("expected", "actual").to_string();
            differences.push_str(&format!("{kind}:\n{diff}\n"));
        }
    }
    if differences.is_empty() {
        Ok(())
    } else {
        Err(differences)
    }
}

fn update(path: &Path, actual: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ if actual.is_empty() => {}
        _ => fs::write(path, actual)?,
    }
    Ok(())
}

/// Runs a program with the settings at its beginning.
fn run(path: &Path, linking: Linking) -> Result<Output, String> {
    let source = fs::read(path).map_err(|error| error.to_string())?;
    let (mut image, mut form) = (Shared::Bare, "script".to_owned());
    let (mut options, mut arguments) = (Vec::new(), Vec::new());
    let (mut input, mut merged) = (String::new(), false);
    let text = String::from_utf8_lossy(&source);
    let settings = text
        .lines()
        .map_while(|line| line.strip_prefix("# "))
        .map_while(|line| {
            let (key, value) = line.split_once(": ").unwrap_or((line, ""));
            // Other comments, such as the encoding of the source, end the settings.
            key.bytes()
                .all(|byte| byte.is_ascii_lowercase())
                .then_some((key, value))
        });
    let words = |value: &str| {
        value
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    for (key, value) in settings {
        match key {
            "image" => {
                image = Shared::named(value).ok_or(format!("there is no image `{value}`"))?;
            }
            "run" => options = words(value),
            "args" => arguments = words(value),
            "as" => form = value.to_owned(),
            "stdin" => input += &format!("{value}\n"),
            "merged" => merged = true,
            "fused" => {}
            _ => return Err(format!("there is no setting `{key}`")),
        }
    }
    let mut run = Run::new(&binaries().eryx_run)
        .args(options)
        .arg(image.image(linking));
    run = match form.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["script"] => {
            // By its name alone, so that `sys.argv` is the same on every machine.
            run.folder(path.parent().unwrap_or(path))
                .arg(path.file_name().unwrap_or_default())
        }
        ["command"] => run.arg("-c").arg(&*text),
        ["stdin"] => run.arg("-").stdin(source.clone()),
        ["module", name] => run.args(["-m", name]),
        _ => return Err(format!("a program cannot be run as `{form}`")),
    };
    if !input.is_empty() {
        run = run.stdin(input);
    }
    if merged {
        run = run.merged();
    }
    Ok(run.args(arguments).run())
}
