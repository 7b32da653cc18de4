//! Real backends, downloaded as anybody gets them, on distributions that the tests make.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Mutex;

use eryx_packaging::Distribution;
use eryx_sdist::Builder;

use crate::harness::{Built, NAME, Sdist, said, wheels_in};

/// Downloads what a build requires with the pip of this machine.
fn download(
    requirements: &[String],
) -> Result<Vec<Distribution>, Box<dyn std::error::Error + Send + Sync>> {
    static DIRECTORIES: Mutex<Vec<tempfile::TempDir>> = Mutex::new(Vec::new());
    let directory = tempfile::tempdir()?;
    let output = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--only-binary=:all:"])
        .args(["--implementation", "cp", "--python-version", "3.14"])
        .args(["--abi", "none", "--platform", "any", "--dest"])
        .arg(directory.path())
        .arg("--")
        .args(requirements)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let wheels = wheels_in(directory.path());
    DIRECTORIES.lock().unwrap().push(directory);
    Ok(wheels)
}

#[track_caller]
fn build(sdist: &Sdist) -> Built {
    match sdist.build_with(&download, |builder| builder) {
        Ok(built) => built,
        Err(error) => panic!("{}", said(&error)),
    }
}

fn without_native(builder: Builder<'_>) -> Builder<'_> {
    builder.without_native(&BTreeSet::from([NAME.to_owned()]))
}

const PROJECT: &str = "[project]\nname = 'sample'\nversion = '1.0'\ndescription = 'A sample.'\ndependencies = ['six>=1']\n\
     [project.scripts]\nrun-sample = 'sample:main'\n";

fn with_project(backend: &str, requires: &str) -> Sdist {
    let text =
        format!("[build-system]\nrequires = [{requires}]\nbuild-backend = '{backend}'\n{PROJECT}");
    Sdist::new().file("pyproject.toml", &text)
}

#[test]
fn backends_that_read_the_project_table() {
    for (backend, requires) in [
        ("flit_core.buildapi", "'flit_core >=3.11,<5'"),
        ("hatchling.build", "'hatchling'"),
        ("pdm.backend", "'pdm-backend'"),
        ("poetry.core.masonry.api", "'poetry-core>=2'"),
        ("setuptools.build_meta", "'setuptools>=77'"),
    ] {
        let sdist = with_project(backend, requires)
            .file(
                "sample/__init__.py",
                "'''A sample.'''\n__version__ = '1.0'\n",
            )
            .file("sample/data.txt", "data")
            .file("MANIFEST.in", "include sample/data.txt\n");
        let built = build(&sdist);
        assert!(
            built.text("sample/__init__.py").contains("A sample"),
            "{backend}"
        );
        assert!(
            built.site.files.contains_key("sample/data.txt"),
            "{backend}"
        );
        let package = &built.site.packages[0];
        let requires: Vec<String> = package
            .requires_dist
            .iter()
            .map(|text| text.replace([' ', '(', ')'], ""))
            .collect();
        assert_eq!(requires, ["six>=1"], "{backend}");
        assert_eq!(
            package.entry_points["console_scripts"]["run-sample"],
            "sample:main"
        );
    }
}

#[test]
fn setup_py_alone() {
    let built = build(
        &Sdist::new()
            .file("sample.py", "x = 1\n")
            .file("version.py", "VERSION = '1.0'\n")
            .file(
                "setup.py",
                "import os, version\nfrom distutils.util import strtobool\nfrom setuptools import setup\n\
                 here = os.path.abspath(os.path.dirname(__file__))\n\
                 setup(name='sample', version=version.VERSION, py_modules=['sample'])\n",
            ),
    );
    assert_eq!(built.text("sample.py"), "x = 1\n");
}

#[test]
fn setup_cfg() {
    let built = build(
        &Sdist::new()
            .file("setup.py", "from setuptools import setup\nsetup()\n")
            .file("src/sample/__init__.py", "x = 1\n")
            .file(
                "setup.cfg",
                "[metadata]\nname = sample\nversion = 1.0\n[options]\npackages = find:\n\
                 package_dir =\n    = src\n[options.packages.find]\nwhere = src\n",
            ),
    );
    assert_eq!(built.text("sample/__init__.py"), "x = 1\n");
}

#[test]
fn versions_of_version_control_come_from_pkg_info() {
    for (backend, requires, table) in [
        (
            "setuptools.build_meta",
            "'setuptools', 'setuptools-scm'",
            "[tool.setuptools_scm]\n",
        ),
        (
            "hatchling.build",
            "'hatchling', 'hatch-vcs'",
            "[tool.hatch.version]\nsource = 'vcs'\n",
        ),
    ] {
        let text = format!(
            "[build-system]\nrequires = [{requires}]\nbuild-backend = '{backend}'\n\
             [project]\nname = 'sample'\ndynamic = ['version']\n{table}"
        );
        let built = build(
            &Sdist::new()
                .file("pyproject.toml", &text)
                .file(
                    "PKG-INFO",
                    "Metadata-Version: 2.1\nName: sample\nVersion: 1.0\n",
                )
                .file("sample/__init__.py", ""),
        );
        assert_eq!(built.site.packages[0].version, "1.0", "{backend}");
    }
}

/// A project of setuptools with an extension module in C.
fn with_extension(arguments: &str, more: &str) -> Sdist {
    let setup = format!(
        "from setuptools import Extension, setup\n{more}\n\
         setup(name='sample', version='1.0', py_modules=['sample'],\n      \
         ext_modules=[Extension('_sample', ['_sample.c']{arguments})])\n"
    );
    Sdist::new()
        .file("setup.py", &setup)
        .file("_sample.c", "#include <Python.h>\n")
        .file("sample.py", "x = 1\n")
}

#[test]
fn optional_extension_modules_are_left_out() {
    let built = build(&with_extension(", optional=True", ""));
    assert_eq!(built.text("sample.py"), "x = 1\n");
    assert!(built.site.files.keys().all(|path| !path.ends_with(".so")));
}

#[test]
fn builds_that_try_again_without_extension_modules() {
    // As many projects did before there was a keyword for it.
    let built = build(
        &Sdist::new()
            .file("_sample.c", "#include <Python.h>\n")
            .file("sample.py", "x = 1\n")
            .file(
                "setup.py",
                "from distutils.errors import CCompilerError, DistutilsExecError, DistutilsPlatformError\n\
                 from setuptools import Extension, setup\n\
                 from setuptools.command.build_ext import build_ext\n\
                 class BuildFailed(Exception): pass\n\
                 class OptionalBuild(build_ext):\n    \
                     def build_extension(self, extension):\n        \
                         try:\n            super().build_extension(extension)\n        \
                         except (CCompilerError, DistutilsExecError, DistutilsPlatformError):\n            \
                             raise BuildFailed\n\
                 def run(extensions):\n    \
                     setup(name='sample', version='1.0', py_modules=['sample'], ext_modules=extensions,\n          \
                           cmdclass={'build_ext': OptionalBuild})\n\
                 try:\n    run([Extension('_sample', ['_sample.c'])])\n\
                 except BuildFailed:\n    run([])\n",
            ),
    );
    assert_eq!(built.wheel.file_name, "sample-1.0-py3-none-any.whl");
}

#[test]
fn extension_modules_that_are_not_optional() {
    let sdist = with_extension("", "");
    let message = match sdist.build_with(&download, |builder| builder) {
        Ok(built) => panic!("it was built: {:?}", built.wheel),
        Err(error) => said(&error),
    };
    assert!(
        message.contains("it has native code (_sample)"),
        "{message}"
    );
    assert!(
        message.contains("add `sample` to `packages.without-native`"),
        "{message}"
    );
    // Whoever knows that the package works without them says so.
    let built = sdist.build_with(&download, without_native).unwrap();
    assert_eq!(built.wheel.file_name, "sample-1.0-py3-none-any.whl");
    assert_eq!(built.text("sample.py"), "x = 1\n");
}

#[test]
fn what_setuptools_refuses_is_said() {
    let sdist = Sdist::new().file(
        "setup.py",
        "from setuptools import setup\nsetup(name='sample', version='1.0', packages=['missing'])\n",
    );
    let error = sdist.build_with(&download, |builder| builder);
    let message = said(&error.map(drop).unwrap_err());
    assert!(
        message.contains("package directory 'missing' does not exist"),
        "{message}"
    );
}
