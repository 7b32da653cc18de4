//! What an installer's output says about why it failed.

use super::error::FetchError;
use super::installer::{Installer, Outcome, Platforms};

/// How many versions an error message lists.
const VERSIONS_SHOWN: usize = 5;

/// The signs in pip's output that the index was not reached. With these, "no matching
/// distribution" only means that nothing was seen.
const NETWORK_SIGNS: [&str; 10] = [
    "Retrying (",
    "NewConnectionError",
    "Max retries exceeded",
    "ConnectionError",
    "ReadTimeoutError",
    "SSLError",
    "ProxyError",
    "Could not fetch URL",
    "Temporary failure in name resolution",
    "HTTP error",
];

/// Turns a failed download into an error, asking the installer once more when the package is not
/// to be had, to find out whether it is the name, the version or the platform.
pub(super) fn diagnose(
    installer: &Installer,
    pins: &[String],
    platforms: Platforms,
    outcome: &Outcome,
) -> FetchError {
    if says_network(&outcome.errors) {
        return FetchError::Network {
            installer: installer.display(),
            output: outcome.last_errors(),
        };
    }
    let unmatched = unmatched_pin(&outcome.errors)
        .filter(|(package, version)| pins.contains(&format!("{package}=={version}")));
    let Some((package, version)) = unmatched else {
        return FetchError::Failed {
            installer: installer.display(),
            packages: pins.join(", "),
            output: outcome.last_errors(),
        };
    };
    match installer.versions(&package) {
        Ok(listed) if says_network(&listed.errors) => FetchError::Network {
            installer: installer.display(),
            output: listed.last_errors(),
        },
        Ok(listed) => {
            let versions = available_versions(&listed.lines);
            let exists = versions
                .iter()
                .any(|listed| crate::resolve::same_version(listed, &version));
            match (exists, platforms) {
                (true, Platforms::Sandbox) => FetchError::NoFittingWheel { package, version },
                (true, Platforms::SandboxAndHost) => FetchError::NoWheel { package, version },
                (false, _) if versions.is_empty() => FetchError::NoPackage {
                    package,
                    installer: installer.display(),
                },
                (false, _) => {
                    let mut available = versions
                        .iter()
                        .take(VERSIONS_SHOWN)
                        .cloned()
                        .collect::<Vec<_>>()
                        .join(", ");
                    if versions.len() > VERSIONS_SHOWN {
                        available.push_str(" and older ones");
                    }
                    FetchError::NoVersion {
                        package,
                        version,
                        available,
                    }
                }
            }
        }
        Err(failure) => failure,
    }
}

fn says_network(lines: &[String]) -> bool {
    lines
        .iter()
        .any(|line| NETWORK_SIGNS.iter().any(|sign| line.contains(sign)))
}

/// The package and version in pip's `… satisfies the requirement NAME==VERSION (from versions: …)`
/// or `No matching distribution found for NAME==VERSION`.
fn unmatched_pin(lines: &[String]) -> Option<(String, String)> {
    lines.iter().find_map(|line| {
        let rest = ["satisfies the requirement ", "distribution found for "]
            .iter()
            .find_map(|start| line.split_once(start))?
            .1;
        let (package, version) = rest.split_whitespace().next()?.split_once("==")?;
        Some((package.to_owned(), version.to_owned()))
    })
}

/// The versions in pip's `Available versions: 1.1, 1.0`, newest first.
fn available_versions(lines: &[String]) -> Vec<String> {
    let listed = lines
        .iter()
        .find_map(|line| line.strip_prefix("Available versions:"));
    let versions = listed.unwrap_or_default().split(',').map(str::trim);
    versions
        .filter(|version| !version.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_pin_that_was_not_found_is_read() {
        let expected = Some(("numpy".to_owned(), "2.3.5".to_owned()));
        let output = lines(
            "ERROR: Could not find a version that satisfies the requirement numpy==2.3.5 \
             (from versions: none)\nERROR: No matching distribution found for numpy==2.3.5",
        );
        assert_eq!(unmatched_pin(&output), expected);
        assert_eq!(unmatched_pin(&output[1..]), expected);
        assert_eq!(unmatched_pin(&lines("ERROR: disk full")), None);
    }

    #[test]
    fn versions_are_read() {
        let output = lines("six (1.17.0)\nAvailable versions: 1.17.0, 1.16.0");
        assert_eq!(available_versions(&output), ["1.17.0", "1.16.0"]);
        assert!(available_versions(&[]).is_empty());
    }

    #[test]
    fn an_unreachable_index_is_told_from_an_empty_one() {
        assert!(says_network(&lines(
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\n\
             ERROR: No matching distribution found for six==1.16.0"
        )));
        assert!(!says_network(&lines(
            "ERROR: No matching distribution found for six==1.16.0"
        )));
    }
}
