use super::{bill::Bill, cyclonedx, spdx};
use eryx_image::{
    CpuMetadata, EngineMetadata, InterfaceMetadata, Metadata, PackageMetadata, PartMetadata,
    PreinitMetadata, RuntimeMetadata, SdistMetadata, SizeMetadata, SourceMetadata,
};
use serde_json::{Value, json};

fn package(name: &str, license: Option<&str>, requires: &[&str]) -> PackageMetadata {
    PackageMetadata {
        name: name.to_owned(),
        version: "1.0".to_owned(),
        license: license.map(str::to_owned),
        sha256: "ab".repeat(32),
        origin: format!("{name}-1.0-py3-none-any.whl"),
        source: Some(SourceMetadata {
            kind: "index".to_owned(),
            ..SourceMetadata::default()
        }),
        requires: requires.iter().map(|name| (*name).to_owned()).collect(),
        ..PackageMetadata::default()
    }
}

fn metadata(packages: Vec<PackageMetadata>) -> Metadata {
    Metadata {
        format: 1,
        name: "shop".to_owned(),
        version: Some("2.0".to_owned()),
        description: None,
        entrypoint: None,
        target: "x86_64-unknown-linux-gnu".to_owned(),
        cpu: CpuMetadata::default(),
        interfaces: InterfaceMetadata::default(),
        engine: EngineMetadata::default(),
        runtime: RuntimeMetadata {
            name: "cpython-wasi".to_owned(),
            python: "3.14.0".to_owned(),
            identity: "cd".repeat(32),
            parts: [
                ("CPython", "3.14.0", "Python-2.0.1"),
                ("bzip2", "1.0.8", "bzip2-1.0.6"),
                ("bzip2", "1.0.9", "bzip2-1.0.6"),
            ]
            .map(|(name, version, license)| PartMetadata {
                name: name.to_owned(),
                version: version.to_owned(),
                license: license.to_owned(),
            })
            .into(),
        },
        packages,
        imports: Vec::new(),
        preinit: PreinitMetadata::default(),
        threads: None,
        native_libraries: Vec::new(),
        sizes: SizeMetadata::default(),
        toolchain: "eryx-build 0.1.0".to_owned(),
    }
}

fn bill(packages: Vec<PackageMetadata>) -> Bill {
    Bill::new(&metadata(packages), &"0f".repeat(32), "12".repeat(32))
}

fn sample() -> Bill {
    let mut jinja = package("Jinja2", Some("BSD License"), &["markupsafe", "not-there"]);
    jinja.requested = true;
    bill(vec![
        jinja,
        package("MarkupSafe", Some("BSD-3-Clause"), &[]),
    ])
}

#[test]
fn cyclonedx_names_packages_licences_and_requirements() {
    let bom = serde_json::to_value(cyclonedx::document(&sample())).unwrap();
    assert_eq!(
        bom["serialNumber"],
        "urn:uuid:0f0f0f0f-0f0f-8f0f-8f0f-0f0f0f0f0f0f"
    );
    assert_eq!(bom["specVersion"], "1.6");
    assert_eq!(bom["metadata"]["component"]["name"], "shop");
    assert_eq!(bom["metadata"]["timestamp"], Value::Null);
    let jinja = &bom["components"][3];
    assert_eq!(jinja["purl"], "pkg:pypi/jinja2@1.0");
    assert_eq!(
        jinja["licenses"],
        json!([{"license": {"acknowledgement": "declared", "name": "BSD License"}}])
    );
    assert_eq!(jinja["hashes"][0]["content"], "ab".repeat(32));
    let markupsafe = &bom["components"][4]["licenses"];
    assert_eq!(
        markupsafe,
        &json!([{"license": {"acknowledgement": "declared", "id": "BSD-3-Clause"}}])
    );
    assert_eq!(
        bom["dependencies"],
        json!([
            {"ref": "image", "dependsOn": ["runtime", "package-jinja2"]},
            {"ref": "runtime", "dependsOn": ["runtime-1", "runtime-2"]},
            {"ref": "runtime-1"},
            {"ref": "runtime-2"},
            {"ref": "package-jinja2", "dependsOn": ["package-markupsafe"]},
            {"ref": "package-markupsafe"},
        ])
    );
}

