//! Requirements as packages and manifests declare them.

use pep440_rs::VersionSpecifiers;
use pep508_rs::{ExtraName, ExtraOperator, MarkerExpression, MarkerValueExtra, VersionOrUrl};

use eryx_base::escape::escape_short;
use eryx_packaging::requirement::{self, Requirement};

/// The most characters of a text that a message shows.
pub(super) const SHOWN: usize = 120;

/// One requirement and who declares it.
pub(super) struct Declared {
    pub requirement: Requirement,
    /// The extra without which it does not hold, if there is one such.
    pub extra: Option<ExtraName>,
    /// As it is shown: without its marker.
    pub text: String,
    pub by: String,
}

impl Declared {
    pub(super) fn new(requirement: Requirement, by: &str) -> Self {
        Self {
            extra: only_extra(&requirement),
            text: shown(&requirement),
            requirement,
            by: by.to_owned(),
        }
    }
}

/// The extra without which a requirement does not hold, when its marker says so at its top, as nearly
/// all do that name an extra.
fn only_extra(requirement: &Requirement) -> Option<ExtraName> {
    match requirement.marker.top_level_extra()? {
        MarkerExpression::Extra {
            operator: ExtraOperator::Equal,
            name: MarkerValueExtra::Extra(name),
        } => Some(name),
        _ => None,
    }
}

/// Reads a list of versions, as a requirement that has nothing else: that is guarded against text
/// which the library would panic on.
pub(super) fn versions(text: &str) -> Option<VersionSpecifiers> {
    // A comma at the end is common, and pip takes it.
    let text = text.trim_end_matches([',', ' ']);
    let requirement = requirement::parse(&format!("python {text}")).ok()?;
    let is_plain = requirement.extras.is_empty() && requirement.marker.is_true();
    match requirement.version_or_url {
        Some(VersionOrUrl::VersionSpecifier(specifiers)) if is_plain => Some(specifiers),
        _ => None,
    }
}

/// A requirement without its marker.
fn shown(requirement: &Requirement) -> String {
    let mut text = requirement.name.to_string();
    if !requirement.extras.is_empty() {
        let extras: Vec<&str> = requirement.extras.iter().map(AsRef::as_ref).collect();
        text.push_str(&format!("[{}]", extras.join(",")));
    }
    match &requirement.version_or_url {
        Some(VersionOrUrl::VersionSpecifier(specifiers)) => {
            let specifiers: Vec<String> = specifiers.iter().map(ToString::to_string).collect();
            text.push_str(&specifiers.join(","));
        }
        Some(VersionOrUrl::Url(reference)) => text.push_str(&format!(" @ {reference}")),
        None => {}
    }
    escape_short(&text, SHOWN)
}
