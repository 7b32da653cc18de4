//! A bill as SPDX 2.3.

use super::{
    bill::{Bill, Component},
    license::License,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// What SPDX wants to be told and a bill does not know.
const NO_ASSERTION: &str = "NOASSERTION";

/// When the bill was made. The format asks for a time; a bill follows from the image alone, so it is
/// that of the clock at bake time.
const CREATED: &str = "1980-01-01T00:00:00Z";

/// The longest text of a licence that its name shows, in characters.
const MAX_NAME: usize = 60;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    spdx_version: &'static str,
    #[serde(rename = "SPDXID")]
    id: &'static str,
    name: String,
    document_namespace: String,
    data_license: &'static str,
    creation_info: CreationInfo,
    packages: Vec<Package>,
    relationships: Vec<Relationship>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    has_extracted_licensing_infos: Vec<LicenseInfo>,
}

#[derive(Serialize)]
struct CreationInfo {
    created: &'static str,
    creators: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    #[serde(rename = "SPDXID")]
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_info: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    package_file_name: Option<String>,
    primary_package_purpose: &'static str,
    download_location: String,
    files_analyzed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checksums: Vec<Checksum>,
    license_concluded: &'static str,
    license_declared: String,
    copyright_text: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external_refs: Vec<ExternalReference>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Checksum {
    algorithm: &'static str,
    checksum_value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExternalReference {
    reference_category: &'static str,
    reference_type: &'static str,
    reference_locator: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    spdx_element_id: String,
    relationship_type: &'static str,
    related_spdx_element: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LicenseInfo {
    license_id: String,
    name: String,
    extracted_text: String,
}

pub(super) fn document(bill: &Bill) -> Document {
    let mut licenses = Licenses::default();
    let mut packages = vec![package(&bill.image, "APPLICATION", &mut licenses)];
    packages.extend(bill.contents().map(|one| {
        let purpose = match one.id.as_str() {
            "runtime" => "FRAMEWORK",
            _ => "LIBRARY",
        };
        package(one, purpose, &mut licenses)
    }));
    Document {
        spdx_version: "SPDX-2.3",
        id: "SPDXRef-DOCUMENT",
        name: bill.image.name.clone(),
        document_namespace: format!("urn:uuid:{}", bill.uuid),
        data_license: "CC0-1.0",
        creation_info: CreationInfo {
            created: CREATED,
            creators: vec![format!(
                "Tool: {}-{}",
                env!("CARGO_PKG_NAME"),
                env!("CARGO_PKG_VERSION")
            )],
        },
        packages,
        relationships: relationships(bill),
        has_extracted_licensing_infos: licenses.infos(),
    }
}

fn package(one: &Component, purpose: &'static str, licenses: &mut Licenses) -> Package {
    let reference = |reference_category, reference_type, locator: &str| ExternalReference {
        reference_category,
        reference_type,
        reference_locator: locator.to_owned(),
    };
    let purl = one.purl.iter();
    let purl = purl.map(|purl| reference("PACKAGE-MANAGER", "purl", purl));
    let cpe = one.cpe.iter();
    let cpe = cpe.map(|cpe| reference("SECURITY", "cpe23Type", cpe));
    let properties = one.properties.iter();
    let properties: Vec<String> = properties
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    Package {
        id: element(&one.id),
        name: one.name.clone(),
        version_info: one.version.clone(),
        package_file_name: one.file.clone(),
        primary_package_purpose: purpose,
        download_location: one.url.clone().unwrap_or_else(|| NO_ASSERTION.to_owned()),
        files_analyzed: false,
        checksums: one
            .sha256
            .iter()
            .map(|digits| Checksum {
                algorithm: "SHA256",
                checksum_value: digits.clone(),
            })
            .collect(),
        license_concluded: NO_ASSERTION,
        license_declared: licenses.declared(one.license.as_ref()),
        copyright_text: NO_ASSERTION,
        summary: one.summary.clone(),
        comment: Some(properties.join("\n")).filter(|comment| !comment.is_empty()),
        external_refs: purl.chain(cpe).collect(),
    }
}

fn element(id: &str) -> String {
    format!("SPDXRef-{id}")
}

fn relationships(bill: &Bill) -> Vec<Relationship> {
    let relationship = |from: String, relationship_type, to: &str| Relationship {
        spdx_element_id: from,
        relationship_type,
        related_spdx_element: element(to),
    };
    let image = &bill.image;
    let mut relationships = vec![relationship(element("DOCUMENT"), "DESCRIBES", &image.id)];
    for one in bill.contents() {
        relationships.push(relationship(element(&image.id), "CONTAINS", &one.id));
    }
    for one in std::iter::once(image).chain(bill.contents()) {
        for required in &one.requires {
            relationships.push(relationship(element(&one.id), "DEPENDS_ON", required));
        }
    }
    relationships
}

/// The licences in words, which a document must list under names of its own.
#[derive(Default)]
struct Licenses(BTreeMap<String, usize>);

impl Licenses {
    fn declared(&mut self, license: Option<&License>) -> String {
        match license {
            None => NO_ASSERTION.to_owned(),
            Some(License::Id(text) | License::Expression(text)) => text.clone(),
            Some(License::Text(text)) => {
                let next = self.0.len() + 1;
                let number = self.0.entry(text.clone()).or_insert(next);
                format!("LicenseRef-stated-{number}")
            }
        }
    }

    fn infos(self) -> Vec<LicenseInfo> {
        let mut texts: Vec<(usize, String)> = self.0.into_iter().map(|(t, n)| (n, t)).collect();
        texts.sort();
        texts
            .into_iter()
            .map(|(number, text)| LicenseInfo {
                license_id: format!("LicenseRef-stated-{number}"),
                name: text.chars().take(MAX_NAME).collect(),
                extracted_text: text,
            })
            .collect()
    }
}
