//! Whether what a wheel says of itself is what its file name says.

use eryx_packaging::{Distribution, normalize_package_name, same_version};

use super::error::WheelProblem;

/// Checks that a directory of a wheel is named `{name}-{version}{suffix}`.
///
/// # Errors
/// When it names another package or version.
pub(super) fn check_directory_name(
    directory: &str,
    suffix: &str,
    distribution: &Distribution,
) -> Result<(), WheelProblem> {
    let agrees = directory
        .strip_suffix(suffix)
        .and_then(|stem| stem.rsplit_once('-'))
        .is_some_and(|(name, version)| is_same(name, &version.replace('_', "-"), distribution));
    if agrees {
        return Ok(());
    }
    Err(WheelProblem::Disagrees {
        place: "the name of a folder in it".to_owned(),
        found: directory.to_owned(),
        expected: expected(distribution),
    })
}

/// Whether a name and a version are those of a distribution, however they are written.
pub(super) fn is_same(name: &str, version: &str, distribution: &Distribution) -> bool {
    normalize_package_name(name) == distribution.name
        && same_version(version, &distribution.version)
}

/// The name and version that a distribution goes by.
pub(super) fn expected(distribution: &Distribution) -> String {
    format!("{} {}", distribution.name, distribution.version)
}
