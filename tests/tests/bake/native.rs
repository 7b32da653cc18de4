//! Native libraries in wheels: ours are linked and work, those of other platforms are refused.

use eryx_tests::{
    eryx_run, images, native, project,
    project::Project,
    wheels::{Wheel, archive},
};
use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

const TAG: &str = "cp314-cp314-wasi_0_0_0_wasm32";

/// A wheel with an extension module under each of the names that CPython opens, one of which needs a
/// shared library of the wheel.
pub(crate) fn wheel() -> Wheel {
    let support = native::library("support", &[]);
    let with_support = [("libsupport.so", support.as_slice())];
    Wheel::new("gears")
        .tag(TAG)
        .file("gears/__init__.py", "")
        .file(
            "gears/counter.cpython-314-wasm32-wasi.so",
            native::library("counter", &[]),
        )
        .file("gears/greeter.abi3.so", native::library("greeter", &[]))
        .file(
            "gears/measure.so",
            native::library("measure", &with_support),
        )
        .file("gears.libs/libsupport.so", &support)
}

/// `gears.counter` is imported and called twice at bake time.
pub(crate) const SCRIPT: &[u8] = b"from gears import counter\ncounter.bump()\ncounter.bump()\n";

fn image() -> &'static Path {
    static IMAGE: LazyLock<PathBuf> = LazyLock::new(|| {
        let manifest = project::sample(
            "[packages]\nwheels = [\"*.whl\"]\n[preinit]\nimports = [\"gears.counter\"]\nscript = \"bump.py\"\n",
        );
        let (name, bytes) = (wheel().file_name(), archive(&wheel().entries()));
        images::shared("native", &manifest, &[(&name, &bytes), ("bump.py", SCRIPT)])
    });
    &IMAGE
}

#[track_caller]
fn python(source: &str) -> String {
    eryx_run(image()).args(["-c", source]).run().ok()
}

#[test]
fn a_module_of_the_snapshot_works() {
    assert_eq!(
        python("from gears import counter; print(counter.twice(21), counter.__file__)"),
        "42 /site-packages/gears/counter.cpython-314-wasm32-wasi.so\n"
    );
}

#[test]
fn state_in_c_is_baked_and_separate_between_runs() {
    for _ in 0..2 {
        assert_eq!(
            python("from gears import counter; print(counter.bump(), counter.bump())"),
            "3 4\n"
        );
    }
}

#[test]
fn exceptions_of_c_are_ordinary_exceptions() {
    let printed = python(
        "from gears import counter\n\
         for call in (counter.refuse, lambda: counter.twice('a')):\n    \
             try:\n        call()\n    except Exception as error:\n        print(repr(error))\n",
    );
    assert_eq!(
        printed,
        "ValueError('refused by C')\nTypeError(\"'str' object cannot be interpreted as an integer\")\n"
    );
}

#[test]
fn modules_are_imported_at_run_time_under_every_suffix() {
    let printed = python(
        "from gears import greeter, measure\n\
         print(greeter.greet('eryx'), greeter.__file__)\n\
         print(measure.area(7), measure.calls(), measure.__file__)",
    );
    assert_eq!(
        printed,
        "hello eryx /site-packages/gears/greeter.abi3.so\n49 1 /site-packages/gears/measure.so\n"
    );
}

#[test]
fn a_trap_in_c_ends_the_run_and_not_the_host() {
    let output = eryx_run(image())
        .args([
            "-c",
            "from gears import counter\nprint('before')\ncounter.trap()",
        ])
        .run();
    assert_eq!(
        (output.status, output.out().as_ref()),
        (126, "before\n"),
        "{output}"
    );
    assert!(!output.err().contains("panicked"), "{output}");
}

#[test]
fn a_trap_at_bake_time_is_an_error_of_the_bake() {
    let project = Project::sample(
        "[packages]\nwheels = [\"wheels/*.whl\"]\n[preinit]\nscript = \"trap.py\"\n",
    );
    let message = project
        .wheel(&wheel())
        .file(
            "trap.py",
            "from gears import counter\nprint('before')\ncounter.trap()\n",
        )
        .refused();
    assert!(
        message.contains("preinit") || message.contains("prepared"),
        "{message}"
    );
}

