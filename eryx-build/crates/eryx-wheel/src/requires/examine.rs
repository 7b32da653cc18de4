//! The examination itself: which extras count, what is required because of them, and whether it is
//! there.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use pep440_rs::Version;
use pep508_rs::{ExtraName, MarkerEnvironment, VersionOrUrl};

use eryx_base::escape::escape_short;
use eryx_packaging::extras::{UnknownExtras, asker, provided};
use eryx_packaging::{environment, normalize_package_name, requirement};

use crate::package::PackageMetadata;

use super::declared::{Declared, SHOWN, versions};
use super::error::{Note, Problem, RequiresError};
use super::graph::{Asked, Graph, Node, Wanted};

/// The most texts of one package that are noted as unreadable.
const MAX_UNREADABLE: usize = 20;

/// A package that is there.
struct Present<'a> {
    metadata: &'a PackageMetadata,
    version: Option<Version>,
    requires: Vec<Declared>,
    provides: BTreeSet<ExtraName>,
    /// The extras that somebody asks for.
    extras: BTreeSet<ExtraName>,
}

/// What is required of a package by whom, with overrides in their places.
struct Demand<'s> {
    declared: &'s Declared,
    /// By whom: the words of the one who is overridden, if so.
    by: &'s str,
    overridden: bool,
}

pub(super) fn examine(
    packages: &[PackageMetadata],
    wanted: &Wanted<'_>,
    python: &str,
) -> Result<Graph, RequiresError> {
    let mut findings = Findings::default();
    let Some(environment) = environment::sandbox(python) else {
        return Err(RequiresError {
            problems: vec![Problem::Runtime {
                python: python.to_owned(),
            }],
        });
    };
    let mut present: BTreeMap<String, Present<'_>> = packages
        .iter()
        .map(|package| {
            let name = normalize_package_name(&package.name);
            (name, findings.read(package, python))
        })
        .collect();
    let asked = findings.read_manifest(&wanted.requirements);
    let overrides = findings.read_manifest(&wanted.overrides);
    let question = Question {
        environment: &environment,
        overrides: &overrides,
    };
    activate_extras(&mut present, &asked, &question);

    let mut graph = Graph::default();
    for demand in question.because_of(&asked, None) {
        findings.examine(&demand, &present, wanted);
    }
    let requested: BTreeSet<&str> = question
        .because_of(&asked, None)
        .map(|demand| demand.declared.requirement.name.as_ref())
        .chain(wanted.local.iter().map(String::as_str))
        .collect();
    for (name, package) in &present {
        let mut node = Node {
            requested: requested.contains(name.as_str()),
            requires: BTreeSet::new(),
        };
        for demand in question.demands(&package.requires, &package.extras) {
            findings.examine(&demand, &present, wanted);
            let name: &str = demand.declared.requirement.name.as_ref();
            if present.contains_key(name) {
                node.requires.insert(name.to_owned());
            }
        }
        graph.packages.insert(name.clone(), node);
    }
    findings.into_graph(graph)
}

/// What all demands have in common.
struct Question<'q> {
    environment: &'q MarkerEnvironment,
    overrides: &'q [Declared],
}

impl Question<'_> {
    /// What of these requirements holds in the sandbox with one of these extras or without any, and by
    /// overrides.
    fn demands<'s>(
        &'s self,
        declared: &'s [Declared],
        extras: &'s BTreeSet<ExtraName>,
    ) -> impl Iterator<Item = Demand<'s>> {
        let holds = move |one: &&'s Declared| match &one.extra {
            Some(extra) => extras.contains(extra) && self.holds(one, Some(extra)),
            None => {
                self.holds(one, None) || extras.iter().any(|extra| self.holds(one, Some(extra)))
            }
        };
        self.in_place(declared.iter().filter(holds))
    }

    /// What of these requirements holds in the sandbox because of this extra, or without any.
    fn because_of<'s>(
        &'s self,
        declared: &'s [Declared],
        extra: Option<&'s ExtraName>,
    ) -> impl Iterator<Item = Demand<'s>> {
        let holds = move |one: &&'s Declared| {
            (one.extra.is_none() || one.extra.as_ref() == extra) && self.holds(one, extra)
        };
        self.in_place(declared.iter().filter(holds))
    }

    /// Whether a requirement holds with one extra, as installers ask for one after the other.
    fn holds(&self, one: &Declared, extra: Option<&ExtraName>) -> bool {
        one.requirement
            .marker
            .evaluate(self.environment, extra.map_or(&[], std::slice::from_ref))
    }

    /// Requirements with overrides in the place of those that are overridden.
    fn in_place<'s>(
        &'s self,
        declared: impl Iterator<Item = &'s Declared>,
    ) -> impl Iterator<Item = Demand<'s>> {
        declared.flat_map(move |one| {
            let mut instead = self
                .overrides
                .iter()
                .filter(|other| other.requirement.name == one.requirement.name)
                .peekable();
            let itself = instead.peek().is_none().then_some(Demand {
                declared: one,
                by: &one.by,
                overridden: false,
            });
            let instead = instead
                .filter(|other| other.requirement.marker.evaluate(self.environment, &[]))
                .map(|other| Demand {
                    declared: other,
                    by: &one.by,
                    overridden: true,
                });
            itself.into_iter().chain(instead)
        })
    }
}

