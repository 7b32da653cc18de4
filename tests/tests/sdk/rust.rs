//! Rust: crates that cargo builds, setuptools-rust's and Maturin's packages, and what they do in the sandbox.
//!
//! Rust's standard library for the target is added when it is not there. Where it cannot be, these tests say so and
//! do nothing.

use eryx_tests::{Output, Run, binaries, project::Project, python, sdk::sdk};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
    time::Duration,
};

const TARGET: &str = "wasm32-wasip2";

/// How long a build may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(300);

/// pip and the backends.
const TOOLS: [&str; 6] = [
    "pip==26.3",
    "setuptools==84.2.1",
    "setuptools-rust==1.13.0",
    "semantic-version==2.10.0",
    "packaging==26.4",
    "maturin==1.16.0",
];

/// A module against Python's C API, with nothing but Rust's standard library.
pub(crate) const GEARS: &str = include_str!("../../fixtures/rust/gears.rs");

/// A module of PyO3.
const LEVERS: &str = include_str!("../../fixtures/rust/levers.rs");

/// Whether Rust compiles for the target.
pub(crate) fn has_target() -> bool {
    static HAS: LazyLock<bool> = LazyLock::new(|| {
        let has = is_installed() || (run("rustup", &["target", "add", TARGET]) && is_installed());
        if !has {
            eprintln!(
                "skipped: Rust has no standard library for {TARGET} here, and rustup adds none"
            );
        }
        has
    });
    *HAS
}

fn run(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.status.success())
}

fn is_installed() -> bool {
    let mut rustc = Command::new("rustc");
    let output = rustc
        .args(["--print", "target-libdir", "--target", TARGET])
        .output();
    output.is_ok_and(|output| {
        let directory = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success() && Path::new(&directory).is_dir()
    })
}

/// A crate of one source.
fn library(name: &str, source: &str, dependencies: &str) -> Project {
    let settings = format!(
        "[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n\
         [lib]\ncrate-type = [\"cdylib\"]\n[dependencies]\n{dependencies}\n[workspace]\n"
    );
    Project::new("")
        .file("Cargo.toml", settings)
        .file("src/lib.rs", source)
}

/// The same as a package.
fn package(name: &str, source: &str, dependencies: &str, backend: &str, more: &str) -> Project {
    let settings = format!(
        "[build-system]\nrequires = []\nbuild-backend = \"{backend}\"\n\
         [project]\nname = \"{name}\"\nversion = \"1.0\"\n{more}"
    );
    library(name, source, dependencies).file("pyproject.toml", settings)
}

/// A command in a project, with the variables of `eryx sdk env`.
fn in_environment(project: &Project, command: &[&str]) -> Run {
    let tools = python::packages(&TOOLS);
    let mut path = tools.join("bin").into_os_string();
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    sdk(["env", "--"])
        .args(command)
        .env("PYTHONPATH", &tools)
        .env("PATH", path)
        .env("CARGO_TARGET_DIR", project.path("target"))
        .folder(project.folder())
        .limit(LIMIT)
}

fn cargo(project: &Project) -> Output {
    in_environment(project, &["cargo", "build", "--release", "--quiet"]).run()
}

/// The wheel that pip makes of a project, with the name that the backend gave it.
fn wheel(project: &Project) -> (String, Vec<u8>) {
    let command = ["python3", "-m", "pip", "wheel", "--quiet", "--no-deps"];
    let output = in_environment(project, &command)
        .args([
            "--no-build-isolation",
            "--no-cache-dir",
            "--wheel-dir",
            "dist",
            ".",
        ])
        .run();
    assert_eq!(output.status, 0, "{output}");
    let dist = fs::read_dir(project.path("dist")).expect("a wheel is made");
    let made: Vec<PathBuf> = dist
        .map(|entry| entry.expect("it is readable").path())
        .collect();
    assert_eq!(made.len(), 1, "{made:?}");
    let name = made[0]
        .file_name()
        .expect("a wheel has a name")
        .to_string_lossy();
    (
        name.into_owned(),
        fs::read(&made[0]).expect("a wheel is readable"),
    )
}

/// An image with both packages, of which one is imported at bake time.
static PROJECT: LazyLock<Project> = LazyLock::new(|| {
    let extension = "[tool.setuptools]\npy-modules = []\n\
         [[tool.setuptools-rust.ext-modules]]\ntarget = \"gears\"\nbinding = \"NoBinding\"\n";
    let gears = wheel(&package(
        "gears",
        GEARS,
        "",
        "setuptools.build_meta",
        extension,
    ));
    assert_eq!(gears.0, "gears-1.0-cp314-cp314-wasi_wasm32.whl");
    let pyo3 = "pyo3 = { version = \"=0.29.3\", features = [\"abi3-py311\"] }";
    let levers = wheel(&package("levers", LEVERS, pyo3, "maturin", ""));
    assert_eq!(levers.0, "levers-1.0-cp311-abi3-wasi_wasm32.whl");
    let project =
        Project::sample("[packages]\nwheels = [\"*.whl\"]\n[preinit]\nimports = [\"gears\"]\n")
            .file(&gears.0, gears.1)
            .file(&levers.0, levers.1);
    project.bake_fused();
    project
});

