//! What holds for directories and files of the host.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;

use super::*;

fn path(text: &str) -> RelativePath<'_> {
    RelativePath::new(text).unwrap()
}

/// A directory with something outside the mount `inside`, and links that would like to reach it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("inside/d/e")).unwrap();
    fs::write(root.join("secret"), "secret").unwrap();
    fs::write(root.join("inside/f"), "file").unwrap();
    symlink("../secret", root.join("inside/up")).unwrap();
    symlink(root.join("secret"), root.join("inside/absolute")).unwrap();
    symlink("..", root.join("inside/parent")).unwrap();
    symlink("f", root.join("inside/good")).unwrap();
    symlink("d/e", root.join("inside/deep")).unwrap();
    folder
}

fn mount(root: &Path, access: HostAccess) -> Arc<dyn FileSystem> {
    HostFileSystem::mount(&root.join("inside"), access).unwrap()
}

fn open(
    host: &dyn FileSystem,
    name: &str,
    options: OpenOptions,
) -> Result<Arc<dyn OpenFile>, FileError> {
    match host.open(path(name), &options)? {
        Opened::File(file) => Ok(file),
        Opened::Directory => Err(FileError::IsDirectory),
    }
}

macro_rules! assert_fails {
    ($result:expr, $pattern:pat) => {
        let result = $result.map(drop);
        assert!(matches!(result, Err($pattern)), "{result:?}");
    };
}

#[test]
fn no_link_leads_out() {
    let folder = folder();
    for access in [HostAccess::ReadOnly, HostAccess::ReadWrite] {
        let host = mount(folder.path(), access);
        for name in ["up", "absolute", "parent/secret"] {
            assert_fails!(
                open(&*host, name, OpenOptions::to_read()),
                FileError::NotPermitted
            );
            assert_fails!(
                host.metadata(path(name), Follow::Yes),
                FileError::NotPermitted
            );
        }
        assert_fails!(host.read_directory(path("parent")), FileError::NotPermitted);
        assert_fails!(
            host.canonical_directory(path("parent")),
            FileError::NotPermitted
        );
        assert_fails!(host.read_link(path("absolute")), FileError::NotPermitted);
        let good = open(&*host, "good", OpenOptions::to_read()).unwrap();
        assert_eq!(&good.read_at(0, 100).unwrap()[..], b"file");
    }
    let host = mount(folder.path(), HostAccess::ReadWrite);
    assert_fails!(
        open(&*host, "up", OpenOptions::to_write()),
        FileError::NotPermitted
    );
    assert_fails!(
        host.symlink("/etc/passwd", path("new")),
        FileError::NotPermitted
    );
    assert_fails!(
        host.rename(path("f"), path("parent/f")),
        FileError::NotPermitted
    );
    assert_eq!(fs::read(folder.path().join("secret")).unwrap(), b"secret");
}

#[test]
fn a_read_only_mount_changes_nothing() {
    let folder = folder();
    let host = mount(folder.path(), HostAccess::ReadOnly);
    let mut options = OpenOptions::to_write();
    assert_fails!(open(&*host, "f", options), FileError::ReadOnly);
    assert_fails!(open(&*host, "new", options), FileError::ReadOnly);
    options.exclusive = true;
    assert_fails!(open(&*host, "f", options), FileError::Exists);
    let truncate = OpenOptions {
        truncate: true,
        ..OpenOptions::to_read()
    };
    assert_fails!(open(&*host, "f", truncate), FileError::ReadOnly);
    assert_fails!(
        host.create_directory(path("new"), 0o755),
        FileError::ReadOnly
    );
    assert_fails!(host.remove_file(path("f")), FileError::ReadOnly);
    assert_fails!(host.remove_directory(path("d/e")), FileError::ReadOnly);
    assert_fails!(host.rename(path("f"), path("g")), FileError::ReadOnly);
    assert_fails!(host.symlink("f", path("g")), FileError::ReadOnly);
    assert_fails!(host.link(path("f"), path("g")), FileError::ReadOnly);
    let now = TimeChange::Now;
    assert_fails!(
        host.set_times(path("f"), Follow::Yes, now, now),
        FileError::ReadOnly
    );
    let file = open(&*host, "f", OpenOptions::to_read()).unwrap();
    assert_fails!(file.write_at(0, b"x"), FileError::ReadOnly);
    assert_fails!(file.append(b"x"), FileError::ReadOnly);
    assert_fails!(file.set_size(0), FileError::ReadOnly);
    assert_fails!(file.set_times(now, now), FileError::ReadOnly);
    assert_eq!(fs::read(folder.path().join("inside/f")).unwrap(), b"file");
}

