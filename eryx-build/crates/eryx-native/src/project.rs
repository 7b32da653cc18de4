//! `pyproject.toml` of what is built here: its backend, what the backend needs, and which programs of
//! the machine that comes to (PEP 517 and 518).

use eryx_sdist::SourceTree;
use serde::Deserialize;

/// The largest `pyproject.toml`, in bytes.
const MAX_FILE: usize = 1 << 20;

/// The backend of projects that name none.
const LEGACY: &str = "setuptools.build_meta:__legacy__";

/// Backends, or what a build requires, and the programs of the machine that they run.
const PROGRAMS: [(&str, &[&str]); 8] = [
    ("mesonpy", &["meson", "ninja"]),
    ("meson-python", &["meson", "ninja"]),
    ("scikit_build_core", &["cmake", "ninja"]),
    ("scikit-build", &["cmake", "ninja"]),
    ("py_build_cmake", &["cmake", "ninja"]),
    ("maturin", &["cargo"]),
    ("setuptools-rust", &["cargo"]),
    ("sipbuild", &["sip"]),
];

/// How a source distribution is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Project {
    /// What must be installed to call the backend (PEP 508).
    pub requires: Vec<String>,
    /// The backend: a module, and perhaps `:` and an object in it.
    pub backend: String,
    /// Directories in which the backend itself lies, relative to the top.
    pub backend_path: Vec<String>,
}

#[derive(Deserialize)]
struct Written {
    #[serde(rename = "build-system")]
    build_system: Option<BuildSystem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct BuildSystem {
    #[serde(default)]
    requires: Vec<String>,
    build_backend: Option<String>,
    #[serde(default)]
    backend_path: Vec<String>,
}

impl Project {
    /// Reads it.
    ///
    /// # Errors
    /// In one sentence, what is wrong with `pyproject.toml`.
    pub(crate) fn read(tree: &SourceTree) -> Result<Self, String> {
        let written = match tree.get("pyproject.toml") {
            None => None,
            Some(file) if file.len() > MAX_FILE => {
                return Err(format!("it is larger than {} MiB", MAX_FILE >> 20));
            }
            Some(file) => {
                let text = std::str::from_utf8(file).map_err(|_| "it is not UTF-8".to_owned())?;
                let written: Written =
                    toml::from_str(text).map_err(|error| error.message().to_owned())?;
                written.build_system
            }
        };
        let written = written.unwrap_or(BuildSystem {
            requires: Vec::new(),
            build_backend: None,
            backend_path: Vec::new(),
        });
        let mut requires = written.requires;
        let backend = written.build_backend.unwrap_or_else(|| {
            if !requires.iter().any(|text| name_of(text) == "setuptools") {
                requires.push("setuptools".to_owned());
            }
            LEGACY.to_owned()
        });
        for path in &written.backend_path {
            let path = path.strip_suffix('/').unwrap_or(path);
            if path != "." && eryx_wheel::unpack::path::check(path).is_err() {
                return Err(format!("`backend-path` names {path:?}, which is not in it"));
            }
        }
        Ok(Self {
            requires,
            backend,
            backend_path: written.backend_path,
        })
    }

    /// The module of the backend.
    pub(crate) fn module(&self) -> &str {
        self.backend.split([':', '.']).next().unwrap_or_default()
    }

    /// The programs of the machine that its build is known to run; none when nothing says so.
    pub(crate) fn programs(&self) -> Vec<&'static str> {
        let of = |name: &str| {
            let found = PROGRAMS.iter().find(|(known, _)| *known == name);
            found.map_or(&[][..], |(_, programs)| programs)
        };
        let names = self.requires.iter().map(|text| name_of(text));
        let mut programs: Vec<&str> = names.flat_map(|name| of(&name).to_vec()).collect();
        programs.extend(of(self.module()));
        programs.sort_unstable();
        programs.dedup();
        programs
    }
}

/// The normalised name at the start of a requirement.
pub(crate) fn name_of(requirement: &str) -> String {
    let is_name = |one: char| one.is_ascii_alphanumeric() || "-_.".contains(one);
    let requirement = requirement.trim_start();
    let end = requirement.find(|one: char| !is_name(one));
    let name = requirement.get(..end.unwrap_or(requirement.len()));
    eryx_packaging::normalize_package_name(name.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> SourceTree {
        SourceTree {
            top: "a-1".to_owned(),
            files: [("a-1/pyproject.toml".to_owned(), text.to_owned().into())].into(),
            directories: Default::default(),
        }
    }

    #[test]
    fn the_programs_of_a_build_are_known() {
        for (text, backend, programs) in [
            ("", LEGACY, &[][..]),
            (
                "[build-system]\nrequires = [\"setuptools\", \"setuptools_rust>=1\"]\n",
                LEGACY,
                &["cargo"][..],
            ),
            (
                "[build-system]\nrequires = [\"meson-python>=0.1\"]\nbuild-backend = \"mesonpy\"\n",
                "mesonpy",
                &["meson", "ninja"][..],
            ),
        ] {
            let project = Project::read(&tree(text)).unwrap();
            assert_eq!(project.backend, backend);
            assert_eq!(project.programs(), programs);
        }
        let text = "[build-system]\nrequires = []\nbackend-path = [\"../x\"]\n";
        assert!(Project::read(&tree(text)).is_err());
        assert!(Project::read(&tree("[build-system\n")).is_err());
    }
}
