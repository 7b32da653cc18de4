//! `eryx inspect --sbom`: bills of materials, held against what the authors of the formats say.

use crate::shop;
use eryx_tests::{Run, binaries, eryx, images, python, workspace};
use serde_json::Value;
use std::{fs, path::Path};

/// Libraries that have the published schemas, and check more than those.
const JUDGES: [&str; 2] = [
    "cyclonedx-python-lib[json-validation]==11.12.0",
    "spdx-tools==0.8.5",
];

fn bill(format: &str, image: &Path) -> String {
    eryx()
        .args(["inspect", "--sbom", format])
        .arg(image)
        .run()
        .ok()
}

#[track_caller]
fn judge(format: &str, bill: &str) -> eryx_tests::Output {
    let folder = tempfile::tempdir().unwrap();
    // The name tells the judge what the file is.
    let path = folder.path().join(format!("bill.{format}.json"));
    fs::write(&path, bill).unwrap();
    Run::new(Path::new("python3"))
        .env("PYTHONPATH", python::packages(&JUDGES))
        .arg(workspace().join("tests/tests/image/sbom.py"))
        .arg(format)
        .arg(path)
        .run()
}

fn sound(format: &str) {
    for image in [shop::after(), images::example(), images::bare()] {
        let bill = bill(format, image);
        assert_eq!(judge(format, &bill).ok(), "", "{bill}");
    }
}

#[test]
fn cyclonedx_is_sound() {
    sound("cyclonedx");
}

#[test]
fn spdx_is_sound() {
    sound("spdx");
}

/// The judges find what is wrong.
#[test]
fn judges_judge() {
    for (format, right, wrong) in [
        ("cyclonedx", "\"library\"", "\"libary\""),
        ("cyclonedx", "\"id\": \"MIT\"", "\"id\": \"MITT\""),
        ("spdx", "\"CONTAINS\"", "\"CONTAINED\""),
        ("spdx", "SPDXRef-package-till\"", "SPDXRef-package till\""),
    ] {
        let bill = bill(format, shop::after());
        assert!(bill.contains(right), "{bill}");
        let output = judge(format, &bill.replace(right, wrong));
        assert_eq!(output.status, 1, "{wrong}\n{output}");
    }
}

/// Every package is there with licence and hash, and what it requires.
#[test]
fn packages_are_named() {
    let bom: Value = serde_json::from_str(&bill("cyclonedx", shop::after())).unwrap();
    assert_eq!(bom["metadata"]["component"]["name"], "corner-shop");
    let components = bom["components"].as_array().unwrap();
    let find = |name: &str| {
        let found = components.iter().find(|one| one["name"] == name);
        found.unwrap_or_else(|| panic!("{name} is missing"))
    };
    assert_eq!(find("CPython")["version"], "3.14.0");
    for name in [
        "SQLite",
        "bzip2",
        "liblzma",
        "libc++",
        "libsodium",
        "tzdata",
        "wasi-libc",
        "zstd",
    ] {
        let part = find(name);
        assert!(part["version"].is_string(), "{part}");
        assert!(part["licenses"].is_array(), "{part}");
    }
    assert_eq!(find("Shop")["purl"], "pkg:generic/Shop@1.0");
    assert_eq!(
        find("Shop")["licenses"][0]["expression"],
        "MIT OR Apache-2.0"
    );
    assert_eq!(find("till")["licenses"][0]["license"]["id"], "MIT");
    assert_eq!(
        find("stock_room")["licenses"][0]["license"]["name"],
        "BSD License"
    );
    assert_eq!(find("till")["hashes"][0]["alg"], "SHA-256");
    let dependencies = bom["dependencies"].as_array().unwrap();
    let shop = dependencies
        .iter()
        .find(|one| one["ref"] == find("Shop")["bom-ref"]);
    let required = [&find("stock_room")["bom-ref"], &find("till")["bom-ref"]];
    assert_eq!(
        shop.unwrap()["dependsOn"]
            .as_array()
            .unwrap()
            .iter()
            .collect::<Vec<_>>(),
        required
    );

    let document: Value = serde_json::from_str(&bill("spdx", shop::after())).unwrap();
    let names: Vec<&str> = document["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "corner-shop",
            "CPython",
            "CPython-stdlib",
            "SQLite",
            "bzip2",
            "libc++",
            "liblzma",
            "libsodium",
            "tzdata",
            "wasi-libc",
            "zstd",
            "bell",
            "Shop",
            "stock_room",
            "till"
        ]
    );
}

/// The same image has the same bill; another one has another number.
#[test]
fn bills_follow_from_the_image() {
    for format in ["cyclonedx", "spdx"] {
        let first = bill(format, shop::before());
        assert_eq!(first, bill(format, shop::before()));
        let number = |bill: &str| {
            let value: Value = serde_json::from_str(bill).unwrap();
            [&value["serialNumber"], &value["documentNamespace"]]
                .iter()
                .find_map(|number| number.as_str().map(str::to_owned))
                .unwrap()
        };
        assert_ne!(number(&first), number(&bill(format, shop::after())));
        assert!(!first.contains(&*shop::before().to_string_lossy()));
    }
}

/// What packages say of themselves reaches no terminal unescaped.
#[test]
fn hostile_text() {
    for format in ["cyclonedx", "spdx"] {
        let bill = bill(format, shop::after());
        assert!(bill.contains("a licence\\u001b[2J of our own"), "{bill}");
    }
}

/// What is no image is said so, and without the toolchain how to get it.
#[test]
fn failures() {
    let output = eryx()
        .args(["inspect", "--sbom", "spdx", "/no/such/image.cwasm"])
        .run();
    assert!(
        output.refused(1).contains("/no/such/image.cwasm"),
        "{output}"
    );
    let output = eryx().args(["inspect", "--sbom", "xml", "x"]).run();
    assert_eq!(output.status, 2, "{output}");
    let folder = tempfile::tempdir().unwrap();
    let alone = folder.path().join("eryx");
    fs::copy(&binaries().eryx, &alone).unwrap();
    let sentence = Run::new(&alone)
        .env("PATH", "/nowhere")
        .args(["inspect", "--sbom", "spdx"])
        .arg(shop::before())
        .run()
        .refused(125);
    assert!(sentence.contains("inspect --sbom"), "{sentence}");
}
