//! Locks that need no resolver: local wheels, and locks that are there.

use std::fs;

use crate::installer::Question;
use eryx_base::Digest;
use eryx_cache::Cache;

use super::*;

/// A directory with wheels of its own, resolved without any index.
struct Project {
    directory: tempfile::TempDir,
    cache: Cache,
}

impl Project {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::at(&directory.path().join("cache")).unwrap();
        Self { directory, cache }
    }

    fn section(&self, wheels: &[&str], requirements: &[&str]) -> PackagesSection {
        let wheels = wheels.iter().map(|name| {
            let path = self.directory.path().join(name);
            fs::write(&path, b"wheel").unwrap();
            path
        });
        let requirements = requirements.iter().map(|text| Requirement {
            text: (*text).to_owned(),
            name: text.split(['=', '>']).next().unwrap().to_owned(),
            hashes: Vec::new(),
            origin: String::new(),
        });
        PackagesSection {
            wheels: wheels.collect(),
            requirements: requirements.collect(),
            ..PackagesSection::default()
        }
    }

    fn lock_text(&self) -> String {
        fs::read_to_string(self.directory.path().join("pylock.toml")).unwrap()
    }

    fn resolve(&self, packages: &PackagesSection, mode: Mode) -> Result<Resolution, ResolveError> {
        let metadata = |_: &Question| Err("nobody asks".to_owned());
        let helpers = Helpers {
            cache: &self.cache,
            metadata: &metadata,
            report: &|_| {},
        };
        let request = Request {
            packages,
            lock: &self.directory.path().join("pylock.toml"),
            python: "3.14.0",
            runtime: &LockedRuntime::default(),
            mode: Mode {
                offline: true,
                ..mode
            },
        };
        resolve(&request, &helpers)
    }
}

fn locked() -> Mode {
    Mode {
        locked: true,
        ..Mode::default()
    }
}

#[test]
fn no_packages_have_no_lock() {
    let project = Project::new();
    let resolution = project.resolve(&project.section(&[], &[]), locked());
    assert_eq!(resolution.unwrap().change, Change::Nothing);
    assert!(!project.directory.path().join("pylock.toml").exists());
}

#[test]
fn a_lock_is_written_once_and_kept_until_the_manifest_or_a_wheel_changes() {
    let project = Project::new();
    let wheels = ["Zope_Event-5.0-py3-none-any.whl", "a-1-py3-none-any.whl"];
    let section = project.section(&wheels, &[]);
    let error = project.resolve(&section, locked()).unwrap_err();
    assert!(matches!(error, ResolveError::NoLock(_)));

    let written = project.resolve(&section, Mode::default()).unwrap();
    assert_eq!(written.change, Change::Written);
    let names: Vec<&str> = written
        .lock
        .packages
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["a", "zope-event"]);
    let text = project.lock_text();

    let kept = project.resolve(&section, locked()).unwrap();
    assert_eq!((kept.change, &kept.lock), (Change::Kept, &written.lock));

    let less = project.section(&wheels[..1], &[]);
    let error = project.resolve(&less, locked()).unwrap_err().to_string();
    assert!(
        error.contains("`a-1-py3-none-any.whl` is gone from `wheels`"),
        "{error}"
    );
    let Change::Updated { packages, .. } = project.resolve(&less, Mode::default()).unwrap().change
    else {
        panic!("not updated")
    };
    assert_eq!(packages, ["removed a 1"]);
    project.resolve(&section, Mode::default()).unwrap();
    assert_eq!(
        project.lock_text(),
        text,
        "the same manifest gives the same lock"
    );

    fs::write(&section.wheels[0], b"other").unwrap();
    let error = project.resolve(&section, locked()).unwrap_err().to_string();
    assert!(error.contains("has changed"), "{error}");
}

#[test]
fn the_lock_is_this_text() {
    let project = Project::new();
    let section = project.section(&["a-1-py3-none-any.whl"], &[]);
    project.resolve(&section, Mode::default()).unwrap();
    let hash = Digest::of(b"wheel");
    let expected = format!(
        r#"# Written by `eryx lock`. Do not edit: change the manifest, then run `eryx lock` again.
lock-version = "1.0"
environments = ["sys_platform == 'wasi' and platform_machine == 'wasm32' and python_full_version == '3.14.0'"]
requires-python = "==3.14.0"
created-by = "eryx"

[[packages]]
name = "a"
version = "1"

[packages.archive]
path = "a-1-py3-none-any.whl"
hashes = {{ sha256 = "{hash}" }}

[tool.eryx]
python = "3.14.0"
runtime = {{ identity = "" }}
wheels = [
    "a-1-py3-none-any.whl",
]
"#
    );
    assert_eq!(project.lock_text(), expected);
}

