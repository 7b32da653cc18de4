//! A folder of packages, and projects that are resolved with nothing but it.

use std::fs;
use std::path::PathBuf;

use eryx_tests::project::{Project, explained};
use eryx_tests::wheels::Wheel;
use eryx_tests::{Output, Run, eryx_build};

/// A project and the only packages there are for it.
pub(crate) struct Index {
    pub project: Project,
}

impl Index {
    /// An index with these wheels, and a project with these lines in `[packages]`.
    pub(crate) fn new(wheels: &[Wheel], packages: &str) -> Self {
        let index = Self {
            project: Project::sample(&format!("[packages]\n{packages}\n")),
        };
        for wheel in wheels {
            index.add(wheel);
        }
        index
    }

    pub(crate) fn links(&self) -> PathBuf {
        let folder = self.project.path("links");
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    pub(crate) fn add(&self, wheel: &Wheel) {
        wheel.write(&self.links());
    }

    /// Changes the lines in `[packages]`.
    pub(crate) fn packages(&self, packages: &str) {
        let text = eryx_tests::project::sample(&format!("[packages]\n{packages}\n"));
        fs::write(self.project.path("eryx.toml"), text).unwrap();
    }

    /// A command of the toolchain on this project, that sees this index alone.
    pub(crate) fn command(&self, arguments: &[&str]) -> Run {
        self.bare(arguments).env("PIP_FIND_LINKS", self.links())
    }

    /// The same, with nothing to find packages in.
    pub(crate) fn bare(&self, arguments: &[&str]) -> Run {
        eryx_build()
            .args(arguments)
            .arg("--file")
            .arg(self.project.path("eryx.toml"))
            .env("PIP_NO_INDEX", "1")
            .env("PIP_FIND_LINKS", "")
            .env("ERYX_RESOLVER", "pip")
    }

    /// Locks, and gives what was said.
    #[track_caller]
    pub(crate) fn lock(&self, arguments: &[&str]) -> String {
        let output = self.command(&[&["lock"], arguments].concat()).run();
        assert_eq!(output.status, 0, "{output}");
        output.out().into_owned()
    }

    /// Fails to lock, and gives the explanation.
    #[track_caller]
    pub(crate) fn refuses(&self, arguments: &[&str]) -> String {
        let output: Output = self
            .command(&[&["lock", "--quiet"], arguments].concat())
            .run();
        explained(&output)
    }

    /// The text of the lock.
    pub(crate) fn text(&self) -> String {
        fs::read_to_string(self.project.path("pylock.toml")).unwrap()
    }

    /// Names and versions in the lock.
    pub(crate) fn versions(&self) -> Vec<String> {
        let text = self.text();
        let values = |key: &str| -> Vec<String> {
            let lines = text.lines().filter_map(|line| line.strip_prefix(key));
            let quoted = lines.filter_map(|value| value.strip_prefix(" = \""));
            quoted
                .map(|value| value.trim_end_matches('"').to_owned())
                .collect()
        };
        // The first line after `[[packages]]` names the package; files have names, too.
        let names = values("name")
            .into_iter()
            .filter(|name| !name.contains(".whl"));
        let names = names.filter(|name| !name.contains(".tar.gz"));
        let pairs = names.zip(values("version"));
        pairs
            .map(|(name, version)| format!("{name} {version}"))
            .collect()
    }
}

/// A wheel of a version.
pub(crate) fn wheel(name: &str, version: &str) -> Wheel {
    Wheel::new(name)
        .version(version)
        .file(&format!("{name}.py"), "")
}
