//! `[packages]`: what is gathered from the manifest, requirement files and projects.

use super::*;

/// The packages of a manifest with these lines in `[packages]`.
#[track_caller]
fn packages(project: &Project, lines: &str) -> PackagesSection {
    let text = format!("image.name = \"x\"\n[packages]\n{lines}");
    project.read(&text).unwrap().packages
}

/// `origin: text`, and the hashes.
fn shown(requirements: &[Requirement]) -> Vec<String> {
    let one = |requirement: &Requirement| {
        let Requirement {
            text,
            origin,
            hashes,
            ..
        } = requirement;
        let hashes: String = hashes
            .iter()
            .map(|hash| format!(" {}", &hash[..9]))
            .collect();
        format!("{origin}: {text}{hashes}")
    };
    requirements.iter().map(one).collect()
}

#[test]
fn requirements_are_gathered_in_their_order() {
    let digits = "0123456789abcdef".repeat(4);
    let project = Project::new()
        .file(
            "needs/all.txt",
            &format!(
                "# what it needs\n-r more.txt\nb>=1 \\\n  --hash=sha256:{digits}\n-c ../limits.txt\n--pre\n\
                 -i https://packages.example.com/simple\n-f links\n"
            ),
        )
        .file("needs/more.txt", "a\nc @ ./c-1.tar.gz ; os_name == 'nt'\n")
        .file("needs/c-1.tar.gz", "")
        .file("needs/links/x", "")
        .file("limits.txt", "a<2\n");
    let found = packages(
        &project,
        r#"requirements = ["Six>=1.17", "-r needs/all.txt", "six<2", "-rneeds/more.txt", "six <2"]
constraints = ["d==1", "-c limits.txt"]
overrides = ["Idna==3"]
"#,
    );
    let archive = url::Url::from_file_path(project.path("needs/c-1.tar.gz")).unwrap();
    assert_eq!(
        shown(&found.requirements),
        [
            "eryx.toml:3: six>=1.17".to_owned(),
            "needs/more.txt:1: a".to_owned(),
            format!("needs/more.txt:2: c @ {archive} ; os_name == 'nt'"),
            "needs/all.txt:3: b>=1 sha256:01".to_owned(),
            "eryx.toml:3: six<2".to_owned(),
        ]
    );
    let constraints = ["needs/../limits.txt:1: a<2", "eryx.toml:4: d==1"];
    assert_eq!(shown(&found.constraints), constraints);
    assert_eq!(shown(&found.overrides), ["eryx.toml:5: idna==3"]);
    assert_eq!(
        found.index.as_deref(),
        Some("https://packages.example.com/simple")
    );
    assert_eq!(
        found.find_links,
        [project.path("needs/links").display().to_string()]
    );
    assert!(found.pre);
}

#[test]
fn every_other_key_is_read() {
    let project = Project::new();
    let found = packages(
        &project,
        r#"requirements = ["b @ wheels/b-2.0-py3-none-any.whl"]
exclude = ["Colorama"]
find-links = ["wheels", "https://packages.example.com/links"]
index = "data"
extra-index = ["https://packages.example.com/more", "https://packages.example.com/more"]
pre = true
platform-tags = ["wasi_0_2_0_wasm32"]
without-native = ["not.listed"]
strip = { tests = true, docs = true, stubs = true, headers = true, sources = false }
"#,
    );
    let directory = |name: &str| {
        url::Url::from_directory_path(project.path(name))
            .unwrap()
            .to_string()
    };
    assert!(found.exclude.contains("colorama"));
    assert_eq!(
        found.find_links,
        [
            project.path("wheels").display().to_string(),
            "https://packages.example.com/links".to_owned()
        ]
    );
    assert_eq!(found.index, Some(directory("data")));
    assert_eq!(found.extra_index, ["https://packages.example.com/more"]);
    assert!(found.pre);
    assert_eq!(found.platform_tags, ["wasi_0_2_0_wasm32"]);
    assert!(found.without_native.contains("not-listed"));
    let StripSection {
        tests,
        docs,
        stubs,
        headers,
        sources,
    } = found.strip;
    assert_eq!(
        [tests, docs, stubs, headers, sources],
        [true, true, true, true, false]
    );
}

