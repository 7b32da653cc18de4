//! Installing the SDK, and telling about it.

use eryx_tests::sdk::{in_folder, root, sdk};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The headers in the tests' SDK, with a configuration beside them as on another machine.
fn headers(folder: &Path) -> PathBuf {
    let shown: Value =
        serde_json::from_str(&sdk(["show", "--json"]).run().ok()).expect("it is JSON");
    let from = PathBuf::from(shown["headers"]["folder"].as_str().expect("it is text"));
    let to = folder.join("headers");
    copy(&from, &to);
    to
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder is made");
    for entry in fs::read_dir(from).expect("a folder is readable") {
        let entry = entry.expect("a folder is readable");
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).expect("a file is copied")),
        }
    }
}

#[test]
fn what_is_not_installed_is_said_with_the_command() {
    let folder = tempfile::tempdir().expect("a folder is made");
    for arguments in [&["show"][..], &["env"], &["cc", "--", "-c", "a.c"]] {
        let output = in_folder(folder.path(), arguments).run();
        assert_eq!((output.status, output.out().as_ref()), (1, ""), "{output}");
        assert!(output.err().contains("run `eryx sdk install`"), "{output}");
    }
}

#[test]
fn headers_that_are_named_are_taken_and_two_at_once_do_no_harm() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let (headers, place) = (headers(folder.path()), folder.path().join("my sdk"));
    let install = || {
        in_folder(&place, ["install", "--json", "--python-include"])
            .arg(&headers)
            .start()
    };
    let (one, other) = (install(), install());
    for process in [one, other] {
        let printed = process.finish().ok();
        let last = printed.lines().last().unwrap_or_default();
        let event: Value = serde_json::from_str(last).expect("each line is JSON");
        assert_eq!(event["event"], "sdk-installed", "{printed}");
        let origin = event["headers"]["origin"].as_str().unwrap_or_default();
        assert!(origin.contains("named"), "{printed}");
    }
    // Nothing but the SDK and its lock is left, and nothing of one that was killed.
    let names = || -> Vec<String> {
        let entries = fs::read_dir(&place).expect("it is readable");
        entries
            .map(|entry| {
                entry
                    .expect("it is readable")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect()
    };
    let all = names();
    assert_eq!(all.len(), 2, "{all:?}");
    let sdk = all.iter().min().expect("there are two");
    let killed = place.join(format!(".{sdk}-killed"));
    fs::create_dir_all(killed.join("lib")).expect("a folder is made");
    in_folder(&place, ["install", "--quiet"]).run().ok();
    assert_eq!(names().len(), 2);
    let output = in_folder(
        &place,
        [
            "cc",
            "--",
            "-E",
            "-include",
            "Python.h",
            "-x",
            "c",
            "/dev/null",
        ],
    )
    .run();
    assert!(output.ok().contains("PyModule_AddObjectRef"));
}

#[test]
fn headers_of_another_python_are_refused() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let headers = headers(folder.path());
    fs::write(
        headers.join("patchlevel.h"),
        "#define PY_VERSION \"3.13.2\"\n",
    )
    .expect("a file is written");
    for (include, words) in [(headers.as_path(), "3.13.2"), (folder.path(), "Python.h")] {
        let place = folder.path().join("sdk");
        let output = in_folder(&place, ["install", "--python-include"])
            .arg(include)
            .run();
        assert_eq!(output.status, 1, "{output}");
        assert!(output.err().contains(words), "{output}");
        // Nothing half made: the lock alone.
        assert_eq!(fs::read_dir(&place).expect("it is readable").count(), 1);
    }
}

#[test]
fn it_is_shown_for_people_and_programs() {
    let text = sdk(["show"]).run().ok();
    for word in ["CPython 3.14", "headers", "zig 0.", "build-details.json"] {
        assert!(text.contains(word), "{text}");
    }
    let shown: Value =
        serde_json::from_str(&sdk(["show", "--json"]).run().ok()).expect("it is JSON");
    let details =
        fs::read(shown["build-details"].as_str().expect("it is text")).expect("it is there");
    let details: Value = serde_json::from_slice(&details).expect("it is JSON");
    assert_eq!(details["platform"], "wasi-wasm32");
    assert_eq!(
        details["abi"]["extension_suffix"],
        ".cpython-314-wasm32-wasi.so"
    );
    for file in ["cmake-toolchain", "meson-cross-file"] {
        let path = shown[file].as_str().expect("it is text");
        assert!(Path::new(path).is_file(), "{path}");
    }
    let headers = details["c_api"]["headers"].as_str().expect("it is text");
    assert!(Path::new(headers).join("Python.h").is_file(), "{headers}");
}

