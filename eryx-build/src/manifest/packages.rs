//! What `[packages]` means.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::keys::did_you_mean;
use super::meaning::{Checks, Kind, Seen};
use super::mistake::{Draft, quoted};
use super::model::{PackagesSection, Requirement};
use super::name::{is_package_name, normalize_package_name};
use super::requirement;
use super::written::{Text, WrittenPackages};

/// How many files one glob may match: more is a glob that went astray.
const MAX_MATCHES: usize = 4096;

/// Checks the section.
pub(super) fn packages(written: WrittenPackages, checks: &mut Checks<'_>) -> PackagesSection {
    let before = checks.mistakes.len();
    let wheels = wheels(&written.wheels, checks);
    let requirements = requirements(&written.requirements, checks);
    // With a mistake above, a name may be missing from the lists only because of that mistake.
    let lists_are_whole = checks.mistakes.len() == before;
    let known = lists_are_whole.then(|| known_names(&wheels, &requirements));
    let without_native = without_native(&written.without_native, known.as_ref(), checks);
    PackagesSection {
        wheels: wheels.into_iter().collect(),
        requirements,
        without_native,
        ..PackagesSection::default()
    }
}

fn wheels(written: &[Text], checks: &mut Checks<'_>) -> BTreeSet<PathBuf> {
    let mut wheels = BTreeSet::new();
    for text in written {
        let pattern = text.get_ref();
        let is_glob = pattern.contains(['*', '?', '[']);
        // A file whose very name has brackets in it is not a glob.
        if !is_glob || checks.absolute(pattern).is_file() {
            wheels.extend(single_wheel(text, checks));
            continue;
        }
        match expand(pattern, &checks.folder) {
            Ok(found) => wheels.extend(found),
            Err(draft) => checks.report(draft.at(text)),
        }
    }
    wheels
}

fn single_wheel(text: &Text, checks: &mut Checks<'_>) -> Option<PathBuf> {
    let is_folder = checks.absolute(text.get_ref()).is_dir();
    if is_folder && !text.get_ref().is_empty() {
        let folder = text.get_ref().trim_end_matches('/');
        checks.report(
            Draft::new(
                text.span(),
                format!("{} in `wheels` is a folder", quoted(text.get_ref())),
                "expected a wheel or a glob",
            )
            .help(format!(
                "for the wheels in it, write {}",
                quoted(&format!("{folder}/*.whl"))
            )),
        );
        return None;
    }
    let path = checks.existing(text, Kind::File, "wheels")?;
    if is_wheel(&path) {
        return Some(path);
    }
    checks.report(
        Draft::new(
            text.span(),
            format!(
                "{} in `wheels` does not end in `.whl`",
                quoted(text.get_ref())
            ),
            "not a wheel",
        )
        .help("name wheel files only; a source distribution must be built into a wheel first"),
    );
    None
}

fn is_wheel(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "whl")
}

/// What is wrong with a glob.
struct BadGlob {
    message: String,
    label: &'static str,
    help: Option<String>,
}

impl BadGlob {
    fn at(self, text: &Text) -> Draft {
        let draft = Draft::new(text.span(), self.message, self.label);
        match self.help {
            Some(help) => draft.help(help),
            None => draft,
        }
    }
}

