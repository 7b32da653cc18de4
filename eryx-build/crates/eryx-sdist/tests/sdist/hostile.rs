//! Backends that fail, mean harm, or do not keep to PEP 517: the bake goes on to say so, and nothing
//! else happens.

use crate::harness::{SHORT, Sdist};

/// Builds a distribution whose `build_wheel` does this, which must fail with all these words.
#[track_caller]
fn check(body: &str, words: &[&str]) {
    let message = Sdist::that_builds(body).refused();
    for word in words {
        assert!(message.contains(word), "{word:?} is not said in\n{message}");
    }
    assert!(message.contains("sample-1.0.tar.gz"), "{message}");
    assert!(message.len() < 6_000, "{} bytes", message.len());
    let is_raw = message.contains("wasm") || message.contains("driver.py");
    assert!(!is_raw, "{message}");
}

#[test]
fn an_exception_is_shown_with_its_traceback() {
    check(
        "    def inner():\n        raise ValueError('no version: set X')\n    inner()",
        &[
            "its build backend `backend` failed: ValueError: no version: set X",
            "File \"/build/source/sample-1.0/backend.py\", line",
            "in inner",
        ],
    );
    check(
        "    raise SystemExit('error: no such option')",
        &["SystemExit: error: no such option"],
    );
    check(
        "    import missing_module",
        &["ModuleNotFoundError: No module named 'missing_module'"],
    );
    let sdist = Sdist::with_backend("def build_wheel(:");
    assert!(sdist.refused().contains("SyntaxError"));
    let sdist = Sdist::with_backend("");
    assert!(sdist.refused().contains("has no attribute 'build_wheel'"));
}

#[test]
fn what_it_says_is_bounded_and_cannot_move_the_cursor() {
    check(
        "    raise ValueError('x' * 10_000_000)",
        &["ValueError: xxx"],
    );
    check(
        "    raise ValueError('line\\n' * 1_000_000)",
        &["ValueError: line"],
    );
    let message = Sdist::that_builds("    raise ValueError('\\x1b[2J\\u202e')").refused();
    assert!(message.contains("\\u{1b}[2J\\u{202e}"), "{message}");
    let traceback = message.split_once('\n').map_or("", |(_, rest)| rest);
    assert!(!traceback.contains(['\u{1b}', '\u{202e}']), "{traceback:?}");
    check(
        "    for _ in range(300):\n        os.write(1, b'spam ' * 200_000)\n    raise ValueError('end')",
        &["ValueError: end"],
    );
}

#[test]
fn ending_the_interpreter_is_no_answer() {
    for body in [
        "    os._exit(0)",
        "    os._exit(3)",
        "    make_wheel(folder)\n    os._exit(0)",
    ] {
        check(body, &["it ended the interpreter instead of returning"]);
    }
    check(
        "    import ctypes\n    ctypes.string_at(0xfffffff0)",
        &["sample"],
    );
}

#[test]
fn answers_that_name_no_file_of_the_output_directory() {
    for value in [
        "None",
        "1",
        "''",
        "'.'",
        "'../answer.json'",
        "'/build/answer.json'",
        "['a.whl']",
    ] {
        check(
            &format!("    return {value}"),
            &["it did not name what it made"],
        );
    }
    check("    return object()", &["not JSON serializable"]);
    check("    return 'x' * 2_000_000", &["gave no valid answer"]);
    check(
        "    return 'sample-1.0-py3-none-any.whl'",
        &["no such file"],
    );
    check(
        "    os.mkdir(folder + '/sample-1.0-py3-none-any.whl')\n    \
         return 'sample-1.0-py3-none-any.whl'",
        &["is a directory"],
    );
    check(
        "    os.symlink('/build/request.json', folder + '/sample-1.0-py3-none-any.whl')\n    \
         return 'sample-1.0-py3-none-any.whl'",
        &["sample-1.0.tar.gz"],
    );
    check(
        "    open('/build/answer.json', 'w').write('{')\n    os._exit(0)",
        &["gave no valid answer"],
    );
    check(
        "    open('/build/answer.json', 'w').write('[' * 500_000)\n    os._exit(0)",
        &["gave no valid answer"],
    );
}

