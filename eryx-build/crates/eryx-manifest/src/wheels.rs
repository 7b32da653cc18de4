//! `wheels`: files of the host, and globs of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::checks::{Checks, Kind};
use crate::diagnostic::SpannedDiagnostic;
use crate::text::Text;
use crate::text::quoted;

/// How many files one glob may match: more is a glob that went astray.
const MAX_MATCHES: usize = 4096;

/// The wheels that the entries name, each once.
pub(crate) fn wheels(written: &[Text], checks: &mut Checks<'_>) -> BTreeSet<PathBuf> {
    let mut wheels = BTreeSet::new();
    for text in written {
        let pattern = text.get_ref();
        let is_glob = pattern.contains(['*', '?', '[']);
        // A file whose very name has brackets in it is not a glob.
        if !is_glob || checks.absolute(pattern).is_file() {
            wheels.extend(single_wheel(text, checks));
            continue;
        }
        match expand(pattern, &checks.directory) {
            Ok(found) => wheels.extend(found),
            Err(diagnostic) => checks.report(diagnostic.at(text)),
        }
    }
    wheels
}

fn single_wheel(text: &Text, checks: &mut Checks<'_>) -> Option<PathBuf> {
    let is_directory = checks.absolute(text.get_ref()).is_dir();
    if is_directory && !text.get_ref().is_empty() {
        let directory = text.get_ref().trim_end_matches('/');
        checks.report(
            SpannedDiagnostic::new(
                text.span(),
                format!("{} in `wheels` is a directory", quoted(text.get_ref())),
                "expected a wheel or a glob",
            )
            .help(format!(
                "for the wheels in it, write {}",
                quoted(&format!("{directory}/*.whl"))
            )),
        );
        return None;
    }
    let path = checks.existing(text, Kind::File, "wheels")?;
    if is_wheel(&path) {
        return Some(path);
    }
    checks.report(
        SpannedDiagnostic::new(
            text.span(),
            format!(
                "{} in `wheels` does not end in `.whl`",
                quoted(text.get_ref())
            ),
            "not a wheel",
        )
        .help("name wheel files only; a source distribution goes into `requirements`, as in \"NAME @ ./NAME-1.0.tar.gz\""),
    );
    None
}

fn is_wheel(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "whl")
}

/// What is wrong with a glob.
struct BadGlob {
    message: String,
    label: &'static str,
    help: Option<String>,
}

impl BadGlob {
    fn at(self, text: &Text) -> SpannedDiagnostic {
        let diagnostic = SpannedDiagnostic::new(text.span(), self.message, self.label);
        match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// The wheels that a glob matches, at least one.
fn expand(pattern: &str, directory: &Path) -> Result<Vec<PathBuf>, BadGlob> {
    let bad = |what: String, label: &'static str, help: Option<String>| BadGlob {
        message: format!("the glob {} in `wheels` {what}", quoted(pattern)),
        label,
        help,
    };
    let whole = if Path::new(pattern).is_absolute() {
        pattern.to_owned()
    } else {
        // Only the pattern is a pattern: a bracket in the directory's own name stands for itself.
        let directory = directory.to_str().ok_or_else(|| {
            let what = "cannot be used in a directory whose name is not UTF-8 text".to_owned();
            bad(
                what,
                "a glob",
                Some("name the wheels one by one".to_owned()),
            )
        })?;
        format!("{}/{pattern}", glob::Pattern::escape(directory))
    };
    let matches = glob::glob(&whole)
        .map_err(|error| bad(format!("is not valid: {}", error.msg), "not a glob", None))?;
    let mut found = Vec::new();
    for path in matches {
        let path = path.map_err(|error| {
            let at = quoted(&error.path().display().to_string());
            bad(
                format!("cannot be followed into {at}: {}", error.error()),
                "the glob",
                None,
            )
        })?;
        if !is_wheel(&path) || !path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let what = format!("matches {}, which is not a wheel", quoted(&name));
            let help = "end the glob in `*.whl`".to_owned();
            return Err(bad(what, "matches too much", Some(help)));
        }
        if found.len() == MAX_MATCHES {
            let what = format!("matches more than {MAX_MATCHES} files");
            return Err(bad(what, "matches too much", None));
        }
        found.push(std::path::absolute(&path).unwrap_or(path));
    }
    if found.is_empty() {
        let directory = quoted(&directory.display().to_string());
        let help = format!("put the wheels there, or mend the glob; it starts from {directory}");
        return Err(bad(
            "matches nothing".to_owned(),
            "no such files",
            Some(help),
        ));
    }
    Ok(found)
}
