//! `pyproject`, `extras` and `groups`: what a project of the host requires.

use std::collections::BTreeSet;
use std::path::PathBuf;

use eryx_packaging::requirement::{Requirement, marker_text, parse};

use crate::collect::{Collector, List, Place, read_text};
use crate::pyproject::{self, Listed, Project};
use crate::reference;
use crate::suggestion::did_you_mean;
use crate::text::quoted;
use crate::text::{Text, listed};
use crate::text_diagnostic::TextDiagnostic;
use eryx_packaging::normalize_package_name;

/// The largest `pyproject.toml` that is read, in bytes (1 MiB).
const MAX_PROJECT_BYTES: u64 = 1 << 20;

/// Gathers what the project, its extras and its groups require.
pub(crate) fn collect(
    path: Option<&Text>,
    extras: &[Text],
    groups: &[Text],
    collector: &mut Collector<'_, '_>,
) {
    let Some(path) = path else {
        for (text, key) in extras
            .first()
            .map(|text| (text, "extras"))
            .into_iter()
            .chain(groups.first().map(|text| (text, "groups")))
        {
            let place = collector.place(text);
            let diagnostic = TextDiagnostic::new("needs the project whose it is")
                .help("add, for example: pyproject = \"pyproject.toml\"");
            collector.report(
                &place,
                &format!("{} in `{key}`", quoted(text.get_ref())),
                diagnostic,
            );
        }
        return;
    };
    let place = collector.place(path);
    let subject = format!("the project {}", quoted(path.get_ref()));
    let read = reference::absolute(path.get_ref(), &place.directory).and_then(|absolute| {
        let text = read_text(&absolute, MAX_PROJECT_BYTES)?;
        Ok((absolute, text))
    });
    let (absolute, text) = match read {
        Ok(read) => read,
        Err(diagnostic) => return collector.report(&place, &subject, diagnostic),
    };
    let reader = Reader {
        manifest: place.clone(),
        shown: PathBuf::from(path.get_ref()),
        directory: absolute.parent().unwrap_or(&absolute).to_path_buf(),
    };
    match pyproject::read(&text) {
        Err((line, diagnostic)) => collector.report(&reader.place(line), "the project", diagnostic),
        Ok(project) => reader.gather(&project, extras, groups, collector),
    }
}

/// The file that a project was read from.
struct Reader {
    manifest: Place,
    shown: PathBuf,
    directory: PathBuf,
}

impl Reader {
    fn place(&self, line: usize) -> Place {
        Place {
            file: Some((self.shown.clone(), line)),
            directory: self.directory.clone(),
            ..self.manifest.clone()
        }
    }

    fn gather(
        &self,
        project: &Project,
        extras: &[Text],
        groups: &[Text],
        collector: &mut Collector<'_, '_>,
    ) {
        if !project.has_project && groups.is_empty() {
            let diagnostic = TextDiagnostic::new("has no [project] with `dependencies`").help(
                "list what it needs there, as in dependencies = [\"six\"], or name `groups` of its \
                 [dependency-groups]",
            );
            collector.report(&self.manifest, "the project", diagnostic);
        }
        let dynamic = |key: &str| {
            TextDiagnostic::new(format!("leaves `{key}` to its build backend (`dynamic`)")).help(
                "list them in the project itself, or in a requirement file that `requirements` names with `-r`",
            )
        };
        if project.is_dynamic("dependencies") {
            collector.report(&self.manifest, "the project", dynamic("dependencies"));
        }
        let mut wanted = Vec::new();
        for extra in extras {
            let name = normalize_package_name(extra.get_ref());
            if project.is_dynamic("optional-dependencies") {
                let place = collector.place(extra);
                collector.report(&place, "the project", dynamic("optional-dependencies"));
            } else if project.extras.contains_key(&name) {
                wanted.push(name);
            } else {
                let known: Vec<&str> = project.extras.keys().map(String::as_str).collect();
                unknown(extra, "extra", &known, collector);
            }
        }
        self.requirements(&project.dependencies, project, collector);
        for name in &wanted {
            let items = project.extras.get(name).map_or(&[][..], Vec::as_slice);
            self.requirements(items, project, collector);
        }
        for group in groups {
            match project.group(&normalize_package_name(group.get_ref())) {
                None => {
                    let known: Vec<&str> = project.group_names().collect();
                    unknown(group, "dependency group", &known, collector);
                }
                Some(Err((line, diagnostic))) => {
                    collector.report(&self.place(line), "the project", diagnostic);
                }
                Some(Ok(items)) => self.requirements(&items, project, collector),
            }
        }
    }

