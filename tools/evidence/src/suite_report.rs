//! What `run_suite.py` reports of a package's own tests.

use crate::reason;
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};

/// How long one suite may take.
pub(crate) const SUITE_LIMIT: Duration = Duration::from_secs(1800);

/// Where a suite finds its source distribution.
pub(crate) const ARCHIVE: &str = "/archive/sources.tar.gz";

/// How many tests ended how, by a report of `run_suite.py`.
pub(crate) fn counts(report: &Value) -> BTreeMap<String, u64> {
    let counts = report["counts"].as_object().into_iter().flatten();
    counts
        .map(|(kind, count)| (kind.clone(), count.as_u64().unwrap_or(0)))
        .collect()
}

/// Why tests failed, and how many, by a report of `run_suite.py` and what was looked into.
pub(crate) fn failures(report: &Value, known: &BTreeMap<String, String>) -> BTreeMap<String, u64> {
    let mut reasons = BTreeMap::new();
    for failure in report["failures"].as_array().into_iter().flatten() {
        let text = |key: &str| failure[key].as_str().unwrap_or_default();
        let looked_into = known
            .iter()
            .find(|(test, _)| text("test").starts_with(test.as_str()));
        let reason = looked_into.map_or_else(
            || reason::of_test(text("message")),
            |(_, reason)| reason.clone(),
        );
        *reasons.entry(reason).or_default() += 1;
    }
    reasons
}
