//! `[runtime]`: which CPython the image is built on.

use std::path::PathBuf;

use crate::checks::{Checks, Kind};
use crate::declare::section;
use crate::diagnostic::SpannedDiagnostic;
use crate::key::NOT_EMPTY;
use crate::text::{Text, quoted};

section! {
    /// Which CPython the image is built on
    #[derive(Debug)]
    pub(crate) struct RawRuntime ["runtime"] {
        /// A directory with a runtime distribution, instead of the built-in runtime
        path: Option<Text> {
            example: r#"path = "../runtime""#,
            rule: NOT_EMPTY,
            value: "path of a directory with a `runtime.toml`",
            absent: "the directory in `ERYX_RUNTIME_DIR`, or else the built-in runtime",
        }
    }
}

/// `[runtime]`: where CPython comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuntimeSection {
    /// `path`: the directory of a runtime distribution, absolute; the built-in runtime when absent.
    pub path: Option<PathBuf>,
}

/// Validates the section.
pub(crate) fn validate(raw: RawRuntime, checks: &mut Checks<'_>) -> RuntimeSection {
    let path = raw.path.and_then(|text| {
        let directory = checks.existing(&text, Kind::Directory, "path")?;
        if directory.join("runtime.toml").is_file() {
            return Some(directory);
        }
        checks.report(
            SpannedDiagnostic::new(
                text.span(),
                format!(
                    "the directory {} has no `runtime.toml`",
                    quoted(text.get_ref())
                ),
                "not a runtime distribution",
            )
            .help("name a runtime distribution, or leave `path` out to use the built-in runtime"),
        );
        None
    });
    RuntimeSection { path }
}
