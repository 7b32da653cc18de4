//! `eryx schema`: the schema is valid, and of one mind with `eryx build`. A validator in a sandbox says so.

use eryx_tests::{eryx, eryx_run, images, project::Project, workspace};
use serde_json::{Value, json};
use std::{fs, path::PathBuf};

/// Manifests that are wrong by their looks.
const WRONG: &[&str] = &[
    "",
    "[packages]\n",
    "image.name = 1\n",
    "image.name = \"My Report\"\n",
    "image.name = \"-x\"\n",
    "image = { name = \"x\", nmae = \"y\" }\n",
    "image = { name = \"x\", version = \"a\\nb\" }\n",
    "image = { name = \"x\", version = \"\" }\n",
    "image = { name = \"x\", entrypoint = \"app.py\" }\n",
    "image = { name = \"x\", files = { \"eryx.toml\" = \"app.py\" } }\n",
    "image = { name = \"x\", files = [\"app.py\"] }\n",
    "image.name = \"x\"\n[pakages]\n",
    "image.name = \"x\"\n[packages]\nrequirements = \"six\"\n",
    "image.name = \"x\"\n[packages]\nrequirements = [\"\"]\n",
    "image.name = \"x\"\n[packages]\nrequirements = [1]\n",
    "image.name = \"x\"\n[packages]\nwheels = [\"eryx.toml\"]\n",
    "image.name = \"x\"\n[packages]\nexclude = [\"a b\"]\n",
    "image.name = \"x\"\n[packages]\nwithout-native = [\"a-\"]\n",
    "image.name = \"x\"\n[packages]\nplatform-tags = [\"wasi-wasm32\"]\n",
    "image.name = \"x\"\n[packages]\npre = \"yes\"\n",
    "image.name = \"x\"\n[packages]\nstrip = true\n",
    "image.name = \"x\"\n[packages.strip]\ntest = true\n",
    "image.name = \"x\"\n[preinit]\nimports = [\"my-module\"]\n",
    "image.name = \"x\"\n[preinit]\nscript = \"eryx.toml\"\n",
    "image.name = \"x\"\n[compile]\ncpu = \"generic\"\n",
    "image.name = \"x\"\n[python]\nthreads = \"some\"\n",
    "image.name = \"x\"\n[compile]\ntarget = \"x86-64-linux\"\n",
    "image.name = \"x\"\n[compile]\nopt-level = \"3\"\n",
    "image.name = \"x\"\n[runtime]\npath = \"\"\n",
];

/// An image with a validator that carries the drafts themselves. Newer versions of it need native code.
fn validator() -> PathBuf {
    images::shared(
        "jsonschema",
        "[image]\nname = \"jsonschema\"\n\n[packages]\nrequirements = [\"jsonschema==4.17.3\"]\n\
         without-native = [\"pyrsistent\"]\n\n[preinit]\nimports = [\"jsonschema\"]\n\n[compile]\nopt-level = \"none\"\n",
        &[],
    )
}

#[test]
fn the_schema_is_valid_takes_right_manifests_and_refuses_wrong_ones() {
    let schema: Value = serde_json::from_str(&eryx().arg("schema").run().ok()).unwrap();
    let templates = fs::read_dir(workspace().join("templates")).unwrap();
    let mut right: Vec<String> = templates
        .map(|entry| entry.unwrap().path().join("eryx.toml"))
        .filter(|path| path.is_file())
        .chain([workspace().join("eryx.toml.example")])
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    assert_eq!(right.len(), 5);
    // The example with all the lines that are commented out in it.
    let uncommented: Vec<String> = right[4]
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(key)
                if key
                    .split_once(" = ")
                    .is_some_and(|(key, _)| !key.contains(' ')) =>
            {
                key.to_owned()
            }
            _ => line.to_owned(),
        })
        .collect();
    right.push(uncommented.join("\n"));
    assert!(right[5].contains("\nextra-index = "));

    let request = json!({ "schema": schema, "right": right, "wrong": WRONG });
    let script = workspace().join("tests/fixtures/schema.py");
    let output = eryx_run(&validator())
        .arg(script)
        .stdin(request.to_string())
        .run();
    assert_eq!(output.ok(), "done\n");
}

#[test]
fn what_the_schema_refuses_is_refused_by_a_bake() {
    for text in WRONG {
        Project::new(text).refused();
    }
}

#[test]
fn the_committed_schema_is_what_is_printed() {
    let committed =
        fs::read_to_string(workspace().join("docs/src/reference/eryx.schema.json")).unwrap();
    assert_eq!(eryx().arg("schema").run().ok(), committed);
}
