//! What a `pyproject.toml` requires: its dependencies (PEP 621) and dependency groups (PEP 735).

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::text::{position, quoted};
use crate::text_diagnostic::TextDiagnostic;
use eryx_packaging::{is_package_name, normalize_package_name};

/// How many requirements a project may list, with those of included groups counted each time.
const MAX_LISTED: usize = 4096;

/// A requirement and the line that it stands on, from 1.
pub(crate) type Listed = (usize, String);

/// A mistake and the line that it stands on, from 1.
pub(crate) type Misplaced = (usize, TextDiagnostic);

/// What a project says about what it needs.
#[derive(Debug, Default)]
pub(crate) struct Project {
    /// Whether there is a `[project]` table at all.
    pub(crate) has_project: bool,
    /// `project.name`, normalised.
    pub(crate) name: Option<String>,
    /// `project.dependencies`.
    pub(crate) dependencies: Vec<Listed>,
    /// `project.optional-dependencies` by normalised names.
    pub(crate) extras: BTreeMap<String, Vec<Listed>>,
    /// Keys that a build backend would fill in: they cannot be read here.
    dynamic: BTreeSet<String>,
    groups: BTreeMap<String, Vec<GroupItem>>,
}

/// What was collected of a group, and how many items that took.
#[derive(Debug, Default)]
struct Listing {
    requirements: Vec<Listed>,
    items: usize,
}

#[derive(Debug, Clone)]
enum GroupItem {
    Requirement(Listed),
    Include(usize, String),
}

/// Reads the text of a `pyproject.toml`; stops at the first mistake.
pub(crate) fn read(text: &str) -> Result<Project, Misplaced> {
    let document = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let what = error.message().replace('\n', ", ");
        (
            position(text, start).0,
            TextDiagnostic::new(format!("is not valid TOML: {what}")),
        )
    })?;
    let reader = Reader { text };
    let mut found = Project::default();
    if let Some(project) = reader.table(document.get_ref(), "project")? {
        reader.project(project, &mut found)?;
    }
    if let Some(groups) = reader.table(document.get_ref(), "dependency-groups")? {
        for (name, items) in groups {
            let normalized = reader.name(name.get_ref(), name.span().start, &found.groups)?;
            let items = reader.group(name.get_ref(), items)?;
            found.groups.insert(normalized, items);
        }
    }
    Ok(found)
}

impl Project {
    /// The names of the groups.
    pub(crate) fn group_names(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().map(String::as_str)
    }

    /// Whether a build backend would fill in this key of `[project]`.
    pub(crate) fn is_dynamic(&self, key: &str) -> bool {
        self.dynamic.contains(key)
    }

    /// What a group requires, with the groups that it includes; `None` when there is no such group.
    pub(crate) fn group(&self, name: &str) -> Option<Result<Vec<Listed>, Misplaced>> {
        let items = self.groups.get(name)?;
        let mut listed = Listing::default();
        let mut within = vec![name.to_owned()];
        let collected = self.collect(items, &mut within, &mut listed);
        Some(collected.map(|()| listed.requirements))
    }

    fn collect(
        &self,
        items: &[GroupItem],
        within: &mut Vec<String>,
        listed: &mut Listing,
    ) -> Result<(), Misplaced> {
        for item in items {
            let (GroupItem::Include(line, _) | GroupItem::Requirement((line, _))) = item;
            let line = *line;
            listed.items += 1;
            if listed.items > MAX_LISTED {
                let what = format!("lists more than {MAX_LISTED} items in a group");
                return Err((line, TextDiagnostic::new(what)));
            }
            let name = match item {
                GroupItem::Requirement(requirement) => {
                    listed.requirements.push(requirement.clone());
                    continue;
                }
                GroupItem::Include(_, name) => name,
            };
            // The length bounds the recursion, too.
            if within.contains(name) || within.len() > 64 {
                let what = format!("has a group {} that includes itself", quoted(name));
                return Err((
                    line,
                    TextDiagnostic::new(what).help("break the circle of `include-group`"),
                ));
            }
            let Some(items) = self.groups.get(name) else {
                let what = format!("includes a group {} that it does not have", quoted(name));
                return Err((line, TextDiagnostic::new(what)));
            };
            within.push(name.clone());
            self.collect(items, within, listed)?;
            within.pop();
        }
        Ok(())
    }
}

