//! One wheel: from its file to the files and metadata that it puts into the site tree.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;

use crate::cache::Digest;
use crate::fetch::Distribution;
use crate::native;
use crate::resolve::same_version;

use super::archive::{self, Budget, MAX_WHEEL_SIZE};
use super::error::WheelProblem;
use super::metadata::{self, Fields, PackageMetadata};
use super::record;

const INSTALLER: &[u8] = b"eryx\n";

/// What a wheel puts into the site tree.
pub(super) struct UnpackedWheel {
    pub files: BTreeMap<String, Arc<[u8]>>,
    pub metadata: PackageMetadata,
    /// Paths of native libraries that were left out.
    pub left_out: Vec<String>,
}

/// Unpacks one wheel in memory.
pub(super) fn unpack(
    distribution: &Distribution,
    without_native: bool,
    budget: &Budget,
) -> Result<UnpackedWheel, WheelProblem> {
    let bytes = read_file(distribution)?;
    let mut files = archive::read(&bytes, budget)?;
    drop(bytes);

    let dist_info = find_dist_info(&files, distribution)?;
    record::verify(&files, &dist_info)?;
    check_wheel_file(&files, &dist_info)?;
    let fields = read_metadata(&files, &dist_info, distribution)?;
    let entry_points = text(&files, &format!("{dist_info}/entry_points.txt"))
        .map(|text| metadata::entry_points(&text))
        .unwrap_or_default();

    let record_path = format!("{dist_info}/RECORD");
    let installer_path = format!("{dist_info}/INSTALLER");
    files.remove(&record_path);
    files.insert(installer_path, INSTALLER.to_vec());
    let mut placed: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
    let mut left_out = Vec::new();
    for (path, contents) in files {
        let Some(place) = place(&path, distribution)? else {
            continue;
        };
        if record::is_signature(&dist_info, &place) || is_bytecode_cache(&place) {
            continue;
        }
        if without_native && is_any_library(&place, &contents) {
            left_out.push(place);
            continue;
        }
        if placed.contains_key(&place) {
            return Err(WheelProblem::SamePlace(place));
        }
        placed.insert(place, contents.into());
    }
    if let Some((file, _)) = archive::file_and_folder(placed.keys(), |p| placed.contains_key(p)) {
        return Err(WheelProblem::FileAndFolder(file.to_owned()));
    }
    let listed = placed.iter().map(|(path, bytes)| (path, bytes.as_ref()));
    let record = record::write(listed, &record_path);
    placed.insert(record_path, record.into());

    let size = |total: u64, bytes: &Arc<[u8]>| {
        total.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
    };
    let metadata = PackageMetadata {
        name: fields.first("name").unwrap_or_default().to_owned(),
        version: fields.first("version").unwrap_or_default().to_owned(),
        summary: fields.first("summary").map(str::to_owned),
        license: fields.license(),
        requires_python: fields.first("requires-python").map(str::to_owned),
        requires_dist: fields.all("requires-dist").map(str::to_owned).collect(),
        entry_points,
        wheel: distribution.file_name.clone(),
        sha256: distribution.sha256,
        origin: distribution.origin.clone(),
        size: placed.values().fold(0, size),
        file_count: placed.len(),
    };
    Ok(UnpackedWheel {
        files: placed,
        metadata,
        left_out,
    })
}

/// The bytes are hashed here once more, so that what is unpacked is what was locked.
fn read_file(distribution: &Distribution) -> Result<Vec<u8>, WheelProblem> {
    let mut bytes = Vec::new();
    File::open(&distribution.wheel)
        .and_then(|file| {
            file.take(MAX_WHEEL_SIZE.saturating_add(1))
                .read_to_end(&mut bytes)
        })
        .map_err(WheelProblem::Read)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_WHEEL_SIZE) {
        return Err(WheelProblem::WheelTooLarge);
    }
    if Digest::of(&bytes) != distribution.sha256 {
        return Err(WheelProblem::Changed);
    }
    Ok(bytes)
}

fn find_dist_info(
    files: &BTreeMap<String, Vec<u8>>,
    distribution: &Distribution,
) -> Result<String, WheelProblem> {
    let mut folders: Vec<&str> = files
        .keys()
        .filter_map(|path| path.split_once('/'))
        .map(|(folder, _)| folder)
        .filter(|folder| folder.ends_with(".dist-info"))
        .collect();
    folders.dedup();
    let &[folder] = folders.as_slice() else {
        return Err(WheelProblem::DistInfo(folders.len()));
    };
    check_folder_name(folder, ".dist-info", distribution)?;
    Ok(folder.to_owned())
}

