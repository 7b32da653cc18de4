//! The projects to start from, which `eryx init` writes. They lie in `templates/`, and this program
//! carries them inside.
//!
//! This module must not know command lines, and nothing of what a template does.
//!
//! ```
//! use eryx_build::templates::{Template, write};
//!
//! let folder = tempfile::tempdir()?;
//! let template = Template::named("minimal").unwrap();
//! let written = write(template, &folder.path().join("hello"))?;
//! assert_eq!(written.image, "hello");
//! assert!(folder.path().join("hello/eryx.toml").is_file());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::manifest::suggested_image_name;

/// A project to start from.
#[derive(Debug)]
pub struct Template {
    /// Its name, and that of its image.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// A command that shows it at work, with `{image}` for the name of the image.
    pub example: &'static str,
    /// Its files: paths with `/`, and texts.
    pub files: &'static [(&'static str, &'static str)],
}

/// The files of the template `$name` in `templates/`.
macro_rules! files {
    ($name:literal: $($path:literal),+) => {
        &[
            $(($path, include_str!(concat!("../../templates/", $name, "/", $path))),)+
            (WORKFLOW, include_str!("../../templates/image.yml")),
            (IGNORED, include_str!("../../templates/gitignore")),
        ]
    };
}

/// Where the workflow that all templates share is written.
const WORKFLOW: &str = ".github/workflows/image.yml";

/// What git is to leave out. A project that has such a list keeps its own.
const IGNORED: &str = ".gitignore";

/// Every template, the default first.
pub static TEMPLATES: &[Template] = &[
    Template {
        name: "minimal",
        about: "one module of your own, with a function as the entrypoint",
        example: "eryx run {image}.cwasm",
        files: files!("minimal": "eryx.toml", "main.py", "README.md"),
    },
    Template {
        name: "data",
        about: "tables of CSV and Excel files, summed up in pure Python",
        example: "eryx run {image}.cwasm",
        files: files!("data": "eryx.toml", "main.py", "tables.py", "README.md"),
    },
    Template {
        name: "web-scraping",
        about: "facts out of HTML pages that the host hands in",
        example: "eryx run {image}.cwasm -- --sample",
        files: files!("web-scraping": "eryx.toml", "main.py", "warm_up.py", "README.md"),
    },
    Template {
        name: "agent-tool",
        about: "a tool for agents: runs a snippet of Python that nobody has read",
        example: "echo '{\"code\": \"6 * 7\"}' | eryx run {image}.cwasm",
        files: files!("agent-tool": "eryx.toml", "main.py", "README.md"),
    },
];

impl Template {
    /// The template with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        TEMPLATES.iter().find(|template| template.name == name)
    }

    /// The text of a file in a project whose image is called `image`.
    fn text(&self, text: &str, image: &str) -> String {
        let name = self.name;
        text.replacen(
            &format!("name = \"{name}\""),
            &format!("name = \"{image}\""),
            1,
        )
        .replacen(&format!("# {name}\n"), &format!("# {image}\n"), 1)
        .replace(&format!("{name}.cwasm"), &format!("{image}.cwasm"))
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The name of the image.
    pub image: String,
    /// The files, with the path of the folder as it was given.
    pub files: Vec<PathBuf>,
}

/// Why a project was not written.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A file of the project is there already.
    #[error("{} is there already, and nothing is overwritten: name another folder", .0.display())]
    Exists(PathBuf),
    /// A file or folder could not be made.
    #[error("cannot write {}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}

/// Writes a template's files into `directory`, which is made where it is missing. The image is named
/// for the directory, as far as its name can be that of an image.
///
/// # Errors
/// A file of the project is there already, in which case nothing is written; or a file cannot be
/// written, in which case those that were are removed. A `.gitignore` that is there is left alone.
pub fn write(template: &Template, directory: &Path) -> Result<Written, TemplateError> {
    let failed = |path: &Path, source| TemplateError::Write {
        path: path.to_owned(),
        source,
    };
    let absolute = std::path::absolute(directory).map_err(|source| failed(directory, source))?;
    // `.` and `..` at the end have a name, too, once they are followed.
    let absolute = absolute.canonicalize().unwrap_or(absolute);
    let image = absolute
        .file_name()
        .and_then(|name| suggested_image_name(&name.to_string_lossy()))
        .unwrap_or_else(|| template.name.to_owned());

    // `main.py` is shown, and not `./main.py`.
    let directory = if directory == Path::new(".") {
        Path::new("")
    } else {
        directory
    };
    let is_there = |path: &Path| path.symlink_metadata().is_ok();
    let (paths, texts): (Vec<PathBuf>, Vec<&str>) = template
        .files
        .iter()
        .map(|(path, text)| (directory.join(path), *text))
        .filter(|(path, _)| !(path.ends_with(IGNORED) && is_there(path)))
        .unzip();
    if let Some(path) = paths.iter().find(|path| is_there(path)) {
        return Err(TemplateError::Exists(path.clone()));
    }
    let mut written = Vec::new();
    for (path, text) in paths.iter().zip(texts) {
        match write_new(path, &template.text(text, &image)) {
            Ok(()) => written.push(path),
            Err(source) => {
                for path in written {
                    // The first failure is the one to tell.
                    let _ = fs::remove_file(path);
                }
                return Err(match source.kind() {
                    io::ErrorKind::AlreadyExists => TemplateError::Exists(path.clone()),
                    _ => failed(path, source),
                });
            }
        }
    }
    Ok(Written {
        image,
        files: paths,
    })
}

