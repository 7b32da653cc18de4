//! Builds that need other builds: a distribution that is needed to build itself is found out.

use std::cell::RefCell;

use eryx_base::Digest;

use super::error::SourceProblem;
use super::model::SourceArchive;

/// How many builds may wait for each other's result.
const MAX_NESTED: usize = 20;

thread_local! {
    /// The distributions whose requirements are being gathered on this thread, outermost first.
    static BUILDING: RefCell<Vec<(Digest, String)>> = const { RefCell::new(Vec::new()) };
}

/// Says that the requirements of a distribution are being gathered, while it lives.
pub(super) struct Building;

impl Building {
    /// Fails when it is in the making already, or when too many are.
    pub(crate) fn enter(archive: &SourceArchive) -> Result<Self, SourceProblem> {
        BUILDING.with_borrow_mut(|building| {
            let is_nested = building.iter().any(|(digest, _)| *digest == archive.sha256);
            if is_nested || building.len() >= MAX_NESTED {
                let names = building.iter().map(|(_, name)| name.as_str());
                let names: Vec<&str> = names.chain([archive.file_name.as_str()]).collect();
                return Err(SourceProblem::Cycle(names.join(" requires ")));
            }
            building.push((archive.sha256, archive.file_name.clone()));
            Ok(Self)
        })
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        BUILDING.with_borrow_mut(|building| {
            building.pop();
        });
    }
}
