//! The entry points of an image's packages, by name.

use eryx_base::escape::escape;

use super::failure::Failure;
use eryx::Program;
use eryx_image::{EntryPointMetadata, Image, Metadata, PackageMetadata, entry_point_value};
use std::collections::BTreeSet;

/// How many names a message lists.
const MAX_LISTED: usize = 20;

/// The longest name that is compared with others, in bytes.
const MAX_COMPARED: usize = 100;

/// How alike a name must be to be taken for what was meant, from 0 to 1.
const ALIKE: f64 = 0.7;

/// The program that the entry point `name` of some package in the image is.
pub(super) fn find(image: &Image, name: &str) -> Result<Program, Failure> {
    let value = value(image.metadata(), name).map_err(Failure::usage)?;
    Ok(Program::entry_point(name, &value))
}

fn all(metadata: &Metadata) -> impl Iterator<Item = (&PackageMetadata, &EntryPointMetadata)> {
    let packages = metadata.packages.iter();
    packages.flat_map(|package| {
        package
            .entry_points
            .iter()
            .map(move |point| (package, point))
    })
}

/// What an entry point calls, or why that is not known.
fn value(metadata: &Metadata, name: &str) -> Result<String, String> {
    let mut found = all(metadata).filter(|(_, point)| point.name == name);
    let Some((package, point)) = found.next() else {
        return Err(unknown(metadata, name));
    };
    if let Some((other, second)) = found.find(|(_, second)| second.value != point.value) {
        let text = format!(
            "`{}` and `{}` both have an entry point `{name}`, which calls {} or {}: run one of them with -c",
            package.name, other.name, point.value, second.value
        );
        return Err(escape(&text).into_owned());
    }
    entry_point_value(&point.value).ok_or_else(|| {
        let text = format!(
            "the entry point `{name}` of `{}` cannot be called: `{}` is not of the form \
             package.module:attribute",
            package.name, point.value
        );
        escape(&text).into_owned()
    })
}

fn unknown(metadata: &Metadata, name: &str) -> String {
    let name = escape(name);
    let names: BTreeSet<&str> = all(metadata)
        .map(|(_, point)| point.name.as_str())
        .collect();
    if names.is_empty() {
        return format!(
            "there is no entry point `{name}`: no package in the image has any, so name a script, or use \
             -c, -m or -"
        );
    }
    if let Some(meant) = meant(&names, &name) {
        let meant = escape(meant);
        return format!("there is no entry point `{name}` in the image: did you mean `{meant}`?");
    }
    let listed: Vec<_> = names
        .iter()
        .take(MAX_LISTED)
        .map(|one| escape(one))
        .collect();
    let rest = match names.len().saturating_sub(listed.len()) {
        0 => String::new(),
        rest => format!(" and {rest} more, which `eryx inspect` lists"),
    };
    format!(
        "there is no entry point `{name}` in the image; there are {}{rest}",
        listed.join(", ")
    )
}

/// The name that is most like the one that was given, if any is.
fn meant<'a>(names: &BTreeSet<&'a str>, name: &str) -> Option<&'a str> {
    if name.len() > MAX_COMPARED {
        return None;
    }
    let short = names.iter().filter(|other| other.len() <= MAX_COMPARED);
    short
        .map(|other| (strsim::normalized_damerau_levenshtein(name, other), *other))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use eryx_image::fixture;

    fn metadata(points: &[(&str, &str, &str)]) -> Metadata {
        let packages = points.iter().map(|(package, name, value)| PackageMetadata {
            name: (*package).to_owned(),
            entry_points: vec![EntryPointMetadata {
                group: "console_scripts".to_owned(),
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            }],
            ..PackageMetadata::default()
        });
        Metadata {
            packages: packages.collect(),
            ..fixture::metadata()
        }
    }

    #[test]
    fn one_of_a_name_is_found() {
        let metadata = metadata(&[("a", "run", "a.cli:main"), ("b", "walk", "b:main")]);
        assert_eq!(value(&metadata, "walk").as_deref(), Ok("b:main"));
    }

    #[test]
    fn names_that_are_not_there_are_explained() {
        let some = metadata(&[("a", "run-it", "a:main"), ("b", "walk", "b:main")]);
        let message = value(&some, "runit").unwrap_err();
        assert!(message.ends_with("did you mean `run-it`?"), "{message}");
        let message = value(&some, "fly").unwrap_err();
        assert!(message.ends_with("there are run-it, walk"), "{message}");
        let message = value(&metadata(&[]), "x").unwrap_err();
        assert!(
            message.contains("no package in the image has any"),
            "{message}"
        );

        let names: Vec<String> = (0..100).map(|number| format!("script-{number}")).collect();
        let many: Vec<(&str, &str, &str)> =
            names.iter().map(|name| ("p", &**name, "p:m")).collect();
        let message = value(&metadata(&many), "zzz").unwrap_err();
        assert!(message.contains(" and 80 more"), "{message}");
    }

    #[test]
    fn one_name_for_two_things_is_refused() {
        let metadata = metadata(&[("a", "run", "a:main"), ("b", "run", "b:main")]);
        let message = value(&metadata, "run").unwrap_err();
        assert!(message.contains("a:main or b:main"), "{message}");
    }

    #[test]
    fn forged_values_are_not_run() {
        let metadata = metadata(&[("a\u{1b}", "run", "os:system('x')")]);
        let message = value(&metadata, "run").unwrap_err();
        assert!(message.contains("`a\\u{1b}`"), "{message}");
        assert!(message.contains("cannot be called"), "{message}");
        assert!(!value(&metadata, "\u{1b}").unwrap_err().contains('\u{1b}'));
    }
}
