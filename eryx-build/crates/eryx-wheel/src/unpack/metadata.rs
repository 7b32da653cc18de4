//! What a wheel says of itself: WHEEL, METADATA (core metadata, PEP 566, 639 and 643) and
//! `entry_points.txt`.

use std::collections::BTreeMap;

/// The largest METADATA and `entry_points.txt`, in bytes. METADATA has the whole README in it.
pub(super) const MAX_METADATA: usize = 8 << 20;
/// The largest WHEEL, in bytes.
pub(super) const MAX_WHEEL: usize = 64 << 10;
/// The most requirements that one package may state.
pub(super) const MAX_REQUIRES: usize = 4096;
/// The most extras that one package may have.
pub(super) const MAX_EXTRAS: usize = 1024;
/// The most entry points that one package may have, with the headings of their groups.
pub(super) const MAX_ENTRY_POINTS: usize = 4096;
/// The longest entry point, in characters: its whole line.
pub(super) const MAX_ENTRY_POINT: usize = 512;
/// The longest licence that is kept, in characters; some packages put the whole text into the field.
const MAX_LICENSE: usize = 200;
/// The longest summary that is kept, in characters. By the specification it is one line.
const MAX_SUMMARY: usize = 512;

/// The fields of a metadata file: an e-mail header, of which the body is ignored.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads the fields at the start of a text, which may be of any form.
    pub fn parse(text: &str) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            if line.is_empty() {
                break;
            }
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push('\n');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self(fields)
    }

    /// Every value of a field, whose name is given in lower case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let matching = self.0.iter().filter(move |(field, _)| field == name);
        matching.map(|(_, value)| value.as_str())
    }

    /// The first value of a field, unless it is empty or the `UNKNOWN` of older tools.
    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name)
            .next()
            .filter(|value| !value.is_empty() && *value != "UNKNOWN")
    }

    /// One line on what the package is for.
    pub fn summary(&self) -> Option<String> {
        let line = self.first("summary")?.lines().next()?;
        Some(line.chars().take(MAX_SUMMARY).collect())
    }

    /// The licence expression, or else the name in the licence field, the trove classifiers, or the
    /// first line of the licence field.
    pub fn license(&self) -> Option<String> {
        if let Some(expression) = self.first("license-expression") {
            return Some(expression.chars().take(MAX_LICENSE).collect());
        }
        let written = self.first("license");
        // A field of many lines is the whole text of a licence, which says less than its name.
        if let Some(name) = written.filter(|text| text.lines().count() == 1) {
            return Some(name.chars().take(MAX_LICENSE).collect());
        }
        let classifiers: Vec<&str> = self
            .all("classifier")
            .filter_map(|classifier| classifier.strip_prefix("License ::"))
            .filter_map(|classifier| classifier.rsplit("::").next())
            .map(str::trim)
            .collect();
        if !classifiers.is_empty() {
            let joined = classifiers.join("; ");
            return Some(joined.chars().take(MAX_LICENSE).collect());
        }
        let line = written?.lines().find(|line| !line.trim().is_empty())?;
        Some(line.trim().chars().take(MAX_LICENSE).collect())
    }
}

/// Reads `entry_points.txt`: sections in brackets, and `name = object` lines in them. `None` when
/// there are more than [`MAX_ENTRY_POINTS`], or longer ones than [`MAX_ENTRY_POINT`].
pub(super) fn entry_points(text: &str) -> Option<BTreeMap<String, BTreeMap<String, String>>> {
    let mut groups: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut count = 0_usize;
    let mut group = None;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        count = count.saturating_add(1);
        if count > MAX_ENTRY_POINTS || line.chars().nth(MAX_ENTRY_POINT).is_some() {
            return None;
        }
        let heading = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(heading) = heading {
            group = Some(heading.trim().to_owned());
        } else if let (Some(group), Some((name, object))) = (&group, line.split_once('=')) {
            groups
                .entry(group.clone())
                .or_default()
                .insert(name.trim().to_owned(), object.trim().to_owned());
        }
    }
    Some(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_up_to_the_body() {
        let fields = Fields::parse(
            "Metadata-Version: 2.4\r\nName: A\r\nSummary: UNKNOWN\nRequires-Dist: b\n\
             Requires-Dist: c ; extra == 'x'\nLicense: MIT\n\tand more\n\nName: body\n",
        );
        assert_eq!(fields.first("name"), Some("A"));
        assert_eq!(fields.first("summary"), None);
        let requires: Vec<&str> = fields.all("requires-dist").collect();
        assert_eq!(requires, ["b", "c ; extra == 'x'"]);
        assert_eq!(fields.first("license"), Some("MIT\nand more"));
        assert_eq!(fields.license().as_deref(), Some("MIT"));
    }

    #[test]
    fn the_best_word_on_the_licence_is_taken() {
        let license = |text| Fields::parse(text).license();
        assert_eq!(
            license("License: old\nLicense-Expression: MIT OR Apache-2.0\n").as_deref(),
            Some("MIT OR Apache-2.0")
        );
        assert_eq!(
            license("Classifier: License :: OSI Approved :: BSD License\n").as_deref(),
            Some("BSD License")
        );
        assert_eq!(license("Classifier: Topic :: Software\n"), None);
        let text = "License: Copyright\n    of many\n";
        assert_eq!(license(text).as_deref(), Some("Copyright"));
        let both = format!("{text}Classifier: License :: OSI Approved :: BSD License\n");
        assert_eq!(license(&both).as_deref(), Some("BSD License"));
        let long = format!("License: {}\n", "é".repeat(1000));
        assert_eq!(license(&long).unwrap().chars().count(), MAX_LICENSE);
    }

    #[test]
    fn entry_points_are_read() {
        let points = entry_points(
            "stray = a:b\n# comment\n[console_scripts]\nrun = a.cli:main [extra]\n\n[x.y]\nz=a\n",
        )
        .unwrap();
        assert_eq!(points.len(), 2);
        assert_eq!(points["console_scripts"]["run"], "a.cli:main [extra]");
        assert_eq!(points["x.y"]["z"], "a");
        let many = "a = b\n".repeat(MAX_ENTRY_POINTS + 1);
        assert_eq!(entry_points(&many), None);
        assert_eq!(entry_points(&"é".repeat(MAX_ENTRY_POINT + 1)), None);
        assert!(entry_points(&"é".repeat(MAX_ENTRY_POINT)).is_some());
    }
}
