//! `pyproject.toml`: which backend builds a source distribution, and what the backend itself needs
//! (PEP 517 and 518).

use serde::Deserialize;

use super::error::SourceProblem;
use super::requirements;
use super::tree::SourceTree;

/// The largest `pyproject.toml`, in bytes.
const MAX_FILE: usize = 1 << 20;

/// The longest name of a backend, in bytes.
const MAX_BACKEND: usize = 256;

/// The backend of projects that name none: setuptools, called as `setup.py` once was.
const LEGACY: &str = "setuptools.build_meta:__legacy__";

/// What [`LEGACY`] needs.
const LEGACY_REQUIRES: &str = "setuptools>=40.8.0";

/// Backends that do their work in a program outside of Python, and which.
const WITH_PROGRAMS: [(&str, &str); 6] = [
    ("maturin", "the Rust compiler"),
    ("mesonpy", "Meson, Ninja and a C compiler"),
    ("py_build_cmake", "CMake and a C compiler"),
    ("scikit_build_core", "CMake and a C compiler"),
    ("sipbuild", "a C++ compiler"),
    ("uv_build", "the program `uv-build`"),
];

/// How a source distribution is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BuildSystem {
    /// What must be installed to call the backend (PEP 508), without what is not for the sandbox.
    pub requires: Vec<String>,
    /// The backend: a module, and perhaps `:` and an object in it.
    pub backend: String,
    /// Directories of the distribution, relative to its top, in which the backend itself lies.
    pub backend_path: Vec<String>,
}

#[derive(Deserialize)]
struct Written {
    #[serde(rename = "build-system")]
    build_system: Option<WrittenBuildSystem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct WrittenBuildSystem {
    requires: Vec<String>,
    build_backend: Option<String>,
    #[serde(default)]
    backend_path: Vec<String>,
}

/// Finds out how a distribution is built. `python` is the version of Python in the sandbox.
pub(super) fn read(tree: &SourceTree, python: &str) -> Result<BuildSystem, SourceProblem> {
    let invalid = |problem: String| SourceProblem::Project { problem };
    let written = match tree.get("pyproject.toml") {
        None if tree.get("setup.py").is_none() => return Err(SourceProblem::NoProject),
        None => None,
        Some(file) if file.len() > MAX_FILE => {
            return Err(invalid(format!("it is larger than {} MiB", MAX_FILE >> 20)));
        }
        Some(file) => {
            let text = std::str::from_utf8(file).map_err(|_| invalid("it is not UTF-8".into()))?;
            let written: Written = toml::from_str(text).map_err(|error| {
                let line = error.span().and_then(|span| text.get(..span.start));
                let line = line.map_or(1, |before| before.matches('\n').count().saturating_add(1));
                invalid(format!("line {line}: {}", error.message()))
            })?;
            written.build_system
        }
    };
    let written = written.unwrap_or(WrittenBuildSystem {
        requires: vec![LEGACY_REQUIRES.to_owned()],
        build_backend: None,
        backend_path: Vec::new(),
    });
    let mut requires = requirements::for_sandbox(&written.requires, python)?;
    let backend = if let Some(backend) = written.build_backend {
        backend
    } else {
        // The backend was not named, so that what it takes need not be named either.
        if !requires.iter().any(|text| is_setuptools(text)) {
            requires.push(LEGACY_REQUIRES.to_owned());
        }
        LEGACY.to_owned()
    };
    if !is_object_reference(&backend) {
        return Err(invalid(format!(
            "`build-system.build-backend` is {backend:?}, which is not of the form module:object"
        )));
    }
    let module = backend.split([':', '.']).next().unwrap_or_default();
    if written.backend_path.is_empty()
        && let Some((_, programs)) = WITH_PROGRAMS.iter().find(|(name, _)| *name == module)
    {
        return Err(SourceProblem::BackendProgram { backend, programs });
    }
    for path in &written.backend_path {
        let normal = path.strip_suffix('/').unwrap_or(path);
        let is_below = normal == "." || eryx_wheel::unpack::path::check(normal).is_ok();
        if !is_below {
            return Err(invalid(format!(
                "`build-system.backend-path` names {path:?}, which is no folder in the distribution"
            )));
        }
    }
    Ok(BuildSystem {
        requires,
        backend,
        backend_path: written.backend_path,
    })
}

fn is_setuptools(requirement: &str) -> bool {
    requirement
        .strip_prefix("setuptools")
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || "-_.".contains(c)))
}

