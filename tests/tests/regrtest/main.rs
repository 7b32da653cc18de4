//! Some modules of CPython's own tests, each in a fresh sandbox, by CPython's own runner.
//!
//! `modules.txt` has a module a line and what must come of it. The tests are Debian's packages of them, or
//! the folder `Lib/test` that `ERYX_REGRTEST` names on a machine without apt. They are of a newer CPython
//! than the runtime's, so a module that fails with a newer package of them may only want what came since.
//!
//! Each module runs in an image that was fused; with `ERYX_REGRTEST_LINKED=1`, as `linked/…` in one
//! that was not, too. `.ci/slow` does so. Every program of `programs/` always runs in both.
//!
//! `cargo run --release -p eryx-evidence -- regrtest` runs all modules, and writes `docs/src/evidence/regrtest.md`.

use eryx_debian::{Request, fetch};
use eryx_tests::{eryx_run, images::Linking, target};
use libtest_mimic::{Arguments, Failed, Trial};
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::OnceLock,
    time::Duration,
};

const MODULES: &str = include_str!("modules.txt");

/// The packages of Debian that have `Lib/test` between them.
const PACKAGES: [&str; 2] = ["libpython3.14-stdlib", "libpython3.14-testsuite"];

const MANIFEST: &str = "[image]\nname = \"regrtest\"\n\n[image.files]\n\"test\" = \"/app/test\"\n";

/// What no module of the list needs, and is large.
const LEFT_OUT: [&str; 3] = ["wheeldata", "crashers", "leakers"];

fn main() -> ExitCode {
    let linkings = match env::var_os("ERYX_REGRTEST_LINKED") {
        Some(_) => &Linking::ALL[..],
        None => &[Linking::Fused],
    };
    let trials = modules()
        .into_iter()
        .flat_map(|(module, expected)| {
            linkings.iter().map(move |&linking| {
                let name = match linking {
                    Linking::Fused => module.to_owned(),
                    Linking::Linked => format!("linked/{module}"),
                };
                Trial::test(name, move || {
                    check(module, expected, linking).map_err(Failed::from)
                })
            })
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The list: names, and `passed` or `skipped`.
fn modules() -> BTreeMap<&'static str, &'static str> {
    let lines = MODULES.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (module, expected) = line.split_once(' ').expect("a line has two words");
            assert!(matches!(expected, "passed" | "skipped"), "{line}");
            (module, expected)
        })
        .collect()
}

fn check(module: &str, expected: &str, linking: Linking) -> Result<(), String> {
    let (image, version) = image(linking)?;
    let output = eryx_run(image)
        .args(["-m", "test", "--randseed", "1", module])
        .limit(Duration::from_secs(300))
        .run();
    // As in `0:00:01 [1/1] test_bool passed`, where a reason or a number of tests may follow.
    let told = format!(" [1/1] {module} {expected}");
    if output.status == 0 && output.out().contains(&told) {
        return Ok(());
    }
    Err(format!(
        "{module} is not {expected} (the tests are {version})\n{output}"
    ))
}

/// The image with the tests, and where they come from.
fn image(linking: Linking) -> Result<&'static (PathBuf, String), String> {
    type Made = Result<(PathBuf, String), String>;
    static IMAGES: [OnceLock<Made>; 2] = [const { OnceLock::new() }; 2];
    IMAGES[linking as usize]
        .get_or_init(|| make_image(linking))
        .as_ref()
        .map_err(Clone::clone)
}

fn make_image(linking: Linking) -> Result<(PathBuf, String), String> {
    let (sources, version) = sources()?;
    let mut files = BTreeMap::new();
    for source in &sources {
        let entries =
            fs::read_dir(source).map_err(|error| format!("{}: {error}", source.display()))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_wanted(&name) {
                read(&entry.path(), &format!("test/{name}"), &mut files)
                    .map_err(|error| format!("{}: {error}", entry.path().display()))?;
            }
        }
    }
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(path, contents)| (path.as_str(), contents.as_slice()))
        .collect();
    Ok((linking.shared("regrtest", MANIFEST, &files), version))
}

/// Whether something at the top of the tests goes into the image: the modules of the list, and all that
/// modules have in common.
fn is_wanted(name: &str) -> bool {
    let module = name.strip_suffix(".py").unwrap_or(name);
    let listed = || {
        modules()
            .keys()
            .any(|one| one.split('.').any(|part| part == module))
    };
    // Files that are no modules are what some module compares with.
    let is_module = name.starts_with("test_") && (name.ends_with(".py") || !name.contains('.'));
    !LEFT_OUT.contains(&name) && (!is_module || listed())
}

fn read(path: &Path, name: &str, files: &mut BTreeMap<String, Vec<u8>>) -> std::io::Result<()> {
    if !path.is_dir() {
        files.insert(name.to_owned(), fs::read(path)?);
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name() != "__pycache__" {
            let name = format!("{name}/{}", entry.file_name().to_string_lossy());
            read(&entry.path(), &name, files)?;
        }
    }
    Ok(())
}

/// The folders that have the tests, and where they come from, in words.
fn sources() -> Result<(Vec<PathBuf>, String), String> {
    if let Some(folder) = env::var_os("ERYX_REGRTEST").filter(|folder| !folder.is_empty()) {
        return Ok((vec![folder.into()], "those of ERYX_REGRTEST".to_owned()));
    }
    let folder = target().join("debian");
    let mut sources = Vec::new();
    let mut version = String::new();
    for package in PACKAGES {
        let request = Request {
            package,
            suite: "sid",
            directory: &folder,
            refresh: false,
        };
        let package = fetch(&request).map_err(|error| {
            format!("{error}; or set ERYX_REGRTEST to the folder Lib/test of a CPython 3.14")
        })?;
        sources.push(package.files.join("usr/lib/python3.14/test"));
        version = format!("Debian's {}", package.version);
    }
    Ok((sources, version))
}
