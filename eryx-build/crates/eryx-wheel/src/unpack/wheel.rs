//! One wheel: from its file to the files and metadata that it puts into the site tree.

use std::collections::BTreeMap;
use std::sync::Arc;

use eryx_base::{Digest, regular_file};
use eryx_packaging::{Distribution, Origin};

use crate::note::Note;
use crate::package::PackageMetadata;
use crate::record;
use crate::site_packages::is_path_file;

use super::archive::{self, Budget};
use super::direct_url;
use super::error::WheelProblem;
use super::identity::{check_directory_name, expected, is_same};
use super::limits::MAX_WHEEL_SIZE;
use super::metadata::{
    self, Fields, MAX_ENTRY_POINT, MAX_ENTRY_POINTS, MAX_EXTRAS, MAX_METADATA, MAX_REQUIRES,
    MAX_WHEEL,
};
use super::path;
use super::place::{
    Place, data_note, is_any_library, is_bytecode_cache, is_metadata, legacy_metadata, place,
};
use super::verify::verify;

const INSTALLER: &[u8] = b"eryx\n";

/// What a wheel puts into the site tree.
pub(super) struct UnpackedWheel {
    pub files: BTreeMap<String, Arc<[u8]>>,
    pub metadata: PackageMetadata,
    /// Paths of native libraries that were left out.
    pub left_out: Vec<String>,
    pub notes: Vec<Note>,
}

/// What is written into `.dist-info` here, whatever the wheel has in that place.
const WRITTEN: [&str; 4] = ["RECORD", "INSTALLER", "REQUESTED", "direct_url.json"];

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
    verify(&files, &dist_info)?;
    let mut notes = Vec::new();
    notes.extend(check_wheel_file(&files, &dist_info, distribution)?);
    let fields = read_metadata(&files, &dist_info, distribution)?;
    let entry_points = read_entry_points(&files, &dist_info)?;

    for name in WRITTEN {
        files.remove(&format!("{dist_info}/{name}"));
    }
    let record_path = format!("{dist_info}/RECORD");
    files.insert(format!("{dist_info}/INSTALLER"), INSTALLER.to_vec());
    files.extend(direct_url(distribution, &dist_info));
    let mut scripts = Vec::new();
    let mut placed: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
    let mut left_out = Vec::new();
    for (path, contents) in files {
        let place = match place(&path, distribution)? {
            Place::Tree(place) => place,
            Place::Script(name) => {
                scripts.push(name);
                continue;
            }
            Place::Nowhere => continue,
        };
        // What is below `.data` was not checked as the path that it becomes.
        path::check(&place).map_err(|problem| WheelProblem::Path {
            path: path.clone(),
            problem,
        })?;
        if is_metadata(&place) && place != path {
            return Err(WheelProblem::ForeignMetadata(path));
        }
        // `importlib.metadata` would take it for a package that is installed: the wheel's own is there
        // already, in the form of today.
        if let Some(name) = legacy_metadata(&place) {
            if name != distribution.name {
                return Err(WheelProblem::ForeignMetadata(path));
            }
            continue;
        }
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
    if let Some((file, _)) = archive::file_and_directory(placed.keys(), |p| placed.contains_key(p))
    {
        return Err(WheelProblem::FileAndDirectory(file.to_owned()));
    }
    let listed = placed.iter().map(|(path, bytes)| (path, bytes.as_ref()));
    let record = record::write(listed, &record_path);
    placed.insert(record_path, record.into());

    let name = fields.first("name").unwrap_or_default();
    if !scripts.is_empty() {
        notes.push(Note::Scripts {
            package: name.to_owned(),
            names: scripts.clone(),
        });
    }
    notes.extend(data_note(name, &placed, distribution));
    let path_files = placed.keys().filter(|path| is_path_file(path));
    notes.extend(path_files.map(|path| Note::PathFile {
        package: name.to_owned(),
        name: path.clone(),
    }));
    let size = |total: u64, bytes: &Arc<[u8]>| {
        total.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
    };
    let metadata = PackageMetadata {
        name: fields.first("name").unwrap_or_default().to_owned(),
        version: fields.first("version").unwrap_or_default().to_owned(),
        summary: fields.summary(),
        license: fields.license(),
        requires_python: fields.first("requires-python").map(str::to_owned),
        requires_dist: fields.all("requires-dist").map(str::to_owned).collect(),
        provides_extra: fields.all("provides-extra").map(str::to_owned).collect(),
        entry_points,
        scripts,
        wheel: distribution.file_name.clone(),
        sha256: distribution.sha256,
        origin: distribution.origin.clone(),
        source: distribution.source.clone(),
        size: placed.values().fold(0, size),
        file_count: placed.len(),
    };
    Ok(UnpackedWheel {
        files: placed,
        metadata,
        left_out,
        notes,
    })
}