#[test]
fn a_library_that_is_nowhere_is_named() {
    let support = native::library("support", &[]);
    let wheel = Wheel::new("gears").tag(TAG).file(
        "gears/measure.so",
        native::library("measure", &[("libsupport.so", &support)]),
    );
    let message = Project::with_wheels(&[&wheel]).refused();
    for word in ["/site-packages/gears/measure.so", "libsupport.so"] {
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn a_symbol_that_is_nowhere_is_named() {
    let support = native::library("support", &[]);
    let wheel = Wheel::new("gears")
        .tag(TAG)
        .file(
            "gears/measure.so",
            native::library("measure", &[("libsupport.so", &support)]),
        )
        // Of the right name, without the function.
        .file(
            "gears.libs/libsupport.so",
            native::library("unrelated", &[]),
        );
    let message = Project::with_wheels(&[&wheel]).refused();
    assert!(message.contains("support_area"), "{message}");
}

#[test]
fn a_damaged_library_is_named() {
    let mut bytes = native::library("counter", &[]);
    bytes.truncate(bytes.len() - 10);
    let wheel = Wheel::new("gears").tag(TAG).file("gears/counter.so", bytes);
    let message = Project::with_wheels(&[&wheel]).refused();
    for word in ["gears/counter.so", &wheel.file_name(), "damaged"] {
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn machine_code_of_other_platforms_is_refused() {
    let mut pe = b"MZ".to_vec();
    pe.resize(0x3c, 0);
    pe.extend(b"\x40\0\0\0PE\0\0\x64\x86");
    for (path, bytes, platform) in [
        (
            "gears/a.so",
            &b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0"[..],
            "Linux (x86_64)",
        ),
        (
            "gears/a.abi3.so",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\xb7\0",
            "Linux (aarch64)",
        ),
        (
            "gears/a.so",
            b"\xcf\xfa\xed\xfe\x0c\0\0\x01\0\0\0\0",
            "macOS (arm64)",
        ),
        (
            "gears/a.dylib",
            b"\xca\xfe\xba\xbe\0\0\0\x02\0\0\0\0",
            "macOS (universal)",
        ),
        ("gears/a.pyd", &pe, "Windows (amd64)"),
        (
            "gears/helper",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0",
            "Linux (x86_64)",
        ),
    ] {
        let wheel = Wheel::new("gears")
            .file("gears/__init__.py", "")
            .file(path, bytes);
        let message = Project::with_wheels(&[&wheel]).refused();
        for word in [
            path,
            platform,
            &wheel.file_name(),
            "`gears`",
            "without-native",
        ] {
            assert!(message.contains(word), "{word:?} is not said in {message}");
        }
    }
}

#[test]
fn extension_modules_of_other_pythons_are_refused() {
    let library = native::library("counter", &[]);
    for name in [
        "counter.cpython-313-wasm32-wasi.so",
        "counter.cpython-314-wasm32-emscripten.so",
    ] {
        let wheel = Wheel::new("gears").file(&format!("gears/{name}"), &library);
        let message = Project::with_wheels(&[&wheel]).refused();
        assert!(
            message.contains(name) && message.contains("another Python"),
            "{message}"
        );
    }
}

/// A wheel of extension modules and the shared library that one of them needs.
fn wheel_with_support(name: &str, support: &[u8]) -> Wheel {
    let with_support = [("libsupport.so", support)];
    Wheel::new(name)
        .tag(TAG)
        .file(&format!("{name}/__init__.py"), "")
        .file(
            &format!("{name}/counter.so"),
            native::library("counter", &[]),
        )
        .file(
            &format!("{name}/measure.so"),
            native::library("measure", &with_support),
        )
        .file(&format!("{name}.libs/libsupport.so"), support)
}

#[test]
fn libraries_of_one_file_name_and_contents_are_one() {
    let support = native::library("support", &[]);
    let wheels = ["cogs", "gears"].map(|name| wheel_with_support(name, &support));
    let project = Project::with_wheels(&[&wheels[0], &wheels[1]]);
    project.bake().arg("--quiet").run().ok();
    let source = "import cogs.measure, gears.measure, cogs.counter, gears.counter\n\
        print(cogs.measure.area(3), gears.measure.area(4), gears.measure.calls())\n\
        print(cogs.counter.bump(), cogs.counter.bump(), gears.counter.bump())";
    let output = eryx_run(&project.image()).args(["-c", source]).run();
    assert_eq!(output.ok(), "9 16 2\n1 2 1\n");
}

#[test]
fn libraries_of_one_file_name_and_other_contents_are_refused() {
    let support = native::library("support", &[]);
    let other = Wheel::new("cogs")
        .tag(TAG)
        .file("cogs.libs/libsupport.so", native::library("unrelated", &[]));
    let message = Project::with_wheels(&[&other, &wheel_with_support("gears", &support)]).refused();
    for word in ["cogs.libs/libsupport.so", "gears.libs/libsupport.so"] {
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(message.lines().count(), 1, "{message}");
}

#[test]
fn a_function_of_another_type_is_named() {
    let wheel = Wheel::new("gears")
        .tag(TAG)
        .file("gears/conflicting.so", native::library("conflicting", &[]));
    let message = Project::with_wheels(&[&wheel]).refused();
    for word in ["gears/conflicting.so", "prepare"] {
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn a_library_of_the_runtime_can_not_be_replaced() {
    let unrelated = native::library("unrelated", &[]);
    for name in ["libc.so", "libpython3.14.so", "liberyx.so", "libdl.so"] {
        let path = format!("gears.libs/{name}");
        let wheel = Wheel::new("gears").tag(TAG).file(&path, &unrelated);
        let message = Project::with_wheels(&[&wheel]).refused();
        assert!(
            message.contains(&path) && message.lines().count() == 1,
            "{message}"
        );
    }
}

/// A name with a mistake in it left nothing out, and nobody was told.
#[test]
fn a_name_without_a_package_is_told() {
    let project = Project::sample(
        "[packages]\nwheels = [\"wheels/*.whl\"]\nwithout-native = [\"gears\", \"geers\"]\n\
         exclude = [\"cogs\", \"coggs\"]\noverrides = [\"axle==2\"]\n",
    )
    .wheel(
        &Wheel::new("gears")
            .file("gears/__init__.py", "")
            .metadata("Requires-Dist: cogs"),
    );
    let output = project.bake().run();
    assert_eq!(output.status, 0, "{output}");
    let words = "`packages.without-native` names geers, which is not among the packages";
    assert!(output.err().contains(words), "{output}");
    assert!(!output.err().contains("names gears"), "{output}");
    for words in [
        "`packages.exclude` names coggs, which no package requires",
        "`packages.overrides` names axle, which no package requires",
    ] {
        assert!(output.err().contains(words), "{output}");
    }
    assert!(!output.err().contains("names cogs,"), "{output}");
}
