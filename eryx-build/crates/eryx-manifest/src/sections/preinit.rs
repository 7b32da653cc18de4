//! `[preinit]`: what runs at bake time.

use std::path::PathBuf;

use crate::checks::{Checks, Kind, Seen};
use crate::declare::section;
use crate::diagnostic::SpannedDiagnostic;
use crate::key::Rule;
use crate::python_name::is_dotted_name;
use crate::text::{Text, quoted};

section! {
    /// What runs at bake time
    #[derive(Debug)]
    pub(crate) struct RawPreinit ["preinit"] {
        /// Modules that are imported once, at bake time
        imports: Vec<Text> {
            example: r#"imports = ["json", "asyncio"]"#,
            rule: Rule::Pattern("^[^\\s.-]+(\\.[^\\s.-]+)*$"),
            value: "list of dotted module names",
        }
        /// A script that runs once in the sandbox, at bake time, after the imports
        script: Option<Text> {
            example: r#"script = "warm_up.py""#,
            rule: Rule::Pattern("\\.py$"),
            value: "path of a `.py` file",
        }
    }
}

/// `[preinit]`: what runs once in the sandbox at bake time; its heap stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreinitSection {
    /// `imports`: dotted module names in the order they are imported, none twice.
    pub imports: Vec<String>,
    /// `script`: a `.py` file of the host that runs after the imports, as an absolute path.
    pub script: Option<PathBuf>,
}

/// Validates the section.
pub(crate) fn validate(raw: RawPreinit, checks: &mut Checks<'_>) -> PreinitSection {
    let mut imports = Vec::new();
    let mut seen = Seen::default();
    for import in raw.imports {
        let name = import.get_ref();
        if !is_dotted_name(name) {
            checks.report(
                SpannedDiagnostic::new(
                    import.span(),
                    format!("{} in `imports` is not a module name", quoted(name)),
                    "expected names with dots between them",
                )
                .help("name the module as a script imports it, for example \"dateutil.parser\""),
            );
        } else if seen.is_new(name.clone(), &import, "module", checks) {
            imports.push(import.into_inner());
        }
    }
    let script = raw.script.and_then(|script| {
        let path = checks.existing(&script, Kind::File, "script")?;
        if path.extension().is_some_and(|extension| extension == "py") {
            return Some(path);
        }
        checks.report(
            SpannedDiagnostic::new(
                script.span(),
                format!(
                    "the script {} does not end in `.py`",
                    quoted(script.get_ref())
                ),
                "expected a Python file",
            )
            .help("name a Python source file, for example script = \"warm_up.py\""),
        );
        None
    });
    PreinitSection { imports, script }
}
