//! What holds for image, scratch space, devices and files in one tree.

use super::*;
use crate::{
    Devices, FileError, FileType, Follow, ImageFileSystem, OpenOptions, Scratch, ScratchLimits,
    TimeChange, Timestamp,
};
use eryx_image::TreeBuilder;
use std::sync::Arc;

fn namespace() -> Namespace {
    let mut tree = TreeBuilder::new();
    tree.add_file("/lib/os.py", "import sys").unwrap();
    tree.add_file("/lib/json/__init__.py", "").unwrap();
    tree.add_file("/tmp/hidden", "").unwrap();
    tree.add_directory("/home").unwrap();
    let image = ImageFileSystem::new(tree.build().unwrap().into_tree());
    let scratch = || {
        Arc::new(Scratch::new(
            ScratchLimits::default(),
            Arc::new(|| Timestamp::IMAGE),
        ))
    };
    Namespace::builder()
        .mount("/tmp", scratch())
        .and_then(|builder| builder.mount("/", Arc::new(image)))
        .and_then(|builder| builder.mount("/dev", Arc::new(Devices::new(Box::new(|_| ())))))
        .and_then(|builder| builder.mount("/data/cache", scratch()))
        .and_then(|builder| builder.mount_file("/work/script.py", "print(1)"))
        .unwrap()
        .build()
}

fn at<'a>(namespace: &Namespace, path: &'a str) -> Resolved<'a> {
    namespace.resolve("", path).unwrap()
}

fn write(namespace: &Namespace, path: &str, text: &str) {
    match namespace.open(&at(namespace, path), &OpenOptions::to_write()) {
        Ok(Entry::File(file, _)) => file.append(text.as_bytes()).unwrap(),
        _ => panic!("{path} does not open"),
    }
}

fn read(namespace: &Namespace, path: &str) -> Result<String, FileError> {
    match namespace.open(&namespace.resolve("", path)?, &OpenOptions::to_read())? {
        Entry::File(file, _) => Ok(String::from_utf8(file.read_at(0, 1000)?.to_vec()).unwrap()),
        Entry::Directory(_) => Err(FileError::IsDirectory),
    }
}

fn list(namespace: &Namespace, path: &str) -> Vec<String> {
    let entries = namespace.read_directory(&at(namespace, path)).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().name).collect();
    names.sort();
    names
}

fn file_type(namespace: &Namespace, path: &str) -> FileType {
    let metadata = namespace.metadata(&at(namespace, path), Follow::Yes);
    metadata.unwrap().file_type
}

macro_rules! assert_fails {
    ($result:expr, $pattern:pat) => {
        let result = $result.map(drop);
        assert!(matches!(result, Err($pattern)), "{result:?}");
    };
}

#[test]
fn mounts_show_up_in_listings() {
    let namespace = namespace();
    assert_eq!(
        list(&namespace, "."),
        ["data", "dev", "home", "lib", "tmp", "work"]
    );
    assert_eq!(list(&namespace, "tmp"), [""; 0]);
    assert_eq!(list(&namespace, "data"), ["cache"]);
    assert_eq!(list(&namespace, "work"), ["script.py"]);
    assert_eq!(list(&namespace, "lib"), ["json", "os.py"]);
    let entries = namespace.read_directory(&at(&namespace, "work")).unwrap();
    let types: Vec<_> = entries.map(|entry| entry.unwrap().file_type).collect();
    assert_eq!(types, [FileType::File]);
    assert_fails!(
        namespace.read_directory(&at(&namespace, "lib/os.py")),
        FileError::NotDirectory
    );
    assert_fails!(
        namespace.read_directory(&at(&namespace, "none")),
        FileError::NotFound
    );
}