/// Reads values, and knows the lines that they stand on.
struct Reader<'text> {
    text: &'text str,
}

impl Reader<'_> {
    fn line(&self, offset: usize) -> usize {
        position(self.text, offset).0
    }

    fn wrong<T>(&self, offset: usize, what: String) -> Result<T, Misplaced> {
        Err((self.line(offset), TextDiagnostic::new(what)))
    }

    fn table<'table, 'input>(
        &self,
        parent: &'table DeTable<'input>,
        key: &str,
    ) -> Result<Option<&'table DeTable<'input>>, Misplaced> {
        match parent.get(key).map(|value| (value.get_ref(), value.span())) {
            None => Ok(None),
            Some((DeValue::Table(table), _)) => Ok(Some(table)),
            Some((_, span)) => self.wrong(span.start, format!("has `{key}` that is no table")),
        }
    }

    fn project(&self, project: &DeTable<'_>, found: &mut Project) -> Result<(), Misplaced> {
        found.has_project = true;
        if let Some(name) = project.get("name") {
            match name.get_ref().as_str().filter(|name| is_package_name(name)) {
                Some(name) => found.name = Some(normalize_package_name(name)),
                None => {
                    return self.wrong(
                        name.span().start,
                        "has a `project.name` that is not a package name".to_owned(),
                    );
                }
            }
        }
        if let Some(keys) = project.get("dynamic") {
            let keys = self.list("project.dynamic", keys)?;
            found.dynamic = keys.into_iter().map(|(_, key)| key).collect();
        }
        if let Some(value) = project.get("dependencies") {
            found.dependencies = self.list("project.dependencies", value)?;
        }
        if let Some(extras) = self.table(project, "optional-dependencies")? {
            for (name, value) in extras {
                let normalized = self.name(name.get_ref(), name.span().start, &found.extras)?;
                let key = format!("project.optional-dependencies.{}", name.get_ref());
                found.extras.insert(normalized, self.list(&key, value)?);
            }
        }
        Ok(())
    }

    /// The normalised name of an extra or group, which no other may have.
    fn name<T>(
        &self,
        name: &str,
        offset: usize,
        others: &BTreeMap<String, T>,
    ) -> Result<String, Misplaced> {
        if !is_package_name(name) {
            return self.wrong(
                offset,
                format!(
                    "has an extra or group with the name {}, which is not valid",
                    quoted(name)
                ),
            );
        }
        let normalized = normalize_package_name(name);
        if others.contains_key(&normalized) {
            return self.wrong(
                offset,
                format!(
                    "has two extras or groups with the name {}",
                    quoted(&normalized)
                ),
            );
        }
        Ok(normalized)
    }

    fn array<'array, 'input>(
        &self,
        key: &str,
        value: &'array Spanned<DeValue<'input>>,
    ) -> Result<&'array DeArray<'input>, Misplaced> {
        match value.get_ref() {
            DeValue::Array(items) => Ok(items),
            _ => self.wrong(
                value.span().start,
                format!("has {} that is no list", quoted(key)),
            ),
        }
    }

    fn list(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<Listed>, Misplaced> {
        let mut listed = Vec::new();
        for item in self.array(key, value)? {
            let offset = item.span().start;
            let Some(text) = item.get_ref().as_str() else {
                return self.wrong(
                    offset,
                    format!("has {} with an item that is no string", quoted(key)),
                );
            };
            if listed.len() == MAX_LISTED {
                return self.wrong(
                    offset,
                    format!("lists more than {MAX_LISTED} items in {}", quoted(key)),
                );
            }
            listed.push((self.line(offset), text.to_owned()));
        }
        Ok(listed)
    }

    fn group(&self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<GroupItem>, Misplaced> {
        let key = format!("dependency-groups.{name}");
        let mut items = Vec::new();
        for item in self.array(&key, value)? {
            let line = self.line(item.span().start);
            items.push(match item.get_ref() {
                DeValue::String(text) => GroupItem::Requirement((line, text.as_ref().to_owned())),
                DeValue::Table(table) => {
                    let included = table
                        .get("include-group")
                        .and_then(|value| value.get_ref().as_str())
                        .filter(|_| table.len() == 1);
                    if let Some(name) = included {
                        GroupItem::Include(line, normalize_package_name(name))
                    } else {
                        let what = format!(
                            "has {} with a table other than {{ include-group = \"NAME\" }}",
                            quoted(&key)
                        );
                        return Err((line, TextDiagnostic::new(what)));
                    }
                }
                _ => {
                    let what = format!("has {} with an item that is no string", quoted(&key));
                    return Err((line, TextDiagnostic::new(what)));
                }
            });
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
[project]
name = "My.App"
dependencies = [
    "six",
    "attrs>=20",
]
[project.optional-dependencies]
Web_UI = ["jinja2"]
[dependency-groups]
test = ["pytest", { include-group = "Lint" }]
lint = ["ruff"]
"#;

    #[test]
    fn dependencies_extras_and_groups_are_read_with_their_lines() {
        let project = read(TEXT).unwrap();
        assert_eq!(project.name.as_deref(), Some("my-app"));
        let listed = |line, text: &str| (line, text.to_owned());
        assert_eq!(
            project.dependencies,
            [listed(5, "six"), listed(6, "attrs>=20")]
        );
        assert_eq!(project.extras["web-ui"], [listed(9, "jinja2")]);
        let group = project.group("test").unwrap().unwrap();
        assert_eq!(group, [listed(11, "pytest"), listed(12, "ruff")]);
        assert!(project.group("docs").is_none());
    }

    #[test]
    fn mistakes_are_placed() {
        for (text, line, expected) in [
            ("[project", 1, "TOML"),
            ("project = 1", 1, "no table"),
            ("[project]\nname = \"a b\"", 2, "package name"),
            ("[project]\ndependencies = \"six\"", 2, "no list"),
            ("[project]\ndependencies = [1]", 2, "no string"),
            (
                // The table is in the order of its names.
                "[project.optional-dependencies]\na_b = []\na-b = []",
                2,
                "two extras",
            ),
            (
                "[dependency-groups]\na = [\n{ include = \"b\" }]",
                3,
                "include-group",
            ),
            ("[dependency-groups]\n\"a b\" = []", 2, "not valid"),
        ] {
            let (found, diagnostic) = read(text).map(|_| ()).unwrap_err();
            assert!(diagnostic.what.contains(expected), "{text}: {diagnostic:?}");
            assert_eq!(found, line, "{text}");
        }
    }

    #[test]
    fn groups_that_include_themselves_or_explode_are_refused() {
        let diagnostic = |text: &str, group: &str| {
            read(text)
                .unwrap()
                .group(group)
                .unwrap()
                .unwrap_err()
                .1
                .what
        };
        let circle = "[dependency-groups]\na = [{include-group='b'}]\nb = [{include-group='a'}]";
        assert!(diagnostic(circle, "a").contains("includes itself"));
        let missing = "[dependency-groups]\na = [{include-group='b'}]";
        assert!(diagnostic(missing, "a").contains("does not have"));
        let mut text = "[dependency-groups]\ng0 = []\n".to_owned();
        for n in 1..60 {
            let previous = n - 1;
            let include = format!("{{include-group='g{previous}'}}");
            text.push_str(&format!("g{n} = [{include}, {include}]\n"));
        }
        assert!(diagnostic(&text, "g59").contains("more than 4096"));
    }
}
