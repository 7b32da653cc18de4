//! What `[packages]` means.

use std::collections::BTreeSet;

use super::collect::{Collector, List};
use super::meaning::{Checks, Seen};
use super::mistake::{Draft, quoted};
use super::model::{PackagesSection, Requirement, StripSection};
use super::problem::Problem;
use super::written::{Text, WrittenPackages, WrittenStrip};
use super::{project, requirement, wheels};
use eryx_packaging::{is_package_name, normalize_package_name};

/// The longest platform tag, in bytes.
const MAX_PLATFORM_TAG: usize = 128;

/// Checks the section.
pub(super) fn packages(written: WrittenPackages, checks: &mut Checks<'_>) -> PackagesSection {
    let wheels = wheels::wheels(&written.wheels, checks);
    let mut collector = Collector::new(checks);
    // The manifest's own index first, so that a file that names another is what is reported.
    if let Some(index) = &written.index {
        let place = collector.place(index);
        collector.index(index.get_ref(), &place);
    }
    for index in &written.extra_index {
        let place = collector.place(index);
        collector.extra_index(index.get_ref(), &place);
    }
    for links in &written.find_links {
        let place = collector.place(links);
        collector.find_links(links.get_ref(), &place);
    }
    collector.list(&written.requirements, List::Requirements);
    let own = collector.found.requirements.len();
    project::collect(
        written.pyproject.as_ref(),
        &written.extras,
        &written.groups,
        &mut collector,
    );
    collector.list(&written.constraints, List::Constraints);
    let found = collector.found;
    let overrides = overrides(&written.overrides, checks);
    let exclude = names(&written.exclude, "exclude", checks);
    report_excluded(&written, found.requirements.get(..own), &exclude, checks);
    PackagesSection {
        requirements: found.requirements,
        constraints: found.constraints,
        overrides,
        exclude,
        wheels: wheels.into_iter().collect(),
        find_links: found.find_links,
        index: found.index,
        extra_index: found.extra_index,
        pre: found.pre || written.pre,
        platform_tags: platform_tags(written.platform_tags, checks),
        without_native: names(&written.without_native, "without-native", checks),
        strip: strip(written.strip),
    }
}

fn strip(written: WrittenStrip) -> StripSection {
    StripSection {
        tests: written.tests,
        docs: written.docs,
        stubs: written.stubs,
        headers: written.headers,
        sources: written.sources,
    }
}

fn overrides(written: &[Text], checks: &mut Checks<'_>) -> Vec<Requirement> {
    let mut overrides = Vec::new();
    for text in written {
        let folder = checks.folder.clone();
        match requirement::understand(text.get_ref(), &folder) {
            Ok(mut requirement) => {
                requirement.origin = checks.origin(&text.span());
                overrides.push(requirement);
            }
            Err(Problem { what, help }) => {
                let message = format!("the override {} {what}", quoted(text.get_ref()));
                let draft = Draft::new(text.span(), message, "not right");
                checks.report(match help {
                    Some(help) => draft.help(help),
                    None => draft,
                });
            }
        }
    }
    overrides
}

/// Reports a package that the manifest's own list asks for and that it leaves out.
fn report_excluded(
    written: &WrittenPackages,
    own: Option<&[Requirement]>,
    exclude: &BTreeSet<String>,
    checks: &mut Checks<'_>,
) {
    for text in &written.exclude {
        let name = normalize_package_name(text.get_ref());
        let origin = checks.manifest.clone();
        let is_asked_for = own.unwrap_or_default().iter().any(|requirement| {
            // A file with one package too many may well be named.
            requirement.name == name && requirement.origin.starts_with(&format!("{origin}:"))
        });
        if is_asked_for && exclude.contains(&name) {
            let message = format!("{} is in `requirements` and in `exclude`", quoted(&name));
            checks
                .report(Draft::new(text.span(), message, "not both").help("remove one of the two"));
        }
    }
}

fn platform_tags(written: Vec<Text>, checks: &mut Checks<'_>) -> Vec<String> {
    let mut tags = Vec::new();
    let mut seen = Seen::default();
    for text in written {
        let tag = text.get_ref();
        let is_tag = (1..=MAX_PLATFORM_TAG).contains(&tag.len())
            && tag
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_tag {
            let message = format!("{} in `platform-tags` is not a platform tag", quoted(tag));
            checks.report(
                Draft::new(text.span(), message, "expected small letters, digits and `_`").help(
                    "write the last part of a wheel's name without `.whl`, for example \"wasi_wasm32\"",
                ),
            );
        } else if seen.is_new(tag.clone(), &text, "platform tag", checks) {
            tags.push(text.into_inner());
        }
    }
    tags
}

/// A list of package names, normalised, none twice.
fn names(written: &[Text], key: &str, checks: &mut Checks<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut seen = Seen::default();
    for text in written {
        let name = text.get_ref();
        if !is_package_name(name) {
            checks.report(
                Draft::new(
                    text.span(),
                    format!("{} in `{key}` is not a package name", quoted(name)),
                    "expected a package name",
                )
                .help("write the name alone, for example \"markupsafe\""),
            );
            continue;
        }
        let normalized = normalize_package_name(name);
        if seen.is_new(normalized.clone(), text, "package", checks) {
            names.insert(normalized);
        }
    }
    names
}
