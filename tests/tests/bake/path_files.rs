//! `.pth` files of packages: processed at bake time, in the sandbox, as `site` does at each start.

use eryx_tests::{eryx_run, project::Project, wheels::Wheel};

/// A package with a `.pth` file of this name and these contents.
fn package(name: &str, path_file: &str, lines: &str) -> Wheel {
    Wheel::new(name)
        .file(path_file, lines)
        .file(&format!("{name}/__init__.py"), "")
        .file(
            &format!("{name}/more/{name}_hidden.py"),
            "WORD = __name__\n",
        )
}

#[test]
fn folders_are_on_the_path_and_imports_are_done() {
    let first = package(
        "first",
        "b-first.pth",
        "\u{feff}# a comment\n\nfirst/more\r\nfirst/more\n../site-packages/nowhere\n\
         import sys, os; sys.first = (os.path.basename(sitedir), sys._getframe(1).f_locals['sitedir'])\n",
    );
    // Names decide the order, and an error ends one file alone.
    let second = package(
        "second",
        "a-second.pth",
        "import sys; sys.order = not hasattr(sys, 'first')\nimport nothing_of_this_name\nsecond/more\n",
    );
    let hidden = package("third", ".third.pth", "import sys; sys.third = 1\n");
    let inside = package("fourth", "fourth/x.pth", "import sys; sys.fourth = 1\n");
    let project = Project::with_wheels(&[&first, &second, &hidden, &inside]);
    let output = project.bake().run();
    assert_eq!(output.status, 0, "{output}");
    for words in [
        "first: b-first.pth is processed at bake time, in the sandbox",
        "second: a-second.pth is processed",
        "Error processing line 2 of /site-packages/a-second.pth:",
        "ModuleNotFoundError: No module named 'nothing_of_this_name'",
        "Remainder of file ignored",
    ] {
        assert!(output.err().contains(words), "{words:?} in\n{output}");
    }
    for words in ["third", "fourth"] {
        assert!(!output.err().contains(words), "{words:?} in\n{output}");
    }
    let printed = eryx_run(&project.image())
        .args([
            "-c",
            "import sys\nprint(sys.path[-1], sys.path.count('/site-packages/first/more'))\n\
             print(sys.first, sys.order, hasattr(sys, 'third'), hasattr(sys, 'fourth'))\n\
             import first_hidden; print(first_hidden.WORD, first_hidden.__file__)\n\
             try:\n    import second_hidden\nexcept ImportError as error:\n    print(error)\n",
        ])
        .run()
        .ok();
    assert_eq!(
        printed,
        "/site-packages/first/more 1\n('site-packages', '/site-packages') True False False\n\
         first_hidden /site-packages/first/more/first_hidden.py\n\
         No module named 'second_hidden'\n"
    );
}

#[test]
fn what_they_do_is_in_no_other_image() {
    // Bytecode of the standard library is shared between bakes: no package may have a hand in it.
    let evil = package(
        "evil",
        "evil.pth",
        "import builtins; builtins.compile = lambda s, f, *a, c=builtins.compile, **k: \
         c(b'import sys; sys.evil = 1\\n' if f.startswith('/usr/lib') else s, f, *a, **k)\n",
    );
    let project = Project::with_wheels(&[&evil]);
    let bake = |project: &Project| {
        let folder = project.path("cache");
        let output = project.bake().env("ERYX_CACHE_DIR", &folder).run();
        assert_eq!(output.status, 0, "{output}");
    };
    bake(&project);
    let printed = eryx_run(&project.image())
        .args([
            "-c",
            "import colorsys, sys; print(hasattr(sys, 'evil'), colorsys.ONE_THIRD > 0)",
        ])
        .run()
        .ok();
    assert_eq!(printed, "False True\n");
}

/// The module of ours that processes them was said not to be importable.
#[test]
fn one_that_ends_the_interpreter_is_named() {
    for (line, words) in [
        (
            "import sys; sys.exit(3)",
            "ImportError: line 1 of /site-packages/rude.pth ends the interpreter",
        ),
        (
            "import os; os._exit(3)",
            "a `.pth` file ended the interpreter with `os._exit(3)`",
        ),
    ] {
        let project = Project::with_wheels(&[&package("rude", "rude.pth", line)]);
        let output = project.bake().run();
        assert_eq!(output.status, 1, "{output}");
        assert!(output.err().contains(words), "{output}");
        assert!(!output.err().contains("the module `_eryx"), "{output}");
        assert!(!project.image().exists());
    }
}
