//! Mistakes in what is meant, section by section.

use super::*;

#[test]
fn image_values_are_checked() {
    check(
        r#"[image]
name = "My Report!"
version = ""
description = "a\u001b[2J"
entrypoint = "app.py"
"#,
        &[
            "2:8: the image name `My Report!` is not made of lower-case letters, digits, `.`, `_` and `-`, starting with a letter or digit and at most 128 long | did you mean \"my-report\"?",
            "3:11: `version` must be one line of 1 to 128 bytes, without control characters | -",
            "4:15: `description` must be text of at most 4096 bytes, without control characters | -",
            "5:14: the entrypoint `app.py` is neither `module:function` nor an absolute path in the sandbox | write \"package.module:function\", or the sandbox path of a script that `files` puts there, for example \"/app/main.py\"",
        ],
    );
    check(
        "packages = {}\n",
        &[
            "1:1: the manifest has no section [image] with a `name` | write, for example:\n\n[image]\nname = \"example\"",
        ],
    );
    check(
        "image.name = \"../../x\"\n",
        &[
            "1:14: the image name `../../x` is not made of lower-case letters, digits, `.`, `_` and `-`, starting with a letter or digit and at most 128 long | did you mean \"x\"?",
        ],
    );
}

#[test]
fn file_mappings_are_checked() {
    check_section(
        r#"[image.files]
"missing.py" = "/app/missing.py"
"" = "/app/empty"
"~/x" = "/app/x"
"app.py" = "app/app.py"
"data" = "/usr/lib"
"notes.txt" = "/notes/../etc"
"#,
        &[
            "3:1: there is no `missing.py`, which `files` names | the path is relative to the manifest's directory, `DIRECTORY`",
            "4:1: `files` has an empty path | -",
            "5:1: there is no `~/x`, which `files` names | `~` is not expanded: write the whole path",
            "6:12: the sandbox path `app/app.py` is not absolute | did you mean `/app/app.py`?",
            "7:10: the sandbox path `/usr/lib` is in `/usr`, which the sandbox keeps for itself | put files into a directory of their own, for example \"/app\"",
            "8:15: the sandbox path `/notes/../etc` climbs with `..` | put files into a directory of their own, for example \"/app\"",
        ],
    );
    check_section(
        r#"[image.files]
"warm_up.py" = "/b"
"app.py" = "/b"
"notes.txt" = "/a"
"data" = "/a/data"
"runtime" = "/r"
"wheels" = "/r/wheels"
"#,
        &[
            "4:12: `/b` is filled twice by `files` (the first time on line 3) | give the two different sandbox paths",
            "6:10: `/a/data` lies below `/a`, which is a file (the file on line 5) | give the two different sandbox paths",
        ],
    );
}

#[test]
fn wheels_are_checked() {
    check_section(
        r#"[packages]
wheels = [
    "nothing/*.whl",
    "wheels",
    "app.py",
    "gone-1.0-py3-none-any.whl",
    "*",
    "a**",
    "",
]
"#,
        &[
            "4:5: the glob `nothing/*.whl` in `wheels` matches nothing | put the wheels there, or mend the glob; it starts from `DIRECTORY`",
            "5:5: `wheels` in `wheels` is a directory | for the wheels in it, write `wheels/*.whl`",
            "6:5: `app.py` in `wheels` does not end in `.whl` | name wheel files only; a source distribution goes into `requirements`, as in \"NAME @ ./NAME-1.0.tar.gz\"",
            "7:5: there is no `gone-1.0-py3-none-any.whl`, which `wheels` names | the path is relative to the manifest's directory, `DIRECTORY`",
            "8:5: the glob `*` in `wheels` matches `app.py`, which is not a wheel | end the glob in `*.whl`",
            "9:5: the glob `a**` in `wheels` is not valid: recursive wildcards must form a single path component | -",
            "10:5: `wheels` has an empty path | -",
        ],
    );
}

#[test]
fn preinit_values_are_checked() {
    check_section(
        r#"[preinit]
imports = ["json", "my-module", "", "json"]
script = "notes.txt"
"#,
        &[
            "3:20: `my-module` in `imports` is not a module name | name the module as a script imports it, for example \"dateutil.parser\"",
            "3:33: `` in `imports` is not a module name | name the module as a script imports it, for example \"dateutil.parser\"",
            "3:37: the module `json` is named twice (the first time on line 3) | remove one of the two",
            "4:10: the script `notes.txt` does not end in `.py` | name a Python source file, for example script = \"warm_up.py\"",
        ],
    );
    check_section(
        "preinit.script = \"data\"\n",
        &["2:18: `data`, which `script` names, is not a file | -"],
    );
}

#[test]
fn compile_and_runtime_values_are_checked() {
    check_section(
        r#"[compile]
target = "x86-64-linux"
cpu = "generic"
opt-level = "3"
[runtime]
path = "data"
"#,
        &[
            "3:10: `x86-64-linux` is not a value of `target` | did you mean \"x86_64-linux\"? The values are \"host\", \"x86_64-linux\", \"aarch64-linux\", \"x86_64-macos\", \"aarch64-macos\" and \"x86_64-windows\"",
            "4:7: `generic` is not a value of `cpu` | the values are \"portable\" and \"native\"",
            "5:13: `3` is not a value of `opt-level` | the values are \"speed\", \"speed-and-size\" and \"none\"",
            "7:8: the directory `data` has no `runtime.toml` | name a runtime distribution, or leave `path` out to use the built-in runtime",
        ],
    );
    check_section(
        "[compile]\ntarget = \"aarch64-linux\"\ncpu = \"native\"\n",
        &[
            "4:7: `cpu = \"native\"` does not go with `target = \"aarch64-linux\"` | use cpu = \"portable\", or leave `target` out to bake for this machine",
        ],
    );
}
