//! What requirements resolve to.

use eryx_tests::project::Project;

use crate::index::{Index, wheel};

#[test]
fn ranges_extras_and_markers_are_those_of_the_sandbox() {
    let index = Index::new(
        &[
            wheel("app", "1.0"),
            wheel("app", "1.5")
                .metadata("Requires-Dist: dep>=2")
                .metadata("Requires-Dist: windows; sys_platform == 'win32'")
                .metadata(
                    "Requires-Dist: here; sys_platform == 'wasi' and platform_machine == 'wasm32'",
                )
                .metadata("Requires-Dist: old; python_version < '3.14'")
                .metadata("Provides-Extra: fast")
                .metadata("Requires-Dist: speed; extra == 'fast'"),
            wheel("app", "2.0"),
            wheel("app", "1.6rc1"),
            wheel("dep", "2.1"),
            wheel("here", "1.0"),
            wheel("speed", "1.0"),
        ],
        "requirements = [\"App[fast]>=1.0,<2\", \"gone; sys_platform == 'linux'\"]",
    );
    assert_eq!(index.lock(&[]), "wrote pylock.toml: 4 packages\n");
    assert_eq!(
        index.versions(),
        ["app 1.5", "dep 2.1", "here 1.0", "speed 1.0"]
    );
    let text = index.text();
    let dependencies = "dependencies = [\n    { name = \"dep\" },\n    { name = \"here\" },\n    { name = \"speed\" },\n]";
    assert!(text.contains(dependencies), "{text}");
    let place = index.project.folder().to_string_lossy().into_owned();
    assert!(!text.contains(&place), "{text}");
}

#[test]
fn pre_releases_are_taken_on_request() {
    let wheels = [wheel("app", "1.0"), wheel("app", "2.0rc1")];
    let index = Index::new(&wheels, "requirements = [\"app\"]\npre = true");
    index.lock(&[]);
    assert_eq!(index.versions(), ["app 2.0rc1"]);
}

#[test]
fn the_python_of_the_sandbox_counts_and_not_the_one_that_runs_pip() {
    let wheels = [
        wheel("app", "1.0"),
        wheel("app", "2.0").metadata("Requires-Python: >=3.14"),
        wheel("app", "3.0").metadata("Requires-Python: >=3.15"),
    ];
    let index = Index::new(&wheels, "requirements = [\"app\"]");
    index.lock(&[]);
    assert_eq!(index.versions(), ["app 2.0"]);
}

#[test]
fn constraints_overrides_and_exclusions_are_respected() {
    let index = Index::new(
        &[
            wheel("app", "1.0")
                .metadata("Requires-Dist: dep<2")
                .metadata("Requires-Dist: heavy")
                .metadata("Requires-Dist: other"),
            wheel("dep", "1.0"),
            wheel("dep", "2.0"),
            wheel("other", "1.0"),
            wheel("other", "2.0"),
        ],
        "requirements = [\"app\"]\nconstraints = [\"other<2\"]\noverrides = [\"dep>=2\"]\n\
         exclude = [\"heavy\"]",
    );
    index.lock(&[]);
    assert_eq!(index.versions(), ["app 1.0", "dep 2.0", "other 1.0"]);
}

#[test]
fn local_wheels_bring_what_they_require() {
    let index = Index::new(
        &[wheel("dep", "1.0"), wheel("local", "9.0")],
        "wheels = [\"wheels/*.whl\"]\nrequirements = [\"local\"]",
    );
    let local = wheel("local", "1.0").metadata("Requires-Dist: dep");
    local.write(&index.project.path("wheels"));
    index.lock(&[]);
    assert_eq!(index.versions(), ["dep 1.0", "local 1.0"]);
    assert!(
        index
            .text()
            .contains("path = \"wheels/local-1.0-py3-none-any.whl\"")
    );
}

#[test]
fn wheels_for_the_sandbox_come_before_others() {
    let native = |tag: &str| wheel("app", "1.0").tag(tag);
    let wheels = [
        native("cp314-cp314-manylinux_2_17_x86_64"),
        native("cp314-cp314-wasi_0_0_0_wasm32"),
        native("cp314-cp314-my_wasm32"),
    ];
    let index = Index::new(&wheels[..2], "requirements = [\"app\"]");
    index.lock(&[]);
    assert!(
        index
            .text()
            .contains("app-1.0-cp314-cp314-wasi_0_0_0_wasm32.whl")
    );

    let index = Index::new(
        &wheels[2..],
        "requirements = [\"app\"]\nplatform-tags = [\"my_wasm32\"]",
    );
    index.lock(&[]);
    assert!(index.text().contains("app-1.0-cp314-cp314-my_wasm32.whl"));

    let index = Index::new(
        &wheels[..1],
        "requirements = [\"app\"]\nwithout-native = [\"app\"]",
    );
    index.lock(&[]);
    assert!(
        index
            .text()
            .contains("app-1.0-cp314-cp314-manylinux_2_17_x86_64.whl")
    );
}

#[test]
fn a_direct_reference_is_locked_by_its_path() {
    let index = Index::new(
        &[],
        "requirements = [\"app @ ./files/app-1.0-py3-none-any.whl\"]",
    );
    wheel("app", "1.0").write(&index.project.path("files"));
    index.lock(&[]);
    assert_eq!(index.versions(), ["app 1.0"]);
    let text = index.text();
    assert!(
        text.contains("path = \"files/app-1.0-py3-none-any.whl\""),
        "{text}"
    );
    let place = index.project.folder().to_string_lossy().into_owned();
    assert!(!text.contains(&place), "{text}");
    // The same project in another folder has the same lock.
    let other = Project::new(std::fs::read(index.project.path("eryx.toml")).unwrap());
    std::fs::create_dir(other.path("files")).unwrap();
    for file in ["files/app-1.0-py3-none-any.whl", "pylock.toml"] {
        std::fs::copy(index.project.path(file), other.path(file)).unwrap();
    }
    let moved = Index { project: other };
    assert_eq!(
        moved.lock(&["--locked"]),
        "pylock.toml is up to date: 1 packages\n"
    );
}

#[test]
fn json_names_every_file() {
    let index = Index::new(&[wheel("app", "1.0")], "requirements = [\"app\"]");
    let out = index.lock(&["--json"]);
    let last = out.lines().last().unwrap();
    let event: serde_json::Value = serde_json::from_str(last).unwrap();
    assert_eq!(event["event"], "locked");
    assert_eq!(event["change"], "written");
    assert_eq!(event["packages"][0]["file"], "app-1.0-py3-none-any.whl");
    assert_eq!(event["packages"][0]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn pip_finds_every_tag_that_fits() {
    let index = Index::new(
        &[
            wheel("newer", "1.0").tag("cp314-cp314-wasi_0_2_12_wasm32"),
            wheel("preview", "1.0").tag("cp314-cp314-wasip2_wasm32"),
        ],
        "requirements = [\"newer\", \"preview\"]",
    );
    index.lock(&[]);
    assert_eq!(index.versions(), ["newer 1.0", "preview 1.0"]);
}
