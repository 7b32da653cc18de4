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

/// An image without packages. Its entrypoint is a function.
pub fn bare() -> &'static Path {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| {
        shared(
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
        )
    })
}

/// The image of `eryx.toml.example`. Its entrypoint is a script.
pub fn example() -> &'static Path {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let read = |path: &str| fs::read(workspace().join(path)).expect("the example is there");
        let manifest = String::from_utf8(read("eryx.toml.example")).expect("a manifest is UTF-8");
        shared(
            "example",
            &manifest,
            &[("examples/report.py", &read("examples/report.py"))],
        )
    })
}

/// An image whose preinit script left a heap behind: see `snapshot.py` among the fixtures.
pub fn snapshot() -> &'static Path {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| {
        shared(
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
        )
    })
}

/// An image in which pools of threads run their tasks in place.
pub fn inline() -> &'static Path {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let manifest = "[image]\nname = \"inline\"\n\n[python]\nthreads = \"inline\"\n";
        shared("inline", manifest, &[])
    })
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
        "the image `{name}` can not be baked\n{output}"
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
