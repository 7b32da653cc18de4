//! Source distributions: what they require is found out in the sandbox, and so are their wheels.

use std::fs;
use std::path::Path;

use eryx_tests::eryx_run;
use eryx_tests::source::Source;
use sha2::{Digest as _, Sha256};

use crate::index::{Index, wheel};

/// A backend that says only when it is called what the package requires, and tries to leave a mark
/// on the host.
const BACKEND: &str = r#"
import base64, hashlib, os, zipfile

try:
    open("MARK", "w").close()
except OSError:
    pass

METADATA = "Metadata-Version: 2.1\nName: two-words\nVersion: 1.0\nRequires-Dist: dep\n"

def get_requires_for_build_wheel(config_settings=None):
    return []

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "two_words-1.0-py3-none-any.whl"
    files = {
        "app.py": "import dep\nprint('app runs')\n",
        "two_words-1.0.dist-info/METADATA": METADATA,
        "two_words-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text)}\n"
    files["two_words-1.0.dist-info/RECORD"] = record + "two_words-1.0.dist-info/RECORD,,\n"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return name
"#;

const PROJECT: &str =
    "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n";

/// pip gets what it asks for as a folder, of whose name it takes the package's to end at a hyphen.
#[test]
fn a_source_distribution_is_built_in_the_sandbox_and_nowhere_else() {
    let index = Index::new(&[wheel("dep", "1.0")], "requirements = [\"two-words\"]");
    let mark = index.project.path("mark");
    let backend = BACKEND.replace("MARK", &mark.to_string_lossy());
    Source::new("two_words", "1.0")
        .file("pyproject.toml", PROJECT)
        .file("backend.py", &backend)
        .file("setup.py", format!("open({mark:?}, 'w').close()\n"))
        .write(&index.links());
    index.lock(&[]);
    assert_eq!(index.versions(), ["dep 1.0", "two-words 1.0"]);
    let text = index.text();
    assert!(
        text.contains("[packages.sdist]\nname = \"two_words-1.0.tar.gz\""),
        "{text}"
    );

    let output = index
        .command(&["build", "--locked"])
        .arg("--output")
        .arg(index.project.image())
        .limit(std::time::Duration::from_secs(300))
        .run();
    assert_eq!(output.status, 0, "{output}");
    assert!(
        output.err().contains("\nbuild "),
        "the stage is not shown\n{output}"
    );
    let ran = eryx_run(&index.project.image())
        .args(["-c", "import app"])
        .run();
    assert_eq!(ran.ok(), "app runs\n");
    assert!(!mark.exists(), "a stranger's code ran on the host");
}

#[test]
fn a_backend_that_fails_is_quoted() {
    let index = Index::new(
        &[wheel("top", "1.0").metadata("Requires-Dist: app")],
        "requirements = [\"top\"]",
    );
    Source::new("app", "1.0")
        .file("pyproject.toml", PROJECT)
        .file("backend.py", "raise RuntimeError('no luck today')\n")
        .write(&index.links());
    let message = index.refuses(&[]);
    assert!(message.contains("app-1.0.tar.gz"), "{message}");
    assert!(message.contains("no luck today"), "{message}");
    fs::metadata(index.project.path("pylock.toml")).unwrap_err();
}

/// The backend answers what the package requires, and only then needs a compiler.
#[test]
fn a_build_that_needs_a_compiler_says_what_to_do() {
    let index = Index::new(&[wheel("dep", "1.0")], "requirements = [\"app\"]");
    let backend = "\
import os, subprocess

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    os.mkdir(folder + '/app-1.0.dist-info')
    with open(folder + '/app-1.0.dist-info/METADATA', 'w') as file:
        file.write('Metadata-Version: 2.1\\nName: app\\nVersion: 1.0\\n')
    return 'app-1.0.dist-info'

def build_wheel(folder, config_settings=None, metadata_directory=None):
    print(\"building 'app._fast' extension\")
    subprocess.check_call(['cc', '-c', 'fast.c'])
";
    Source::new("app", "1.0")
        .file("pyproject.toml", PROJECT)
        .file("backend.py", backend)
        .write(&index.links());
    index.lock(&[]);
    let output = index.command(&["build", "--locked"]).run();
    assert_eq!(output.status, 1, "{output}");
    let message = output.err();
    for words in [
        "`app` cannot be built from its source distribution: app-1.0.tar.gz: it has native code \
         (app._fast), and there is no compiler",
        "add `app` to `packages.without-native`",
        "\n  building 'app._fast' extension\n",
    ] {
        assert!(
            message.contains(words),
            "{words:?} is not said in\n{message}"
        );
    }
}

/// pip reads the name of a metadata folder up to its first hyphen, and would leave the package out
/// without a word.
#[test]
fn a_package_with_a_hyphen_in_its_name_is_locked() {
    let index = Index::new(
        &[wheel("dep", "1.0"), wheel("more", "1.0")],
        "requirements = [\"my-long-app[more]\"]",
    );
    let backend = "\
import os

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    os.mkdir(folder + '/my_long_app-1.0.dist-info')
    with open(folder + '/my_long_app-1.0.dist-info/METADATA', 'w') as file:
        file.write('Metadata-Version: 2.1\\nName: My-Long-App\\nVersion: 1.0\\nRequires-Dist: dep\\n'
                   'Provides-Extra: more\\nRequires-Dist: more; extra == \"more\"\\n')
    return 'my_long_app-1.0.dist-info'
";
    Source::new("my_long_app", "1.0")
        .file("pyproject.toml", PROJECT)
        .file("backend.py", backend)
        .write(&index.links());
    index.lock(&[]);
    assert_eq!(index.versions(), ["dep 1.0", "more 1.0", "my-long-app 1.0"]);
}

/// Puts a module into the standard library of a runtime in a folder, which becomes another runtime.
fn add_module(runtime: &Path, name: &str, text: &str) {
    let manifest = runtime.join("runtime.toml");
    let old = fs::read_to_string(&manifest).unwrap();
    let digest = |bytes: &[u8]| -> String {
        let digest = Sha256::digest(bytes);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let path = runtime.join("stdlib.tar");
    let before = fs::read(&path).unwrap();
    let mut archive = tar::Builder::new(Vec::new());
    for entry in tar::Archive::new(&before[..]).entries().unwrap() {
        let entry = entry.unwrap();
        let (mut header, path) = (entry.header().clone(), entry.path().unwrap().into_owned());
        archive.append_data(&mut header, path, entry).unwrap();
    }
    let mut header = tar::Header::new_ustar();
    header.set_size(text.len() as u64);
    header.set_mode(0o644);
    archive
        .append_data(&mut header, name, text.as_bytes())
        .unwrap();
    let after = archive.into_inner().unwrap();
    let new = old.replace(&digest(&before), &digest(&after));
    assert_ne!(old, new);
    fs::write(path, after).unwrap();
    fs::write(manifest, new).unwrap();
}

/// What the backend answers is in the standard library of that runtime alone.
#[test]
fn a_build_runs_on_the_runtime_that_is_chosen() {
    let index = Index::new(&[wheel("dep", "1.0")], "requirements = [\"app\"]");
    let backend = "\
import os

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    from chosen_runtime import REQUIRED
    os.mkdir(folder + '/app-1.0.dist-info')
    with open(folder + '/app-1.0.dist-info/METADATA', 'w') as file:
        file.write(f'Metadata-Version: 2.1\\nName: app\\nVersion: 1.0\\nRequires-Dist: {REQUIRED}\\n')
    return 'app-1.0.dist-info'
";
    Source::new("app", "1.0")
        .file("pyproject.toml", PROJECT)
        .file("backend.py", backend)
        .write(&index.links());
    let message = index.refuses(&[]);
    assert!(message.contains("chosen_runtime"), "{message}");

    let runtime = index.project.path("runtime");
    eryx_tests::eryx()
        .args(["runtime", "export"])
        .arg(&runtime)
        .run()
        .ok();
    add_module(&runtime, "chosen_runtime.py", "REQUIRED = 'dep'\n");
    let lines = "requirements = [\"app\"]\n[runtime]\npath = \"runtime\"";
    index.packages(lines);
    index.lock(&[]);
    assert_eq!(index.versions(), ["app 1.0", "dep 1.0"]);
}

/// So many that its interpreter must be one core module, as images are.
#[test]
fn a_build_may_require_hundreds_of_native_libraries() {
    let index = Index::new(&[wheel("dep", "1.0")], "requirements = [\"app\"]");
    index.add(&eryx_tests::native::many_libraries());
    let backend = "\
import importlib, os

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    values = [importlib.import_module(f'many.part{number:03}').value() for number in range(250)]
    assert values == [1000 * number + 1 for number in range(250)], values
    os.mkdir(folder + '/app-1.0.dist-info')
    with open(folder + '/app-1.0.dist-info/METADATA', 'w') as file:
        file.write('Metadata-Version: 2.1\\nName: app\\nVersion: 1.0\\nRequires-Dist: dep\\n')
    return 'app-1.0.dist-info'
";
    let project = PROJECT.replace("requires = []", "requires = [\"many\"]");
    Source::new("app", "1.0")
        .file("pyproject.toml", project)
        .file("backend.py", backend)
        .write(&index.links());
    let output = index
        .command(&["lock"])
        .limit(std::time::Duration::from_secs(600))
        .run();
    assert_eq!(output.status, 0, "{output}");
    assert_eq!(index.versions(), ["app 1.0", "dep 1.0"]);
}

/// Nobody asked for the package that fails, and nothing told why it is needed.
#[test]
fn who_requires_what_can_not_be_built_is_named() {
    let outer = wheel("outer", "1.0").metadata("Requires-Dist: inner-part");
    let index = Index::new(&[outer], "requirements = [\"outer\"]");
    Source::new("inner_part", "1.0")
        .file(
            "pyproject.toml",
            "[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n",
        )
        .write(&index.links());
    let message = index.refuses(&[]);
    for words in [
        "inner_part-1.0.tar.gz requires is not known (`outer` requires `inner-part`)",
        "`packages.exclude`",
    ] {
        assert!(message.contains(words), "{message}");
    }
}