#[test]
fn a_writable_mount_is_a_file_system() {
    let folder = folder();
    let host = mount(folder.path(), HostAccess::ReadWrite);
    let file = open(&*host, "new", OpenOptions::to_write()).unwrap();
    file.write_at(2, b"cd").unwrap();
    file.append(b"ef").unwrap();
    file.write_at(0, b"ab").unwrap();
    assert_eq!(&file.read_at(1, 3).unwrap()[..], b"bcd");
    file.sync(false).unwrap();
    let chosen = Timestamp::new(1_000_000_000, 5).unwrap();
    file.set_times(TimeChange::Keep, TimeChange::Set(chosen))
        .unwrap();
    assert_eq!(
        host.metadata(path("new"), Follow::Yes).unwrap().modified,
        chosen
    );
    assert_eq!(
        fs::read(folder.path().join("inside/new")).unwrap(),
        b"abcdef"
    );
    let truncate = OpenOptions {
        truncate: true,
        ..OpenOptions::to_write()
    };
    assert_eq!(
        open(&*host, "new", truncate)
            .unwrap()
            .metadata()
            .unwrap()
            .size,
        0
    );

    host.create_directory(path("x"), 0o755).unwrap();
    host.rename(path("new"), path("x/moved")).unwrap();
    host.link(path("x/moved"), path("x/second")).unwrap();
    host.symlink("moved", path("x/link")).unwrap();
    let names = host.read_directory(path("x")).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().name).collect();
    names.sort();
    assert_eq!(names, ["link", "moved", "second"]);
    assert_eq!(host.read_link(path("x/link")).unwrap(), "moved");
    assert_eq!(
        host.canonical_directory(path("deep")).unwrap().as_deref(),
        Some("d/e")
    );
    assert_eq!(host.canonical_directory(path("d")).unwrap(), None);
    assert_fails!(host.canonical_directory(path("f")), FileError::NotDirectory);
    assert_fails!(host.remove_directory(path("x")), FileError::NotEmpty);
    assert_fails!(
        host.remove_file(path("x")),
        FileError::IsDirectory | FileError::NotPermitted
    );
    assert_fails!(host.remove_directory(RelativePath::ROOT), FileError::Busy);
    assert_fails!(
        open(&*host, "d", OpenOptions::to_write()),
        FileError::IsDirectory
    );
    let no_follow = OpenOptions {
        no_follow: true,
        ..OpenOptions::to_read()
    };
    assert_fails!(open(&*host, "x/link", no_follow), FileError::SymlinkLoop);
}

#[test]
fn a_fifo_is_refused_at_once() {
    let folder = folder();
    let fifo = folder.path().join("inside/fifo");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    for access in [HostAccess::ReadOnly, HostAccess::ReadWrite] {
        let host = mount(folder.path(), access);
        assert_fails!(
            open(&*host, "fifo", OpenOptions::to_read()),
            FileError::NotPermitted
        );
        assert_fails!(
            open(&*host, "fifo", OpenOptions::to_write()),
            FileError::NotPermitted
        );
        let metadata = host.metadata(path("fifo"), Follow::Yes).unwrap();
        assert_eq!(metadata.file_type, FileType::Other);
    }
    let mounted = HostFileSystem::mount(&fifo, HostAccess::ReadOnly);
    assert!(matches!(mounted, Err(HostMountError::Special { .. })));
}

#[test]
fn a_single_file_gives_nothing_beside_it() {
    let folder = folder();
    let host = HostFileSystem::mount(&folder.path().join("inside/good"), HostAccess::ReadWrite);
    let host = host.unwrap();
    let file = open(&*host, "", OpenOptions::to_write()).unwrap();
    file.append(b"!").unwrap();
    assert_eq!(fs::read(folder.path().join("inside/f")).unwrap(), b"file!");
    assert_fails!(
        open(&*host, "f", OpenOptions::to_read()),
        FileError::NotDirectory
    );
    assert_fails!(
        open(&*host, "d", OpenOptions::to_read()),
        FileError::NotDirectory
    );
    assert_fails!(
        host.read_directory(RelativePath::ROOT),
        FileError::NotDirectory
    );
    assert_fails!(host.remove_file(RelativePath::ROOT), FileError::Busy);
    // A link put in its place is not followed.
    fs::remove_file(folder.path().join("inside/f")).unwrap();
    symlink("d", folder.path().join("inside/f")).unwrap();
    assert_fails!(
        open(&*host, "", OpenOptions::to_read()),
        FileError::SymlinkLoop
    );
}

#[test]
fn a_missing_path_is_named() {
    let folder = folder();
    let missing = folder.path().join("missing");
    let Err(error) = HostFileSystem::mount(&missing, HostAccess::ReadOnly) else {
        panic!("a missing path was mounted");
    };
    assert!(error.to_string().contains("missing"), "{error}");
}

