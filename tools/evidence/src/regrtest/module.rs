//! One module of tests: running it, and what came of it.

use super::image::Suite;
use crate::records::Record;
use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write as _},
    os::unix::process::ExitStatusExt,
};

/// How often a module is run anew without the tests that took it down.
const MAX_RUNS: usize = 40;

/// How many tests of a module may take too long; more than that, and it is the module that does.
const MAX_LATE: usize = 3;

/// What became of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Skipped,
    Passed,
    Failed,
    Error,
    Late,
    Crashed,
}

/// What became of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    /// Every test that ran passed.
    Passed,
    /// It says itself that it cannot run here.
    Skipped,
    /// Tests failed.
    Failed,
    /// A test did not end in time.
    Late,
    /// A test took its sandbox down.
    Crashed,
}

/// A test, or a module as a whole, that did not pass.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Failure {
    /// Its dotted name; none where it is the module.
    pub test: Option<String>,
    /// What happened.
    pub kind: Kind,
    /// What was said.
    pub message: String,
    /// Whether it passes with the standard library of the tests' own version.
    #[serde(default)]
    pub newer: bool,
}

/// What is known of a module.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Module {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub state: State,
    /// How many tests ended how.
    pub counts: BTreeMap<Kind, u64>,
    /// Why it was not run, in its own words.
    pub skipped: Option<String>,
    /// All that did not pass.
    pub failures: Vec<Failure>,
    /// The version of the tests.
    pub suite: String,
    /// The version of Python in the image.
    pub python: Option<String>,
    /// The day in UTC.
    pub date: String,
}

impl Record for Module {
    fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Skipped => "skipped",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Error => "errors",
            Self::Late => "timed out",
            Self::Crashed => "crashed",
        })
    }
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Passed => "passed",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Late => "timed out",
            Self::Crashed => "crashed",
        })
    }
}

impl Failure {
    /// The test, or the words for the module as a whole.
    pub(super) fn place(&self) -> &str {
        self.test.as_deref().unwrap_or("the module")
    }
}

impl Module {
    /// State and counts in a line.
    pub(super) fn outcome(&self) -> String {
        let mut text = self.state.to_string();
        for (kind, count) in &self.counts {
            let _ = write!(text, ", {count} {kind}");
        }
        if let Some(reason) = &self.skipped {
            let _ = write!(text, ": {reason}");
        }
        text
    }
}

/// What one run noted of each test, and of the module.
#[derive(Default)]
struct Noted {
    tests: BTreeMap<String, (Kind, String)>,
    /// The test that began and did not end.
    running: Option<String>,
    skipped: Option<String>,
    error: Option<String>,
    python: Option<String>,
    ended: bool,
}

impl Noted {
    fn of(events: &[Value]) -> Self {
        let mut noted = Self::default();
        for event in events {
            let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
            let kind = match event["event"].as_str().unwrap_or_default() {
                "start" => {
                    noted.running = Some(text("test"));
                    continue;
                }
                "passed" => Kind::Passed,
                "skipped" => Kind::Skipped,
                "failed" => Kind::Failed,
                "error" => Kind::Error,
                "module-skipped" => {
                    noted.skipped = Some(text("message"));
                    continue;
                }
                "module-error" => {
                    noted.error = Some(text("message"));
                    continue;
                }
                "end" => {
                    noted.python = Some(text("python"));
                    noted.ended = true;
                    continue;
                }
                _ => continue,
            };
            noted.add(text("test"), kind, text("message"));
        }
        noted
    }

    /// A test is told of more than once when it has parts: the worst counts.
    fn add(&mut self, test: String, kind: Kind, message: String) {
        let known = self.tests.get(&test).map(|(known, _)| *known);
        if known.is_none_or(|known| known < kind) {
            self.tests.insert(test, (kind, message));
        }
    }
}

