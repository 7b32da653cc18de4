//! Native packages by their names: built while an image is baked, with programs of the machine, when the manifest
//! allows it and never else.

use crate::{build_systems, rust};
use eryx_tests::{
    Output, Run, Terminal, binaries, eryx_build, eryx_run,
    project::{Project, explained},
    sdk,
    source::Source,
};
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// How long a bake with builds may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(600);

const PROJECT: &str =
    "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n";

const BACKEND: &str = include_str!("../../fixtures/native/backend.py");

/// A module with one function.
const MODULE: &str = r#"
#include <Python.h>

static PyObject *twice(PyObject *module, PyObject *number) {
    return PyLong_FromLong(2 * PyLong_AsLong(number));
}
static PyMethodDef methods[] = {{"twice", twice, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "gears", NULL, 0, methods};
PyMODINIT_FUNC PyInit_gears(void) { return PyModuleDef_Init(&definition); }
"#;

const ALLOWED: &str = "[packages.build]\nallow = [\"eryx-sample-gears\"]\n";

/// A project that requires the sample by its name, and a directory with its source distribution.
struct Sample {
    project: Project,
    /// What a build of the sample leaves on the machine.
    mark: PathBuf,
}

impl Sample {
    fn new(module: &str, lines: &str) -> Self {
        Self::with(lines, |source| source.file("gears.c", module))
    }

    /// A sample whose source distribution has more in it.
    fn with(lines: &str, more: impl FnOnce(Source) -> Source) -> Self {
        let project = Project::sample("");
        let mark = project.path("mark");
        let source = Source::new("eryx_sample_gears", "1.0")
            .file("pyproject.toml", PROJECT)
            .file("backend.py", BACKEND)
            .file("mark.txt", mark.to_string_lossy().as_bytes());
        more(source).write(&project.path("links"));
        let sample = Self { project, mark };
        sample.manifest(lines);
        sample
    }

    /// Changes the lines of the manifest.
    fn manifest(&self, lines: &str) {
        let packages =
            "[packages]\nrequirements = [\"eryx-sample-gears\"]\nfind-links = [\"links\"]\n";
        let text = eryx_tests::project::sample(&format!("{packages}{lines}"));
        fs::write(self.project.path("eryx.toml"), text).expect("a file is written");
    }

    fn bake(&self) -> Run {
        alone(self.project.bake())
    }

    fn lock(&self) -> Output {
        let run = eryx_build().args(["lock", "--quiet", "--upgrade", "--file"]);
        alone(run.arg(self.project.path("eryx.toml"))).run()
    }

    /// How often the sample was built on the machine.
    fn built(&self) -> usize {
        fs::read_to_string(&self.mark).map_or(0, |text| text.lines().count())
    }
}

/// A command with the tests' SDK.
fn with_sdk(command: Run) -> Run {
    assert_eq!(sdk::sdk(["env"]).run().status, 0, "the SDK is there");
    command
        .env("ERYX_SDK_DIR", sdk::root())
        .env("ERYX_RESOLVER", "pip")
        .limit(LIMIT)
}

/// The same, which sees no index.
fn alone(command: Run) -> Run {
    with_sdk(command).env("PIP_NO_INDEX", "1")
}

#[test]
fn a_build_runs_programs_of_the_machine_when_the_manifest_allows_it_and_never_else() {
    let sample = Sample::new(MODULE, "");
    let message = sample.project.refused_by(sample.bake().arg("--quiet"));
    assert!(message.contains("`packages.build.allow`"), "{message}");
    assert_eq!(sample.built(), 0, "a stranger's code ran on the host");

    for allow in ["[\"another\"]", "\"none\""] {
        sample.manifest(&format!("[packages.build]\nallow = {allow}\n"));
        explained(&sample.lock());
        assert_eq!(sample.built(), 0, "a stranger's code ran on the host");
    }

    let more = "config-settings = { \"eryx-sample-gears:speed\" = \"1 2\", \"other:speed\" = \"3\" }\n\
                environment = { SAMPLE_ALL = \"1\", \"eryx-sample-gears:SAMPLE_OWN\" = \"2\", \"other:SAMPLE_OTHER\" = \"3\" }\n";
    sample.manifest(&format!("{ALLOWED}{more}"));
    let output = sample.bake().env("SAMPLE_SECRET", "x").run();
    assert_eq!(output.status, 0, "{output}");
    assert_eq!(sample.built(), 1, "{output}");
    let code = "
import gears, told, importlib.metadata, json
print(gears.twice(21))
print(told.TOLD['settings'], told.TOLD['variables'], told.TOLD['home'])
distribution = importlib.metadata.distribution('eryx-sample-gears')
print(distribution.read_text('WHEEL').splitlines()[-1])
print(json.loads(distribution.read_text('sboms/eryx.cdx.json'))['metadata']['component']['purl'])
";
    let image = sample.project.image();
    let ran = eryx_run(&image).args(["-c", code]).run();
    assert_eq!(
        ran.ok(),
        "42\n{'speed': ['1', '2']} ['SAMPLE_ALL', 'SAMPLE_OWN'] home\n\
         Tag: cp314-cp314-wasi_wasm32\npkg:pypi/eryx-sample-gears@1.0\n"
    );
    // What it requires is found out by building, too.
    let again = sample.lock();
    assert_eq!(again.status, 0, "{again}");
    assert_eq!(sample.built(), 1, "it was built again\n{again}");
    sample.manifest("[packages.build]\nallow = \"all\"\n");
    let all = sample.lock();
    assert_eq!(all.status, 0, "what the sandbox cannot build\n{all}");
    assert_eq!(sample.built(), 2, "{all}");
}

#[test]
fn a_build_that_fails_shows_the_first_error_and_where_the_rest_is() {
    let module = MODULE.replace("return PyLong_FromLong", "return 1 +;");
    let sample = Sample::new(&module, ALLOWED);
    let message = explained(&sample.bake().arg("--quiet").run());
    assert!(!sample.project.image().exists());
    let expected = "building eryx-sample-gears failed: gears.c:5:";
    assert!(message.contains(expected), "{message}");
    assert!(message.contains("error: expected expression"), "{message}");
    let log = message
        .split_once("all it said is in ")
        .expect("a log is named")
        .1;
    let log = log.lines().next().expect("a path");
    let text = fs::read_to_string(log).expect("the log is there");
    assert!(text.contains("gears.c -o gears.o"), "{text}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_asked_and_the_answer_holds_once() {
    let sample = Sample::new(MODULE, "");
    assert_eq!(sdk::sdk(["env"]).run().status, 0, "the SDK is there");
    let ask = |answer: &str| {
        let mut sdk_directory = OsString::from("ERYX_SDK_DIR=");
        sdk_directory.push(sdk::root());
        let mut words = vec![
            sdk_directory,
            "PIP_NO_INDEX=1".into(),
            "ERYX_RESOLVER=pip".into(),
        ];
        words.push(binaries().eryx_build.clone().into());
        words.extend(["build".into(), "--file".into()]);
        words.push(sample.project.path("eryx.toml").into());
        words.extend(["--output".into(), sample.project.image().into()]);
        let mut terminal = Terminal::start(Path::new("/usr/bin/env"), words, "dumb");
        terminal.wait_for("[y/N] ");
        terminal.type_keys(answer);
        terminal.finish()
    };
    let (screen, status) = ask("n\r");
    assert_eq!(status, 1, "{screen}");
    assert!(screen.contains("eryx-sample-gears 1.0 runs"), "{screen}");
    assert_eq!(sample.built(), 0, "a stranger's code ran on the host");
    assert!(!sample.project.image().exists(), "{screen}");

    let (screen, status) = ask("y\r");
    assert_eq!(status, 0, "{screen}");
    assert_eq!(sample.built(), 1, "{screen}");
    let manifest = fs::read_to_string(sample.project.path("eryx.toml")).expect("it is there");
    assert!(!manifest.contains("allow"), "a person writes the manifest");
}

/// For sharing: a directory of wheels takes the place of builds.
#[test]
fn wheels_are_built_alone_and_are_the_same_bytes_wherever_they_are_built() {
    // The sandbox would make a wheel of it that lacks the native part.
    let sample = Sample::with("", |source| {
        source.file("gears.c", MODULE).file("optional.txt", "")
    });
    let build = |output: &str| {
        let run = eryx_build().args(["wheel", "build", "eryx-sample-gears==1.0", "--output"]);
        let run = run.arg(sample.project.path(output)).arg("--quiet");
        alone(run).env("PIP_FIND_LINKS", sample.project.path("links"))
    };
    let name = "eryx_sample_gears-1.0-cp314-cp314-wasi_wasm32.whl";
    let wheel = |output: &str| sample.project.path(output).join(name);
    let printed = build("one").run().ok();
    assert_eq!(printed, format!("{}\n", wheel("one").display()));
    let elsewhere = build("two").env("ERYX_CACHE_DIR", sample.project.path("cache"));
    assert_eq!(elsewhere.run().status, 0);
    assert_eq!(sample.built(), 2);
    let bytes = |output: &str| fs::read(wheel(output)).expect("the wheel is there");
    assert!(bytes("one") == bytes("two"), "the wheels differ");

    let manifest = eryx_tests::project::sample(
        "[packages]\nrequirements = [\"eryx-sample-gears\"]\nfind-links = [\"links\", \"one\"]\n",
    );
    fs::write(sample.project.path("eryx.toml"), manifest).expect("a file is written");
    assert_eq!(sample.lock().status, 0);
    let lock = fs::read_to_string(sample.project.path("pylock.toml")).expect("it is there");
    assert!(lock.contains(name), "{lock}");
    assert_eq!(sample.built(), 2, "it was built again");

    // Where nothing is allowed, a package that works without its native part is no obstacle.
    let recipe = "[package]\nname = \"eryx-sample-gears\"\noptional = true\n";
    let recipes = sample.project.path("recipes");
    fs::create_dir(&recipes).expect("a folder is made");
    fs::write(recipes.join("gears.toml"), recipe).expect("a file is written");
    let manifest = eryx_tests::project::sample(
        "[packages]\nrequirements = [\"eryx-sample-gears\"]\nfind-links = [\"links\"]\n\
         [packages.build]\nrecipes = \"recipes\"\n",
    );
    let manifest = manifest.replace("[image]\n", "[image]\nentrypoint = \"absent.py\"\n");
    fs::write(sample.project.path("eryx.toml"), manifest).expect("a file is written");
    let message = explained(&sample.bake().arg("--quiet").run());
    assert!(
        message.contains("the entrypoint"),
        "it was not built\n{message}"
    );
    assert_eq!(sample.built(), 2, "a stranger's code ran on the host");
}

/// Before anything is built, all are told at once.
#[test]
fn backends_that_run_programs_are_told_before_the_build_with_the_line_to_add() {
    let project = Project::sample(
        "[packages]\nrequirements = [\"eryx-sample-levers\", \"eryx-sample-springs\"]\nfind-links = [\"links\"]\n",
    );
    for (name, backend) in [
        ("eryx_sample_levers", "mesonpy"),
        ("eryx_sample_springs", "maturin"),
    ] {
        let settings =
            format!("[build-system]\nrequires = [\"{backend}\"]\nbuild-backend = \"{backend}\"\n");
        let information = format!("Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n");
        Source::new(name, "1.0")
            .file("PKG-INFO", information)
            .file("pyproject.toml", settings)
            .write(&project.path("links"));
    }
    let message = project.refused_by(alone(project.bake().arg("--quiet")));
    assert_eq!(
        message,
        "error: 2 packages have to be built with programs of this machine, which run with your rights:\n  \
         eryx-sample-levers 1.0 runs meson, ninja\n  \
         eryx-sample-springs 1.0 runs cargo\n\
         if you trust them, allow it in the manifest:\n  \
         [packages.build]\n  \
         allow = [\"eryx-sample-levers\", \"eryx-sample-springs\"]\n"
    );
}

#[test]
fn recipes_of_the_user_are_checked_before_anything_is_built() {
    let sample = Sample::new(MODULE, &format!("{ALLOWED}recipes = \"recipes\"\n"));
    let recipes = sample.project.path("recipes");
    fs::create_dir(&recipes).expect("a folder is made");
    fs::write(
        recipes.join("gears.toml"),
        "[package]\nname = \"gears\"\nspeed = 1\n",
    )
    .expect("a file is written");
    let message = sample.project.refused_by(sample.bake().arg("--quiet"));
    assert!(
        message.contains("gears.toml is not right: line 3: unknown field `speed`"),
        "{message}"
    );
    assert_eq!(sample.built(), 0);
}

#[test]
fn a_recipe_is_checked_by_building_baking_and_running_its_check() {
    let sample = Sample::new(MODULE, "");
    let recipes = sample.project.path("recipes");
    fs::create_dir(&recipes).expect("a folder is made");
    let check = |name: &str, code: &str| {
        let recipe = format!(
            "[package]\nname = \"eryx-sample-gears\"\nproved = {{ version = \"1.0\", date = \"2026-11-29\" }}\n\
             environment = {{ SAMPLE_OF_RECIPE = \"1\" }}\n[check]\nimports = [\"gears\"]\ncode = \"{code}\"\n"
        );
        fs::write(recipes.join("gears.toml"), recipe).expect("a file is written");
        let run = eryx_build().args(["recipe", "check", name, "--quiet", "--recipes"]);
        let run = alone(run.arg(&recipes));
        run.env("PIP_FIND_LINKS", sample.project.path("links"))
            .run()
    };
    let code = "import gears, told; assert (gears.twice(2), told.TOLD['variables']) == (4, ['SAMPLE_OF_RECIPE'])";
    let passed = check("Eryx_Sample-Gears", code);
    assert_eq!(passed.ok(), "eryx-sample-gears==1.0: its check passes\n");
    let failed = check(
        "eryx-sample-gears",
        "import gears; assert gears.twice(2) == 5, 'four'",
    );
    assert!(
        explained(&failed).contains("AssertionError: four"),
        "{failed}"
    );
    let unknown = check("unknown", "");
    assert!(
        explained(&unknown).contains("`unknown` has no recipe"),
        "{unknown}"
    );
    let list = eryx_build()
        .args(["recipe", "list", "--recipes"])
        .arg(&recipes)
        .run();
    let list = list.ok();
    assert!(list.contains("\nnumpy >=2.3, proved with "), "{list}");
    assert!(
        list.starts_with("eryx-sample-gears, proved with 1.0 on 2026-11-29\n"),
        "{list}"
    );
}

#[test]
fn a_build_needs_a_python_and_says_so() {
    let sample = Sample::new(MODULE, &format!("{ALLOWED}python = \"/no/such/python\"\n"));
    let message = sample.project.refused_by(sample.bake().arg("--quiet"));
    assert!(
        message.contains("no Python with pip was found"),
        "{message}"
    );
    assert!(message.contains("`packages.build.python`"), "{message}");
}

/// A source distribution whose build requires real packages.
fn sample(name: &str, requires: &[&str], backend: &str) -> Source {
    let settings = format!(
        "[build-system]\nrequires = {requires:?}\nbuild-backend = \"{backend}\"\n\
         [project]\nname = \"{name}\"\nversion = \"1.0\"\n"
    );
    let name = name.replace('-', "_");
    let information = format!("Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n");
    Source::new(&name, "1.0")
        .file("PKG-INFO", information)
        .file("pyproject.toml", settings)
}

/// Their requirements come from the package index.
#[test]
fn packages_of_every_build_system_are_built_by_their_names_into_one_image() {
    let in_c = |source: Source| {
        source
            .file("counter.c", build_systems::MODULE)
            .file("more.cpp", build_systems::MORE)
            .file("more.h", build_systems::HEADER)
    };
    let cmake = "cmake_minimum_required(VERSION 3.15...4.2)\nproject(gears LANGUAGES C CXX)\n\
                 find_package(Python REQUIRED COMPONENTS Interpreter Development.Module)\n\
                 Python_add_library(counter MODULE counter.c more.cpp WITH_SOABI)\n\
                 install(TARGETS counter DESTINATION wheels_cmake)\n";
    let setuptools = "from setuptools import Extension, setup\n\
                      setup(packages=[], ext_modules=[Extension('counter', ['counter.c', 'more.cpp'])])\n";
    let mut sources = vec![
        in_c(sample(
            "eryx-sample-cmake",
            &["scikit-build-core==1.1.2", "cmake==4.4.5", "ninja==1.13.2"],
            "scikit_build_core.build",
        ))
        .file("CMakeLists.txt", cmake),
        in_c(sample(
            "eryx-sample-meson",
            &["meson-python==0.22.1", "meson==1.12.1", "ninja==1.13.2"],
            "mesonpy",
        ))
        .file("meson.build", build_systems::MESON)
        .file("__init__.py", ""),
        in_c(sample(
            "eryx-sample-setuptools",
            &["setuptools==84.2.1"],
            "setuptools.build_meta",
        ))
        .file("setup.py", setuptools),
    ];
    let mut program = "\
import counter, levers.counter, wheels_cmake.counter
print(counter.twice(1), levers.counter.twice(2), wheels_cmake.counter.twice(3))
"
    .to_owned();
    let mut expected = "2 4 6\n".to_owned();
    if rust::has_target() {
        let extension = "[tool.setuptools]\npy-modules = []\n\
             [[tool.setuptools-rust.ext-modules]]\ntarget = \"gears\"\nbinding = \"NoBinding\"\n";
        let requires = ["setuptools==84.2.1", "setuptools-rust==1.13.0"];
        let source = sample("eryx-sample-rust", &requires, "setuptools.build_meta");
        sources.push(
            source
                .append("pyproject.toml", extension)
                .file(
                    "Cargo.toml",
                    "[package]\nname = \"gears\"\nversion = \"1.0.0\"\nedition = \"2021\"\n\
                     [lib]\ncrate-type = [\"cdylib\"]\n",
                )
                .file("src/lib.rs", rust::GEARS),
        );
        program += "import gears\nprint(gears.ask('banana'))\n";
        expected += "[('a', 3), ('b', 1), ('n', 2)]\n";
    }
    let names: Vec<String> = sources.iter().map(Source::name).collect();
    let pins: Vec<String> = names.iter().map(|name| format!("{name}==1.0")).collect();
    let project = Project::sample(&format!(
        "[packages]\nrequirements = {pins:?}\nfind-links = [\"links\"]\n[packages.build]\nallow = {names:?}\n"
    ));
    for source in sources {
        source.write(&project.path("links"));
    }
    let output = with_sdk(project.bake()).run();
    assert_eq!(output.status, 0, "{output}");
    let ran = eryx_run(&project.image()).args(["-c", &program]).run();
    assert_eq!(ran.ok(), expected);
}