#[test]
fn mistakes_in_requirements_come_with_what_to_write() {
    check_section(
        r#"[packages]
requirements = [
    "requests=2",
    "httpx[http2",
    "requirements.txt",
    "--pre",
    "-e .",
    "./gone.whl",
    "a @ git+https://example.com/a",
    "b; python_version => '3'",
]
constraints = ["a[b]<2", "-r notes.txt"]
overrides = ["!"]
"#,
        &[
            "4:5: the requirement `requests=2` is not a requirement: no such comparison operator \"=\", must be one of ~= == != <= >= < > === | did you mean `requests==2`?",
            "5:5: the requirement `httpx[http2` has no `]` behind its extras | write a name and, if need be, extras, versions and a marker, as in \"httpx[http2]>=0.27; python_version >= '3.10'\"",
            "6:5: the requirement `requirements.txt` is the name of a file | for the lines of a file, write `-r requirements.txt`",
            "7:5: the requirement `--pre` is an option that the manifest has a key for | write it as `pre` in [packages]",
            "8:5: the requirement `-e .` has the option `-e`, which is not supported | an image holds copies, no links to directories: name a wheel or a source distribution",
            "9:5: the requirement `./gone.whl` is a path or address without the name of a package | write the name before it, as in `NAME @ ./gone.whl`",
            "10:5: the requirement `a @ git+https://example.com/a` names a repository of version control | name an archive of the sources instead (most hosts of repositories have an address of a `.tar.gz` or `.zip` for each commit and tag), or build a wheel of it and name that",
            "11:5: the requirement `b; python_version => '3'` is not a requirement: expected a valid marker operator (such as `>=` or `not in`), found `=>` | write a name and, if need be, extras, versions and a marker, as in \"httpx[http2]>=0.27; python_version >= '3.10'\"",
            "13:16: the constraint `a[b]<2` has extras | a constraint says which version, and not what is installed: leave the extras out",
            "13:26: `-r notes.txt` names requirements where constraints are listed | for a file of constraints, write `-c notes.txt`",
            "14:14: the override `!` does not start with the name of a package | write a name and, if need be, extras, versions and a marker, as in \"httpx[http2]>=0.27; python_version >= '3.10'\"",
        ],
    );
}

#[test]
fn mistakes_in_requirement_files_are_placed() {
    let project = Project::new()
        .file("a.txt", "six\n\n-r sub/b.txt\nsix=1\n--trusted-host x\n")
        .file("sub/b.txt", "-r ../a.txt\n-r gone.txt\n")
        .file("binary.txt", "a\0b");
    check_in(
        &project,
        r#"image.name = "x"
[packages]
requirements = ["-r a.txt", "-r binary.txt", "-r data", "-r https://example.com/a.txt"]
"#,
        &[
            "3:17: sub/b.txt:1: the file `../a.txt` names itself, directly or through another | break the circle of `-r` and `-c`",
            "3:17: sub/b.txt:2: the file `gone.txt` is not there | it is looked for in `DIRECTORY/sub`",
            "3:17: a.txt:4: the requirement `six=1` is not a requirement: no such comparison operator \"=\", must be one of ~= == != <= >= < > === | did you mean `six==1`?",
            "3:17: a.txt:5: the line has the option `--trusted-host`, which is not supported | that is for pip's or uv's own configuration: remove the line",
            "3:29: the file `binary.txt` is not a text file | -",
            "3:46: the file `data` is not a file | -",
            "3:57: the file `https://example.com/a.txt` is not on this machine | download the file, and name the copy",
        ],
    );
}

#[test]
fn mistakes_in_the_other_keys_are_explained() {
    let project = Project::new().file("i.txt", "-i https://packages.example.com/b\n");
    check_in(
        &project,
        r#"image.name = "x"
[packages]
requirements = ["six", "-r i.txt"]
exclude = ["Six", "a b"]
index = "https://packages.example.com/a"
extra-index = ["https://me:secret@packages.example.com/", "ftp://packages.example.com"]
find-links = ["gone", "app.py"]
pre = "yes"
platform-tags = ["wasi-wasm32", "a", "a"]
without-native = ["a b", "a-x", "A_X"]
strip = true
"#,
        &[
            "3:24: i.txt:1: the index `https://packages.example.com/b` is not the only one: `https://packages.example.com/a` is another | name one index, and others as `extra-index`",
            "4:12: `six` is in `requirements` and in `exclude` | remove one of the two",
            "4:19: `a b` in `exclude` is not a package name | write the name alone, for example \"markupsafe\"",
            "6:16: the index `https://*********@packages.example.com/` has a user name or password in its address | leave it out, and give it to pip or uv in their own ways, such as a .netrc file or a keyring: what is written here ends in the lock",
            "6:59: the index `ftp://packages.example.com` has an address with the scheme `ftp` | use an `https:` or `file:` address, or a path",
            "7:15: `gone` in `find-links` is not there | name a directory or an `https:` address; a path starts from `DIRECTORY`",
            "7:23: `app.py` in `find-links` is not a directory | name a directory or an `https:` address; a path starts from `DIRECTORY`",
            "8:7: `pre` in [packages] must be true or false, not a string | for example: pre = true",
            "9:18: `wasi-wasm32` in `platform-tags` is not a platform tag | write the last part of a wheel's name without `.whl`, for example \"wasi_wasm32\"",
            "9:38: the platform tag `a` is named twice (the first time on line 9) | remove one of the two",
            "10:19: `a b` in `without-native` is not a package name | write the name alone, for example \"markupsafe\"",
            "10:33: the package `a-x` is named twice (the first time on line 10) | remove one of the two",
            "11:1: `packages.strip` must be a section, not a boolean | for example:\n\n[packages.strip]\ntests = true",
        ],
    );
    check_section(
        "[packages.strip]\ntest = true\ndocs = 1\npre = true\n",
        &[
            "3:1: there is no key `test` in [packages.strip] | did you mean \"tests\"?",
            "4:8: `docs` in [packages.strip] must be true or false, not an integer | for example: docs = true",
            "5:1: there is no key `pre` in [packages.strip] | `pre` belongs in [packages]",
        ],
    );
}

