//! The command line of `eryx build`, and what it prints.

use eryx_tests::{eryx, eryx_build, eryx_run, project, project::Project, wheels::Wheel};
use std::{fs, time::Duration};

#[test]
fn help_says_how_it_is_used_and_how_it_ends() {
    for run in [eryx(), eryx_build()] {
        let help = run.args(["build", "--help"]).run().ok();
        for word in [
            "Usage: ",
            "--file",
            "--output",
            "--quiet",
            "--verbose",
            "--json",
            "eryx.toml",
            "Exit status",
        ] {
            assert!(help.contains(word), "{word} is not in\n{help}");
        }
    }
}

#[test]
fn wrong_usage_has_a_status_of_its_own() {
    for arguments in [
        &["build", "--unknown"][..],
        &["build", "-o"],
        &["build", "--json", "--quiet"],
        &["build", "extra"],
    ] {
        let output = eryx_build().args(arguments).run();
        assert_eq!(output.status, 2, "{output}");
        assert!(
            output.stdout.is_empty() && output.err().contains("--help"),
            "{output}"
        );
    }
}

#[test]
fn paths_are_relative_to_the_manifest_and_the_image_to_the_current_folder() {
    let manifest = project::sample(
        "[packages]\nwheels = [\"wheels/*.whl\"]\n[preinit]\nscript = \"prepare.py\"\n",
    )
    .replace(
        "name = \"sample\"\n",
        "name = \"sample\"\nfiles = { \"note.txt\" = \"/data/note.txt\" }\n",
    );
    let project = Project::new("")
        .file("project/eryx.toml", manifest)
        .file("project/prepare.py", "import six_lines\n")
        .file("project/note.txt", "a note")
        .file("elsewhere/keep.txt", "");
    Wheel::new("six_lines")
        .file("six_lines.py", "x = 1\n")
        .write(&project.path("project/wheels"));

    let output = eryx()
        .args(["build", "-f", "../project/eryx.toml"])
        .folder(project.path("elsewhere"))
        .limit(Duration::from_secs(300))
        .run();
    assert_eq!(output.status, 0, "{output}");
    assert!(output.stdout.is_empty(), "{output}");
    let err = output.err();
    let mut stages: Vec<&str> = err
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(stage, _)| stage)
        .collect();
    stages.sort_unstable();
    assert_eq!(
        stages,
        [
            "bytecode", "compile", "fetch", "fold", "fuse", "link", "pack", "preinit", "resolve",
            "unpack"
        ],
        "{output}"
    );
    // One line a stage, that the lock was written, and the last.
    assert_eq!(err.lines().count(), 12, "{output}");
    assert!(
        err.lines().last().unwrap().starts_with("sample.cwasm: "),
        "{output}"
    );
    let names: Vec<_> = fs::read_dir(project.path("elsewhere"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");

    let image = project.path("elsewhere/sample.cwasm");
    let printed = eryx_run(&image)
        .args(["-c", "print(open('/data/note.txt').read())"])
        .run()
        .ok();
    assert_eq!(printed, "a note\n");
}

#[test]
fn json_tells_a_failure_as_an_event() {
    let project = Project::new("[image]\nname = \"a\"\nentrypiont = \"a:b\"\n");
    let output = project.bake().arg("--json").run();
    assert_eq!((output.status, output.err().as_ref()), (1, ""), "{output}");
    let out = output.out();
    let last = out.lines().last().expect("there is an event");
    let event: serde_json::Value = serde_json::from_str(last).unwrap();
    assert_eq!(event["event"], "error");
    assert!(
        event["message"].as_str().unwrap().contains("eryx.toml:3:1"),
        "{event}"
    );
    assert_eq!(event["suggestion"], "did you mean \"entrypoint\"?");
}

#[test]
fn json_tells_the_traceback_of_a_failure() {
    let project = Project::sample("[preinit]\nscript = \"prepare.py\"\n")
        .file("prepare.py", "raise KeyError('gone')\n");
    let output = project.bake().arg("--json").run();
    assert_eq!((output.status, output.err().as_ref()), (1, ""), "{output}");
    let out = output.out();
    let events: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        events.iter().any(|event| event["event"] == "stage-failed"),
        "{out}"
    );
    let last = events.last().unwrap();
    assert_eq!(last["event"], "error");
    assert!(last.to_string().contains("KeyError: 'gone'"), "{last}");
}
