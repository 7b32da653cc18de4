//! Finds the modules that a Python source may mean: dotted names in import statements and in text
//! that is passed to `import_module`. It finds too much rather than too little, since what it finds
//! is only kept.

/// The paths, with `/` between names, that a source mentions and in which one of some words is a
/// name.
pub(super) struct References<'a> {
    directory: &'a str,
    text: &'a str,
    words: &'a [&'a str],
    at: usize,
    line_start: usize,
    /// Whether the line that starts there is a comment.
    is_comment: bool,
    pending: Vec<String>,
}

/// How far around a name is looked for what it stands in, in bytes: hostile lines have no end.
const REACH: usize = 64 << 10;

impl<'a> References<'a> {
    /// Looks through the source at `path`, relative to the site tree.
    pub(super) fn new(path: &'a str, text: &'a str, words: &'a [&'a str]) -> Self {
        Self {
            directory: path.rsplit_once('/').map_or("", |(directory, _)| directory),
            text,
            words,
            at: 0,
            line_start: 0,
            is_comment: is_comment(text),
            pending: Vec::new(),
        }
    }

    /// Reads one dotted name, and the names that are imported from it.
    fn read(&mut self, name: &str, before: &str, after: &str) {
        let imports_from = ends_with_from(before);
        let dots = name
            .len()
            .saturating_sub(name.trim_start_matches('.').len());
        // `f().tests` is an attribute; a module that is named relatively stands after a space or
        // quote.
        let starts_a_name = before.is_empty() || before.ends_with([' ', '\t', '\'', '"']);
        if dots > 0 && !starts_a_name {
            return;
        }
        let Some(base) = self.resolved(name, dots) else {
            return;
        };
        if self.is_meant(&base) {
            self.pending.push(base);
        } else if imports_from {
            for imported in imported_names(after) {
                if self.words.contains(&imported) {
                    let separator = if base.is_empty() { "" } else { "/" };
                    self.pending.push(format!("{base}{separator}{imported}"));
                }
            }
        }
    }

    fn is_meant(&self, path: &str) -> bool {
        path.split('/').any(|name| self.words.contains(&name))
    }

    /// A dotted name as a path.
    fn resolved(&self, name: &str, dots: usize) -> Option<String> {
        let rest = name.trim_matches('.').replace('.', "/");
        let mut base = self.directory;
        for level in 0..dots {
            if level > 0 {
                base = base.rsplit_once('/').map_or("", |(above, _)| above);
            }
        }
        match (dots, base, rest.as_str()) {
            (_, _, "") if dots == 0 => None,
            (0, _, _) | (_, "", _) => Some(rest),
            (_, _, "") => Some(base.to_owned()),
            _ => Some(format!("{base}/{rest}")),
        }
    }
}

impl Iterator for References<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        loop {
            if let Some(found) = self.pending.pop() {
                return Some(found);
            }
            let rest = self.text.get(self.at..)?;
            let skipped = rest.find(is_part_of_name)?;
            if let Some(newline) = rest.get(..skipped)?.rfind('\n') {
                self.line_start = self.at.checked_add(newline)?.checked_add(1)?;
                self.is_comment = is_comment(self.text.get(self.line_start..)?);
            }
            let start = self.at.checked_add(skipped)?;
            let name = self.text.get(start..)?;
            let length = name.find(|c| !is_part_of_name(c)).unwrap_or(name.len());
            let end = start.checked_add(length)?;
            self.at = end;
            let name = self.text.get(start..end)?;
            let near = self.text.ceil_char_boundary(start.saturating_sub(REACH));
            let line = self.text.get(near.max(self.line_start)..start)?;
            let far = end.saturating_add(REACH).min(self.text.len());
            let after = self.text.get(end..self.text.floor_char_boundary(far))?;
            // A comment names nothing that is run.
            let is_name = name.contains('.') || line.trim_end().ends_with("from");
            if is_name && !self.is_comment {
                self.read(name, line, after);
            }
        }
    }
}

/// Whether the first line of a text is a comment. This is asked once a line, and
/// [`ends_with_from`] looks at no more than the last word: hostile lines have names without end.
fn is_comment(text: &str) -> bool {
    let is_indent = |character: char| character.is_whitespace() && character != '\n';
    text.trim_start_matches(is_indent).starts_with('#')
}

/// Whether the last word of a text is `from`.
fn ends_with_from(text: &str) -> bool {
    let rest = text.trim_end().strip_suffix("from");
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(char::is_whitespace))
}

fn is_part_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '.')
}

/// The names after `import`, up to the end of the statement.
fn imported_names(after: &str) -> impl Iterator<Item = &str> {
    let list = after
        .trim_start()
        .strip_prefix("import")
        .unwrap_or_default();
    let end = if list.trim_start().starts_with('(') {
        list.find(')')
    } else {
        // A backslash takes the statement on to the next line.
        list.match_indices(['\n', ';', '#'])
            .map(|(index, _)| index)
            .find(|index| !list.get(..*index).is_some_and(|line| line.ends_with('\\')))
    };
    let list = list.get(..end.unwrap_or(list.len())).unwrap_or_default();
    let is_around = |character: char| character.is_whitespace() || matches!(character, '(' | '\\');
    list.split(',').filter_map(move |name| {
        // `tests as t`, after comments on lines of their own.
        let line = name
            .lines()
            .map(|line| line.trim_matches(is_around))
            .rfind(|line| !line.is_empty() && !line.starts_with('#'));
        line?.split_whitespace().next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        References::new("a/b/c.py", text, &["tests", "docs"]).collect()
    }

    #[test]
    fn imports_are_found() {
        for (text, expected) in [
            ("import a.b.tests", "a/b/tests"),
            ("import x, a.tests.util as t", "a/tests/util"),
            ("from .tests import x", "a/b/tests"),
            ("    from ..docs.docstring import D", "a/docs/docstring"),
            ("from ... import tests", "tests"),
            ("from . import x, tests", "a/b/tests"),
            (
                "from . import (\n    x,  # why\n    # tests\n    tests as t,\n)",
                "a/b/tests",
            ),
            ("from a import \\\n    tests", "a/tests"),
            ("from a.b import tests; x()", "a/b/tests"),
            ("from a import b, \\\n    tests\nx", "a/tests"),
            ("import_module('a.tests.x')", "a/tests/x"),
            ("import_module(\".tests\", __name__)", "a/b/tests"),
            ("SUITE = {'django.tests': 1}", "django/tests"),
            ("x = a.tests.run()", "a/tests/run"),
        ] {
            assert_eq!(found(text), [expected], "{text:?}");
        }
    }

    #[test]
    fn other_words_are_not() {
        for text in [
            "# see a.b.tests",
            "  # from . import tests",
            "self.run().tests",
            "items[0].tests",
            "tests = 1",
            "from x import y, not_tests",
            "from x import y\ntests",
            "import a.b.testing",
            "",
            "....",
            "from",
            "from . import",
            "from é import ü.",
        ] {
            assert_eq!(found(text), [""; 0], "{text:?}");
        }
    }
}
