//! Fetch: the lock → verified files.

use super::{
    BakeError,
    context::{Context, Done},
};
use crate::{
    fetch::{self, Fetched},
    progress::Stage,
    resolve::Lock,
};

/// The files that a lock names, in the cache.
pub(super) fn fetch<'a>(
    context: &'a Context<'_>,
    lock: &'a Lock,
) -> Result<Vec<Fetched<'a>>, BakeError> {
    context.run(Stage::Fetch, |stage| {
        let request = fetch::Request {
            lock,
            packages: &context.manifest.packages,
            python: context.runtime.python(),
            offline: context.mode.offline,
        };
        let fetched = fetch::fetch(&request, &context.cache, &|line| stage.detail(line))?;
        let summary = format!("{} files", fetched.len());
        Ok(Done::new(fetched, summary))
    })
}
