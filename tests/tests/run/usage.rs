//! The command line of `eryx` and `eryx-run`.

use eryx_tests::{Run, binaries, eryx, images, workspace};
use serde_json::Value;
use std::fs;

/// Help is there, and tells the exit statuses.
#[test]
fn help() {
    let help = eryx().arg("--help").run().ok();
    for word in ["run", "inspect", "verify", "build"] {
        assert!(
            help.contains(&format!("\n  {word} ")),
            "{word} is missing in\n{help}"
        );
    }
    for output in [
        eryx().args(["run", "--help"]).run(),
        Run::new(&binaries().eryx_run).arg("--help").run(),
    ] {
        let help = output.ok();
        for word in [
            "124",
            "125",
            "126",
            "130",
            "--timeout",
            "--memory",
            "-v, --volume",
            "-e, --env",
        ] {
            assert!(help.contains(word), "{word} is missing in\n{help}");
        }
    }
    for command in ["inspect", "verify"] {
        assert!(
            eryx()
                .args([command, "--help"])
                .run()
                .ok()
                .contains("Usage:")
        );
    }
}

/// Both names tell the version.
#[test]
fn version() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        eryx().arg("--version").run().ok(),
        format!("eryx {version}\n")
    );
    let output = Run::new(&binaries().eryx_run).arg("--version").run();
    assert_eq!(output.ok(), format!("eryx-run {version}\n"));
}

/// Wrong usage is status 2 and says what is wrong.
#[test]
fn wrong_usage() {
    for words in [
        &[][..],
        &["run"],
        &["run", "--no-such-option", "x.cwasm"],
        &["inspect"],
        &["verify"],
        &["run", "--timeout"],
    ] {
        let output = eryx().args(words).run();
        assert_eq!(
            (output.status, output.stdout.len()),
            (2, 0),
            "{words:?}\n{output}"
        );
        assert!(output.err().contains("--help"), "{words:?}\n{output}");
    }
}

/// `eryx run` and `eryx-run` are the same.
#[test]
fn two_names() {
    let output = eryx()
        .arg("run")
        .arg(images::bare())
        .args(["-c", "print(1)", "--json"])
        .run();
    assert_eq!(output.ok(), "1\n");
}

/// Commands of the toolchain reach `eryx-build`, with its exit status.
#[test]
fn toolchain() {
    let output = eryx().args(["build", "--help"]).run();
    assert!(output.ok().contains("Bake the image"));
    let output = eryx().args(["build", "-f", "/no/such/eryx.toml"]).run();
    assert_eq!(output.status, 1, "{output}");
}

/// Without the toolchain its commands say how to get it.
#[test]
fn no_toolchain() {
    let folder = tempfile::tempdir().unwrap();
    let alone = folder.path().join("eryx");
    fs::copy(&binaries().eryx, &alone).unwrap();
    for path in ["/nowhere", ""] {
        let sentence = Run::new(&alone)
            .env("PATH", path)
            .arg("build")
            .run()
            .refused(125);
        assert!(
            sentence.contains("eryx-build") && sentence.contains("build"),
            "{sentence}"
        );
    }
    let output = Run::new(&alone).without_env().arg("build").run();
    output.refused(125);
    // What the loader does by itself works all the same.
    let output = Run::new(&alone)
        .arg("run")
        .arg(images::bare())
        .args(["-c", "print(1)"])
        .run();
    assert_eq!(output.ok(), "1\n");
}

/// The toolchain is found on PATH as well.
#[test]
fn toolchain_on_path() {
    let folder = tempfile::tempdir().unwrap();
    let alone = folder.path().join("eryx");
    fs::copy(&binaries().eryx, &alone).unwrap();
    let path = binaries().eryx_build.parent().unwrap();
    let output = Run::new(&alone)
        .env("PATH", path)
        .args(["build", "--help"])
        .run();
    assert!(output.ok().contains("Bake the image"));
}

/// `eryx inspect` tells what is inside.
#[test]
fn inspect() {
    let text = eryx().arg("inspect").arg(images::example()).run().ok();
    for word in [
        "example",
        "Jinja2",
        "3.1.6",
        "/app/report.py",
        "48.",
        "cpython",
    ] {
        assert!(text.contains(word), "{word} is missing in\n{text}");
    }
    let files = eryx()
        .args(["inspect", "--files"])
        .arg(images::example())
        .run()
        .ok();
    for path in [
        "/app/report.py",
        "/site-packages/jinja2/__init__.py",
        "/usr/lib/python3.14/os.py",
    ] {
        assert!(files.contains(path), "{path} is missing");
    }
}

/// `eryx inspect --json` tells programs.
#[test]
fn inspect_json() {
    let text = eryx()
        .args(["inspect", "--json"])
        .arg(images::example())
        .run()
        .ok();
    let image: Value = serde_json::from_str(&text).unwrap();
    let packages = image["metadata"]["packages"].as_array().unwrap();
    assert_eq!(packages.len(), 11, "{text}");
    assert!(
        packages
            .iter()
            .any(|package| { package["name"] == "Jinja2" && package["version"] == "3.1.6" })
    );
    assert!(text.contains("/app/report.py"), "{text}");
}

/// `eryx verify` finds a whole image sound.
#[test]
fn verify() {
    assert!(
        eryx()
            .arg("verify")
            .arg(images::bare())
            .run()
            .ok()
            .contains("sound")
    );
}

/// The paths of the machine that baked an image are not in it.
#[test]
fn no_host_paths_in_images() {
    let image = fs::read(images::example()).unwrap();
    let here = workspace().to_str().unwrap().as_bytes();
    assert!(!image.windows(here.len()).any(|window| window == here));
}

/// Whatever an argument or a path holds, nothing of it steers the terminal that shows a message.
#[test]
fn control_characters_in_arguments() {
    const HOSTILE: &str = "x\u{1b}[2J\r\u{202e}\n\u{9b}y";
    let image = images::bare().to_str().unwrap();
    let long = format!("--{HOSTILE}");
    let pair = format!("={HOSTILE}");
    let option = format!("-{HOSTILE}");
    let mount = format!("{HOSTILE}:/m");
    let command = format!("eryx run {HOSTILE}");
    for arguments in [
        &["--timeout", HOSTILE, image, "-c", ""][..],
        &["--memory", HOSTILE, image, "-c", ""],
        &["--scratch", HOSTILE, image, "-c", ""],
        &["-v", HOSTILE, image, "-c", ""],
        &["-v", &mount, image, "-c", ""],
        &["-w", HOSTILE, image, "-c", ""],
        &["-e", &pair, image, "-c", ""],
        &["--entry-point", HOSTILE, image],
        &[&long, image],
        &[image, &option],
        &[image, HOSTILE],
        &[HOSTILE],
    ] {
        let output = Run::new(&binaries().eryx_run).args(arguments).run();
        assert!(matches!(output.status, 2 | 125), "{arguments:?}\n{output}");
        let err = output.err();
        let steers = |character: char| {
            (character.is_control() && character != '\n') || character == '\u{202e}'
        };
        assert!(!err.is_empty() && !err.contains(steers), "{err:?}");
    }
    for arguments in [
        &["verify", HOSTILE][..],
        &["inspect", HOSTILE],
        &["diff", HOSTILE, HOSTILE],
        &["inspect", &long],
        &[&command],
    ] {
        let output = eryx().args(arguments).run();
        let err = output.err();
        let steers = |character: char| {
            (character.is_control() && character != '\n') || character == '\u{202e}'
        };
        assert_ne!(output.status, 0, "{arguments:?}");
        assert!(!err.is_empty() && !err.contains(steers), "{err:?}");
    }
}