/// The wheels that a glob matches, at least one.
fn expand(pattern: &str, folder: &Path) -> Result<Vec<PathBuf>, BadGlob> {
    let bad = |what: String, label: &'static str, help: Option<String>| BadGlob {
        message: format!("the glob {} in `wheels` {what}", quoted(pattern)),
        label,
        help,
    };
    let whole = if Path::new(pattern).is_absolute() {
        pattern.to_owned()
    } else {
        // Only the pattern is a pattern: a bracket in the folder's own name stands for itself.
        let folder = folder.to_str().ok_or_else(|| {
            let what = "cannot be used in a folder whose name is not UTF-8 text".to_owned();
            bad(
                what,
                "a glob",
                Some("name the wheels one by one".to_owned()),
            )
        })?;
        format!("{}/{pattern}", glob::Pattern::escape(folder))
    };
    let matches = glob::glob(&whole)
        .map_err(|error| bad(format!("is not valid: {}", error.msg), "not a glob", None))?;
    let mut found = Vec::new();
    for path in matches {
        let path = path.map_err(|error| {
            let at = quoted(&error.path().display().to_string());
            bad(
                format!("cannot be followed into {at}: {}", error.error()),
                "the glob",
                None,
            )
        })?;
        if !is_wheel(&path) || !path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let what = format!("matches {}, which is not a wheel", quoted(&name));
            let help = "end the glob in `*.whl`".to_owned();
            return Err(bad(what, "matches too much", Some(help)));
        }
        if found.len() == MAX_MATCHES {
            let what = format!("matches more than {MAX_MATCHES} files");
            return Err(bad(what, "matches too much", None));
        }
        found.push(std::path::absolute(&path).unwrap_or(path));
    }
    if found.is_empty() {
        let folder = quoted(&folder.display().to_string());
        let help = format!("put the wheels there, or mend the glob; it starts from {folder}");
        return Err(bad(
            "matches nothing".to_owned(),
            "no such files",
            Some(help),
        ));
    }
    Ok(found)
}

fn requirements(written: &[Text], checks: &mut Checks<'_>) -> Vec<Requirement> {
    let mut requirements = Vec::new();
    let mut seen = Seen::default();
    for text in written {
        match requirement::parse(text.get_ref()) {
            Ok(pin) => {
                if seen.is_new(pin.name.clone(), text, "package", checks) {
                    requirements.push(pin);
                }
            }
            Err(reason) => {
                let message = format!(
                    "the requirement {} {}; only exact pins are supported for now",
                    quoted(text.get_ref()),
                    reason.reason()
                );
                checks.report(
                    Draft::new(text.span(), message, "expected name==version")
                        .help(format!("write {}", pin_for(text.get_ref()))),
                );
            }
        }
    }
    requirements
}

/// How the exact pin for a requirement would look, as far as its name can be told.
fn pin_for(text: &str) -> String {
    let name: String = text
        .trim_start()
        .chars()
        .take_while(|character| {
            character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')
        })
        .collect();
    if is_package_name(&name) {
        format!("the name and one version, as in \"{name}==1.2.3\"")
    } else {
        "the name and one version, as in \"requests==2.34.2\"".to_owned()
    }
}

/// The normalised names of all packages that the manifest names, with their spelling.
fn known_names(
    wheels: &BTreeSet<PathBuf>,
    requirements: &[Requirement],
) -> BTreeMap<String, String> {
    let from_wheels = wheels.iter().filter_map(|wheel| {
        // name-version[-build]-python-abi-platform.whl
        let (name, _) = wheel.file_name()?.to_str()?.split_once('-')?;
        Some(name.to_owned())
    });
    let from_requirements = requirements.iter().map(|pin| pin.name.clone());
    from_wheels
        .chain(from_requirements)
        .map(|name| (normalize_package_name(&name), name))
        .collect()
}

fn without_native(
    written: &[Text],
    known: Option<&BTreeMap<String, String>>,
    checks: &mut Checks<'_>,
) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut seen = Seen::default();
    for text in written {
        let name = text.get_ref();
        if !is_package_name(name) {
            checks.report(
                Draft::new(
                    text.span(),
                    format!("{} in `without-native` is not a package name", quoted(name)),
                    "expected a package name",
                )
                .help("write the name alone, for example \"markupsafe\""),
            );
            continue;
        }
        let normalized = normalize_package_name(name);
        if let Some(known) = known.filter(|known| !known.contains_key(&normalized)) {
            let message = format!(
                "{} in `without-native` is in neither `requirements` nor `wheels`",
                quoted(name)
            );
            let near = did_you_mean(&normalized, known.keys().map(String::as_str))
                .and_then(|near| known.get(near));
            let help = match near {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "name a package of this manifest, or remove the name".to_owned(),
            };
            checks.report(Draft::new(text.span(), message, "no such package").help(help));
            continue;
        }
        if seen.is_new(normalized.clone(), text, "package", checks) {
            names.insert(normalized);
        }
    }
    names
}
