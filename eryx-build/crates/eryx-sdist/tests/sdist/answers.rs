//! What comes of a build: the wheel, its metadata, and what is kept of both.

use std::sync::Mutex;

use eryx_base::Digest;
use eryx_sdist::Builder;

use crate::harness::{Sdist, new_cache, nothing, runtime, said, site_of};

#[test]
fn a_wheel_is_built_and_kept() {
    let directory = tempfile::tempdir().unwrap();
    let sdist = Sdist::that_builds("    return make_wheel(folder)");
    let archive = sdist.write(directory.path());
    let cache = new_cache(directory.path());
    let lines = Mutex::new(Vec::new());
    let report = |line: &str| lines.lock().unwrap().push(line.to_owned());
    let build = || {
        let builder = Builder::new(runtime(), &cache, &nothing);
        builder.wheel(&archive, &report).unwrap()
    };
    let built = build();
    assert_eq!(built.file_name, "sample-1.0-py3-none-any.whl");
    assert_eq!(
        Digest::of(&std::fs::read(&built.path).unwrap()),
        built.sha256
    );
    let site = site_of(&built);
    assert_eq!(&*site.files["sample.py"].contents, b"x = 1\n");
    assert_eq!(
        *lines.lock().unwrap(),
        [
            "asking backend what sample-1.0.tar.gz requires to be built",
            "building sample-1.0.tar.gz with backend"
        ]
    );
    lines.lock().unwrap().clear();
    assert_eq!(build(), built);
    assert!(lines.lock().unwrap().is_empty(), "it was built again");
    // What was damaged meanwhile is built anew.
    std::fs::write(&built.path, "damaged").unwrap();
    assert_eq!(build().sha256, built.sha256);
}

#[test]
fn the_same_sources_give_the_same_wheel() {
    let body = "    import random, tempfile, time, uuid\n    \
         text = repr([time.time(), random.random(), str(uuid.uuid4()), tempfile.mkdtemp(), id(object), hash('x')])\n    \
         return make_wheel(folder, files={'text.txt': text})";
    let sdist = Sdist::that_builds(body);
    let (first, second) = (sdist.build().unwrap(), sdist.build().unwrap());
    assert_eq!(first.wheel.sha256, second.wheel.sha256);
    assert_ne!(first.wheel.path, second.wheel.path);
}

#[test]
fn builds_may_go_on_side_by_side() {
    let directory = tempfile::tempdir().unwrap();
    let sdist = Sdist::that_builds("    return make_wheel(folder)");
    let archive = sdist.write(directory.path());
    let cache = new_cache(directory.path());
    let builder = Builder::new(runtime(), &cache, &nothing);
    let built: Vec<_> = std::thread::scope(|scope| {
        let build = || builder.wheel(&archive, &|_| {}).unwrap().sha256;
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(build)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(built.iter().all(|digest| *digest == built[0]));
}

#[test]
fn a_platform_of_a_wheel_without_native_code_is_taken_back() {
    let built = Sdist::that_builds(
        "    return make_wheel(folder, 'sample-1.0-cp314-cp314-manylinux_2_17_x86_64.whl')",
    );
    let built = built.build().unwrap();
    assert_eq!(built.wheel.file_name, "sample-1.0-cp314-cp314-any.whl");
    assert!(
        built
            .lines
            .iter()
            .any(|line| line.contains("no native code")),
        "{:?}",
        built.lines
    );
}

/// The metadata of a distribution, and how many times its backend was asked for anything.
fn metadata(sdist: &Sdist) -> Result<(String, usize), String> {
    let directory = tempfile::tempdir().unwrap();
    let archive = sdist.write(directory.path());
    let cache = new_cache(directory.path());
    let builder = Builder::new(runtime(), &cache, &nothing);
    let lines = Mutex::new(0);
    let report = |_: &str| *lines.lock().unwrap() += 1;
    let text = builder
        .metadata(&archive, &report)
        .map_err(|error| said(&error))?;
    let asked = *lines.lock().unwrap();
    let again = builder
        .metadata(&archive, &report)
        .map_err(|error| said(&error))?;
    assert_eq!(
        (&again, *lines.lock().unwrap()),
        (&text, asked),
        "it was not kept"
    );
    Ok((text, asked))
}

#[test]
fn static_metadata_needs_no_backend() {
    let text = "Metadata-Version: 2.4\nName: sample\nVersion: 1.0\nRequires-Dist: six\nDynamic: License-File\n";
    let sdist = Sdist::with_backend("raise SystemExit('it was imported')").file("PKG-INFO", text);
    assert_eq!(metadata(&sdist).unwrap(), (text.to_owned(), 0));
}

#[test]
fn metadata_comes_from_the_hook_or_else_from_the_wheel() {
    let dynamic = "Metadata-Version: 2.4\nName: sample\nVersion: 1.0\nDynamic: Requires-Dist\n";
    let hook = Sdist::with_backend(
        "def prepare_metadata_for_build_wheel(folder, settings=None):\n    \
         os.mkdir(folder + '/sample-1.0.dist-info')\n    \
         open(folder + '/sample-1.0.dist-info/METADATA', 'w').write(METADATA + 'Summary: hook\\n')\n    \
         return 'sample-1.0.dist-info'",
    );
    let (text, asked) = metadata(&hook.file("PKG-INFO", dynamic)).unwrap();
    assert!(
        text.ends_with("Requires-Dist: six>=1\nSummary: hook\n"),
        "{text}"
    );
    assert_eq!(asked, 2);
    let wheel = Sdist::that_builds("    return make_wheel(folder)");
    let (text, asked) = metadata(&wheel).unwrap();
    assert!(text.ends_with("Requires-Dist: six>=1\n"), "{text}");
    assert_eq!(asked, 3);
}

#[test]
fn metadata_of_another_package_is_refused() {
    for text in [
        "Metadata-Version: 2.4\nName: other\nVersion: 1.0\n",
        "Metadata-Version: 2.4\nName: sample\nVersion: 2.0\n",
        "Metadata-Version: 2.4\n",
    ] {
        let sdist = Sdist::that_builds("    pass").file("PKG-INFO", text);
        let message = metadata(&sdist).unwrap_err();
        assert!(message.contains("its metadata cannot be used"), "{message}");
    }
}
