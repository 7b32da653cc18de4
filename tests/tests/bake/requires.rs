//! What packages require of each other is checked at bake time.

use eryx_tests::{eryx, project::Project, wheels::Wheel};
use sha2::{Digest as _, Sha256};
use std::fs;

/// A project with these wheels, whose lock another tool wrote.
fn locked(wheels: &[&Wheel], lines: &str) -> Project {
    let mut lock = "lock-version = \"1.0\"\ncreated-by = \"other\"\n".to_owned();
    let mut project = Project::sample(&format!("[packages]\nrequirements = [\"first\"]\n{lines}"));
    for wheel in wheels {
        project = project.wheel(wheel);
        let name = wheel.file_name();
        let bytes = fs::read(project.path(&format!("wheels/{name}"))).unwrap();
        let hash: String = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let package = name.split('-').next().unwrap();
        lock.push_str(&format!(
            "[[packages]]\nname = \"{package}\"\nversion = \"1.0\"\n[[packages.wheels]]\n\
             path = \"wheels/{name}\"\nhashes = {{ sha256 = \"{hash}\" }}\n"
        ));
    }
    project.file("pylock.toml", lock)
}

fn first() -> Wheel {
    Wheel::new("first")
        .metadata("Requires-Dist: nowhere>=2; sys_platform == \"wasi\"")
        .metadata("Requires-Dist: not-needed; sys_platform == \"linux\"")
        .metadata("Requires-Dist: not-asked-for; extra == \"all\"")
        .metadata("Provides-Extra: all")
        .metadata("Requires-Dist: second<1")
}

#[test]
fn everything_that_does_not_fit_is_said_at_once() {
    let second = Wheel::new("second").metadata("Requires-Python: <3.14");
    let message = locked(&[&first(), &second], "").refused();
    for words in [
        "error: the packages do not fit together:\n",
        "  first 1.0 requires `nowhere>=2`, which is not there\n",
        "  first 1.0 requires `second<1`, but second 1.0 is there\n",
        "  second 1.0 is for Python <3.14, and the runtime has 3.14.",
        "\nhelp: ",
        "`packages.requirements`",
        "`packages.exclude`",
    ] {
        assert!(message.contains(words), "{words:?} in\n{message}");
    }
    assert!(!message.contains("not-"), "{message}");
}

/// All of it in one image: what the manifest overrules, what old packages write, and a circle with an
/// extra.
#[test]
fn what_fits_is_baked() {
    let wheels = [
        first(),
        Wheel::new("second"),
        Wheel::new("old").metadata("Requires-Dist: nothing (>=1.0.*, <2)"),
        Wheel::new("inner").metadata("Requires-Dist: middle[extra]>=1"),
        Wheel::new("middle")
            .metadata("Provides-Extra: extra")
            .metadata("Requires-Dist: outer~=1.0; extra == \"extra\""),
        Wheel::new("outer").metadata("Requires-Dist: inner"),
    ];
    let lines = "exclude = [\"nowhere\"]\noverrides = [\"second>=1\"]\n";
    let project = locked(&wheels.each_ref(), lines);
    let output = project.bake().run();
    assert_eq!(output.status, 0, "{output}");
    let words = "old 1.0: not checked: Requires-Dist `nothing (>=1.0.*, <2)`";
    assert!(output.err().contains(words), "{output}");
    let printed = eryx()
        .args(["inspect", "--tree"])
        .arg(project.image())
        .run()
        .ok();
    for words in ["inner 1.0", "middle 1.0", "outer 1.0"] {
        assert!(printed.contains(words), "{words:?} in\n{printed}");
    }
}
