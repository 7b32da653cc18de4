//! Manifests that cannot be used: each is refused with its place and a way out.

use eryx_tests::{
    eryx_build,
    project::{Project, explained},
};
use std::fs;

/// Bakes a manifest that is refused with all these words.
#[track_caller]
fn check(manifest: impl AsRef<[u8]>, words: &[&str]) {
    let message = Project::new(manifest).refused();
    for word in words {
        assert!(message.contains(word), "{word:?} is not said in\n{message}");
    }
}

#[test]
fn an_empty_manifest_shows_the_smallest_one() {
    check(
        "",
        &["eryx.toml is empty", "[image]\n", "name = \"example\""],
    );
    check("# nothing yet\n\n", &["eryx.toml is empty"]);
}

#[test]
fn broken_toml_is_shown_with_its_place() {
    check("[image\nname = \"a\"\n", &["eryx.toml:1:7", "[image"]);
    check("[image]\nname = \"a\n", &["eryx.toml:2:", "name = \"a"]);
    check(
        "[image]\nname = \"a\"\nname = \"b\"\n",
        &["eryx.toml:3:1", "name = \"b\""],
    );
}

#[test]
fn a_binary_file_is_no_manifest() {
    check(
        b"\x7fELF\x02\x01\x01\0",
        &["not a UTF-8 text file", "line 1"],
    );
    check(
        b"[image]\nname = \"a\xff\"\n",
        &["not a UTF-8 text file", "line 2, column 10", "0xff"],
    );
}

#[test]
fn a_huge_file_is_not_read() {
    let project = Project::new("");
    let file = fs::File::create(project.path("eryx.toml")).unwrap();
    file.set_len(8 << 30).unwrap();
    let message = project.refused();
    assert!(message.contains("is larger than"), "{message}");
}

#[test]
fn deep_nesting_is_refused() {
    let open = "[".repeat(100_000);
    check(
        format!("[image]\nname = \"a\"\n[packages]\nwheels = {open}\n"),
        &["eryx.toml:4:"],
    );
}

#[test]
fn unknown_keys_come_with_a_suggestion() {
    check(
        "[image]\nname = \"a\"\nentrypiont = \"a:b\"\n",
        &[
            "eryx.toml:3:1",
            "`entrypiont`",
            "did you mean \"entrypoint\"",
        ],
    );
    check(
        "[image]\nname = \"a\"\n[package]\n",
        &["eryx.toml:3:", "did you mean \"packages\""],
    );
}

#[test]
fn wrong_types_and_impossible_values_are_all_told_at_once() {
    check(
        "[image]\nname = 3\nversion = \"one\"\n[packages]\nrequirements = [\"six=1\"]\n\
         [compile]\nopt-level = \"fast\"\ncpu = \"avx\"\n",
        &["eryx.toml:2:8", "\"fast\"", "\"avx\"", "six=1"],
    );
}

#[test]
fn a_missing_manifest_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let message = explained(&eryx_build().args(["build"]).folder(folder.path()).run());
    assert!(
        message.contains("there is no manifest at eryx.toml"),
        "{message}"
    );
    assert!(message.contains("-f PATH"), "{message}");
    let message = explained(
        &eryx_build()
            .args(["build", "-f", "."])
            .folder(folder.path())
            .run(),
    );
    assert!(message.contains("is not a file"), "{message}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn files_that_are_not_there_are_named() {
    check(
        "[image]\nname = \"a\"\nfiles = { \"missing.txt\" = \"/data/missing.txt\" }\n",
        &["eryx.toml:3:11", "there is no `missing.txt`"],
    );
    check(
        "[image]\nname = \"a\"\n[preinit]\nscript = \"missing.py\"\n",
        &["missing.py", "script"],
    );
    check(
        "[image]\nname = \"a\"\n[packages]\nwheels = [\"missing/*.whl\"]\n",
        &["missing/*.whl"],
    );
    check(
        "[image]\nname = \"a\"\n[runtime]\npath = \"missing\"\n",
        &["missing"],
    );
}

#[test]
fn an_entrypoint_without_its_module_or_script_is_refused() {
    check(
        "[image]\nname = \"a\"\nentrypoint = \"/app/main.py\"\n",
        &["/app/main.py"],
    );
    check(
        "[image]\nname = \"a\"\nentrypoint = \"nowhere:main\"\n",
        &["nowhere"],
    );
}

#[test]
fn files_over_the_standard_library_are_refused() {
    let project = Project::new(
        "[image]\nname = \"a\"\nfiles = { \"own.py\" = \"/usr/lib/python3.14/os.py\" }\n",
    );
    let message = project.file("own.py", "").refused();
    assert!(message.contains("/usr/lib/python3.14/os.py"), "{message}");
}

#[test]
fn links_below_a_folder_of_files_are_refused() {
    let project = Project::sample("").file("data/note.txt", "a note").file(
        "eryx.toml",
        "[image]\nname = \"a\"\nfiles = { \"data\" = \"/data\" }\n",
    );
    std::os::unix::fs::symlink("/etc/passwd", project.path("data/accounts")).unwrap();
    let message = project.refused();
    assert!(
        message.contains("data/accounts` ") || message.contains("data/accounts`"),
        "{message}"
    );
    assert!(message.contains("symbolic link"), "{message}");
}

#[test]
fn a_pipe_among_the_files_is_not_waited_for() {
    let project = Project::new("[image]\nname = \"a\"\nfiles = { \"data\" = \"/data\" }\n")
        .file("data/note.txt", "a note");
    let made = std::process::Command::new("mkfifo")
        .arg(project.path("data/pipe"))
        .status();
    assert!(made.is_ok_and(|status| status.success()));
    let message = project.refused();
    assert!(
        message.contains("data/pipe") && message.contains("neither a file nor a folder"),
        "{message}"
    );
}
