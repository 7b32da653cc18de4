//! Which pip is started, in what environment, and what is said when none works.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::index::{Index, wheel};

#[test]
fn settings_for_work_at_the_prompt_do_not_reach_pip() {
    let index = Index::new(&[wheel("a", "1.0")], "requirements = [\"a\"]");
    let output = index
        .command(&["lock", "--quiet"])
        .env("PYTHONWARNINGS", "error")
        // Would wait for the end of standard input, after pip.
        .env("PYTHONINSPECT", "1")
        .env("PYTHONVERBOSE", "1")
        .env("PIP_PYTHON", "/nowhere/python")
        .env("PIP_VERSION", "1")
        .env("PIP_PREFIX", "/nowhere")
        .env("PIP_QUIET", "3")
        .run();
    assert_eq!(output.status, 0, "{output}");
    assert_eq!(index.versions(), ["a 1.0"]);
}

#[test]
fn an_installer_that_does_not_work_says_why() {
    let index = Index::new(&[wheel("a", "1.0")], "requirements = [\"a\"]");
    let python = index.project.path("python");
    let script = "#!/bin/sh\necho 'Traceback' >&2\necho 'ImportError: pip is torn' >&2\nexit 1\n";
    fs::write(&python, script).unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    let output = index
        .command(&["lock", "--quiet"])
        .env("ERYX_PYTHON", &python)
        .run();
    let message = eryx_tests::project::explained(&output);
    for words in [
        "no package installer works",
        "ERYX_PYTHON",
        "ImportError: pip is torn",
    ] {
        assert!(message.contains(words), "{message}");
    }
}