#[test]
fn directories_on_the_way_to_mounts_exist() {
    let namespace = namespace();
    for path in ["data", "data/cache", "work", ".", "tmp/", "dev/."] {
        assert_eq!(file_type(&namespace, path), FileType::Directory, "{path}");
    }
    let opened = namespace.open(&at(&namespace, "data"), &OpenOptions::to_read());
    assert!(matches!(opened, Ok(Entry::Directory(path)) if path == "data"));
    let created = namespace.open(&at(&namespace, "data/new"), &OpenOptions::to_write());
    assert_fails!(created, FileError::ReadOnly);
    let created = namespace.create_directory(&at(&namespace, "data/new"), 0o755);
    assert_fails!(created, FileError::ReadOnly);
    let created = namespace.open(&at(&namespace, "none/new"), &OpenOptions::to_write());
    assert_fails!(created, FileError::NotFound);
    let opened = namespace.open(&at(&namespace, "data"), &OpenOptions::to_write());
    assert_fails!(opened, FileError::IsDirectory);
    assert_fails!(read(&namespace, "tmp/hidden"), FileError::NotFound);
}

#[test]
fn the_image_is_read_only() {
    let namespace = namespace();
    let os = at(&namespace, "lib/os.py");
    let new = at(&namespace, "lib/new");
    let mut options = OpenOptions::to_write();
    assert_fails!(namespace.open(&os, &options), FileError::ReadOnly);
    assert_fails!(namespace.open(&new, &options), FileError::ReadOnly);
    options.exclusive = true;
    assert_fails!(namespace.open(&os, &options), FileError::Exists);
    let truncate = OpenOptions {
        truncate: true,
        ..OpenOptions::to_read()
    };
    assert_fails!(namespace.open(&os, &truncate), FileError::ReadOnly);
    assert_fails!(namespace.create_directory(&new, 0o755), FileError::ReadOnly);
    assert_fails!(
        namespace.create_directory(&at(&namespace, "lib"), 0o755),
        FileError::Exists
    );
    assert_fails!(
        namespace.create_directory(&at(&namespace, "none/x"), 0o755),
        FileError::NotFound
    );
    assert_fails!(
        namespace.create_directory(&at(&namespace, "lib/os.py/x"), 0o755),
        FileError::NotDirectory
    );
    assert_fails!(namespace.remove_file(&os), FileError::ReadOnly);
    assert_fails!(
        namespace.remove_file(&at(&namespace, "lib")),
        FileError::IsDirectory
    );
    assert_fails!(
        namespace.remove_directory(&at(&namespace, "home")),
        FileError::ReadOnly
    );
    assert_fails!(namespace.remove_directory(&os), FileError::NotDirectory);
    assert_fails!(namespace.rename(&os, &new), FileError::ReadOnly);
    assert_fails!(namespace.symlink("x", &new), FileError::ReadOnly);
    assert_fails!(namespace.link(&os, Follow::No, &new), FileError::ReadOnly);
    let now = TimeChange::Now;
    assert_fails!(
        namespace.set_times(&os, Follow::Yes, now, now),
        FileError::ReadOnly
    );
    assert_eq!(read(&namespace, "lib/os.py").unwrap(), "import sys");
    let Ok(Entry::File(file, _)) = namespace.open(&os, &OpenOptions::to_read()) else {
        panic!("a file of the image does not open");
    };
    assert_fails!(file.write_at(0, b"x"), FileError::ReadOnly);
    assert_eq!(file.metadata().unwrap().modified, Timestamp::IMAGE);
    assert_eq!(&file.read_at(7, usize::MAX).unwrap()[..], b"sys");
    assert!(file.read_at(u64::MAX, 5).unwrap().is_empty());
}

