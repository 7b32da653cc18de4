//! Turns what the manifest asks for into a lock: one exact file a package.
//!
//! The lock is kept as `pylock.toml` (PEP 751) beside the manifest. As long as the manifest asks for
//! the same, it is used as it is and nothing is asked of anybody; otherwise the requirements are
//! resolved by the user's own uv or pip ([`solve`]) and the lock is written anew.
//!
//! Wheels of the host are taken by their tags and hashes; what they require is resolved with the
//! rest. This module must not know how files are fetched, and opens a wheel only to see what it
//! requires.

mod choice;
mod complete;
mod error;
mod hashes;
mod inputs;
mod local;
mod lock;
mod lock_file;
mod pylock;
mod request;
mod roots;
pub mod solve;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use eryx_manifest::{PackagesSection, Requirement};

pub use choice::Preference;
pub use error::ResolveError;
pub use hashes::{AllowedHashes, HashNotAllowed};
pub use inputs::{Inputs, LockedRuntime};
pub use lock::{Lock, LockedFile, LockedPackage, Place};
pub use lock_file::lock_path;
pub use pylock::{CREATED_BY, MAX_LOCK_BYTES, PylockError};
pub use pylock::{read_text as read_lock_text, write as lock_text};
pub use request::{Change, Mode, Request, Resolution, Upgrade};
pub use solve::{Helpers, Problem, Solution, SolveError};

use local::LocalWheel;

/// Resolves the `[packages]` section of a manifest, and keeps the lock up to date.
///
/// Local wheels must fit the sandbox by their tags; one for another platform is taken when its
/// package is in `without_native`, since its native libraries are then left out.
///
/// # Errors
/// When a wheel cannot be read or does not fit, when there is no solution, when the lock is not what
/// the mode demands, or when it cannot be read or written.
pub fn resolve(request: &Request<'_>, helpers: &Helpers<'_>) -> Result<Resolution, ResolveError> {
    let packages = request.packages;
    let wheels = local::read(packages)?;
    if wheels.is_empty() && packages.requirements.is_empty() {
        return Ok(Resolution {
            lock: Lock::default(),
            change: Change::Nothing,
            warnings: Vec::new(),
        });
    }
    let mut exclude = packages.exclude.clone();
    exclude.extend(wheels.iter().map(|wheel| wheel.name.clone()));
    let roots = roots::of(request, &wheels, &exclude)?;
    let directory = request.lock.parent().unwrap_or(Path::new("."));
    let inputs = Inputs::of(packages, directory, request.python, request.runtime);
    let hashes = AllowedHashes::of(packages, request.python);
    let preference = Preference {
        hashes: Some(&hashes),
        ..Preference::of(packages)
    };
    let old = lock_file::read(request.lock, request.python, &preference)?;
    let drift = match &old {
        None if request.mode.locked => {
            return Err(ResolveError::NoLock(request.lock.to_owned()));
        }
        None => Vec::new(),
        Some(lock) => match &lock.inputs {
            Some(locked) => {
                let mut drift = inputs.differences(locked);
                drift.extend(lock_file::changed_files(lock, directory));
                drift.extend(hashes.differences(lock));
                if drift.is_empty() {
                    drift = complete::lacks(lock, request, &roots, &wheels);
                }
                drift
            }
            None if request.mode.upgrade == Upgrade::None => {
                check_fit(lock, packages)?;
                hashes.check(lock)?;
                let lacks = complete::lacks(lock, request, &roots, &wheels);
                if !lacks.is_empty() {
                    return Err(ResolveError::Lacks {
                        path: request.lock.to_owned(),
                        tool: lock.created_by.clone(),
                        lacks,
                    });
                }
                return Ok(Resolution {
                    change: Change::Foreign(lock.created_by.clone()),
                    warnings: Vec::new(),
                    lock: lock.clone(),
                });
            }
            None => {
                return Err(ResolveError::ForeignLock {
                    path: request.lock.to_owned(),
                    tool: lock.created_by.clone(),
                });
            }
        },
    };
    match (&old, &request.mode.upgrade) {
        (Some(lock), Upgrade::None) if drift.is_empty() => {
            check_fit(lock, packages)?;
            return Ok(Resolution {
                lock: lock.clone(),
                change: Change::Kept,
                warnings: Vec::new(),
            });
        }
        (Some(_), _) if request.mode.locked => {
            return Err(ResolveError::Drifted {
                path: request.lock.to_owned(),
                drift,
            });
        }
        (Some(old), Upgrade::Packages(names)) => known(names, old)?,
        _ => {}
    }
    let Solution { packages, warnings } =
        packages_of(request, (roots, exclude), &wheels, old.as_ref(), helpers)?;
    let lock = Lock {
        created_by: CREATED_BY.to_owned(),
        packages,
        inputs: Some(inputs),
    };
    check_fit(&lock, request.packages)?;
    hashes.check(&lock)?;
    lock_file::write(request.lock, &lock)?;
    let change = match &old {
        None => Change::Written,
        Some(old) if *old == lock => Change::Kept,
        Some(old) => Change::Updated {
            drift,
            packages: changes(old, &lock),
        },
    };
    Ok(Resolution {
        lock,
        change,
        warnings,
    })
}

