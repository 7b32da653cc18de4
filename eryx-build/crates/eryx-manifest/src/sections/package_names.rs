//! Lists of package names, which several keys have.

use std::collections::BTreeSet;

use eryx_packaging::{is_package_name, normalize_package_name};

use crate::checks::{Checks, Seen};
use crate::diagnostic::SpannedDiagnostic;
use crate::text::{Text, quoted};

/// A list of package names, normalised, none twice.
pub(super) fn names(written: &[Text], key: &str, checks: &mut Checks<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut seen = Seen::default();
    for text in written {
        let name = text.get_ref();
        if !is_package_name(name) {
            checks.report(
                SpannedDiagnostic::new(
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
