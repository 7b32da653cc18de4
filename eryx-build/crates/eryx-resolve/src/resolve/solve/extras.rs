//! Extras that are asked for and that the package does not have, by what an installer tells of a
//! resolution.

use std::collections::BTreeMap;

use eryx_packaging::extras::{UnknownExtra, UnknownExtras, asker, provided};
use eryx_packaging::normalize_package_name;
use eryx_packaging::requirement::{self, Requirement};

use super::problem::Problem;
use super::report::{Dependencies, Metadata, Report};

/// A sentence for each extra in pip's report that is asked for in vain.
pub(super) fn unknown(report: &Report, problem: &Problem<'_>) -> Vec<String> {
    let dependencies = Dependencies::of(report, problem);
    let present: BTreeMap<String, &Metadata> = report
        .install
        .iter()
        .map(|one| (normalize_package_name(&one.metadata.name), &one.metadata))
        .collect();
    let overrides = problem.packages.map_or(&[][..], |one| &one.overrides);
    let is_overridden = |name: &str| {
        overrides
            .iter()
            .any(|one| one.name == normalize_package_name(name))
    };
    let mut unknown = UnknownExtras::default();
    let mut look = |by: &str, asked: &Requirement| {
        let name = normalize_package_name(asked.name.as_ref());
        if let Some(metadata) = present.get(&name) {
            let package = (metadata.name.as_str(), metadata.version.as_str());
            let provides = provided(&metadata.provides_extra);
            unknown.look(by, asked, package, |extra| provides.contains(extra));
        }
    };
    let own = problem.requirements.iter();
    for own in own.filter(|one| !is_overridden(&one.name)).chain(overrides) {
        if let Ok(asked) = requirement::parse(&own.text) {
            look(asker(&own.origin), &asked);
        }
    }
    for install in &report.install {
        let by = format!("{} {}", install.metadata.name, install.metadata.version);
        for asked in dependencies.requirements_of(&install.metadata) {
            if !is_overridden(asked.name.as_ref()) {
                look(&by, &asked);
            }
        }
    }
    unknown.sentences()
}

/// The extras that uv warns of, out of ``The package `requests==2.32.5` does not have an extra named
/// `x` ``, with who asks for them as far as the manifest does.
pub(super) fn unknown_to_uv(errors: &str, problem: &Problem<'_>) -> Vec<String> {
    let mut unknown = UnknownExtras::default();
    for line in errors.lines() {
        let Some((package, extra)) = line
            .strip_prefix("warning: The package `")
            .and_then(|rest| rest.split_once("` does not have an extra named `"))
        else {
            continue;
        };
        let extra = extra.trim_end_matches('`');
        let (name, version) = package.split_once("==").unwrap_or((package, ""));
        let asks = |text: &str| {
            requirement::parse(text).is_ok_and(|one| {
                let mut extras = one.extras.iter();
                normalize_package_name(one.name.as_ref()) == normalize_package_name(name)
                    && extras.any(|one| one.as_ref() == normalize_package_name(extra))
            })
        };
        let by = problem.requirements.iter().find(|one| asks(&one.text));
        unknown.add(UnknownExtra {
            by: by.map_or("a package", |one| asker(&one.origin)).to_owned(),
            package: name.to_owned(),
            version: version.to_owned(),
            extra: extra.to_owned(),
        });
    }
    unknown.sentences()
}

#[cfg(test)]
mod tests {
    use eryx_manifest::Requirement;

    use super::*;

    fn problem() -> Problem<'static> {
        Problem {
            requirements: vec![Requirement {
                text: "Requests[No_Such]>=2".to_owned(),
                name: "requests".to_owned(),
                hashes: Vec::new(),
                origin: "eryx.toml:4".to_owned(),
            }],
            python: "3.14.0",
            ..Problem::default()
        }
    }

    #[test]
    fn extras_that_no_package_has_are_named_with_who_asks_for_them() {
        let metadata = |name: &str, requires: &str, provides: &str| {
            format!(
                r#"{{"download_info": {{"url": "x"}}, "is_direct": false, "metadata": {{"name": "{name}",
                "version": "1.0", "requires_dist": [{requires}], "provides_extra": [{provides}]}}}}"#
            )
        };
        let report = format!(
            r#"{{"install": [{}, {}]}}"#,
            metadata("requests", r#""b[x, Y.Z]", "b[w]; extra == 'never'""#, ""),
            metadata("b", "", r#""y-z""#),
        );
        let report: Report = serde_json::from_str(&report).unwrap();
        let problem = problem();
        assert_eq!(
            unknown(&report, &problem),
            [
                "eryx.toml:4 asks for requests[no-such], but requests 1.0 has no such extra",
                "requests 1.0 asks for b[x], but b 1.0 has no such extra",
            ]
        );
    }

    #[test]
    fn what_uv_warns_of_is_read() {
        let errors = "Resolved 5 packages in 1s\n\
            warning: The package `requests==2.32.5` does not have an extra named `no-such`\n\
            warning: The package `b==1` does not have an extra named `x`\n\
            warning: something else\n";
        assert_eq!(
            unknown_to_uv(errors, &problem()),
            [
                "eryx.toml:4 asks for requests[no-such], but requests 2.32.5 has no such extra",
                "a package asks for b[x], but b 1 has no such extra",
            ]
        );
    }
}