fn python(source: &str) -> Run {
    Run::new(&binaries().eryx_run)
        .args(["-e", "GREETING=hello"])
        .arg(PROJECT.image())
        .args(["-c", source])
}

/// Wheels need no new tags, and nothing of the packages was changed.
#[test]
fn modules_of_both_backends_work_in_one_image() {
    if !has_target() {
        return;
    }
    let output = python(
        "import gears\n\
         print(gears.ask('banana'), gears.ask('environment'), gears.ask('time'))\n\
         from levers import levers\n\
         print(levers.force([1, 2.5]), len(levers.Lever([1, 2])), levers.__file__.rpartition('/')[2])\n\
         try:\n    levers.force([])\nexcept ValueError as error:\n    print(error)\n\
         try:\n    levers.Lever('x')\nexcept TypeError as error:\n    print('refused')",
    )
    .run();
    assert_eq!(
        output.ok(),
        "[('a', 3), ('b', 1), ('n', 2)] Ok(\"hello\") 0 true\n\
         3.5 2 levers.abi3.so\na lever needs arms\nrefused\n"
    );
}

/// What it printed before is there, and the message names no path of the machine.
#[test]
fn a_panic_ends_the_program_with_its_message() {
    if !has_target() {
        return;
    }
    let output = python("import gears; print('before', flush=True); gears.ask('panic')").run();
    assert_eq!(
        (output.status, output.out().as_ref()),
        (126, "before\n"),
        "{output}"
    );
    let err = output.err();
    assert!(err.contains("panicked at src/lib.rs:"), "{output}");
    assert!(err.contains("out of ink"), "{output}");
}

#[test]
fn the_same_crate_gives_the_same_bytes_in_every_folder() {
    if !has_target() {
        return;
    }
    let build = || {
        let project = library("gears", GEARS, "");
        assert_eq!(cargo(&project).ok(), "");
        let library = project.path("target/wasm32-wasip2/release/gears.wasm");
        fs::read(library).expect("a library is there")
    };
    let bytes = build();
    assert_eq!(bytes, build());
    let text = String::from_utf8_lossy(&bytes);
    for own in [".cargo/registry", "eryx-project-"] {
        assert!(!text.contains(own), "{own}");
    }
}

#[test]
fn symbols_that_nobody_has_are_named() {
    if !has_target() {
        return;
    }
    let source = "extern \"C\" { fn fork() -> i32; }\n\
                  #[no_mangle] pub extern \"C\" fn PyInit_gears() -> i32 { unsafe { fork() } }\n";
    let output = cargo(&library("gears", source, ""));
    assert_ne!(output.status, 0, "{output}");
    for word in ["gears.wasm needs `fork`", "starts processes"] {
        assert!(output.err().contains(word), "{output}");
    }
}

#[test]
fn programs_are_refused_in_one_sentence() {
    if !has_target() {
        return;
    }
    let project = library("gears", GEARS, "").file("src/bin/stubs.rs", "fn main() {}\n");
    let output = cargo(&project);
    assert_ne!(output.status, 0, "{output}");
    for word in ["is a program", "`cargo build --lib`"] {
        assert!(output.err().contains(word), "{output}");
    }
    let command = ["cargo", "build", "--release", "--quiet", "--lib"];
    assert_eq!(in_environment(&project, &command).run().ok(), "");
}

/// A compiler that knows nothing of the target, with any other fault.
#[test]
fn a_missing_standard_library_is_told_with_what_to_do() {
    let project = Project::new("");
    let script = "RUSTUP_TOOLCHAIN=1.95.0 $RUSTC_WRAPPER false --target wasm32-wasip2";
    let output = in_environment(&project, &["sh", "-c", script]).run();
    assert_eq!(output.status, 1, "{output}");
    for word in [
        "rustup target add wasm32-wasip2 --toolchain 1.95.0",
        "libstd-rust-dev-wasm32",
    ] {
        assert!(output.err().contains(word), "{output}");
    }
    // Of what runs on the machine it says nothing.
    let output = in_environment(&project, &["sh", "-c", "$RUSTC_WRAPPER false"]).run();
    assert_eq!((output.status, output.err().as_ref()), (1, ""), "{output}");
}