const PYPROJECT: &str = r#"[project]
name = "My.App"
dependencies = ["six", "my-app[web]; os_name == 'posix'"]
[project.optional-dependencies]
web = ["jinja2>=3; python_version > '3'"]
all = ["my-app[web]", "MY_APP[all]", "attrs"]
[dependency-groups]
sandbox = ["idna", { include-group = "more" }]
more = ["certifi"]
"#;

#[test]
fn a_project_its_extras_and_groups_are_required() {
    let project = Project::new().file("app/pyproject.toml", PYPROJECT);
    let found = packages(
        &project,
        "requirements = [\"b\"]\npyproject = \"app/pyproject.toml\"\nextras = [\"All\"]\ngroups = [\"sandbox\"]\n",
    );
    assert_eq!(
        shown(&found.requirements),
        [
            "eryx.toml:3: b",
            "app/pyproject.toml:3: six",
            "app/pyproject.toml:5: jinja2>=3 ; (python_version > '3') and (os_name == 'posix')",
            "app/pyproject.toml:5: jinja2>=3 ; python_version > '3'",
            "app/pyproject.toml:6: attrs",
            "app/pyproject.toml:8: idna",
            "app/pyproject.toml:9: certifi",
        ]
    );
}

#[test]
fn mistakes_in_projects_are_placed() {
    let project = Project::new()
        .file("pyproject.toml", PYPROJECT)
        .file(
            "dynamic.toml",
            "[project]\nname = \"a\"\ndynamic = [\"dependencies\"]\n",
        )
        .file(
            "bad.toml",
            "[project]\nname = \"a\"\ndependencies = [\n\"six=1\", \"a[b]\"]\n",
        )
        .file("none.toml", "[tool.other]\n");
    let check = |lines: &str, expected: &[&str]| {
        check_in(
            &project,
            &format!("image.name = \"x\"\n[packages]\n{lines}\n"),
            expected,
        );
    };
    check(
        "pyproject = \"pyproject.toml\"\nextras = [\"wep\"]\ngroups = [\"zzz\"]",
        &[
            "4:11: the project has no extra `wep` | did you mean \"web\"?",
            "5:11: the project has no dependency group `zzz` | it has \"more\" and \"sandbox\"",
        ],
    );
    check(
        "pyproject = \"dynamic.toml\"",
        &[
            "3:13: the project leaves `dependencies` to its build backend (`dynamic`) | list them in the project itself, or in a requirement file that `requirements` names with `-r`",
        ],
    );
    check(
        "pyproject = \"bad.toml\"",
        &[
            "3:13: bad.toml:4: the requirement `six=1` is not a requirement: no such comparison operator \"=\", must be one of ~= == != <= >= < > === | did you mean `six==1`?",
            "3:13: bad.toml:4: the project has no extra `b`, which it names here | -",
        ],
    );
    check(
        "pyproject = \"none.toml\"",
        &[
            "3:13: the project has no [project] with `dependencies` | list what it needs there, as in dependencies = [\"six\"], or name `groups` of its [dependency-groups]",
        ],
    );
    check(
        "pyproject = \"gone.toml\"",
        &["3:13: the project `gone.toml` is not there | it is looked for in `DIRECTORY`"],
    );
    check(
        "extras = [\"a\"]",
        &[
            "3:11: `a` in `extras` needs the project whose it is | add, for example: pyproject = \"pyproject.toml\"",
        ],
    );
}

#[test]
fn many_requirements_and_many_mistakes_are_bounded() {
    use std::fmt::Write as _;
    let mut many = String::new();
    let mut wrong = String::new();
    for number in 0..20_002 {
        writeln!(many, "a{number}").unwrap();
        writeln!(wrong, "a={number}").unwrap();
    }
    let project = Project::new()
        .file("many.txt", &many)
        .file("wrong.txt", &wrong)
        .file("large.txt", &"#".repeat((8 << 20) + 1));
    let mistakes = |path: &str| {
        let text = format!("image.name = \"x\"\npackages.requirements = [\"-r {path}\"]\n");
        let error = project.read(&text).unwrap_err();
        (error.diagnostics().len(), error.to_string())
    };
    let (number, message) = mistakes("many.txt");
    assert_eq!(number, 1);
    assert!(message.contains("many.txt:20001: the requirement `a20000` is one of more than 20000"));
    assert_eq!(mistakes("wrong.txt").0, 20);
    assert!(
        mistakes("large.txt")
            .1
            .contains("is larger than 8388608 bytes")
    );
}