/// The packages of a new lock, which keeps the versions of the old one where it can.
fn packages_of(
    request: &Request<'_>,
    (requirements, exclude): (Vec<Requirement>, BTreeSet<String>),
    wheels: &[LocalWheel],
    old: Option<&Lock>,
    helpers: &Helpers<'_>,
) -> Result<Solution, ResolveError> {
    let packages = request.packages;
    let mut warnings = Vec::new();
    let mut locked: Vec<LockedPackage> = wheels.iter().map(LocalWheel::locked).collect();
    if !requirements.is_empty() {
        if request.mode.offline {
            return Err(ResolveError::Offline(request.lock.to_owned()));
        }
        let problem = Problem {
            constraints: kept_versions(request, old),
            requirements,
            packages: Some(packages),
            exclude,
            hashes: AllowedHashes::of(packages, request.python),
            python: request.python,
            without_dependencies: false,
        };
        let solved = match solve::solve(&problem, helpers) {
            // A version of the old lock may be in the way of what is asked for now.
            Err(
                SolveError::Conflict { .. }
                | SolveError::NoVersion { .. }
                | SolveError::NotThere { .. }
                | SolveError::NothingFits { .. }
                | SolveError::Several(_),
            ) if !problem.constraints.is_empty() => {
                let problem = Problem {
                    constraints: Vec::new(),
                    ..problem
                };
                solve::solve(&problem, helpers)?
            }
            solved => solved?,
        };
        locked.extend(solved.packages);
        warnings = solved.warnings;
    }
    locked.sort_by(|one, other| one.name.cmp(&other.name));
    // Wheels of the host say what they require on whatever machine.
    let names: BTreeSet<String> = locked.iter().map(|one| one.name.clone()).collect();
    for package in &mut locked {
        package.dependencies.retain(|name| names.contains(name));
    }
    Ok(Solution {
        packages: locked,
        warnings,
    })
}

/// The versions of the old lock that the new one is to keep if it can.
fn kept_versions(request: &Request<'_>, old: Option<&Lock>) -> Vec<String> {
    let Some(old) = old else {
        return Vec::new();
    };
    let given_up = match &request.mode.upgrade {
        Upgrade::All => return Vec::new(),
        Upgrade::None => BTreeSet::new(),
        Upgrade::Packages(names) => names.clone(),
    };
    let asked: &[String] = old
        .inputs
        .as_ref()
        .map_or(&[], |inputs| &inputs.requirements);
    // Whoever changes a requirement wants to see it act.
    let changed: BTreeSet<&str> = request
        .packages
        .requirements
        .iter()
        .filter(|requirement| !asked.contains(&requirement.text))
        .map(|requirement| requirement.name.as_str())
        .collect();
    old.packages
        .iter()
        .filter(|package| matches!(package.file.place, Place::Index(_)))
        .filter(|package| !given_up.contains(&package.name))
        .filter(|package| !changed.contains(package.name.as_str()))
        .map(|package| format!("{}=={}", package.name, package.version))
        .collect()
}

fn known(names: &BTreeSet<String>, old: &Lock) -> Result<(), ResolveError> {
    let has = |name: &str| old.packages.iter().any(|one| one.name == name);
    match names.iter().find(|name| !has(name)) {
        Some(name) => Err(ResolveError::NotLocked(name.clone())),
        None => Ok(()),
    }
}

/// Every wheel of a lock must fit: the lock may be from another tool or edited.
fn check_fit(lock: &Lock, packages: &PackagesSection) -> Result<(), ResolveError> {
    let wheels = lock.packages.iter().filter(|one| one.file.is_wheel());
    let misfits = wheels.filter_map(|package| {
        let name = &package.file.name;
        let chain = lock.chain(&package.name, packages);
        local::check(name, Path::new(&format!("{name}{chain}")), packages).err()
    });
    ResolveError::all(misfits.collect())
}

/// What changed from one lock to another, a phrase a package.
fn changes(old: &Lock, new: &Lock) -> Vec<String> {
    fn versions(lock: &Lock) -> BTreeMap<&str, &LockedPackage> {
        let packages = lock.packages.iter();
        packages.map(|one| (one.name.as_str(), one)).collect()
    }
    let (old, new) = (versions(old), versions(new));
    let mut changes = Vec::new();
    for (name, package) in &new {
        match old.get(name) {
            None => changes.push(format!("added {name} {}", package.version)),
            Some(before) if before.version != package.version => changes.push(format!(
                "updated {name} {} to {}",
                before.version, package.version
            )),
            Some(before) if before.file.sha256 != package.file.sha256 => {
                changes.push(format!("changed the file of {name} {}", package.version));
            }
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|(name, _)| !new.contains_key(*name));
    changes.extend(gone.map(|(name, package)| format!("removed {name} {}", package.version)));
    changes
}
