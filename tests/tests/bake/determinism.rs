//! The same inputs give the same bytes.

use crate::{contents, native};
use eryx_tests::{project::Project, wheels::Wheel};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Everything that an image can have: packages, a native library, a package from the index, files and a
/// preinit script.
fn project() -> Project {
    let manifest = contents::manifest().replace(
        "[packages]\n",
        "[packages]\nrequirements = [\"pinned==1.0\"]\n",
    );
    let mut project = Project::new(manifest).wheel(&native::wheel());
    for wheel in contents::wheels() {
        project = project.wheel(&wheel);
    }
    for (path, contents) in contents::FILES {
        project = project.file(path, contents);
    }
    project
}

#[test]
fn the_same_inputs_give_the_same_image() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let links = folder.path().join("links");
    Wheel::new("pinned").file("pinned.py", "").write(&links);

    // An empty cache.
    let first = project();
    let output = first
        .bake()
        .env("ERYX_CACHE_DIR", &cache)
        .env("ERYX_RESOLVER", "pip")
        .env("PIP_NO_INDEX", "1")
        .env("PIP_FIND_LINKS", &links)
        .run();
    assert_eq!(output.status, 0, "{output}");
    let image = fs::read(first.image()).unwrap();
    for words in [
        "  | noisy prints\n",
        "  | noisy complains\n",
        "  | noisy writes\n",
        "UserWarning: noisy warns\n",
        "  | the script prints\n",
        "  | the script complains\n",
        "\ninfo: fast: left out the native library fast/speed.cpython-314-x86_64-linux-gnu.so\n",
    ] {
        assert!(
            output.err().contains(words),
            "{words:?} is not shown\n{output}"
        );
    }
    let place = first.folder().to_string_lossy().into_owned();
    for text in [place.as_bytes(), folder.path().to_string_lossy().as_bytes()] {
        assert!(
            !image.windows(text.len()).any(|window| window == text),
            "a path of the host is in the image"
        );
    }

    // A full one with the lock, another folder, another environment, one thread, and no index.
    let second = project();
    let lock = Path::new("pylock.toml");
    fs::copy(first.folder().join(lock), second.folder().join(lock)).unwrap();
    let output = second
        .bake()
        .arg("--json")
        .env("ERYX_CACHE_DIR", &cache)
        .env("ERYX_PYTHON", "false")
        .env("RAYON_NUM_THREADS", "1")
        .env("TZ", "Asia/Kathmandu")
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("PYTHONHASHSEED", "7")
        .env("PYTHONPATH", "/tmp")
        .run();
    assert_eq!(output.status, 0, "{output}");
    same(&image, &second.image());
    assert!(output.stderr.is_empty(), "{output}");
    check_events(&output.out(), &second.image());

    // A cache in which every file is damaged.
    let damaged = files(&cache);
    assert!(damaged.len() >= 2, "the cache holds {damaged:?}");
    for path in &damaged {
        let mut bytes = fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(path, bytes).unwrap();
    }
    let third = project();
    let output = third
        .bake()
        .arg("--quiet")
        .env("ERYX_CACHE_DIR", &cache)
        .env("ERYX_RESOLVER", "pip")
        .env("PIP_NO_INDEX", "1")
        .env("PIP_FIND_LINKS", &links)
        .run();
    assert_eq!(output.ok(), "");
    same(&image, &third.image());
    assert_eq!(files(&cache).len(), damaged.len());
}

#[track_caller]
fn same(image: &[u8], path: &Path) {
    let other = fs::read(path).unwrap();
    let first = image
        .iter()
        .zip(&other)
        .position(|(one, other)| one != other);
    assert!(
        image.len() == other.len() && first.is_none(),
        "images of {} and {} bytes differ from byte {first:?}",
        image.len(),
        other.len()
    );
}

/// Checks what `--json` printed: an object a line, and every stage from its start to its end.
#[track_caller]
fn check_events(printed: &str, image: &Path) {
    let events: Vec<serde_json::Value> = printed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    for stage in [
        "resolve", "fetch", "unpack", "link", "fuse", "preinit", "fold", "bytecode", "compile",
        "pack",
    ] {
        for event in ["stage-started", "stage-finished"] {
            let count = events
                .iter()
                .filter(|one| one["event"] == event && one["stage"] == stage)
                .count();
            assert_eq!(count, 1, "{event} of {stage}\n{printed}");
        }
    }
    let printed_by_packages: String = events
        .iter()
        .filter(|one| one["event"] == "output")
        .filter_map(|one| one["text"].as_str())
        .collect();
    assert!(printed_by_packages.contains("noisy prints\n"), "{printed}");
    let last = events.last().expect("there are events");
    assert_eq!(last["event"], "baked");
    assert_eq!(last["image"], image.to_string_lossy().as_ref());
    assert_eq!(last["bytes"], fs::metadata(image).unwrap().len());
}

/// The files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("verified") {
            // Records of images, each of which is another file.
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
