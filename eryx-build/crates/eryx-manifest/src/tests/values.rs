//! Right manifests and what they mean.

use std::collections::BTreeSet;

use super::*;

#[test]
fn a_whole_manifest_is_understood() {
    let project = Project::new();
    let manifest = project
        .read(
            r#"
[image]
name = "report-2.0_x"
version = "1.0"
description = "two\nlines"
entrypoint = "app:main"

[image.files]
"data" = "/srv/data"
"./app.py" = "/app/app.py"

[packages]
wheels = ["wheels/*.whl", "wheels/b-2.0-py3-none-any.whl", "odd[1]/c-1.0-py3-none-any.whl"]
requirements = ["MarkupSafe==3.0.4", "six == 1.17.0"]
without-native = ["markupsafe", "A.x"]

[python]
threads = "inline"
hash-seed = 7

[preinit]
imports = ["json", "dateutil.parser"]
script = "warm_up.py"

[compile]
target = "aarch64-linux"
cpu = "portable"
opt-level = "speed-and-size"
fuse = false

[runtime]
path = "runtime"
"#,
        )
        .unwrap();
    let pin = |name: &str, version: &str| Requirement {
        text: format!("{name}=={version}"),
        name: name.to_owned(),
        hashes: Vec::new(),
        origin: "eryx.toml:14".to_owned(),
    };
    let mapping = |host: &str, sandbox: &str| FileMapping {
        host: project.path(host),
        sandbox: sandbox.to_owned(),
    };
    let expected = Manifest {
        path: project.path("eryx.toml"),
        directory: project.0.path().to_owned(),
        image: ImageSection {
            name: "report-2.0_x".to_owned(),
            version: Some("1.0".to_owned()),
            description: Some("two\nlines".to_owned()),
            entrypoint: Some(Entrypoint::Function {
                module: "app".to_owned(),
                attribute: "main".to_owned(),
            }),
            files: vec![
                mapping("app.py", "/app/app.py"),
                mapping("data", "/srv/data"),
            ],
        },
        packages: PackagesSection {
            wheels: vec![
                project.path("odd[1]/c-1.0-py3-none-any.whl"),
                project.path("wheels/a_x-1.0-py3-none-any.whl"),
                project.path("wheels/b-2.0-py3-none-any.whl"),
            ],
            requirements: vec![pin("markupsafe", "3.0.4"), pin("six", "1.17.0")],
            without_native: BTreeSet::from(["a-x".to_owned(), "markupsafe".to_owned()]),
            ..PackagesSection::default()
        },
        preinit: PreinitSection {
            imports: vec!["json".to_owned(), "dateutil.parser".to_owned()],
            script: Some(project.path("warm_up.py")),
        },
        python: PythonSection {
            threads: Threads::Inline,
            hash_seed: HashSeed::Number(7),
        },
        compile: CompileSection {
            target: Target::Aarch64Linux,
            cpu: Cpu::Portable,
            opt_level: OptLevel::SpeedAndSize,
            fuse: false,
        },
        runtime: RuntimeSection {
            path: Some(project.path("runtime")),
        },
    };
    assert_eq!(manifest, expected);
}

#[test]
fn a_smallest_manifest_has_defaults() {
    let manifest = Project::new().read("[image]\nname = \"x\"\n").unwrap();
    assert_eq!(manifest.image.name, "x");
    assert_eq!(manifest.image.files, []);
    assert_eq!(manifest.packages, PackagesSection::default());
    assert_eq!(manifest.preinit, PreinitSection::default());
    assert_eq!(manifest.python.threads, Threads::None);
    assert_eq!(manifest.python.hash_seed, HashSeed::Common);
    assert_eq!(manifest.compile, CompileSection::default());
    assert_eq!(manifest.compile.target.triple(), None);
    assert_eq!(manifest.runtime.path, None);
}

#[test]
fn a_glob_works_in_a_directory_with_brackets_in_its_name() {
    let project = Project::new();
    let text = "image.name = \"x\"\npackages.wheels = [\"*.whl\"]\n";
    let manifest = Manifest::from_text(text, &project.path("odd[1]/eryx.toml")).unwrap();
    let wheel = project.path("odd[1]/c-1.0-py3-none-any.whl");
    assert_eq!(manifest.packages.wheels, [wheel]);
}

#[test]
fn the_example_in_the_repository_is_right() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let manifest = load(&root.join("eryx.toml.example")).unwrap();
    assert_eq!(manifest.image.name, "example");
    assert_eq!(
        manifest.image.entrypoint,
        Some(Entrypoint::Script("/app/report.py".to_owned()))
    );
    assert!(manifest.packages.without_native.contains("markupsafe"));
}

#[test]
fn the_example_in_the_repository_shows_every_key() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let example = fs::read_to_string(root.join("eryx.toml.example")).unwrap();
    // With the optional lines in, it must still be read, apart from the files they name.
    let mut text = example;
    for key in with_inner(SECTIONS).flat_map(|section| section.keys) {
        let optional = format!("# {} = ", key.name);
        text = text.replace(&optional, optional.trim_start_matches("# "));
    }
    for section in with_inner(SECTIONS) {
        assert!(text.contains(&format!("\n[{}]\n", section.name)));
        for key in section.keys {
            let is_section = matches!(key.shape, Shape::Section(_));
            let line = format!("\n{} = ", key.name);
            assert!(is_section || text.contains(&line), "no `{}`", key.name);
        }
    }
    let (_, diagnostics) = RawManifest::read(&text).unwrap();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
}

#[test]
fn every_example_is_right() {
    for key in with_inner(SECTIONS).flat_map(|section| section.keys) {
        let table: toml::Table = toml::from_str(key.example).unwrap();
        let value = &table[key.name];
        match key.shape {
            Shape::Text => assert!(value.is_str(), "{key:?}"),
            Shape::Word(words) => assert!(words().contains(&value.as_str().unwrap()), "{key:?}"),
            Shape::TextList => assert!(value.is_array(), "{key:?}"),
            Shape::Boolean => assert!(value.is_bool(), "{key:?}"),
            Shape::NumberOr(word) => {
                assert!(
                    value.is_integer() || value.as_str() == Some(word),
                    "{key:?}"
                );
            }
            Shape::WordOrTextList(words) => {
                let is_word = value.as_str().is_some_and(|word| words.contains(&word));
                assert!(value.is_array() || is_word, "{key:?}");
            }
            Shape::TextTable | Shape::Section(_) => assert!(value.is_table(), "{key:?}"),
        }
    }
}

#[test]
fn names_of_keys_are_those_of_fields_with_hyphens() {
    assert_eq!(key::kebab::<10>("find_links"), *b"find-links");
    assert!(
        RawManifest::read("image.name = \"x\"\npackages.find-links = []\n")
            .unwrap()
            .1
            .is_empty()
    );
}
