//! What becomes of the wheel that a backend made: it must be one of the package, gets the sandbox's
//! tags, and says what was compiled in (PEP 770).

use std::{
    fs,
    path::{Path, PathBuf},
};

use eryx_base::regular_file;
use eryx_packaging::{WheelName, same_version};
use eryx_sdist::SourceArchive;
use eryx_sdk::retag::retag_with;
use eryx_wheel::unpack::MAX_WHEEL_SIZE;
use serde_json::{Value, json};

use crate::error::NativeBuildError;
use crate::library::Library;

/// Finishes the wheel at a path; gives the path of what it became.
pub(crate) fn finish(
    path: &Path,
    archive: &SourceArchive,
    libraries: &[Library],
) -> Result<PathBuf, NativeBuildError> {
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let other = || NativeBuildError::OtherWheel {
        package: format!(
            "{} {}",
            archive.name,
            archive.version.as_deref().unwrap_or_default()
        ),
        wheel: file_name.chars().take(200).collect(),
    };
    let name = WheelName::parse(&file_name).map_err(|_| other())?;
    let version = archive.version.as_deref();
    let is_same = name.name == archive.name
        && version.is_none_or(|version| same_version(version, &name.version));
    if !is_same {
        return Err(other());
    }
    let length = fs::metadata(path)
        .map_err(NativeBuildError::file(path))?
        .len();
    if length > MAX_WHEEL_SIZE {
        return Err(other());
    }
    let bill = bill(archive, &name.version, libraries);
    Ok(retag_with(path, &[("sboms/eryx.cdx.json", &bill)])?)
}

/// What was compiled in, as CycloneDX 1.6: the package's sources, and C libraries. It has no date and
/// no serial number, so that the same wheel has the same bytes.
fn bill(archive: &SourceArchive, version: &str, libraries: &[Library]) -> Vec<u8> {
    let components: Vec<Value> = libraries
        .iter()
        .map(|library| {
            let Library {
                prefix,
                version,
                license,
                ..
            } = library;
            let name = &prefix.name;
            json!({
                "type": "library",
                "bom-ref": format!("pkg:generic/{name}@{version}"),
                "purl": format!("pkg:generic/{name}@{version}"),
                "name": name,
                "version": version,
                "licenses": [{"expression": license}],
            })
        })
        .collect();
    let purl = format!("pkg:pypi/{}@{version}", archive.name);
    let parts: Vec<&Value> = components.iter().map(|one| &one["bom-ref"]).collect();
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": purl,
                "purl": purl,
                "name": archive.name,
                "version": version,
                "externalReferences": [{
                    "type": "source-distribution",
                    "url": archive.file_name,
                    "hashes": [{"alg": "SHA-256", "content": archive.sha256.to_string()}],
                }],
            },
        },
        "components": components,
        "dependencies": [{"ref": purl, "dependsOn": parts}],
    });
    format!("{bill:#}\n").into_bytes()
}

/// The one wheel in a directory.
pub(crate) fn in_directory(
    directory: &Path,
    name: &str,
    package: &str,
) -> Result<PathBuf, NativeBuildError> {
    let path = directory.join(name);
    let is_name = !name.is_empty() && !name.contains(['/', '\0']) && name.ends_with(".whl");
    if is_name && regular_file::open(&path).is_ok() {
        return Ok(path);
    }
    Err(NativeBuildError::Answer {
        package: package.to_owned(),
        problem: "it made no wheel of the name that it told".to_owned(),
    })
}