#[test]
fn links_of_a_mounted_folder_resolve_in_the_namespace() {
    let folder = folder();
    let host = mount(folder.path(), HostAccess::ReadOnly);
    let namespace = Namespace::builder()
        .mount("/mnt/host", host)
        .unwrap()
        .build();
    let resolved = namespace.resolve("mnt/host/deep", "../../f").unwrap();
    assert_eq!(resolved.as_str(), "mnt/host/f");
    let above = namespace.resolve("mnt/host", "../../..").unwrap();
    assert_eq!(above.as_str(), "");
    assert_fails!(
        namespace.resolve("mnt/host", "parent/.."),
        FileError::NotPermitted
    );
}

/// The first bytes of an image.
const IMAGE: &[u8] = b"\x7fELF\x02\x01\x01\xc8 and so on: machine code";

#[test]
fn an_image_is_neither_changed_nor_replaced() {
    let folder = folder();
    let inside = folder.path().join("inside");
    fs::write(inside.join("image"), IMAGE).unwrap();
    fs::hard_link(inside.join("image"), inside.join("d/hard")).unwrap();
    symlink("image", inside.join("link")).unwrap();
    let host = mount(folder.path(), HostAccess::ReadWrite);
    for name in ["image", "d/hard", "link"] {
        for truncate in [false, true] {
            let options = OpenOptions {
                truncate,
                create: true,
                ..OpenOptions::to_write()
            };
            assert_fails!(open(&*host, name, options), FileError::TextBusy);
        }
        assert!(open(&*host, name, OpenOptions::to_read()).is_ok());
    }
    for name in ["image", "d/hard"] {
        assert_fails!(host.remove_file(path(name)), FileError::Busy);
        assert_fails!(host.rename(path(name), path("x")), FileError::Busy);
        assert_fails!(host.rename(path("f"), path(name)), FileError::Busy);
    }
    for name in ["image", "d/hard", "link"] {
        assert_fails!(
            host.set_mode(path(name), Follow::Yes, 0o666),
            FileError::Busy
        );
        let file = open(&*host, name, OpenOptions::to_read()).unwrap();
        assert_fails!(file.set_mode(0o666), FileError::TextBusy);
    }
    // A name that is only a link to it may go: the image stays where it is.
    host.remove_file(path("link")).unwrap();
    assert_eq!(fs::read(inside.join("image")).unwrap(), IMAGE);
}

#[test]
fn what_is_named_as_protected_stays_as_it_is() {
    let folder = folder();
    let inside = folder.path().join("inside");
    fs::write(inside.join("d/e/program"), "x").unwrap();
    let options = HostMountOptions {
        access: HostAccess::ReadWrite,
        allow_unsafe: false,
        protected: ProtectedFiles::at([inside.join("deep/program")]),
    };
    let host = HostFileSystem::mount(&inside, options).unwrap();
    let program = open(&*host, "d/e/program", OpenOptions::to_write());
    assert_fails!(program, FileError::TextBusy);
    assert_fails!(host.remove_file(path("deep")), FileError::Busy);
    assert_fails!(host.rename(path("d"), path("c")), FileError::Busy);
    assert_fails!(host.rename(path("d/e"), path("c")), FileError::Busy);
    host.rename(path("f"), path("d/e/f")).unwrap();
    host.remove_file(path("good")).unwrap();
}

#[test]
fn the_kernels_files_are_not_mounted_unless_that_is_allowed() {
    for place in ["/", "/proc", "/proc/self", "/sys"] {
        let mounted = HostFileSystem::mount(Path::new(place), HostAccess::ReadOnly);
        let error = mounted.map(drop).unwrap_err();
        assert!(matches!(error, HostMountError::Kernel { .. }), "{error}");
    }
    let options = HostMountOptions {
        allow_unsafe: true,
        ..HostAccess::ReadOnly.into()
    };
    assert!(HostFileSystem::mount(Path::new("/"), options).is_ok());
}

#[test]
fn modes_are_those_of_the_host() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder();
    let host = mount(folder.path(), HostAccess::ReadWrite);
    host.set_mode(path("good"), Follow::Yes, 0o640).unwrap();
    let on_host = fs::metadata(folder.path().join("inside/f")).unwrap();
    assert_eq!(on_host.permissions().mode() & 0o7777, 0o640);
    let seen = host.metadata(path("f"), Follow::No).unwrap();
    assert_eq!((seen.mode, seen.read_only), (0o100_640, false));
    assert_fails!(
        host.set_mode(path("f"), Follow::Yes, 0o4755),
        FileError::NotPermitted
    );
    assert_fails!(
        host.set_mode(path("up"), Follow::Yes, 0o600),
        FileError::NotPermitted
    );
    let host = mount(folder.path(), HostAccess::ReadOnly);
    assert!(host.metadata(path("f"), Follow::No).unwrap().read_only);
    assert_fails!(
        host.set_mode(path("f"), Follow::Yes, 0o600),
        FileError::ReadOnly
    );
    let file = open(&*host, "f", OpenOptions::to_read()).unwrap();
    assert_fails!(file.set_mode(0o600), FileError::ReadOnly);
}
