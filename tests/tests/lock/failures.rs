//! What is said when there is no solution.

use crate::index::{Index, wheel};

fn refuses(wheels: &[eryx_tests::wheels::Wheel], packages: &str) -> String {
    let index = Index::new(wheels, packages);
    let message = index.refuses(&[]);
    assert!(
        !index.project.path("pylock.toml").exists(),
        "a lock of nothing"
    );
    message
}

#[track_caller]
fn has(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{part:?} is not in\n{message}");
    }
}

#[test]
fn versions_that_contradict_each_other_are_named() {
    let message = refuses(
        &[
            wheel("a", "1.0").metadata("Requires-Dist: c<2"),
            wheel("b", "1.0").metadata("Requires-Dist: c>=2"),
            wheel("c", "1.0"),
            wheel("c", "2.0"),
        ],
        "requirements = [\"a\", \"b\"]",
    );
    has(
        &message,
        &[
            "contradict each other",
            "a 1.0 depends on c<2",
            "b 1.0 depends on c>=2",
            "packages.overrides",
        ],
    );
}

#[test]
fn a_hash_that_does_not_match_stops_the_resolution() {
    let hash = "0".repeat(64);
    let index = Index::new(
        &[wheel("a", "1.0")],
        "requirements = [\"-r requirements.txt\"]",
    );
    let text = format!("a==1.0 --hash=sha256:{hash}\n");
    std::fs::write(index.project.path("requirements.txt"), text).unwrap();
    let message = index.refuses(&[]);
    has(&message, &["HASHES", "a==1.0"]);
}

#[test]
fn a_file_that_is_not_the_locked_one_is_never_opened() {
    let index = Index::new(&[wheel("a", "1.0")], "requirements = [\"a\"]");
    index.lock(&[]);
    index.add(&wheel("a", "1.0").file("extra.py", ""));
    let cache = index.project.path("cache");
    let bake = index
        .command(&["build", "--locked", "--quiet"])
        .arg("--output")
        .arg(index.project.image())
        .env("ERYX_CACHE_DIR", cache);
    let message = eryx_tests::project::explained(&bake.run());
    has(&message, &["a==1.0", "not the file that the lock names"]);
    assert!(!index.project.image().exists());
}

#[test]
fn a_package_for_other_platforms_only_is_named_with_who_requires_it_and_the_choices() {
    let message = refuses(
        &[
            wheel("top", "1.0").metadata("Requires-Dist: native>=0.5"),
            wheel("native", "1.0").tag("cp314-cp314-win_amd64"),
            wheel("native", "0.9").tag("cp313-cp313-manylinux_2_17_x86_64"),
        ],
        "requirements = [\"top\"]",
    );
    has(
        &message,
        &[
            "`native>=0.5` (`top` requires `native`)",
            "only wheels for other platforms",
            "`packages.without-native`",
            "`packages.exclude`",
            "`packages.wheels`",
        ],
    );
}

#[test]
fn a_name_or_version_that_is_not_there_is_told_apart() {
    let message = refuses(&[], "requirements = [\n  \"nothing>=1\",\n]");
    has(
        &message,
        &["no package named `nothing` was found", "eryx.toml:"],
    );
    let wheels = [wheel("a", "1.0"), wheel("a", "1.5")];
    let message = refuses(&wheels, "requirements = [\"a>=2\"]");
    has(
        &message,
        &["no version of `a` satisfies `a>=2`", "there is 1.5, 1.0"],
    );
    let wheels = [
        wheel("a", "1.0").metadata("Requires-Dist: b<2"),
        wheel("b", "2.0"),
    ];
    let message = refuses(&wheels, "requirements = [\"a\"]");
    has(
        &message,
        &[
            "no version of `b` satisfies `b<2` (`a` requires `b`)",
            "there is 2.0",
        ],
    );
}

#[test]
fn a_folder_can_not_be_locked() {
    let index = Index::new(&[], "requirements = [\"app @ ./app\"]");
    std::fs::create_dir(index.project.path("app")).unwrap();
    let message = index.refuses(&[]);
    has(&message, &["app"]);
}

/// pip would clone a repository on this machine, or take a file of it.
#[test]
fn an_address_that_a_package_requires_is_refused() {
    let index = Index::new(
        &[
            wheel("git", "1.0").metadata("Requires-Dist: b[x] @ git+https://127.0.0.1:9/b.git"),
            wheel("file", "1.0").metadata("Requires-Dist: b @ file:///etc/hostname"),
            wheel("b", "1.0"),
        ],
        "",
    );
    for (name, address) in [("git", "git+https://127.0.0.1:9/"), ("file", "file:///etc")] {
        index.packages(&format!("requirements = [\"{name}\"]"));
        let message = index.refuses(&[]);
        let requires = format!("{name} 1.0 requires `b");
        has(&message, &[&requires, address, "`packages.exclude`"]);
    }
    let local = |packages: &str| {
        index.packages(&format!("wheels = [\"links/file-*.whl\"]\n{packages}"));
    };
    local("");
    has(
        &index.refuses(&[]),
        &["file-1.0-py3-none-any.whl requires `b @"],
    );

    let own = "requirements = [\"file\", \"git\", \"b @ ./links/b-1.0-py3-none-any.whl\"]";
    index.packages(own);
    index.lock(&[]);
    assert_eq!(index.versions(), ["b 1.0", "file 1.0", "git 1.0"]);
    local("requirements = [\"b @ ./links/b-1.0-py3-none-any.whl\"]");
    index.lock(&[]);
    assert_eq!(index.versions(), ["b 1.0", "file 1.0"]);
    index.packages("requirements = [\"file\"]\noverrides = [\"b==1\"]");
    index.lock(&[]);
    assert_eq!(index.versions(), ["b 1.0", "file 1.0"]);
    index.packages("requirements = [\"file\"]\nexclude = [\"b\"]");
    index.lock(&[]);
    assert_eq!(index.versions(), ["file 1.0"]);
}

/// What there is, is asked of the index that the manifest names, and of no other.
#[test]
fn a_failure_is_explained_with_the_index_of_the_manifest() {
    let index = Index::new(
        &[
            wheel("native", "1.0").tag("cp314-cp314-win_amd64"),
            wheel("a", "1.0"),
        ],
        "",
    );
    let refuses = |packages: &str| {
        index.packages(packages);
        let lock = index.bare(&["lock", "--quiet"]).run();
        eryx_tests::project::explained(&lock)
    };
    let message = refuses("requirements = [\"native\"]\nfind-links = [\"links\"]");
    has(&message, &["only wheels for other platforms"]);
    let message = refuses("requirements = [\"a>=2\"]\nfind-links = [\"links\"]");
    has(
        &message,
        &["no version of `a` satisfies `a>=2`", "there is 1.0"],
    );
}

#[test]
fn hashes_are_for_all_packages_or_for_none() {
    let index = Index::new(
        &[wheel("a", "1.0"), wheel("b", "1.0")],
        "requirements = [\"-r requirements.txt\"]",
    );
    let require = |text: &str| {
        std::fs::write(index.project.path("requirements.txt"), text).unwrap();
    };
    require("a==1.0");
    index.lock(&[]);
    let lock = index.text();
    let (_, hash) = lock.split_once("sha256 = \"").unwrap();
    let (hash, _) = hash.split_once('"').unwrap();
    require(&format!("a==1.0 --hash=sha256:{hash}\nb==1.0\n"));
    has(&index.refuses(&[]), &["give hashes to all of them"]);
}