#[test]
fn without_an_index_nothing_is_resolved() {
    let project = Project::new();
    let section = project.section(&[], &["six>=1"]);
    let error = project.resolve(&section, Mode::default()).unwrap_err();
    assert!(matches!(error, ResolveError::Offline(_)));
    // What holds only elsewhere, is left out or is there as a wheel needs no index.
    let mut section = project.section(&["six-1-py3-none-any.whl"], &["six>=1", "b", "c"]);
    section.requirements[2].text = "c; sys_platform == 'win32'".to_owned();
    section.exclude.insert("b".to_owned());
    let lock = project.resolve(&section, Mode::default()).unwrap().lock;
    assert_eq!(lock.packages.len(), 1);
}

#[test]
fn the_lock_of_another_tool_is_used_and_never_overwritten() {
    let project = Project::new();
    let section = project.section(&[], &["a"]);
    let hash = Digest::of(b"a");
    let text = format!(
        "lock-version = \"1.0\"\ncreated-by = \"other\"\n[[packages]]\nname = \"A\"\nversion = \"1\"\n\
         [[packages.wheels]]\nurl = \"https://packages.example.com/a-1-py3-none-any.whl\"\n\
         hashes = {{ sha256 = \"{hash}\" }}\n"
    );
    fs::write(project.directory.path().join("pylock.toml"), &text).unwrap();
    let resolution = project.resolve(&section, Mode::default()).unwrap();
    assert_eq!(resolution.change, Change::Foreign("other".to_owned()));
    assert_eq!(resolution.lock.packages[0].file.sha256, hash);
    for (asked, lack) in [("b", "`b` is not in it"), ("a>=2", "its 1 is not `a>=2`")] {
        let error = project.resolve(&project.section(&[], &[asked]), locked());
        let error = error.unwrap_err().to_string();
        assert!(error.contains(lack), "{error}");
    }
    let upgrade = Mode {
        upgrade: Upgrade::All,
        ..Mode::default()
    };
    let error = project.resolve(&section, upgrade).unwrap_err();
    assert!(matches!(error, ResolveError::ForeignLock { .. }));
    assert_eq!(project.lock_text(), text);
}

#[test]
fn versions_of_the_lock_are_kept_unless_they_are_given_up() {
    let project = Project::new();
    let package = |name: &str, version: &str| LockedPackage {
        name: name.to_owned(),
        version: version.to_owned(),
        file: LockedFile {
            name: format!("{name}-{version}-py3-none-any.whl"),
            sha256: Digest::of(b""),
            size: None,
            place: Place::Index(None),
        },
        dependencies: Vec::new(),
    };
    let old = Lock {
        created_by: CREATED_BY.to_owned(),
        packages: vec![package("a", "1"), package("b", "2"), package("c", "3")],
        inputs: Some(Inputs {
            requirements: vec!["a>=1".to_owned(), "b>=1".to_owned()],
            ..Inputs::default()
        }),
    };
    let packages = project.section(&[], &["a>=1", "b>=2"]);
    let kept = |upgrade: Upgrade| {
        let request = Request {
            packages: &packages,
            lock: Path::new("pylock.toml"),
            python: "3.14.0",
            runtime: &LockedRuntime::default(),
            mode: Mode {
                upgrade,
                ..Mode::default()
            },
        };
        kept_versions(&request, Some(&old))
    };
    assert_eq!(
        kept(Upgrade::None),
        ["a==1", "c==3"],
        "b was changed by hand"
    );
    let names = BTreeSet::from(["c".to_owned()]);
    assert_eq!(kept(Upgrade::Packages(names)), ["a==1"]);
    assert!(kept(Upgrade::All).is_empty());
    let names = BTreeSet::from(["d".to_owned()]);
    let error = known(&names, &old).unwrap_err();
    assert!(matches!(error, ResolveError::NotLocked(name) if name == "d"));
}

#[test]
fn a_wheel_for_another_platform_needs_without_native() {
    let project = Project::new();
    let name = "a-1-cp314-cp314-manylinux_2_17_x86_64.whl";
    let mut section = project.section(&[name], &[]);
    let message = project
        .resolve(&section, Mode::default())
        .unwrap_err()
        .to_string();
    assert!(message.contains(name), "{message}");
    assert!(message.contains("Linux (x86_64)"), "{message}");
    section.without_native.insert("a".to_owned());
    let lock = project.resolve(&section, Mode::default()).unwrap().lock;
    assert_eq!(lock.packages.len(), 1);
}

#[test]
fn what_is_no_wheel_is_refused() {
    let project = Project::new();
    let check = |wheels: &[&str], expected: &str| {
        let section = project.section(wheels, &[]);
        let error = project.resolve(&section, Mode::default()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    check(&["a-1.tar.gz"], "not a wheel");
    check(&["a-1-any.whl"], "not valid");
    check(&["a-1-cp313-cp313-any.whl"], "another Python");
    check(
        &["a-1-py3-none-any.whl", "A-2-py3-none-any.whl"],
        "there twice",
    );
    let missing = PackagesSection {
        wheels: vec![project.directory.path().join("b-1-py3-none-any.whl")],
        ..PackagesSection::default()
    };
    let error = project.resolve(&missing, Mode::default()).unwrap_err();
    assert!(matches!(error, ResolveError::Read { .. }));
}