    /// Adds what is listed. The project itself with extras stands for what these extras list.
    fn requirements(&self, items: &[Listed], project: &Project, collector: &mut Collector<'_, '_>) {
        let mut waiting: Vec<(Listed, Vec<String>)> = items
            .iter()
            .rev()
            .map(|item| (item.clone(), Vec::new()))
            .collect();
        // An extra with one and the same condition adds nothing the second time.
        let mut expanded = BTreeSet::new();
        while let Some(((line, text), markers)) = waiting.pop() {
            let place = self.place(line);
            let itself = parse(&text)
                .ok()
                .filter(|requirement| is_itself(requirement, project));
            let Some(itself) = itself else {
                collector.add(
                    &with_markers(&text, &markers),
                    Vec::new(),
                    List::Requirements,
                    &place,
                );
                continue;
            };
            let mut markers = markers;
            if let Some(marker) = marker_text(&text).map(ToOwned::to_owned)
                && !markers.contains(&marker)
            {
                markers.push(marker);
            }
            for extra in &itself.extras {
                let Some(more) = project.extras.get(extra.as_ref()) else {
                    let what = format!(
                        "has no extra {}, which it names here",
                        quoted(extra.as_ref())
                    );
                    collector.report(&place, "the project", TextDiagnostic::new(what));
                    continue;
                };
                if expanded.insert((extra.to_string(), markers.clone()))
                    && expanded.len() <= MAX_EXPANDED
                {
                    waiting.extend(
                        more.iter()
                            .rev()
                            .map(|item| (item.clone(), markers.clone())),
                    );
                }
            }
        }
    }
}

/// How often extras of a project may name others.
const MAX_EXPANDED: usize = 256;

/// Whether a requirement is the project itself.
fn is_itself(requirement: &Requirement, project: &Project) -> bool {
    project.name.as_deref() == Some(requirement.name.as_ref())
        && requirement.version_or_url.is_none()
}

/// A requirement that only holds where all of these markers do, too.
fn with_markers(text: &str, markers: &[String]) -> String {
    if markers.is_empty() {
        return text.to_owned();
    }
    let own = marker_text(text);
    let before = own.map_or(text, |own| {
        let end = text.rfind(own).unwrap_or(text.len());
        text.get(..end)
            .unwrap_or(text)
            .trim_end()
            .trim_end_matches(';')
    });
    let all: Vec<String> = own
        .into_iter()
        .chain(markers.iter().map(String::as_str))
        .map(|marker| format!("({marker})"))
        .collect();
    format!("{} ; {}", before.trim_end(), all.join(" and "))
}

fn unknown(text: &Text, what: &str, known: &[&str], collector: &mut Collector<'_, '_>) {
    let place = collector.place(text);
    let help = match did_you_mean(text.get_ref(), known.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None if known.is_empty() => format!("it has no {what}s"),
        None => format!("it has {}", listed(known.iter().copied())),
    };
    let diagnostic =
        TextDiagnostic::new(format!("has no {what} {}", quoted(text.get_ref()))).help(help);
    collector.report(&place, "the project", diagnostic);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_joined() {
        let markers = ["os_name == 'nt'".to_owned()];
        assert_eq!(with_markers("six", &[]), "six");
        assert_eq!(with_markers("six", &markers), "six ; (os_name == 'nt')");
        assert_eq!(
            with_markers("six>1; extra == 'a' or extra == 'b'", &markers),
            "six>1 ; (extra == 'a' or extra == 'b') and (os_name == 'nt')"
        );
    }
}
