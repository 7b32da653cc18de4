//! A bill as CycloneDX 1.6.

use super::{
    bill::{Bill, Component},
    license::License,
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    bom_format: &'static str,
    spec_version: &'static str,
    serial_number: String,
    version: u32,
    metadata: Metadata<'a>,
    components: Vec<Entry<'a>>,
    dependencies: Vec<Dependency<'a>>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    lifecycles: [Lifecycle; 1],
    tools: Tools<'a>,
    component: Entry<'a>,
}

#[derive(Serialize)]
struct Lifecycle {
    phase: &'static str,
}

#[derive(Serialize)]
struct Tools<'a> {
    components: [Entry<'a>; 1],
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "bom-ref", skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hashes: Option<[Hash<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licenses: Option<[LicenseChoice<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpe: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_references: Option<[ExternalReference<'a>; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property<'a>>,
}

#[derive(Serialize)]
struct Hash<'a> {
    alg: &'static str,
    content: &'a str,
}

/// Either a licence, or an expression beside its acknowledgement.
#[derive(Serialize)]
#[serde(untagged)]
enum LicenseChoice<'a> {
    License {
        license: NamedLicense<'a>,
    },
    Expression {
        expression: &'a str,
        acknowledgement: &'static str,
    },
}

#[derive(Serialize)]
struct NamedLicense<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    acknowledgement: &'static str,
}

#[derive(Serialize)]
struct ExternalReference<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Property<'a> {
    name: &'static str,
    value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dependency<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    depends_on: &'a [String],
}

/// Licences are what packages say of themselves; nobody looked into their files.
const DECLARED: &str = "declared";

pub(super) fn document(bill: &Bill) -> Document<'_> {
    let components = bill.contents().map(|one| {
        let kind = match one.id.as_str() {
            "runtime" => "platform",
            _ => "library",
        };
        entry(one, kind)
    });
    let all = std::iter::once(&bill.image).chain(bill.contents());
    let dependencies = all.map(|one| Dependency {
        reference: &one.id,
        depends_on: &one.requires,
    });
    Document {
        schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
        bom_format: "CycloneDX",
        spec_version: "1.6",
        serial_number: format!("urn:uuid:{}", bill.uuid),
        version: 1,
        metadata: Metadata {
            lifecycles: [Lifecycle {
                phase: "post-build",
            }],
            tools: Tools {
                components: [writer()],
            },
            component: entry(&bill.image, "application"),
        },
        components: components.collect(),
        dependencies: dependencies.collect(),
    }
}

/// The program that writes the bill.
fn writer() -> Entry<'static> {
    Entry {
        kind: "application",
        name: env!("CARGO_PKG_NAME"),
        version: Some(env!("CARGO_PKG_VERSION")),
        ..Entry::default()
    }
}

fn entry<'a>(one: &'a Component, kind: &'static str) -> Entry<'a> {
    let mut properties: Vec<Property<'a>> = one
        .properties
        .iter()
        .map(|(name, value)| Property { name, value })
        .collect();
    properties.extend(one.file.as_deref().map(|value| Property {
        name: "eryx:file",
        value,
    }));
    Entry {
        kind,
        reference: Some(&one.id),
        name: &one.name,
        version: one.version.as_deref(),
        description: one.summary.as_deref(),
        hashes: one.sha256.as_deref().map(|content| {
            [Hash {
                alg: "SHA-256",
                content,
            }]
        }),
        licenses: one.license.as_ref().map(|license| [choice(license)]),
        cpe: one.cpe.as_deref(),
        purl: one.purl.as_deref(),
        external_references: one.url.as_deref().map(|url| {
            [ExternalReference {
                kind: "distribution",
                url,
            }]
        }),
        properties,
    }
}

fn choice(license: &License) -> LicenseChoice<'_> {
    let named = |id, name| LicenseChoice::License {
        license: NamedLicense {
            id,
            name,
            acknowledgement: DECLARED,
        },
    };
    match license {
        License::Id(id) => named(Some(id), None),
        License::Text(text) => named(None, Some(text)),
        License::Expression(expression) => LicenseChoice::Expression {
            expression,
            acknowledgement: DECLARED,
        },
    }
}