/// Whether a text is of the form `package.module:object.attribute`.
fn is_object_reference(text: &str) -> bool {
    let is_dotted = |text: &str| {
        text.split('.').all(|name| {
            let mut characters = name.chars();
            characters
                .next()
                .is_some_and(|c| c == '_' || c.is_alphabetic())
                && characters.all(|c| c == '_' || c.is_alphanumeric())
        })
    };
    let (module, object) = text.split_once(':').unwrap_or((text, "object"));
    text.len() <= MAX_BACKEND && is_dotted(module) && is_dotted(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> SourceTree {
        let files = files.iter();
        let files = files.map(|(path, text)| (format!("a-1/{path}"), text.to_string().into()));
        SourceTree {
            top: "a-1".to_owned(),
            files: files.collect(),
            ..SourceTree::default()
        }
    }

    fn read_text(text: &str) -> Result<BuildSystem, SourceProblem> {
        read(&tree(&[("pyproject.toml", text)]), "3.14.0")
    }

    #[test]
    fn backends_are_found() {
        let system = read_text(
            "[build-system]\nrequires = ['Flit_Core >=3, <4', \"tomli; python_version < '3.11'\"]\n\
             build-backend = 'flit_core.buildapi'\nbackend-path = ['.', 'tools/x']\n",
        )
        .unwrap();
        assert_eq!(system.requires, ["flit-core>=3,<4"]);
        assert_eq!(system.backend, "flit_core.buildapi");
        assert_eq!(system.backend_path, [".", "tools/x"]);
    }

    #[test]
    fn without_a_backend_it_is_setuptools() {
        let legacy = BuildSystem {
            requires: vec![LEGACY_REQUIRES.to_owned()],
            backend: LEGACY.to_owned(),
            backend_path: Vec::new(),
        };
        let found = read(&tree(&[("setup.py", "")]), "3.14.0").unwrap();
        assert_eq!(found, legacy);
        assert_eq!(read_text("[tool.x]\n").unwrap(), legacy);
        let found = read_text("[build-system]\nrequires = ['setuptools_scm']\n").unwrap();
        assert_eq!(found.requires, ["setuptools-scm", LEGACY_REQUIRES]);
        let found = read_text("[build-system]\nrequires = ['setuptools >= 61']\n").unwrap();
        assert_eq!(found.requires, ["setuptools>=61"]);
        let none = read(&tree(&[("README", "")]), "3.14.0");
        assert!(matches!(none, Err(SourceProblem::NoProject)));
    }

    #[test]
    fn what_is_no_build_system_is_refused() {
        for text in [
            "[build-system",
            "[build-system]\n",
            "[build-system]\nrequires = 'a'\n",
            "[build-system]\nrequires = []\nbuild-backend = 'os; x'\n",
            "[build-system]\nrequires = []\nbuild-backend = 'a:b:c'\n",
            "[build-system]\nrequires = []\nbuild-backend = ''\n",
            "[build-system]\nrequires = []\nbuild-backend = 'a'\nbackend-path = ['../x']\n",
            "[build-system]\nrequires = []\nbuild-backend = 'a'\nbackend-path = ['/x']\n",
        ] {
            let found = read_text(text);
            assert!(
                matches!(found, Err(SourceProblem::Project { .. })),
                "{text} {found:?}"
            );
        }
        let large = "#".repeat(MAX_FILE + 1);
        assert!(matches!(
            read_text(&large),
            Err(SourceProblem::Project { .. })
        ));
    }

    #[test]
    fn backends_that_are_programs_are_named() {
        let text = "[build-system]\nrequires = ['maturin']\nbuild-backend = 'maturin'\n";
        let found = read_text(text);
        assert!(
            matches!(found, Err(SourceProblem::BackendProgram { .. })),
            "{found:?}"
        );
        // One that is in the distribution itself may be anything.
        assert!(read_text(&format!("{text}backend-path = ['.']\n")).is_ok());
    }
}