#[test]
fn paths_are_resolved_like_posix() {
    let namespace = namespace();
    for (base, path, resolved) in [
        ("", "lib/os.py", "lib/os.py"),
        ("lib", "os.py", "lib/os.py"),
        ("lib", "./json/..//os.py", "lib/os.py"),
        ("lib/json", "../../../..", ""),
        ("lib/json", "../../../../tmp/x", "tmp/x"),
        ("", ".", ""),
        ("tmp", "..", ""),
        ("data/cache", "..", "data"),
        ("lib", "/tmp", "tmp"),
        ("/", "/lib/../tmp/", "tmp"),
        ("/lib", "os.py", "lib/os.py"),
        ("/", "/", ""),
    ] {
        let found = namespace.resolve(base, path).unwrap();
        assert_eq!(found.as_str(), resolved, "{base:?} {path:?}");
    }
    assert_fails!(namespace.resolve("", "none/../lib"), FileError::NotFound);
    assert_fails!(
        namespace.resolve("", "lib/os.py/.."),
        FileError::NotDirectory
    );
    assert_fails!(namespace.resolve("lib", ""), FileError::NotFound);
    assert_fails!(namespace.resolve("lib", "a\0b"), FileError::Invalid);
    assert_fails!(
        namespace.resolve("", &"n".repeat(256)),
        FileError::NameTooLong
    );
    assert_fails!(
        namespace.resolve("", &"a/".repeat(3000)),
        FileError::NameTooLong
    );
    assert_fails!(
        namespace.resolve(&"b/".repeat(1500), &"a/".repeat(1500)),
        FileError::NameTooLong
    );
    let slash = at(&namespace, "lib/os.py/");
    assert_fails!(
        namespace.metadata(&slash, Follow::Yes),
        FileError::NotDirectory
    );
    assert_fails!(
        namespace.open(&slash, &OpenOptions::to_read()),
        FileError::NotDirectory
    );
}

#[test]
fn mount_points_stay() {
    let namespace = namespace();
    for path in ["tmp", "data", "data/cache", "dev"] {
        let point = at(&namespace, path);
        assert_fails!(namespace.remove_directory(&point), FileError::Busy);
        assert_fails!(namespace.remove_file(&point), FileError::IsDirectory);
        assert_fails!(
            namespace.rename(&point, &at(&namespace, "tmp/x")),
            FileError::Busy
        );
        assert_fails!(namespace.create_directory(&point, 0o755), FileError::Exists);
    }
    let script = at(&namespace, "work/script.py");
    assert_fails!(namespace.remove_file(&script), FileError::Busy);
    assert_fails!(namespace.remove_directory(&script), FileError::NotDirectory);
    write(&namespace, "tmp/x", "x");
    assert_fails!(
        namespace.rename(&at(&namespace, "tmp/x"), &script),
        FileError::Busy
    );
    assert_fails!(
        namespace.remove_directory(&at(&namespace, "/")),
        FileError::Busy
    );
    assert_eq!(read(&namespace, "work/script.py").unwrap(), "print(1)");
    assert_fails!(
        read(&namespace, "work/script.py/x"),
        FileError::NotDirectory
    );
}

#[test]
fn nothing_moves_between_mounts() {
    let namespace = namespace();
    write(&namespace, "tmp/a", "text");
    let from = at(&namespace, "tmp/a");
    let to = at(&namespace, "data/cache/a");
    assert_fails!(namespace.rename(&from, &to), FileError::CrossDevice);
    assert_fails!(
        namespace.link(&from, Follow::No, &to),
        FileError::CrossDevice
    );
    let script = at(&namespace, "work/script.py");
    assert_fails!(
        namespace.link(&script, Follow::No, &to),
        FileError::CrossDevice
    );
    namespace.rename(&from, &at(&namespace, "tmp/b")).unwrap();
    assert_eq!(read(&namespace, "tmp/b").unwrap(), "text");
    assert_eq!(list(&namespace, "tmp"), ["b"]);
}

