//! `[packages]`: which packages are installed.

use std::collections::BTreeSet;
use std::path::PathBuf;

use eryx_packaging::normalize_package_name;

use crate::checks::{Checks, Seen};
use crate::collect::{Collector, List};
use crate::declare::section;
use crate::diagnostic::SpannedDiagnostic;
use crate::key::{NOT_EMPTY, PACKAGE_NAME, Rule};
use crate::requirement::{self, Requirement};
use crate::sections::build::{self, BuildSection, RawBuild};
use crate::sections::package_names::names;
use crate::sections::strip::StripSection;
use crate::text::{Text, quoted};
use crate::text_diagnostic::TextDiagnostic;
use crate::{project, wheels};

section! {
    /// Which packages are installed
    #[derive(Debug)]
    pub(crate) struct RawPackages ["packages"] {
        /// Packages to install (PEP 508), and requirement files as `-r FILE` and `-c FILE`
        requirements: Vec<Text> {
            example: r#"requirements = ["six==1.17.0"]"#,
            rule: NOT_EMPTY,
            value: "list of [requirements](#requirements), `-r FILE` and `-c FILE`",
        }
        /// Versions that packages must have if they are installed at all, and files of these as `-c FILE`
        constraints: Vec<Text> {
            example: r#"constraints = ["urllib3<3"]"#,
            rule: NOT_EMPTY,
            value: "list of requirements without extras, and `-c FILE`",
        }
        /// Requirements that stand in for all others of the same package
        overrides: Vec<Text> {
            example: r#"overrides = ["idna==3.20"]"#,
            rule: NOT_EMPTY,
            value: "list of requirements",
        }
        /// Packages that are left out though others require them
        exclude: Vec<Text> {
            example: r#"exclude = ["colorama"]"#,
            rule: PACKAGE_NAME,
            value: "list of package names",
        }
        /// A project whose `project.dependencies` are required
        pyproject: Option<Text> {
            example: r#"pyproject = "pyproject.toml""#,
            rule: NOT_EMPTY,
            value: "path of a `pyproject.toml`",
        }
        /// Extras of the project (`project.optional-dependencies`) that are required, too
        extras: Vec<Text> {
            example: r#"extras = ["cli"]"#,
            rule: PACKAGE_NAME,
            value: "list of extras of that project",
        }
        /// Dependency groups of the project (PEP 735) that are required, too
        groups: Vec<Text> {
            example: r#"groups = ["sandbox"]"#,
            rule: PACKAGE_NAME,
            value: "list of dependency groups of that project",
        }
        /// Wheel files to install, as paths and globs
        wheels: Vec<Text> {
            example: r#"wheels = ["wheels/*.whl"]"#,
            rule: Rule::Pattern("\\.whl$|[*?\\[]"),
            value: "list of paths and globs of wheel files",
        }
        /// Directories and addresses with more distributions to choose from
        find_links: Vec<Text> {
            example: r#"find-links = ["dist"]"#,
            rule: NOT_EMPTY,
            value: "list of directories and addresses",
        }
        /// The package index, instead of the one that pip or uv is configured for
        index: Option<Text> {
            example: r#"index = "https://packages.example.com/simple""#,
            rule: NOT_EMPTY,
            value: "address of a package index, or a directory that is one",
            absent: "what uv or pip is configured for",
        }
        /// More package indexes
        extra_index: Vec<Text> {
            example: r#"extra-index = ["https://packages.example.com/more"]"#,
            rule: NOT_EMPTY,
            value: "list of addresses and directories",
        }
        /// Whether pre-releases are taken
        pre: bool {
            example: "pre = true",
        }
        /// Platform tags of wheels that fit the sandbox besides the usual
        platform_tags: Vec<Text> {
            example: r#"platform-tags = ["wasi_0_2_0_wasm32"]"#,
            rule: Rule::Pattern("^[a-z0-9_]{1,128}$"),
            value: "list of platform tags, besides [the usual](../guide/packages.md#resolution)",
        }
        /// Packages that work without the native libraries in their wheels, which are left out
        without_native: Vec<Text> {
            example: r#"without-native = ["markupsafe"]"#,
            rule: PACKAGE_NAME,
            value: "list of package names",
        }
        /// Which files of packages are left out of the image; none if it is absent
        strip: StripSection {
            example: "strip = { tests = true }",
        }
        /// How packages are built whose build runs programs of this machine
        build: RawBuild {
            example: r#"build = { allow = ["numpy"] }"#,
        }
    }
}