/// Finds out which extras are asked for, also by what is only required because of other extras.
fn activate_extras(
    present: &mut BTreeMap<String, Present<'_>>,
    asked: &[Declared],
    question: &Question<'_>,
) {
    // A package is looked at once without extras, and once more for each that it gets.
    let names = present.keys().cloned();
    let mut due: Vec<(String, Option<ExtraName>)> = names.map(|name| (name, None)).collect();
    activate(present, question.because_of(asked, None), &mut due);
    while let Some((name, extra)) = due.pop() {
        let Some(package) = present.get_mut(&name) else {
            continue;
        };
        // Taken out while others change.
        let requires = std::mem::take(&mut package.requires);
        let demands = question.because_of(&requires, extra.as_ref());
        activate(present, demands, &mut due);
        if let Some(package) = present.get_mut(&name) {
            package.requires = requires;
        }
    }
}

fn activate<'s>(
    present: &mut BTreeMap<String, Present<'_>>,
    demands: impl Iterator<Item = Demand<'s>>,
    due: &mut Vec<(String, Option<ExtraName>)>,
) {
    for demand in demands {
        let requirement = &demand.declared.requirement;
        let name: &str = requirement.name.as_ref();
        let Some(package) = present.get_mut(name) else {
            continue;
        };
        // Only those that exist: so a hostile package cannot make the work grow without end.
        for extra in &requirement.extras {
            if package.provides.contains(extra) && package.extras.insert(extra.clone()) {
                due.push((name.to_owned(), Some(extra.clone())));
            }
        }
    }
}

/// What was found so far.
#[derive(Default)]
struct Findings {
    problems: Vec<Problem>,
    notes: Vec<Note>,
    extras: UnknownExtras,
}

impl Findings {
    fn into_graph(mut self, graph: Graph) -> Result<Graph, RequiresError> {
        for problem in &mut self.problems {
            problem.say_who_requires(&|package| graph.chain(package));
        }
        if self.problems.is_empty() {
            let extras = self.extras.into_iter().map(Note::NoSuchExtra);
            self.notes.extend(extras);
            Ok(Graph {
                notes: self.notes,
                ..graph
            })
        } else {
            Err(RequiresError {
                problems: self.problems,
            })
        }
    }

    /// Reads what a package states, and whether it is for this Python.
    fn read<'a>(&mut self, metadata: &'a PackageMetadata, python: &str) -> Present<'a> {
        let package = format!("{} {}", metadata.name, metadata.version);
        let mut count = 0_usize;
        let mut unreadable = |field, text: &str, reason: String| {
            count = count.saturating_add(1);
            if count > MAX_UNREADABLE {
                return;
            }
            self.notes.push(Note::Unreadable {
                package: package.clone(),
                field,
                text: escape_short(text, SHOWN),
                reason,
            });
        };
        let version = Version::from_str(&metadata.version)
            .map_err(|_| {
                let reason = "is not a version".to_owned();
                unreadable("Version", &metadata.version, reason);
            })
            .ok();
        let mut requires = Vec::new();
        for text in &metadata.requires_dist {
            match requirement::parse(text) {
                Ok(requirement) => requires.push(Declared::new(requirement, &package)),
                Err(reason) => unreadable("Requires-Dist", text, reason.to_string()),
            }
        }
        let mut python_problem = None;
        if let Some(text) = &metadata.requires_python {
            match (versions(text), Version::from_str(python)) {
                (Some(specifiers), Ok(version)) if !specifiers.contains(&version) => {
                    python_problem = Some(Problem::Python {
                        package: package.clone(),
                        requires: escape_short(text, SHOWN),
                        python: python.to_owned(),
                    });
                }
                (None, _) => {
                    let reason = "is not a list of versions".to_owned();
                    unreadable("Requires-Python", text, reason);
                }
                _ => {}
            }
        }
        self.problems.extend(python_problem);
        match count.saturating_sub(MAX_UNREADABLE) {
            0 => {}
            more => self.notes.push(Note::MoreUnreadable { package, more }),
        }
        Present {
            metadata,
            version,
            requires,
            provides: provided(&metadata.provides_extra),
            extras: BTreeSet::new(),
        }
    }

    /// Reads the manifest's own requirements. The manifest was checked before, so that what
    /// cannot be read now is only too long or too complicated.
    fn read_manifest(&mut self, requirements: &[Asked<'_>]) -> Vec<Declared> {
        let mut declared = Vec::new();
        for written in requirements {
            match requirement::parse(written.text) {
                Ok(requirement) => {
                    declared.push(Declared::new(requirement, asker(written.by)));
                }
                Err(reason) => self.notes.push(Note::Unreadable {
                    package: written.by.to_owned(),
                    field: "requirement",
                    text: escape_short(written.text, SHOWN),
                    reason: reason.to_string(),
                }),
            }
        }
        declared
    }

    /// Whether one demand is met.
    fn examine(
        &mut self,
        demand: &Demand<'_>,
        present: &BTreeMap<String, Present<'_>>,
        wanted: &Wanted<'_>,
    ) {
        let requirement = &demand.declared.requirement;
        let name: &str = requirement.name.as_ref();
        let Some(package) = present.get(name) else {
            if !wanted.exclude.contains(name) {
                self.problems.push(Problem::Missing {
                    name: name.to_owned(),
                    requirement: demand.declared.text.clone(),
                    by: demand.by.to_owned(),
                });
            }
            return;
        };
        if let Some(VersionOrUrl::VersionSpecifier(specifiers)) = &requirement.version_or_url
            && let Some(version) = &package.version
            && !specifiers.contains(version)
        {
            self.problems.push(Problem::Version {
                name: package.metadata.name.clone(),
                version: package.metadata.version.clone(),
                requirement: demand.declared.text.clone(),
                by: demand.by.to_owned(),
                overridden: demand.overridden,
            });
        }
        let there = (&*package.metadata.name, &*package.metadata.version);
        let provides = |extra: &ExtraName| package.provides.contains(extra);
        self.extras.look(demand.by, requirement, there, provides);
    }
}
