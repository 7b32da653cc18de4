//! Giving wheels the tags of the sandbox.

use eryx_tests::{eryx_run, native, project::Project, sdk::sdk, wheels::Wheel};

/// A wheel and a module that are named after the Python that built them.
#[test]
fn a_wheel_of_another_python_is_retagged_and_bakes() {
    let project = Project::sample("[packages]\nwheels = [\"wheels/*.whl\"]\n").wheel(
        &Wheel::new("gears").tag("cp311-cp311-wasi_wasm32").file(
            "gears/counter.cpython-311-x86_64-linux-gnu.so",
            native::library("counter", &[]),
        ),
    );
    let message = project.refused();
    assert!(message.contains("cp311"), "{message}");
    let old = project.path("wheels/gears-1.0-cp311-cp311-wasi_wasm32.whl");
    let new = project.path("wheels/gears-1.0-cp314-cp314-wasi_wasm32.whl");
    let output = sdk(["retag"]).arg(&old).run();
    assert_eq!(output.ok(), format!("{}\n", new.display()));
    assert!(new.is_file() && !old.exists());
    project.bake().arg("--quiet").run().ok();
    let source = "from gears import counter; print(counter.twice(21))";
    let output = eryx_run(&project.image()).args(["-c", source]).run();
    assert_eq!(output.ok(), "42\n");
}

#[test]
fn a_wheel_without_native_code_is_refused() {
    let project = Project::new("").wheel(&Wheel::new("gears").file("gears/__init__.py", ""));
    let output = sdk(["retag"])
        .arg(project.path("wheels/gears-1.0-py3-none-any.whl"))
        .run();
    assert_eq!((output.status, output.out().as_ref()), (1, ""), "{output}");
    assert!(output.err().contains("no native library"), "{output}");
}
