//! Images that tests share: baked once for the same manifest and toolchain, and kept for later.

use crate::{binaries, binaries::lock, eryx_build, target, workspace};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

/// How long images of other toolchains are kept.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// How the libraries of an image are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linking {
    /// As one core module, which is the default.
    Fused,
    /// As the linker left them, a core module for each.
    Linked,
}

impl Linking {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::Fused, Self::Linked];

    /// Bakes the image that `manifest` describes in this way, as [`shared`] does.
    pub fn shared(self, name: &str, manifest: &str, files: &[(&str, &[u8])]) -> PathBuf {
        match self {
            Self::Fused => shared(name, manifest, files),
            Self::Linked => {
                let manifest = if manifest.contains("fuse = true") {
                    manifest.replace("fuse = true", "fuse = false")
                } else {
                    format!("{manifest}\n[compile]\nfuse = false\n")
                };
                shared(&format!("{name}-linked"), &manifest, files)
            }
        }
    }
}

/// The images that many tests share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// An image without packages. Its entrypoint is a function.
    Bare,
    /// The image of `eryx.toml.example`. Its entrypoint is a script.
    Example,
    /// An image whose preinit script left a heap behind: see `snapshot.py` among the fixtures.
    Snapshot,
    /// An image in which pools of threads run their tasks in place, with the package anyio.
    Inline,
}

impl Shared {
    /// The image of a name, as programs give it.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "bare" => Self::Bare,
            "example" => Self::Example,
            "snapshot" => Self::Snapshot,
            "inline" => Self::Inline,
            _ => return None,
        })
    }

    /// The image, baked when it is not there yet.
    pub fn image(self, linking: Linking) -> &'static Path {
        static IMAGES: [[OnceLock<PathBuf>; 2]; 4] = [const { [const { OnceLock::new() }; 2] }; 4];
        let image = &IMAGES[self as usize][linking as usize];
        image.get_or_init(|| self.bake(linking))
    }

    fn bake(self, linking: Linking) -> PathBuf {
        let read = |path: &str| fs::read(workspace().join(path)).expect("the example is there");
        match self {
            Self::Bare => linking.shared(
                "bare",
                r#"
[image]
name = "bare"
version = "1.2"
entrypoint = "calendar:main"

[preinit]
imports = ["asyncio", "json", "logging", "random", "tempfile", "threading", "uuid"]
"#,
                &[],
            ),
            Self::Example => linking.shared(
                "example",
                &String::from_utf8(read("eryx.toml.example")).expect("a manifest is UTF-8"),
                &[("examples/report.py", &read("examples/report.py"))],
            ),
            Self::Snapshot => linking.shared(
                "snapshot",
                r#"
[image]
name = "snapshot"
files = { "data" = "/data" }

[preinit]
imports = ["random", "secrets", "tempfile", "uuid"]
script = "snapshot.py"
"#,
                &[
                    ("snapshot.py", include_bytes!("../fixtures/snapshot.py")),
                    ("data/note.txt", b"a baked note\n"),
                    ("data/tool.py", include_bytes!("../fixtures/tool.py")),
                ],
            ),
            Self::Inline => linking.shared(
                "inline",
                "[image]\nname = \"inline\"\n\n[packages]\nrequirements = [\"anyio>=4,<5\"]\n\n\
                 [python]\nthreads = \"inline\"\n",
                &[],
            ),
        }
    }
}

/// [`Shared::Bare`], fused.
pub fn bare() -> &'static Path {
    Shared::Bare.image(Linking::Fused)
}

/// [`Shared::Example`], fused.
pub fn example() -> &'static Path {
    Shared::Example.image(Linking::Fused)
}

/// [`Shared::Snapshot`], fused.
pub fn snapshot() -> &'static Path {
    Shared::Snapshot.image(Linking::Fused)
}

/// [`Shared::Inline`], fused.
pub fn inline() -> &'static Path {
    Shared::Inline.image(Linking::Fused)
}

/// Bakes the image that `manifest` describes, unless the same toolchain did so before. `files` lie
/// beside the manifest: relative path and contents.
pub fn shared(name: &str, manifest: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = target().join("tests-images");
    let image = folder.join(format!("{name}-{}.cwasm", identity(manifest, files)));
    let _lock = lock(&folder.join(format!("{name}.lock")));
    if image.is_file() {
        return image;
    }
    remove_old(&folder, name);
    let project = tempfile::tempdir_in(&folder).expect("a folder is made");
    write(&project.path().join("eryx.toml"), manifest.as_bytes());
    for (path, contents) in files {
        write(&project.path().join(path), contents);
    }
    let baked = project.path().join("image.cwasm");
    let output = eryx_build()
        .args(["build", "-f"])
        .arg(project.path().join("eryx.toml"))
        .arg("-o")
        .arg(&baked)
        .limit(Duration::from_secs(600))
        .run();
    assert_eq!(
        output.status, 0,
        "the image `{name}` cannot be baked\n{output}"
    );
    fs::rename(&baked, &image).expect("the image is kept");
    image
}

/// What an image is made of, as a short text.
fn identity(manifest: &str, files: &[(&str, &[u8])]) -> String {
    static TOOLCHAIN: OnceLock<Vec<u8>> = OnceLock::new();
    let toolchain = TOOLCHAIN.get_or_init(|| {
        let program = fs::read(&binaries().eryx_build).expect("the toolchain is readable");
        Sha256::digest(program).to_vec()
    });
    let mut hash = Sha256::new();
    let parts = files
        .iter()
        .flat_map(|(path, contents)| [path.as_bytes(), *contents]);
    for part in [toolchain, manifest.as_bytes()].into_iter().chain(parts) {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Removes images that no running test is likely to use any more.
fn remove_old(folder: &Path, name: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let file_name = entry.file_name();
        let ours = file_name
            .to_str()
            .and_then(|file| file.strip_prefix(name)?.strip_prefix('-'))
            .is_some_and(|rest| rest.ends_with(".cwasm"));
        let old = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|time| time.elapsed().is_ok_and(|age| age > KEPT));
        if ours && old {
            // Another test process may have been quicker.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn write(path: &Path, contents: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder is made");
    fs::write(path, contents).expect("a file is written");
}