/// `[packages]`: the packages of the site tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackagesSection {
    /// `requirements`, and what the files, `pyproject` and `groups` it names list, in the order in
    /// which they are written.
    pub requirements: Vec<Requirement>,
    /// `constraints`: versions that a package must have if it is installed at all.
    pub constraints: Vec<Requirement>,
    /// `overrides`: requirements that stand in for every other requirement of the same package.
    pub overrides: Vec<Requirement>,
    /// `exclude`: normalised names of packages that are not installed though others require them.
    pub exclude: BTreeSet<String>,
    /// `wheels`: wheel files of the host, absolute, sorted, none twice; globs are already expanded.
    pub wheels: Vec<PathBuf>,
    /// `find-links`: directories of the host (absolute paths) and addresses with more distributions.
    pub find_links: Vec<String>,
    /// `index`: the package index in place of the one the user's installer is configured for.
    pub index: Option<String>,
    /// `extra-index`: more package indexes.
    pub extra_index: Vec<String>,
    /// `pre`: whether pre-releases are taken.
    pub pre: bool,
    /// `platform-tags`: platform tags of wheels (PEP 425) that fit the sandbox besides the usual.
    pub platform_tags: Vec<String>,
    /// `without-native`: normalised names of packages whose libraries for other platforms are left
    /// out because the package works without them.
    pub without_native: BTreeSet<String>,
    /// `strip`: which files of packages are left out of the image.
    pub strip: StripSection,
    /// `build`: how packages are built whose build runs programs of the machine.
    pub build: BuildSection,
}

/// The longest platform tag, in bytes.
const MAX_PLATFORM_TAG: usize = 128;

/// Validates the section.
pub(crate) fn validate(raw: RawPackages, checks: &mut Checks<'_>) -> PackagesSection {
    let wheels = wheels::wheels(&raw.wheels, checks);
    let mut collector = Collector::new(checks);
    // The manifest's own index first, so that a file that names another is what is reported.
    if let Some(index) = &raw.index {
        let place = collector.place(index);
        collector.index(index.get_ref(), &place);
    }
    for index in &raw.extra_index {
        let place = collector.place(index);
        collector.extra_index(index.get_ref(), &place);
    }
    for links in &raw.find_links {
        let place = collector.place(links);
        collector.find_links(links.get_ref(), &place);
    }
    collector.list(&raw.requirements, List::Requirements);
    let own = collector.found.requirements.len();
    project::collect(
        raw.pyproject.as_ref(),
        &raw.extras,
        &raw.groups,
        &mut collector,
    );
    collector.list(&raw.constraints, List::Constraints);
    let found = collector.found;
    let overrides = overrides(&raw.overrides, checks);
    let exclude = names(&raw.exclude, "exclude", checks);
    report_excluded(&raw, found.requirements.get(..own), &exclude, checks);
    PackagesSection {
        requirements: found.requirements,
        constraints: found.constraints,
        overrides,
        exclude,
        wheels: wheels.into_iter().collect(),
        find_links: found.find_links,
        index: found.index,
        extra_index: found.extra_index,
        pre: found.pre || raw.pre,
        platform_tags: platform_tags(raw.platform_tags, checks),
        without_native: names(&raw.without_native, "without-native", checks),
        strip: raw.strip,
        build: build::validate(raw.build, checks),
    }
}

fn overrides(written: &[Text], checks: &mut Checks<'_>) -> Vec<Requirement> {
    let mut overrides = Vec::new();
    for text in written {
        let directory = checks.directory.clone();
        match requirement::validate(text.get_ref(), &directory) {
            Ok(mut requirement) => {
                requirement.origin = checks.origin(&text.span());
                overrides.push(requirement);
            }
            Err(TextDiagnostic { what, help }) => {
                let message = format!("the override {} {what}", quoted(text.get_ref()));
                let diagnostic = SpannedDiagnostic::new(text.span(), message, "not right");
                checks.report(match help {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
            }
        }
    }
    overrides
}

/// Reports a package that the manifest's own list asks for and that it leaves out.
fn report_excluded(
    raw: &RawPackages,
    own: Option<&[Requirement]>,
    exclude: &BTreeSet<String>,
    checks: &mut Checks<'_>,
) {
    for text in &raw.exclude {
        let name = normalize_package_name(text.get_ref());
        let origin = checks.manifest.clone();
        let is_asked_for = own.unwrap_or_default().iter().any(|requirement| {
            // A file with one package too many may well be named.
            requirement.name == name && requirement.origin.starts_with(&format!("{origin}:"))
        });
        if is_asked_for && exclude.contains(&name) {
            let message = format!("{} is in `requirements` and in `exclude`", quoted(&name));
            checks.report(
                SpannedDiagnostic::new(text.span(), message, "not both")
                    .help("remove one of the two"),
            );
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
                SpannedDiagnostic::new(text.span(), message, "expected small letters, digits and `_`").help(
                    "write the last part of a wheel's name without `.whl`, for example \"wasi_wasm32\"",
                ),
            );
        } else if seen.is_new(tag.clone(), &text, "platform tag", checks) {
            tags.push(text.into_inner());
        }
    }
    tags
}
