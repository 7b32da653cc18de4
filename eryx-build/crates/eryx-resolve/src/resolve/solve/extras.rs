//! Extras that are asked for and that the package does not have. They change nothing, and are mostly
//! misspelt: installers warn of them, and so does this.

use std::collections::BTreeMap;

use eryx_base::escape::escape_short;
use eryx_packaging::normalize_package_name;
use eryx_packaging::requirement::{self, Requirement};

use super::problem::Problem;
use super::report::{Dependencies, Metadata, Report};

/// How many warnings there are at most, and how many characters of a name each shows.
const MAX_WARNINGS: usize = 20;
const SHOWN: usize = 80;

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
    let mut warnings = Vec::new();
    let mut look = |by: &str, asked: &Requirement| {
        let name = normalize_package_name(asked.name.as_ref());
        let Some(metadata) = present.get(&name) else {
            return;
        };
        for extra in &asked.extras {
            let extra = normalize_package_name(extra.as_ref());
            let mut provided = metadata.provides_extra.iter();
            if provided.any(|one| normalize_package_name(one) == extra) {
                continue;
            }
            let package = format!("{} {}", metadata.name, metadata.version);
            let warning = sentence(by, &metadata.name, &extra, &package);
            if !warnings.contains(&warning) && warnings.len() < MAX_WARNINGS {
                warnings.push(warning);
            }
        }
    };
    let own = problem.requirements.iter();
    for own in own.filter(|one| !is_overridden(&one.name)).chain(overrides) {
        if let Ok(asked) = requirement::parse(&own.text) {
            let by = match own.origin.as_str() {
                "" => "the manifest",
                origin => origin,
            };
            look(by, &asked);
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
    warnings
}

/// The extras that uv warns of, out of ``The package `requests==2.32.5` does not have an extra named
/// `x` ``, with who asks for them as far as the manifest does.
pub(super) fn unknown_to_uv(errors: &str, problem: &Problem<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
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
                    && extras.any(|one| {
                        normalize_package_name(one.as_ref()) == normalize_package_name(extra)
                    })
            })
        };
        let by = problem.requirements.iter().find(|one| asks(&one.text));
        let by = by.map_or("a package", |one| match one.origin.as_str() {
            "" => "the manifest",
            origin => origin,
        });
        let warning = sentence(by, name, extra, format!("{name} {version}").trim_end());
        if !warnings.contains(&warning) && warnings.len() < MAX_WARNINGS {
            warnings.push(warning);
        }
    }
    warnings
}

fn sentence(by: &str, name: &str, extra: &str, package: &str) -> String {
    let short = |text: &str| escape_short(text, SHOWN);
    format!(
        "{} asks for {}[{}], but {} has no such extra",
        short(by),
        short(name),
        short(extra),
        short(package)
    )
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
