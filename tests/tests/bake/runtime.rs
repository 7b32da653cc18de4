//! `eryx runtime`, and bakes on a runtime in a folder.

use eryx_tests::{eryx, eryx_run, project::Project};
use serde_json::Value;
use std::{fs, path::Path};

const MANIFEST: &str = "[image]\nname = \"a\"\n\n[compile]\nopt-level = \"none\"\n";

fn identity_of(runtime: &Path) -> String {
    let shown = eryx()
        .args(["runtime", "show", "--json"])
        .arg(runtime)
        .run();
    let shown: Value = serde_json::from_str(&shown.ok()).unwrap();
    shown["identity"].as_str().unwrap().to_owned()
}

#[test]
fn an_exported_runtime_is_whole_and_a_damaged_one_is_not() {
    let project = Project::new(MANIFEST);
    let folder = project.path("runtime");
    eryx().args(["runtime", "export"]).arg(&folder).run().ok();
    let verified = eryx().args(["runtime", "verify"]).arg(&folder).run().ok();
    assert_eq!(
        verified,
        format!("cpython-wasi is whole: {}\n", identity_of(&folder))
    );
    for text in ["CPython/LICENSE.txt", "bzip2/bzip2-1.0.8-LICENSE"] {
        let path = folder.join("licenses").join(text);
        assert!(fs::metadata(&path).unwrap().len() > 100, "{text}");
    }
    let again = eryx().args(["runtime", "export"]).arg(&folder).run();
    assert_eq!(again.status, 1);
    assert!(again.err().contains("is there already"), "{}", again.err());

    fs::write(folder.join("lib/libc.so"), "no library").unwrap();
    let damaged = eryx().args(["runtime", "verify"]).arg(&folder).run();
    assert_eq!(damaged.status, 1);
    assert!(damaged.err().contains("lib/libc.so"), "{}", damaged.err());
}

#[test]
fn what_the_runtime_is_made_of_is_shown() {
    let shown = eryx().args(["runtime", "show"]).run().ok();
    for part in ["CPython 3.14.0", "zstd 1.5.7 (BSD-3-Clause)", "liberyx.so"] {
        assert!(shown.contains(part), "{shown}");
    }
}

/// The environment names the runtime when the manifest does not, and the image says which it was.
#[test]
fn a_bake_takes_the_runtime_of_the_environment() {
    let project = Project::new(MANIFEST);
    let folder = project.path("runtime");
    eryx().args(["runtime", "export"]).arg(&folder).run().ok();
    // Another runtime: the same with another name.
    let path = folder.join("runtime.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("cpython-wasi", "cpython-changed", 1)).unwrap();

    let baked = project.bake().env("ERYX_RUNTIME_DIR", &folder).run();
    assert_eq!(baked.status, 0, "{}", baked.err());
    let image = project.image();
    let inspected = eryx().args(["inspect", "--json"]).arg(&image).run().ok();
    let inspected: Value = serde_json::from_str(&inspected).unwrap();
    assert_eq!(inspected["metadata"]["runtime"]["name"], "cpython-changed");
    assert_eq!(
        inspected["metadata"]["runtime"]["identity"],
        identity_of(&folder)
    );
    let ran = eryx_run(&image).args(["-c", "print(6 * 7)"]).run();
    assert_eq!(ran.ok(), "42\n");
}
