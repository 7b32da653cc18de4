//! What is known of each package, as it is recorded.

use crate::records::Record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of a package.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CompatibilityRecord {
    /// Its normalised name.
    pub name: String,
    /// Its version; none when resolving failed.
    pub version: Option<String>,
    /// Whether it was built from its source distribution.
    pub from_source: bool,
    /// Whether there was an image.
    pub bakes: bool,
    /// The modules that were imported.
    pub modules: Vec<String>,
    /// Why it does not bake or import, each reason once.
    pub reasons: Vec<String>,
    /// The whole message of a bake that failed.
    pub message: Option<String>,
    /// The version of Python in the image.
    pub python: Option<String>,
    /// The day in UTC.
    pub date: String,
}

impl Record for CompatibilityRecord {
    fn name(&self) -> &str {
        &self.name
    }
}

/// What is known of a job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JobRecord {
    /// The package.
    pub name: String,
    /// Its version; none when resolving failed.
    pub version: Option<String>,
    /// What the job does.
    pub does: String,
    /// Why it fails; none when it works.
    pub reason: Option<String>,
    /// The day in UTC.
    pub date: String,
}

impl Record for JobRecord {
    fn name(&self) -> &str {
        &self.name
    }
}

/// What is known of a suite.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SuiteRecord {
    /// The package.
    pub name: String,
    /// Its version; none when resolving failed.
    pub version: Option<String>,
    /// How many tests ended how.
    pub counts: BTreeMap<String, u64>,
    /// Why tests failed, and how many.
    pub reasons: BTreeMap<String, u64>,
    /// Why there are no counts, or none of all tests.
    pub problem: Option<String>,
    /// The version of Python in the image.
    pub python: Option<String>,
    /// The day in UTC.
    pub date: String,
}

impl Record for SuiteRecord {
    fn name(&self) -> &str {
        &self.name
    }
}

/// What is known of a package.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NativeRecord {
    /// The package.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What its native part is written in.
    pub language: String,
    /// The variables that its build needs.
    pub environment: Vec<String>,
    /// What else there is to say.
    pub note: Option<String>,
    /// How long its build took, in seconds.
    pub seconds: u64,
    /// The size of its native libraries in bytes, when it was built.
    pub bytes: Option<u64>,
    /// How many tests ended how.
    pub counts: BTreeMap<String, u64>,
    /// Why tests failed, and how many.
    pub reasons: BTreeMap<String, u64>,
    /// Why there are no counts, or none of all tests.
    pub problem: Option<String>,
    /// The version of Python in the image.
    pub python: Option<String>,
    /// The day in UTC.
    pub date: String,
}

impl Record for NativeRecord {
    fn name(&self) -> &str {
        &self.name
    }
}