/// CPython is the runtime itself, and is there once.
#[test]
fn the_runtime_is_listed_with_its_parts() {
    let bom = serde_json::to_value(cyclonedx::document(&sample())).unwrap();
    let bzip2 = &bom["components"][1];
    assert_eq!(bzip2["purl"], "pkg:generic/bzip2@1.0.8");
    assert_eq!(bzip2["licenses"][0]["license"]["id"], "bzip2-1.0.6");
    let components = bom["components"].as_array().unwrap();
    let pythons = components.iter().filter(|one| one["name"] == "CPython");
    assert_eq!(pythons.count(), 1);
}

#[test]
fn spdx_names_packages_licences_and_requirements() {
    let document = serde_json::to_value(spdx::document(&sample())).unwrap();
    assert_eq!(document["spdxVersion"], "SPDX-2.3");
    let jinja = &document["packages"][4];
    assert_eq!(jinja["licenseDeclared"], "LicenseRef-stated-1");
    assert_eq!(
        document["hasExtractedLicensingInfos"],
        json!([{"licenseId": "LicenseRef-stated-1", "name": "BSD License", "extractedText": "BSD License"}])
    );
    assert_eq!(document["packages"][5]["licenseDeclared"], "BSD-3-Clause");
    let relationships = document["relationships"].as_array().unwrap();
    let expected = json!({
        "spdxElementId": "SPDXRef-package-jinja2",
        "relationshipType": "DEPENDS_ON",
        "relatedSpdxElement": "SPDXRef-package-markupsafe"
    });
    assert!(relationships.contains(&expected), "{relationships:?}");
}

#[test]
fn of_a_package_that_was_built_the_published_file_is_named() {
    let mut built = package("a", None, &[]);
    built.source = Some(SourceMetadata {
        kind: "index".to_owned(),
        url: None,
        sdist: Some(SdistMetadata {
            name: "a-1.0.tar.gz".to_owned(),
            sha256: "ef".repeat(32),
        }),
    });
    let bill = bill(vec![built]);
    let [package] = &bill.packages[..] else {
        panic!("one package")
    };
    assert_eq!(package.file.as_deref(), Some("a-1.0.tar.gz"));
    assert_eq!(package.sha256, Some("ef".repeat(32)));
    assert!(
        package
            .properties
            .contains(&("eryx:built-wheel", "a-1.0-py3-none-any.whl".to_owned()))
    );
}

#[test]
fn a_circle_and_a_name_that_is_there_twice_do_no_harm() {
    let circle = bill(vec![
        package("a", None, &["b", "a"]),
        package("b", None, &["a"]),
        package("A", None, &["b"]),
    ]);
    assert_eq!(circle.packages[0].requires, ["package-b"]);
    assert_eq!(circle.packages[2].requires, ["package-b"]);
}

#[test]
fn hostile_text_makes_no_bill_invalid() {
    let hostile = "\u{1b}[2J\r\n\u{202e}\"'<&> %00 \u{0}";
    let mut package = package(hostile, Some(hostile), &[hostile]);
    package.version = hostile.to_owned();
    package.sha256 = hostile.to_owned();
    package.summary = Some(hostile.to_owned());
    package.source = Some(SourceMetadata {
        kind: hostile.to_owned(),
        url: Some(hostile.to_owned()),
        sdist: None,
    });
    let mut metadata = metadata(vec![package]);
    metadata.name = hostile.to_owned();
    metadata.runtime.python = hostile.to_owned();
    let bill = Bill::new(&metadata, &"0f".repeat(32), "12".repeat(32));
    let bom = serde_json::to_value(cyclonedx::document(&bill)).unwrap();
    let id = &bill.packages[0].id;
    let components = bom["components"].as_array().unwrap();
    let component = components
        .iter()
        .find(|component| component["bom-ref"] == **id)
        .unwrap();
    assert_eq!(component["hashes"], Value::Null);
    assert_eq!(component["externalReferences"], Value::Null);
    assert_eq!(bom["components"][0]["cpe"], Value::Null);
    let document = serde_json::to_value(spdx::document(&bill)).unwrap();
    let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '.');
    assert!(id.chars().all(plain), "{id}");
    let packages = document["packages"].as_array().unwrap();
    let package = packages
        .iter()
        .find(|package| {
            package["SPDXID"]
                .as_str()
                .is_some_and(|own| own.ends_with(&**id))
        })
        .unwrap();
    assert_eq!(package["checksums"], Value::Null);
    assert_eq!(package["downloadLocation"], "NOASSERTION");
}