/// Runs a module, and once more with the standard library of the tests' own version when not all passed.
pub(super) fn run(suite: &Suite, name: &str, date: String) -> Result<Module> {
    let mut module = attempt(suite, name, date)?;
    if module.failures.is_empty() || !suite.has_library() {
        return Ok(module);
    }
    let taken_down = module.failures.iter().filter(|one| one.kind >= Kind::Late);
    let left_out: Vec<String> = taken_down.filter_map(|one| one.test.clone()).collect();
    let mut passed = BTreeSet::new();
    let mut whole = false;
    for left_out in [&[], left_out.as_slice()] {
        let left_out = left_out.iter().map(String::as_str);
        let arguments: Vec<&str> = std::iter::once(name).chain(left_out).collect();
        let noted = Noted::of(&suite.run(name, &arguments, true)?.1);
        whole |= noted.ended && noted.error.is_none() && !noted.tests.is_empty();
        let tests = noted.tests.into_iter();
        passed.extend(tests.filter_map(|(test, (kind, _))| (kind == Kind::Passed).then_some(test)));
        if noted.ended {
            break;
        }
    }
    for failure in &mut module.failures {
        failure.newer = failure
            .test
            .as_ref()
            .map_or(whole, |test| passed.contains(test));
    }
    Ok(module)
}

/// Runs a module, again without each test that takes it down.
fn attempt(suite: &Suite, name: &str, date: String) -> Result<Module> {
    let mut failures: Vec<Failure> = Vec::new();
    loop {
        let left_out = failures
            .iter()
            .filter_map(|failure| failure.test.as_deref());
        let arguments: Vec<&str> = std::iter::once(name).chain(left_out).collect();
        let (ended, events) = suite.run(name, &arguments, false)?;
        let noted = Noted::of(&events);
        if noted.ended {
            return Ok(concluded(suite, name, noted, failures, date));
        }
        let (kind, message) = if ended.late {
            (
                Kind::Late,
                format!("no end within {} s", suite.limit.as_secs()),
            )
        } else if let Some(signal) = ended.status.signal() {
            (
                Kind::Crashed,
                format!("the host ended by the signal {signal}"),
            )
        } else {
            let last = ended.errors.lines().last().unwrap_or_default();
            (Kind::Crashed, format!("{last} ({})", ended.status))
        };
        let late = failures.iter().filter(|one| one.kind == Kind::Late).count();
        let is_over = late >= MAX_LATE || failures.len() >= MAX_RUNS;
        // A test that is left out and runs all the same cannot be left out.
        let test = noted
            .running
            .clone()
            .filter(|test| !is_over && !arguments.contains(&test.as_str()));
        let is_last = test.is_none();
        failures.push(Failure {
            test,
            kind,
            message,
            newer: false,
        });
        if is_last {
            return Ok(concluded(suite, name, noted, failures, date));
        }
    }
}

fn concluded(
    suite: &Suite,
    name: &str,
    noted: Noted,
    mut failures: Vec<Failure>,
    date: String,
) -> Module {
    let mut counts: BTreeMap<Kind, u64> = BTreeMap::new();
    for failure in &failures {
        *counts.entry(failure.kind).or_default() += 1;
    }
    for (test, (kind, message)) in noted.tests {
        *counts.entry(kind).or_default() += 1;
        if kind > Kind::Passed {
            failures.push(Failure {
                test: Some(test),
                kind,
                message,
                newer: false,
            });
        }
    }
    if let Some(message) = noted.error {
        *counts.entry(Kind::Error).or_default() += 1;
        failures.push(Failure {
            test: None,
            kind: Kind::Error,
            message,
            newer: false,
        });
    }
    let state = match failures.iter().map(|failure| failure.kind).max() {
        Some(Kind::Crashed) => State::Crashed,
        Some(Kind::Late) => State::Late,
        Some(_) => State::Failed,
        // A module whose tests all say that they cannot run here is no other case.
        None if counts.contains_key(&Kind::Passed) => State::Passed,
        None => State::Skipped,
    };
    Module {
        name: name.to_owned(),
        state,
        counts,
        skipped: noted.skipped,
        failures,
        suite: suite.version.clone(),
        python: noted.python,
        date,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_worst_that_is_told_of_a_test_counts() {
        let event = |kind: &str, test: &str| json!({"event": kind, "test": test, "message": kind});
        let mut events = vec![
            event("start", "a"),
            event("skipped", "a"),
            event("passed", "a"),
            event("start", "b"),
            event("error", "b"),
            event("failed", "b"),
            event("start", "c"),
        ];
        let noted = Noted::of(&events);
        assert!(!noted.ended);
        assert_eq!(noted.running.as_deref(), Some("c"));
        assert_eq!(noted.tests["a"].0, Kind::Passed);
        assert_eq!(noted.tests["b"], (Kind::Error, "error".to_owned()));
        events.push(json!({"event": "end", "python": "3.14.0"}));
        let noted = Noted::of(&events);
        assert!(noted.ended && noted.python.as_deref() == Some("3.14.0"));
    }
}