/// A second time in the same shell changes nothing, and `sysconfig` of the machine's Python answers for the
/// sandbox's.
#[test]
fn the_variables_are_for_shells_and_commands() {
    let run = sdk(["env"]).env("PYTHONPATH", "/mine");
    let variables = run.env("XDG_DATA_DIRS", "").run().ok();
    let path = variables
        .lines()
        .find_map(|line| line.strip_prefix("export PYTHONPATH="))
        .expect("it is set");
    assert!(path.ends_with(":/mine"), "{path}");
    let data = variables
        .lines()
        .find_map(|line| line.strip_prefix("export XDG_DATA_DIRS="))
        .expect("it is set");
    let again = sdk(["env"])
        .env("PYTHONPATH", path)
        .env("XDG_DATA_DIRS", data);
    assert_eq!(again.run().ok(), variables);
    assert!(
        path.starts_with(root().to_str().expect("the path is text")),
        "{path}"
    );

    let question = "import sysconfig; print(sysconfig.get_platform(), *map(sysconfig.get_config_var, \
                    ('EXT_SUFFIX', 'SIZEOF_VOID_P')))";
    let output = sdk(["env", "--", "python3", "-c", question]).run();
    assert_eq!(output.ok(), "wasi-wasm32 .cpython-314-wasm32-wasi.so 4\n");
    let output = sdk(["env", "--", "python3", "-c", "raise SystemExit(7)"]).run();
    assert_eq!(output.status, 7, "{output}");
    let output = sdk(["env", "--", "no such program"]).run();
    assert!(
        output.status == 1 && output.err().contains("`no such program`"),
        "{output}"
    );
}

/// The SDK of another runtime stands beside that of the built-in one, whoever names it, and its programs know
/// which they are of.
#[test]
fn a_runtime_that_is_chosen_has_an_sdk_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let (headers, place) = (headers(folder.path()), folder.path().join("sdk"));
    let runtime = folder.path().join("a runtime");
    let exported = eryx_tests::eryx()
        .args(["runtime", "export"])
        .arg(&runtime)
        .run();
    assert_eq!(exported.status, 0, "{exported}");
    let manifest = runtime.join("runtime.toml");
    let text = fs::read_to_string(&manifest).expect("it is there");
    let changed = text.replacen("cpython-wasi", "cpython-changed", 1);
    fs::write(&manifest, changed).expect("a file is written");

    let installed = in_folder(&place, ["install", "--quiet", "--python-include"])
        .arg(&headers)
        .arg("--runtime")
        .arg(&runtime)
        .run();
    assert_eq!(installed.ok(), "");
    let missing = in_folder(&place, ["show"]).run();
    assert!(
        missing.err().contains("run `eryx sdk install`"),
        "{missing}"
    );
    let shown = |run: eryx_tests::Run| -> Value {
        serde_json::from_str(&run.run().ok()).expect("it is JSON")
    };
    let of_environment =
        shown(in_folder(&place, ["show", "--json"]).env("ERYX_RUNTIME_DIR", &runtime));
    let project = folder.path().join("project");
    fs::create_dir(&project).expect("a folder is made");
    fs::write(
        project.join("eryx.toml"),
        "[image]\nname = \"a\"\n[runtime]\npath = \"../a runtime\"\n[packages]\nwheels = [\"none-yet.whl\"]\n",
    )
    .expect("a file is written");
    let of_manifest = shown(in_folder(&place, ["show", "--json"]).folder(&project));
    assert_eq!(of_environment, of_manifest);

    // A build may set the variable to anything, and be in any folder.
    fs::write(folder.path().join("a.c"), "#include <Python.h>\n").expect("a file is written");
    let script =
        "eval \"$($ERYX sdk env --runtime \"$RUNTIME\")\" && ERYX_RUNTIME_DIR=/none $CC -c a.c";
    let compiled = eryx_tests::Run::new(Path::new("sh"))
        .args(["-c", script])
        .env("ERYX", &eryx_tests::binaries().eryx_build)
        .env("ERYX_SDK_DIR", &place)
        .env("RUNTIME", &runtime)
        .folder(folder.path())
        .run();
    assert_eq!(compiled.status, 0, "{compiled}");
    assert!(folder.path().join("a.o").is_file());
}
