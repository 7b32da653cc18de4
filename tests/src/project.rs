//! A folder with a manifest and what lies beside it, ready to be baked.

use crate::{Output, Run, eryx_build, wheels::Wheel};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;

/// The name of the image that [`Project::bake`] writes.
const IMAGE: &str = "image.cwasm";

/// How long a bake may take on a busy machine before the test fails.
const LIMIT: Duration = Duration::from_secs(300);

/// A project in a temporary folder.
#[derive(Debug)]
pub struct Project {
    folder: TempDir,
}

impl Project {
    /// A project with this text as its manifest.
    pub fn new(manifest: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::Builder::new().prefix("eryx-project-").tempdir();
        let project = Self {
            folder: folder.expect("a folder is made"),
        };
        project.file("eryx.toml", manifest)
    }

    /// A project named `sample`, compiled as quickly as can be, with more lines of manifest.
    pub fn sample(lines: &str) -> Self {
        Self::new(sample(lines))
    }

    /// A sample whose packages are these wheels.
    pub fn with_wheels(wheels: &[&Wheel]) -> Self {
        let project = Self::sample("[packages]\nwheels = [\"wheels/*.whl\"]\n");
        for wheel in wheels {
            wheel.write(&project.path("wheels"));
        }
        project
    }

    /// One more file.
    #[must_use]
    pub fn file(self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder"))
            .expect("a folder is made");
        fs::write(path, contents).expect("a file is written");
        self
    }

    /// One more wheel, in the folder `wheels`.
    #[must_use]
    pub fn wheel(self, wheel: &Wheel) -> Self {
        wheel.write(&self.path("wheels"));
        self
    }

    /// The project's folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A path below the project's folder.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder().join(path)
    }

    /// Where [`Project::bake`] writes the image.
    pub fn image(&self) -> PathBuf {
        self.path(IMAGE)
    }

    /// A bake of the manifest, started in another folder.
    pub fn bake(&self) -> Run {
        eryx_build()
            .args(["build", "--file"])
            .arg(self.path("eryx.toml"))
            .arg("--output")
            .arg(self.image())
            .folder(std::env::temp_dir())
            .limit(LIMIT)
    }

    /// Bakes the project, and fails the test unless its libraries became one core module.
    #[track_caller]
    pub fn bake_fused(&self) {
        let output = self.bake().arg("--json").run();
        assert_eq!(output.status, 0, "{output}");
        let events = output.out();
        for stage in ["fuse", "fold"] {
            let stage = format!("\"stage\":\"{stage}\"");
            let finished = events.lines().find(|line| {
                line.contains("\"event\":\"stage-finished\"") && line.contains(&stage)
            });
            assert!(
                finished.is_some_and(|line| !line.contains("\"note\":\"not f")),
                "not fused and folded\n{output}"
            );
        }
    }

    /// The names in the project's folder, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder())
            .expect("the folder is readable")
            .map(|entry| entry.expect("the folder is readable").file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn names_besides_lock(&self) -> Vec<String> {
        let mut names = self.names();
        names.retain(|name| name != "pylock.toml");
        names
    }

    /// Fails the test unless a bake refuses the project as it should: status 1, nothing but a message,
    /// no new file apart from the lock, and the image that was there as it was. Returns the message.
    #[track_caller]
    pub fn refused(&self) -> String {
        self.refused_by(self.bake().arg("--quiet"))
    }

    /// The same for a bake that was described otherwise.
    #[track_caller]
    pub fn refused_by(&self, bake: Run) -> String {
        if !self.image().exists() {
            fs::write(self.image(), "the old image").expect("a file is written");
        }
        let old = fs::read(self.image()).ok();
        let names = self.names_besides_lock();
        let output = bake.run();
        let message = explained(&output);
        assert_eq!(
            fs::read(self.image()).ok(),
            old,
            "the old image is not there any more"
        );
        assert_eq!(
            self.names_besides_lock(),
            names,
            "a failed bake changed the folder"
        );
        message
    }
}

/// The manifest of [`Project::sample`].
pub fn sample(lines: &str) -> String {
    format!("[image]\nname = \"sample\"\n[compile]\nopt-level = \"none\"\n{lines}")
}

/// Fails the test unless a bake failed with an explanation for people, and returns it.
#[track_caller]
pub fn explained(output: &Output) -> String {
    let message = output.err().into_owned();
    // Mistakes in a manifest are drawn as diagnostics, with a mark in place of the word.
    let errors = message
        .lines()
        .filter(|line| line.starts_with("error: ") || line.starts_with("  x "))
        .count();
    let is_raw = ["panicked", "wasm backtrace", "RUST_BACKTRACE"]
        .iter()
        .any(|word| message.contains(word));
    assert!(
        output.status == 1 && output.stdout.is_empty() && errors > 0 && !is_raw,
        "no explanation and status 1\n{output}"
    );
    message
}