/// Writes a file that must not be there, with the folders above it.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::manifest;

    #[test]
    fn every_file_of_a_template_is_written_under_the_folders_name() {
        for template in TEMPLATES {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path().join("My Project");
            let written = write(template, &folder).unwrap();
            assert_eq!(written.image, "my-project");
            assert_eq!(written.files.len(), template.files.len());
            let manifest = manifest::load(&folder.join("eryx.toml")).unwrap();
            assert_eq!(manifest.image.name, "my-project");
            let readme = fs::read_to_string(folder.join("README.md")).unwrap();
            assert!(readme.starts_with("# my-project\n"), "{readme}");
            assert!(readme.contains("my-project.cwasm"), "{readme}");
            assert!(
                !readme.contains(&format!("{}.cwasm", template.name)),
                "{readme}"
            );
            assert!(folder.join(WORKFLOW).is_file());
        }
    }

    #[test]
    fn the_templates_of_the_repository_are_carried_whole() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates");
        let mut names = BTreeSet::new();
        for entry in fs::read_dir(root).unwrap() {
            let entry = entry.unwrap();
            if !entry.path().is_dir() {
                continue;
            }
            let name = entry.file_name().into_string().unwrap();
            let template = Template::named(&name).unwrap();
            let lying: BTreeSet<String> = fs::read_dir(entry.path())
                .unwrap()
                .map(|file| file.unwrap().file_name().into_string().unwrap())
                // What a bake in the folder leaves there.
                .filter(|file| !file.ends_with(".cwasm") && file != "pylock.toml")
                .collect();
            let carried: BTreeSet<String> = template
                .files
                .iter()
                .map(|(path, _)| (*path).to_owned())
                .filter(|path| path != WORKFLOW && path != IGNORED)
                .collect();
            assert_eq!(lying, carried, "{name}");
            names.insert(name);
        }
        assert_eq!(names.len(), TEMPLATES.len());
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let mine = folder.path().join("main.py");
        fs::write(&mine, "mine").unwrap();
        let minimal = Template::named("minimal").unwrap();
        let error = write(minimal, folder.path()).unwrap_err();
        assert!(matches!(error, TemplateError::Exists(path) if path == mine));
        assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_list_of_what_git_leaves_out_is_written_and_never_changed() {
        let folder = tempfile::tempdir().unwrap();
        let minimal = Template::named("minimal").unwrap();
        let new = folder.path().join("new");
        write(minimal, &new).unwrap();
        let list = fs::read_to_string(new.join(IGNORED)).unwrap();
        assert!(list.contains("*.cwasm\n"), "{list}");
        let old = folder.path().join("old");
        fs::create_dir(&old).unwrap();
        fs::write(old.join(IGNORED), "mine").unwrap();
        let written = write(minimal, &old).unwrap();
        assert_eq!(fs::read_to_string(old.join(IGNORED)).unwrap(), "mine");
        assert!(!written.files.contains(&old.join(IGNORED)));
        assert!(old.join("eryx.toml").is_file());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nowhere_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("outside");
        let project = folder.path().join("project");
        fs::create_dir(&project).unwrap();
        std::os::unix::fs::symlink(&outside, project.join("eryx.toml")).unwrap();
        let error = write(Template::named("minimal").unwrap(), &project).unwrap_err();
        assert!(matches!(error, TemplateError::Exists(_)));
        assert!(!outside.exists());
    }

    #[test]
    fn what_was_written_before_a_failure_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        // A file where the workflow's folder should be.
        fs::write(folder.path().join(".github"), "").unwrap();
        let error = write(Template::named("minimal").unwrap(), folder.path()).unwrap_err();
        assert!(matches!(error, TemplateError::Write { .. }), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_without_a_usable_name_gives_the_templates() {
        let folder = tempfile::tempdir().unwrap();
        let written = write(Template::named("data").unwrap(), &folder.path().join("ÄÖ")).unwrap();
        assert_eq!(written.image, "data");
    }
}