#[test]
fn links_lead_through_the_whole_tree() {
    let namespace = namespace();
    write(&namespace, "data/cache/file", "cached");
    namespace
        .create_directory(&at(&namespace, "data/cache/d"), 0o755)
        .unwrap();
    for (target, link) in [
        ("/data/cache/file", "tmp/absolute"),
        ("../data/cache", "tmp/relative"),
        ("/lib", "tmp/image"),
        ("/data/cache/d", "tmp/d"),
        ("loop", "tmp/loop"),
        ("none", "tmp/dangling"),
        ("../../../../lib/os.py", "tmp/above"),
    ] {
        namespace.symlink(target, &at(&namespace, link)).unwrap();
    }
    assert_eq!(read(&namespace, "tmp/absolute").unwrap(), "cached");
    assert_eq!(read(&namespace, "tmp/relative/file").unwrap(), "cached");
    assert_eq!(read(&namespace, "tmp/image/os.py").unwrap(), "import sys");
    assert_eq!(read(&namespace, "tmp/above").unwrap(), "import sys");
    // `..` starts from where a link leads, not from where it is.
    assert_eq!(read(&namespace, "tmp/d/../file").unwrap(), "cached");
    assert_fails!(read(&namespace, "tmp/loop"), FileError::SymlinkLoop);
    assert_fails!(read(&namespace, "tmp/dangling"), FileError::NotFound);
    write(&namespace, "tmp/dangling", "made");
    assert_eq!(read(&namespace, "tmp/none").unwrap(), "made");
    let link = at(&namespace, "tmp/absolute");
    assert_eq!(namespace.read_link(&link).unwrap(), "/data/cache/file");
    let itself = namespace.metadata(&link, Follow::No).unwrap();
    assert_eq!(itself.file_type, FileType::Symlink);
    let no_follow = OpenOptions {
        no_follow: true,
        ..OpenOptions::to_read()
    };
    assert_fails!(namespace.open(&link, &no_follow), FileError::SymlinkLoop);
    namespace
        .rename(
            &at(&namespace, "tmp/relative/file"),
            &at(&namespace, "data/cache/d/f"),
        )
        .unwrap();
    assert_eq!(list(&namespace, "tmp/d/"), ["f"]);
    let opened = namespace.open(&at(&namespace, "tmp/d"), &OpenOptions::to_read());
    assert!(matches!(opened, Ok(Entry::Directory(path)) if path == "data/cache/d"));
    namespace.remove_file(&link).unwrap();
}

#[test]
fn every_file_has_its_own_identity() {
    let namespace = namespace();
    write(&namespace, "tmp/a", "");
    write(&namespace, "data/cache/a", "");
    let paths = [
        ".",
        "lib",
        "lib/os.py",
        "tmp",
        "tmp/a",
        "data",
        "data/cache",
        "data/cache/a",
        "work",
        "work/script.py",
        "dev/null",
    ];
    let identity = |path| {
        let metadata = namespace
            .metadata(&at(&namespace, path), Follow::Yes)
            .unwrap();
        (metadata.device, metadata.inode)
    };
    let distinct: std::collections::BTreeSet<_> = paths.into_iter().map(identity).collect();
    assert_eq!(distinct.len(), paths.len());
    assert_eq!(identity("lib/os.py"), identity("tmp/../lib/./os.py"));
}

#[test]
fn a_namespace_may_have_no_root_mount() {
    let scratch = Scratch::new(ScratchLimits::default(), Arc::new(|| Timestamp::IMAGE));
    let builder = Namespace::builder()
        .mount("/tmp/", Arc::new(scratch))
        .unwrap();
    let namespace = builder.build();
    assert_eq!(list(&namespace, "."), ["tmp"]);
    write(&namespace, "tmp/x", "x");
    let created = namespace.open(&at(&namespace, "x"), &OpenOptions::to_write());
    assert_fails!(created, FileError::ReadOnly);
    assert_fails!(
        namespace.create_directory(&at(&namespace, "x"), 0o755),
        FileError::ReadOnly
    );
    assert_fails!(read(&namespace, "x"), FileError::NotFound);
}

#[test]
fn bad_mounts_are_named() {
    for path in ["", "work", "/work/../etc", "/a//b"] {
        let Err(error) = Namespace::builder().mount_file(path, "") else {
            panic!("{path:?} was mounted");
        };
        assert!(matches!(&error, MountError::Path { path: named, .. } if named == path));
    }
    let twice = Namespace::builder()
        .mount_file("/a", "")
        .and_then(|builder| builder.mount_file("/a/", ""));
    assert!(matches!(twice, Err(MountError::Twice { .. })));
}
