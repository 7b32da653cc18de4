//! Packages and scripts that fail at bake time: the cause is told in Python's words, with the package
//! and a way out, and nothing is written.

use eryx_tests::{eryx_run, project::Project, wheels::Wheel};

/// Bakes the import of a package whose module has this source; the bake fails with all these words.
#[track_caller]
fn check_import(source: &str, words: &[&str]) {
    let wheel = Wheel::new("needy")
        .file("needy/__init__.py", "from needy import inner\n")
        .file("needy/inner.py", source);
    let project = Project::sample(
        "[packages]\nwheels = [\"wheels/*.whl\"]\n[preinit]\nimports = [\"json\", \"needy\"]\n",
    )
    .wheel(&wheel);
    let where_it_is = [
        "the module `needy` cannot be imported",
        "the package needy 1.0",
    ];
    check(&project, &[&where_it_is[..], words].concat());
}

/// Bakes a preinit script that fails with all these words.
#[track_caller]
fn check_script(source: &str, words: &[&str]) {
    check(
        &Project::sample("[preinit]\nscript = \"prepare.py\"\n").file("prepare.py", source),
        words,
    );
}

#[track_caller]
fn check(project: &Project, words: &[&str]) {
    let message = project.refused();
    for word in words {
        assert!(message.contains(word), "{word:?} is not said in\n{message}");
    }
    for word in ["_eryx", "importlib", "<frozen"] {
        assert!(
            !message.contains(word),
            "{word:?} is of no interest in\n{message}"
        );
    }
}

#[test]
fn a_module_that_is_missing() {
    check_import(
        "import nowhere\n",
        &[
            "  File \"/site-packages/needy/inner.py\", line 1, in <module>\n    import nowhere\n",
            "ModuleNotFoundError: No module named 'nowhere'",
            "packages.requirements",
        ],
    );
}

#[test]
fn a_module_that_raises() {
    check_import(
        "def start():\n    raise ValueError('no \x1b[2J luck')\nstart()\n",
        &[
            "line 2, in start\n    raise ValueError",
            "ValueError: no \\u{1b}[2J luck",
        ],
    );
}

#[test]
fn a_module_that_needs_the_host() {
    check_import(
        "open('/etc/resolv.conf')\n",
        &[
            "No such file or directory: '/etc/resolv.conf'",
            "image.files",
        ],
    );
    check_import(
        "import urllib.request\nurllib.request.urlopen('http://example.com/')\n",
        &["help: the module uses the network", "preinit.imports"],
    );
    check_import(
        "import subprocess\nsubprocess.run(['ls'])\n",
        &["help: the module starts a process or thread"],
    );
    check_import(
        "import threading\nthreading.Thread(target=print).start()\n",
        &["help: the module starts a process or thread"],
    );
}

#[test]
fn a_module_that_no_package_has() {
    let project = Project::sample("[preinit]\nimports = [\"nowhere.inner\"]\n");
    check(
        &project,
        &[
            "the module `nowhere.inner` cannot be imported",
            "packages.requirements",
        ],
    );
}

#[test]
fn a_script_that_raises() {
    check_script(
        "x = 1\nraise KeyError('gone')\n",
        &[
            "the preinit script failed",
            "prepare.py\", line 2",
            "    raise KeyError('gone')",
            "KeyError: 'gone'",
        ],
    );
}

#[test]
fn a_script_that_is_no_python() {
    check_script(
        "x = = 1\n",
        &[
            "the preinit script failed",
            "prepare.py\", line 1",
            "SyntaxError",
        ],
    );
}

#[test]
fn a_script_that_exits() {
    check_script(
        "import sys\nsys.exit(0)\n",
        &["the preinit script failed", "SystemExit: 0"],
    );
    check_script("import os\nos._exit(0)\n", &["os._exit"]);
    check_script("import os\nos.abort()\n", &["error: "]);
}

#[test]
fn a_script_that_goes_too_deep() {
    check_script("def deep():\n    deep()\ndeep()\n", &["RecursionError"]);
    // However it ends, it ends as an error.
    check_script(
        "nest = []\nfor _ in range(2_000_000):\n    nest = [nest]\ndel nest\nraise ValueError('survived')\n",
        &["error: "],
    );
}

#[test]
fn a_script_that_takes_too_much_memory() {
    check_script(
        "held = []\nwhile True:\n    held.append(bytearray(64 << 20))\n",
        &["MemoryError"],
    );
}

#[test]
fn a_large_heap_is_baked_whole() {
    let project = Project::sample("[preinit]\nscript = \"prepare.py\"\n").file(
        "prepare.py",
        "HELD = bytes(range(1, 251)) * 800_000\nZERO = bytearray(200 << 20)\n",
    );
    project.bake().arg("--quiet").run().ok();
    let source = "import __preinit__ as baked\n\
        print(len(baked.HELD), baked.HELD[-1], len(baked.ZERO), any(baked.ZERO[-1000:]))";
    let output = eryx_run(&project.image()).args(["-c", source]).run();
    assert_eq!(output.ok(), "200000000 250 209715200 False\n");
}

/// What is raised is shown in part, and how much is left out: it could be of any length.
#[test]
fn a_script_that_raises_a_long_text() {
    let project = Project::sample("[preinit]\nscript = \"prepare.py\"\n").file(
        "prepare.py",
        "raise ValueError('begins ' + 'long ' * 1_000_000 + 'ends')\n",
    );
    for json in [false, true] {
        let baked = project.bake();
        let output = if json { baked.arg("--json") } else { baked }.run();
        assert_eq!(output.status, 1, "{output}");
        let said = if json { output.out() } else { output.err() };
        // Events are ASCII.
        let said = said.replace(r"\u2026", "…");
        for words in [
            "line 1, in <module>",
            "ValueError: begins long long ",
            "… (5.0 MB left out) …",
            " long ends",
        ] {
            assert!(said.contains(words), "{words:?} is not said in\n{said}");
        }
        assert!(said.len() < 20_000, "{} bytes are said", said.len());
    }
}

#[test]
fn a_script_that_raises_a_text_of_many_lines() {
    let script = "raise ValueError('\\n'.join(f'row {row}' for row in range(200_000)))\n";
    let project =
        Project::sample("[preinit]\nscript = \"prepare.py\"\n").file("prepare.py", script);
    let said = project.refused();
    for words in [
        "ValueError: row 0\nrow 1\n",
        " MB left out) …\n",
        "\nrow 199999\n",
    ] {
        assert!(said.contains(words), "{words:?} is not said in\n{said}");
    }
    assert!(said.len() < 30_000, "{} bytes are said", said.len());
}