fn check_folder_name(
    folder: &str,
    suffix: &str,
    distribution: &Distribution,
) -> Result<(), WheelProblem> {
    let agrees = folder
        .strip_suffix(suffix)
        .and_then(|stem| stem.rsplit_once('-'))
        .is_some_and(|(name, version)| is_same(name, &version.replace('_', "-"), distribution));
    if agrees {
        return Ok(());
    }
    Err(WheelProblem::Disagrees {
        place: "the name of a folder in it".to_owned(),
        found: folder.to_owned(),
        expected: expected(distribution),
    })
}

fn is_same(name: &str, version: &str, distribution: &Distribution) -> bool {
    crate::manifest::normalize_package_name(name) == distribution.name
        && same_version(version, &distribution.version)
}

fn expected(distribution: &Distribution) -> String {
    format!("{} {}", distribution.name, distribution.version)
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Option<String> {
    let contents = files.get(path)?;
    Some(String::from_utf8_lossy(contents).into_owned())
}

fn required_text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Result<String, WheelProblem> {
    text(files, path).ok_or_else(|| WheelProblem::Missing(path.to_owned()))
}

fn check_wheel_file(
    files: &BTreeMap<String, Vec<u8>>,
    dist_info: &str,
) -> Result<(), WheelProblem> {
    let path = format!("{dist_info}/WHEEL");
    let fields = Fields::parse(&required_text(files, &path)?);
    let invalid = |field| WheelProblem::Field {
        path: path.clone(),
        field,
    };
    let version = fields
        .first("wheel-version")
        .ok_or_else(|| invalid("Wheel-Version"))?;
    if version.split('.').next() != Some("1") {
        return Err(WheelProblem::WheelVersion(version.to_owned()));
    }
    // Both kinds go to the one folder of the sandbox, so the answer does not matter, only that
    // there is one.
    match fields.first("root-is-purelib") {
        Some(value) if ["true", "false"].contains(&value.to_ascii_lowercase().as_str()) => Ok(()),
        _ => Err(invalid("Root-Is-Purelib")),
    }
}

fn read_metadata(
    files: &BTreeMap<String, Vec<u8>>,
    dist_info: &str,
    distribution: &Distribution,
) -> Result<Fields, WheelProblem> {
    let path = format!("{dist_info}/METADATA");
    let fields = Fields::parse(&required_text(files, &path)?);
    let field = |field: &'static str, key| {
        let value = fields.first(key).map(str::to_owned);
        value.ok_or_else(|| WheelProblem::Field {
            path: path.clone(),
            field,
        })
    };
    let (name, version) = (field("Name", "name")?, field("Version", "version")?);
    if !is_same(&name, &version, distribution) {
        return Err(WheelProblem::Disagrees {
            place: "its METADATA".to_owned(),
            found: format!("{name} {version}"),
            expected: expected(distribution),
        });
    }
    Ok(fields)
}

/// Where a file of the wheel goes in the site tree: `purelib` and `platlib` to its root, `data`
/// where it is in the wheel (there is no installation prefix to put it under), and `scripts` and
/// `headers` nowhere.
fn place(path: &str, distribution: &Distribution) -> Result<Option<String>, WheelProblem> {
    let Some((folder, rest)) = path.split_once('/') else {
        return Ok(Some(path.to_owned()));
    };
    // Only the folder of this very package has that meaning; a package may be named `x.data`.
    if check_folder_name(folder, ".data", distribution).is_err() {
        return Ok(Some(path.to_owned()));
    }
    match rest.split_once('/') {
        Some(("purelib" | "platlib", rest)) => Ok(Some(rest.to_owned())),
        Some(("data", _)) => Ok(Some(path.to_owned())),
        Some(("scripts" | "headers", _)) => Ok(None),
        _ => Err(WheelProblem::DataFolder(path.to_owned())),
    }
}

/// Bytecode of another Python, or of one that lies about its source, is never taken.
fn is_bytecode_cache(path: &str) -> bool {
    path.split('/').any(|name| name == "__pycache__")
}

fn is_any_library(path: &str, contents: &[u8]) -> bool {
    native::identify(path, contents).is_some() || native::is_native_library(contents)
}