/// `direct_url.json`, when a requirement names the address. The hash in it is of what is there.
fn direct_url(distribution: &Distribution, dist_info: &str) -> Option<(String, Vec<u8>)> {
    let Origin::Url(url) = &distribution.origin else {
        return None;
    };
    let source = distribution.source.as_ref().map(|source| &source.sha256);
    let sha256 = source.unwrap_or(&distribution.sha256);
    let document = direct_url::document(url, sha256)?;
    Some((format!("{dist_info}/direct_url.json"), document))
}

/// The bytes are hashed here once more, so that what is unpacked is what was locked.
fn read_file(distribution: &Distribution) -> Result<Vec<u8>, WheelProblem> {
    let bytes = regular_file::read_at_most(&distribution.wheel, MAX_WHEEL_SIZE)
        .map_err(WheelProblem::Read)?
        .ok_or(WheelProblem::WheelTooLarge)?;
    if Digest::of(&bytes) != distribution.sha256 {
        return Err(WheelProblem::Changed);
    }
    Ok(bytes)
}

fn find_dist_info(
    files: &BTreeMap<String, Vec<u8>>,
    distribution: &Distribution,
) -> Result<String, WheelProblem> {
    let mut directories: Vec<&str> = files
        .keys()
        .filter_map(|path| path.split_once('/'))
        .map(|(directory, _)| directory)
        .filter(|directory| is_metadata(directory))
        .collect();
    directories.dedup();
    let &[directory] = directories.as_slice() else {
        return Err(WheelProblem::DistInfo(directories.len()));
    };
    check_directory_name(directory, ".dist-info", distribution)?;
    Ok(directory.to_owned())
}

fn text(
    files: &BTreeMap<String, Vec<u8>>,
    path: &str,
    limit: usize,
) -> Result<Option<String>, WheelProblem> {
    let Some(contents) = files.get(path) else {
        return Ok(None);
    };
    if contents.len() > limit {
        return Err(WheelProblem::MetadataTooLarge {
            path: path.to_owned(),
            limit,
        });
    }
    Ok(Some(String::from_utf8_lossy(contents).into_owned()))
}

fn required_text(
    files: &BTreeMap<String, Vec<u8>>,
    path: &str,
    limit: usize,
) -> Result<String, WheelProblem> {
    text(files, path, limit)?.ok_or_else(|| WheelProblem::Missing(path.to_owned()))
}

fn check_wheel_file(
    files: &BTreeMap<String, Vec<u8>>,
    dist_info: &str,
    distribution: &Distribution,
) -> Result<Option<Note>, WheelProblem> {
    let path = format!("{dist_info}/WHEEL");
    let fields = Fields::parse(&required_text(files, &path, MAX_WHEEL)?);
    let invalid = |field| WheelProblem::Field {
        path: path.clone(),
        field,
    };
    let version = fields
        .first("wheel-version")
        .ok_or_else(|| invalid("Wheel-Version"))?;
    let numbers: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    let numbers = numbers.ok_or_else(|| invalid("Wheel-Version"))?;
    if numbers.first() != Some(&1) {
        return Err(WheelProblem::WheelVersion(version.to_owned()));
    }
    let is_later = numbers.iter().skip(1).any(|number| *number > 0);
    let note = is_later.then(|| Note::LaterFormat {
        wheel: distribution.file_name.clone(),
        version: version.to_owned(),
    });
    // Both kinds go to the one directory of the sandbox, so the answer does not matter, only that
    // there is one.
    match fields.first("root-is-purelib") {
        Some(value) if ["true", "false"].contains(&value.to_ascii_lowercase().as_str()) => Ok(note),
        _ => Err(invalid("Root-Is-Purelib")),
    }
}

fn read_metadata(
    files: &BTreeMap<String, Vec<u8>>,
    dist_info: &str,
    distribution: &Distribution,
) -> Result<Fields, WheelProblem> {
    let path = format!("{dist_info}/METADATA");
    let fields = Fields::parse(&required_text(files, &path, MAX_METADATA)?);
    for (field, key, limit) in [
        ("Requires-Dist", "requires-dist", MAX_REQUIRES),
        ("Provides-Extra", "provides-extra", MAX_EXTRAS),
    ] {
        if fields.all(key).nth(limit).is_some() {
            return Err(WheelProblem::TooManyFields { path, field, limit });
        }
    }
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

fn read_entry_points(
    files: &BTreeMap<String, Vec<u8>>,
    dist_info: &str,
) -> Result<BTreeMap<String, BTreeMap<String, String>>, WheelProblem> {
    let path = format!("{dist_info}/entry_points.txt");
    let Some(text) = text(files, &path, MAX_METADATA)? else {
        return Ok(BTreeMap::new());
    };
    metadata::entry_points(&text).ok_or(WheelProblem::EntryPoints {
        path,
        limit: MAX_ENTRY_POINTS,
        length: MAX_ENTRY_POINT,
    })
}
