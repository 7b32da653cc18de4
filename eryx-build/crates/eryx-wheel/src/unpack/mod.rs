//! Turns distributions into the site tree: the files that land under
//! `/site-packages` in the sandbox, and what is known of the packages they belong to.
//!
//! Wheels are unpacked in memory and nothing touches the disk. A wheel is hostile until it is
//! shown to be well-formed: sizes, counts, names and kinds of entries are bounded, and every file
//! is held against RECORD.
//!
//! A wheel's `purelib` and `platlib` files go to the root of the tree. Its `data` files stay at
//! `{name}-{version}.data/data/…`; scripts and headers are left out, since the sandbox has neither
//! a shell nor a compiler. Each package's `.dist-info` has an INSTALLER of `eryx` and a RECORD of
//! the files as they are in the tree.
//!
//! This module must not know where wheels come from or what becomes of the files.
//!
//! ```
//! use std::collections::BTreeSet;
//!
//! let tree = eryx_wheel::unpack::unpack(&[], &BTreeSet::new())?;
//! assert!(tree.files.is_empty());
//! # Ok::<(), eryx_wheel::unpack::UnpackError>(())
//! ```

use std::collections::{BTreeSet, btree_map};

use rayon::prelude::*;

use eryx_packaging::Distribution;

use crate::site_tree::{LeftOut, SiteFile, SiteTree};

pub mod archive;
pub mod clash;
mod direct_url;
mod error;
mod header;
mod identity;
mod layout;
mod limits;
pub mod metadata;
pub mod path;
mod place;
#[cfg(test)]
pub(crate) mod tests;
mod verify;
mod wheel;

pub use error::{UnpackError, WheelError, WheelProblem};
pub use limits::{MAX_ENTRIES, MAX_FILE_SIZE, MAX_RATIO, MAX_TOTAL_SIZE, MAX_WHEEL_SIZE};
pub use path::{MAX_DEPTH, MAX_NAME, MAX_PATH, PathProblem};

use archive::Budget;
use clash::Lookalikes;
use wheel::UnpackedWheel;

/// Unpacks distributions into one site tree. From the packages named in `without_native` (by their
/// normalised names) the native libraries, of the sandbox and of any other platform, are left out.
///
/// A file that two packages have with the same contents, as the packages of one old-style
/// namespace do, is taken once and belongs to the first of them.
///
/// # Errors
/// When a wheel is malformed, too large or hostile, or when two packages have one file with
/// different contents. Of several errors the one of the first distribution is given.
pub fn unpack(
    distributions: &[Distribution],
    without_native: &BTreeSet<String>,
) -> Result<SiteTree, UnpackError> {
    let budget = Budget::new(MAX_TOTAL_SIZE);
    let wheels: Vec<Result<UnpackedWheel, WheelProblem>> = distributions
        .par_iter()
        .map(|one| wheel::unpack(one, without_native.contains(&one.name), &budget))
        .collect();
    let mut tree = SiteTree::default();
    let mut lookalikes = Lookalikes::default();
    for (distribution, wheel) in distributions.iter().zip(wheels) {
        let wheel = wheel.map_err(|problem| WheelError {
            wheel: distribution.file_name.clone(),
            problem: Box::new(problem),
        })?;
        add(&mut tree, wheel, &mut lookalikes)?;
    }
    let is_file = |path: &str| tree.files.contains_key(path);
    if let Some((file, inside)) = archive::file_and_directory(tree.files.keys(), is_file) {
        return Err(UnpackError::FileAndDirectory {
            path: file.to_owned(),
            first: owner(&tree, file),
            second: owner(&tree, inside),
        });
    }
    Ok(tree)
}

fn add(
    tree: &mut SiteTree,
    wheel: UnpackedWheel,
    lookalikes: &mut Lookalikes,
) -> Result<(), UnpackError> {
    let package = tree.packages.len();
    for (path, contents) in wheel.files {
        if let Some(other) = lookalikes.add(&path) {
            return Err(UnpackError::CaseClash {
                first: owner(tree, &other),
                path: other,
                other: path,
                second: wheel.metadata.wheel,
            });
        }
        match tree.files.entry(path) {
            btree_map::Entry::Vacant(slot) => {
                slot.insert(SiteFile { contents, package });
            }
            btree_map::Entry::Occupied(slot) if slot.get().contents == contents => {}
            btree_map::Entry::Occupied(slot) => {
                let path = slot.key().clone();
                return Err(UnpackError::TwoOwners {
                    first: owner(tree, &path),
                    second: wheel.metadata.wheel,
                    path,
                });
            }
        }
    }
    let left_out = wheel.left_out.into_iter();
    tree.left_out
        .extend(left_out.map(|path| LeftOut { package, path }));
    tree.notes.extend(wheel.notes);
    tree.packages.push(wheel.metadata);
    Ok(())
}

/// The file name of the wheel that a file came from.
fn owner(tree: &SiteTree, path: &str) -> String {
    let file = tree.files.get(path);
    let package = file.and_then(|file| tree.packages.get(file.package));
    package
        .map(|package| package.wheel.clone())
        .unwrap_or_default()
}