#[test]
fn wheels_of_other_packages() {
    for name in [
        "other-1.0-py3-none-any.whl",
        "sample-2.0-py3-none-any.whl",
        "sample-1.0-cp313-cp313-any.whl",
        "sample.whl",
        "sample-1.0.zip",
    ] {
        check(
            &format!("    return make_wheel(folder, {name:?})"),
            &["which cannot be used", name],
        );
    }
    check(
        "    return make_wheel(folder, 'sample-1.0-cp314-cp314-linux_x86_64.whl', \
         {'sample.so': '\\x7fELF\\x02\\x01\\x01' + '\\0' * 11 + '\\x3e\\0'})",
        &["native code for Linux (x86_64)"],
    );
    check(
        "    open(folder + '/sample-1.0-py3-none-win32.whl', 'w').write('no zip')\n    \
         return 'sample-1.0-py3-none-win32.whl'",
        &["not a whole zip archive"],
    );
}

#[test]
fn loops_are_ended() {
    for body in [
        "    while True: pass",
        "    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "    import re\n    re.match('(a*)*b', 'a' * 40)",
        "    10 ** 10 ** 9",
        "    import time\n    while True: time.sleep(1000)",
    ] {
        let sdist = Sdist::that_builds(body);
        let message = sdist.refused_with(|builder| builder.time_limit(SHORT));
        assert!(
            message.contains("did not end within 2 seconds"),
            "{body}: {message}"
        );
    }
    let sdist = Sdist::with_backend("while True: pass");
    let message = sdist.refused_with(|builder| builder.time_limit(SHORT));
    assert!(
        message.contains("did not end within 2 seconds"),
        "{message}"
    );
}

#[test]
fn memory_and_files_are_bounded() {
    check(
        "    x = [bytearray(1 << 30) for _ in range(3)]",
        &["MemoryError"],
    );
    check(
        "    with open('large', 'wb') as file:\n        while True: file.write(bytes(1 << 24))",
        &["OSError"],
    );
    check(
        "    for number in range(200_000): open(f'/tmp/{number}', 'w').close()",
        &["OSError"],
    );
    check("    def f(): f()\n    f()", &["RecursionError"]);
    check(
        "    x = []\n    for _ in range(5_000_000): x = [x]\n    repr(x)",
        &["sample-1.0.tar.gz"],
    );
}

#[test]
fn programs_that_are_not_there_are_named() {
    check(
        "    import subprocess\n    print(\"building 'sample._fast' extension\")\n    \
         subprocess.check_call(['cc', '-c', 'x.c'])",
        &[
            "it has native code (sample._fast), and there is no compiler",
            "add `sample` to `packages.without-native`",
            "packages.exclude",
            "packages.wheels",
        ],
    );
    check(
        "    import subprocess\n    subprocess.check_call(['/usr/bin/cmake', '.'])",
        &["its build runs the program `cmake`"],
    );
    // Asking for a program and going on without is no failure of its own.
    check(
        "    import subprocess\n    try: subprocess.check_call(['cc'])\n    except OSError: pass\n    \
         raise ValueError('another')",
        &["failed: ValueError: another"],
    );
}

#[test]
fn backends_that_need_programs_are_refused_before_anything_runs() {
    for (backend, needs) in [
        ("maturin", "Rust"),
        ("uv_build", "`uv-build`"),
        ("mesonpy", "Meson"),
    ] {
        let text =
            format!("[build-system]\nrequires = ['{backend}']\nbuild-backend = '{backend}'\n");
        let message = Sdist::new().file("pyproject.toml", &text).refused();
        assert!(
            message.contains(backend) && message.contains(needs),
            "{message}"
        );
        assert!(message.contains("packages.wheels"), "{message}");
    }
}

#[test]
fn a_backend_that_is_not_where_it_says() {
    let text = "[build-system]\nrequires = []\nbuild-backend = 'json'\nbackend-path = ['.']\n";
    let message = Sdist::new().file("pyproject.toml", text).refused();
    assert!(
        message.contains("not in a folder of `backend-path`"),
        "{message}"
    );
}

#[test]
fn a_file_that_was_exchanged() {
    use eryx_sdist::Builder;
    let directory = tempfile::tempdir().unwrap();
    let sdist = Sdist::that_builds("    return make_wheel(folder)");
    let archive = sdist.write(directory.path());
    let cache = crate::harness::new_cache(directory.path());
    let builder = Builder::new(crate::harness::runtime(), &cache, &crate::harness::nothing);
    std::fs::write(&archive.path, "another").unwrap();
    let error = builder.wheel(&archive, &|_| {}).unwrap_err();
    assert!(
        error.to_string().contains("it changed while it was needed"),
        "{error}"
    );
    std::fs::remove_file(&archive.path).unwrap();
    let error = builder.metadata(&archive, &|_| {}).unwrap_err();
    assert!(error.to_string().contains("it cannot be read"), "{error}");
}
