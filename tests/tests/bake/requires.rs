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

#[test]
fn the_manifest_may_know_better() {
    let second = Wheel::new("second");
    let lines = "exclude = [\"nowhere\"]\noverrides = [\"second>=1\"]\n";
    let output = locked(&[&first(), &second], lines).bake().run();
    assert_eq!(output.status, 0, "{output}");
}

#[test]
fn what_old_packages_write_is_noted() {
    let old = Wheel::new("old").metadata("Requires-Dist: nowhere (>=1.0.*, <2)");
    let project = Project::with_wheels(&[&old]);
    let output = project.bake().run();
    assert_eq!(output.status, 0, "{output}");
    let words = "old 1.0: not checked: Requires-Dist `nowhere (>=1.0.*, <2)`";
    assert!(output.err().contains(words), "{output}");
}

#[test]
fn extras_and_circles_are_followed() {
    let first = Wheel::new("first").metadata("Requires-Dist: second[extra]>=1");
    let second = Wheel::new("second")
        .metadata("Provides-Extra: extra")
        .metadata("Requires-Dist: third~=1.0; extra == \"extra\"");
    let third = Wheel::new("third")
        .version("1.5")
        .metadata("Requires-Dist: first");
    let project = Project::with_wheels(&[&first, &second, &third]);
    assert_eq!(project.bake().run().status, 0);
    let printed = eryx()
        .args(["inspect", "--tree"])
        .arg(project.image())
        .run()
        .ok();
    for words in ["first 1.0", "second 1.0", "third 1.5"] {
        assert!(printed.contains(words), "{words:?} in\n{printed}");
    }
}
