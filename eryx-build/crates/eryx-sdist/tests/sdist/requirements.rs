//! What builds require: asked for in the sandbox's own terms, installed for the build alone.

use std::sync::Mutex;

use eryx_packaging::Distribution;
use eryx_sdist::Builder;
use eryx_tests::{
    exceptions::{SHARED, throws, wheel},
    wheels::Wheel,
};

use crate::harness::{NAME, Sdist, new_cache, nothing, runtime, said, wheels_in};

/// A `pyproject.toml` that requires this, with a backend in the distribution.
fn requiring(requires: &str) -> String {
    format!(
        "[build-system]\nrequires = [{requires}]\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
    )
}

#[test]
fn requirements_are_installed_for_the_build() {
    let directory = tempfile::tempdir().unwrap();
    Wheel::new("helper")
        .file("helper.py", "WORD = 'helped'\n")
        .write(directory.path());
    Wheel::new("another")
        .file("another.py", "WORD = 'twice'\n")
        .write(directory.path());
    let asked = Mutex::new(Vec::new());
    let requirements = |names: &[String]| {
        asked.lock().unwrap().push(names.to_vec());
        let wheels = wheels_in(directory.path()).into_iter();
        let is_named = |one: &Distribution| names.iter().any(|name| name.starts_with(&one.name));
        Ok(wheels.filter(is_named).collect())
    };
    let sdist = Sdist::new()
        .file("pyproject.toml", &requiring("'Helper >= 1', \"colorama; os_name == 'nt'\""))
        .file(
            "backend.py",
            &format!(
                "{}\ndef get_requires_for_build_wheel(settings=None):\n    \
                 import helper\n    return [\"another\", \"ruff; extra == 'dev'\", \"x; python_version < '3'\"]\n\
                 def build_wheel(folder, settings=None, metadata=None):\n    \
                 import another, helper\n    \
                 return make_wheel(folder, files={{'words.txt': helper.WORD + another.WORD}})",
                crate::harness::MAKE_WHEEL
            ),
        );
    let built = sdist.build_with(&requirements, |builder| builder).unwrap();
    assert_eq!(built.text("words.txt"), "helpedtwice");
    assert_eq!(
        *asked.lock().unwrap(),
        [vec!["helper>=1"], vec!["helper>=1", "another"]]
    );
    assert!(built.site.files.keys().all(|path| !path.contains("helper")));
}

#[test]
fn machine_code_in_what_a_build_requires_is_left_out() {
    let directory = tempfile::tempdir().unwrap();
    let elf = [&b"\x7fELF\x02\x01\x01"[..], &[0; 11], b"\x3e\0"].concat();
    Wheel::new("helper")
        .tag("cp314-cp314-manylinux_2_17_x86_64")
        .file(
            "helper/__init__.py",
            "try:\n    from . import _fast\nexcept ImportError:\n    _fast = None\n",
        )
        .file("helper/_fast.so", elf)
        .write(directory.path());
    let requirements = |_: &[String]| Ok(wheels_in(directory.path()));
    let sdist = Sdist::that_builds(
        "    import helper\n    return make_wheel(folder, files={'fast.txt': str(helper._fast)})",
    );
    let sdist = sdist_with(&sdist, &requiring("'helper'"));
    let built = sdist.build_with(&requirements, |builder| builder).unwrap();
    assert_eq!(built.text("fast.txt"), "None");
}

/// The interpreter of such a build is one core module.
#[test]
fn native_libraries_of_a_build_throw_and_catch() {
    let directory = tempfile::tempdir().unwrap();
    wheel("thrower", SHARED, &throws(21)).write(directory.path());
    let requirements = |_: &[String]| Ok(wheels_in(directory.path()));
    let sdist = Sdist::that_builds(
        "    import thrower\n    return make_wheel(folder, files={'sum.txt': str(thrower.value)})",
    );
    let sdist = sdist_with(&sdist, &requiring("'thrower'"));
    let built = sdist.build_with(&requirements, |builder| builder).unwrap();
    assert_eq!(built.text("sum.txt"), "42");
}

/// The same distribution with another `pyproject.toml`, which the archive has only once.
fn sdist_with(sdist: &Sdist, text: &str) -> Sdist {
    sdist
        .clone()
        .without("pyproject.toml")
        .file("pyproject.toml", text)
}

#[test]
fn addresses_and_options_are_refused() {
    let sdist = Sdist::that_builds("    return make_wheel(folder)");
    for requirement in [
        "evil @ file:///etc/passwd",
        "evil @ https://packages.example.com/evil.whl",
        "--index-url=https://packages.example.com",
        "./evil",
    ] {
        let fixed = sdist_with(&sdist, &requiring(&format!("{requirement:?}")));
        let asked = Sdist::with_backend(&format!(
            "def get_requires_for_build_wheel(settings=None):\n    return [{requirement:?}]\n\
             def build_wheel(*rest):\n    pass"
        ));
        for sdist in [fixed, asked] {
            let message = sdist.refused();
            assert!(message.contains("build requirement"), "{message}");
            assert!(message.contains(requirement), "{message}");
        }
    }
    for answer in ["'a'", "[1]", "{}", "None"] {
        let sdist = Sdist::with_backend(&format!(
            "def get_requires_for_build_wheel(settings=None):\n    return {answer}\n"
        ));
        sdist.refused();
    }
}

#[test]
fn what_can_not_be_had_is_said_with_the_reason() {
    let sdist = Sdist::that_builds("    return make_wheel(folder)");
    let message = sdist_with(&sdist, &requiring("'helper>=2'")).refused();
    assert!(
        message.contains("what its build requires cannot be had (helper>=2)"),
        "{message}"
    );
    assert!(message.contains("nobody has helper>=2"), "{message}");
}

#[test]
fn a_distribution_that_needs_itself() {
    let directory = tempfile::tempdir().unwrap();
    let sdist = sdist_with(&Sdist::that_builds("    pass"), &requiring("'sample'"));
    let archive = sdist.write(directory.path());
    let cache = new_cache(directory.path());
    // Whoever resolves builds again with a builder of its own.
    fn build(
        archive: &eryx_sdist::SourceArchive,
        cache: &eryx_cache::Cache,
    ) -> Result<(), eryx_sdist::SourceError> {
        let again = |_: &[String]| {
            build(archive, cache)?;
            Ok(Vec::new())
        };
        Builder::new(runtime(), cache, &again)
            .wheel(archive, &|_| {})
            .map(drop)
    }
    let message = said(&build(&archive, &cache).unwrap_err());
    let expected = "it is needed to build itself (sample-1.0.tar.gz requires sample-1.0.tar.gz)";
    assert!(message.contains(expected), "{message}");
    // Afterwards the same thread builds as if nothing had been.
    let good = Sdist::that_builds("    return make_wheel(folder)").write(directory.path());
    assert_eq!(good.name, NAME);
    Builder::new(runtime(), &cache, &nothing)
        .wheel(&good, &|_| {})
        .unwrap();
}
