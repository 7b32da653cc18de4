//! What holds for a scratch space as a whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;

fn limited(bytes: u64, files: u64) -> Scratch {
    Scratch::new(
        ScratchLimits { bytes, files },
        Arc::new(|| Timestamp::IMAGE),
    )
}

fn scratch() -> Scratch {
    limited(1024 * 1024, 100)
}

fn path(text: &str) -> RelativePath<'_> {
    RelativePath::new(text).unwrap()
}

fn try_open(
    scratch: &Scratch,
    name: &str,
    options: OpenOptions,
) -> Result<Arc<dyn OpenFile>, FileError> {
    match scratch.open(path(name), &options)? {
        Opened::File(file) => Ok(file),
        Opened::Directory => Err(FileError::IsDirectory),
    }
}

fn create(scratch: &Scratch, name: &str) -> Arc<dyn OpenFile> {
    try_open(scratch, name, OpenOptions::to_write()).unwrap()
}

fn names(scratch: &Scratch, directory: &str) -> Vec<String> {
    let entries = scratch.read_directory(path(directory)).unwrap();
    entries.map(|entry| entry.unwrap().name).collect()
}

macro_rules! assert_fails {
    ($result:expr, $pattern:pat) => {
        let result = $result.map(drop);
        assert!(matches!(result, Err($pattern)), "{result:?}");
    };
}

#[test]
fn many_small_writes_make_one_file() {
    let scratch = scratch();
    let file = create(&scratch, "log");
    for number in 0..10_000_u64 {
        file.write_at(number * 8, format!("{number:07}\n").as_bytes())
            .unwrap();
    }
    assert_eq!(file.metadata().unwrap().size, 80_000);
    assert_eq!(&file.read_at(8 * 4096, 8).unwrap()[..], b"0004096\n");
    file.append(b"end").unwrap();
    assert_eq!(&file.read_at(80_000, 100).unwrap()[..], b"end");
}

#[test]
fn a_full_space_refuses_and_recovers() {
    let scratch = limited(100_000, 100);
    let file = create(&scratch, "big");
    assert_fails!(file.write_at(0, &[1; 200_000]), FileError::NoSpace);
    assert_eq!(file.metadata().unwrap().size, 0);
    file.write_at(0, &[1; 80_000]).unwrap();
    assert_fails!(file.append(&[1; 20_000]), FileError::NoSpace);
    assert!(scratch.used_bytes() <= 100_000);
    file.set_size(10).unwrap();
    file.append(&[2; 70_000]).unwrap();
    drop(file);
    scratch.remove_file(path("big")).unwrap();
    assert_eq!(scratch.used_bytes(), 0);
}

#[test]
fn writing_far_beyond_the_end_costs_a_page() {
    let scratch = scratch();
    let file = create(&scratch, "sparse");
    file.write_at(1 << 50, b"x").unwrap();
    assert_eq!(file.metadata().unwrap().size, (1 << 50) + 1);
    assert!(scratch.used_bytes() < 10_000);
    file.set_size(i64::MAX as u64).unwrap();
    assert!(scratch.used_bytes() < 10_000);
    assert_fails!(file.append(b"x"), FileError::FileTooLarge);
    assert_fails!(file.write_at(u64::MAX, b"xy"), FileError::FileTooLarge);
    assert_fails!(file.set_size(u64::MAX), FileError::FileTooLarge);
}

#[test]
fn names_and_empty_files_are_counted() {
    let scratch = limited(1024 * 1024, 3);
    create(&scratch, "a");
    scratch.create_directory(path("b"), 0o755).unwrap();
    assert_fails!(
        scratch.create_directory(path("c"), 0o755),
        FileError::NoSpace
    );
    assert_fails!(
        try_open(&scratch, "c", OpenOptions::to_write()),
        FileError::NoSpace
    );
    scratch.remove_file(path("a")).unwrap();
    create(&scratch, "c");

    let small = limited(1_000, 1_000);
    create(&small, "file");
    let refused = (0..100).find_map(|number| {
        let name = format!("{number:0250}");
        small.link(path("file"), path(&name)).err()
    });
    assert!(matches!(refused, Some(FileError::NoSpace)));
    assert!(small.used_bytes() <= 1_000);
}

#[test]
fn an_open_file_outlives_its_name() {
    let scratch = scratch();
    let file = create(&scratch, "gone");
    file.append(b"still here").unwrap();
    scratch.remove_file(path("gone")).unwrap();
    assert_fails!(
        scratch.metadata(path("gone"), Follow::Yes),
        FileError::NotFound
    );
    assert_eq!(&file.read_at(0, 100).unwrap()[..], b"still here");
    assert_eq!(file.metadata().unwrap().links, 0);
    file.append(b"!").unwrap();
    assert!(scratch.used_bytes() > 0);
    drop(file);
    assert_eq!(scratch.used_bytes(), 0);
}

#[test]
fn opening_follows_posix() {
    let scratch = scratch();
    scratch.create_directory(path("d"), 0o755).unwrap();
    create(&scratch, "d/f").append(b"text").unwrap();
    let exclusive = OpenOptions {
        exclusive: true,
        ..OpenOptions::to_write()
    };
    let directory = OpenOptions {
        directory: true,
        ..OpenOptions::to_read()
    };
    let truncate = OpenOptions {
        truncate: true,
        ..OpenOptions::to_write()
    };
    assert_fails!(try_open(&scratch, "d/f", exclusive), FileError::Exists);
    assert_fails!(
        try_open(&scratch, "d/f", directory),
        FileError::NotDirectory
    );
    assert_fails!(
        try_open(&scratch, "d/f/x", OpenOptions::to_write()),
        FileError::NotDirectory
    );
    assert_fails!(
        try_open(&scratch, "e/f", OpenOptions::to_write()),
        FileError::NotFound
    );
    assert_fails!(
        try_open(&scratch, "g", OpenOptions::to_read()),
        FileError::NotFound
    );
    assert_fails!(scratch.open(path("d"), &truncate), FileError::IsDirectory);
    assert!(matches!(
        scratch.open(path("d"), &directory),
        Ok(Opened::Directory)
    ));
    assert_eq!(
        try_open(&scratch, "d/f", truncate)
            .unwrap()
            .metadata()
            .unwrap()
            .size,
        0
    );
}

#[test]
fn directories_follow_posix() {
    let scratch = scratch();
    for name in ["a", "a/b", "z"] {
        scratch.create_directory(path(name), 0o755).unwrap();
    }
    create(&scratch, "a/f");
    assert_eq!(names(&scratch, ""), ["a", "z"]);
    assert_eq!(names(&scratch, "a"), ["b", "f"]);
    assert_fails!(
        scratch.create_directory(path("a"), 0o755),
        FileError::Exists
    );
    assert_fails!(
        scratch.create_directory(RelativePath::ROOT, 0o755),
        FileError::Exists
    );
    assert_fails!(
        scratch.create_directory(path("x/y"), 0o755),
        FileError::NotFound
    );
    assert_fails!(scratch.remove_directory(path("a")), FileError::NotEmpty);
    assert_fails!(
        scratch.remove_directory(path("a/f")),
        FileError::NotDirectory
    );
    assert_fails!(scratch.remove_file(path("a/b")), FileError::IsDirectory);
    assert_fails!(
        scratch.remove_directory(RelativePath::ROOT),
        FileError::Busy
    );
    assert_fails!(scratch.read_directory(path("a/f")), FileError::NotDirectory);
    // A listing goes on while its entries are removed, as `shutil.rmtree` does it.
    for entry in scratch.read_directory(path("a")).unwrap() {
        let name = format!("a/{}", entry.unwrap().name);
        if scratch.remove_file(path(&name)).is_err() {
            scratch.remove_directory(path(&name)).unwrap();
        }
    }
    scratch.remove_directory(path("a")).unwrap();
    assert_eq!(names(&scratch, ""), ["z"]);
}

#[test]
fn renames_follow_posix() {
    let scratch = scratch();
    for name in ["a", "a/b", "empty", "full", "full/x"] {
        scratch.create_directory(path(name), 0o755).unwrap();
    }
    create(&scratch, "f").append(b"f").unwrap();
    create(&scratch, "g").append(b"gg").unwrap();
    assert_fails!(scratch.rename(path("a"), path("a/b/c")), FileError::Invalid);
    scratch.rename(path("a"), path("a")).unwrap();
    assert_fails!(scratch.rename(path("none"), path("x")), FileError::NotFound);
    assert_fails!(
        scratch.rename(path("f"), path("empty")),
        FileError::IsDirectory
    );
    assert_fails!(
        scratch.rename(path("a"), path("f")),
        FileError::NotDirectory
    );
    assert_fails!(scratch.rename(path("a"), path("full")), FileError::NotEmpty);
    scratch.rename(path("a"), path("empty")).unwrap();
    assert_eq!(names(&scratch, "empty"), ["b"]);
    assert_fails!(
        scratch.rename(path("empty"), path("empty/b/c")),
        FileError::Invalid
    );
    let open = create(&scratch, "f");
    scratch.rename(path("g"), path("f")).unwrap();
    assert_eq!(scratch.metadata(path("f"), Follow::Yes).unwrap().size, 2);
    assert_eq!(&open.read_at(0, 9).unwrap()[..], b"f");
    assert_eq!(names(&scratch, ""), ["empty", "f", "full"]);
}

#[test]
fn links_share_a_file() {
    let scratch = scratch();
    create(&scratch, "a").append(b"1").unwrap();
    scratch.link(path("a"), path("b")).unwrap();
    create(&scratch, "b").append(b"2").unwrap();
    let metadata = scratch.metadata(path("a"), Follow::Yes).unwrap();
    assert_eq!((metadata.links, metadata.size), (2, 2));
    assert_fails!(scratch.link(path("a"), path("b")), FileError::Exists);
    scratch.rename(path("a"), path("b")).unwrap();
    assert_eq!(names(&scratch, ""), ["a", "b"]);
    scratch.create_directory(path("d"), 0o755).unwrap();
    assert_fails!(scratch.link(path("d"), path("e")), FileError::NotPermitted);
}

#[test]
fn symbolic_links_are_left_to_the_caller() {
    let scratch = scratch();
    scratch.create_directory(path("d"), 0o755).unwrap();
    scratch.symlink("d", path("link")).unwrap();
    assert_eq!(scratch.read_link(path("link")).unwrap(), "d");
    assert_fails!(scratch.read_link(path("d")), FileError::Invalid);
    let own = scratch.metadata(path("link"), Follow::No).unwrap();
    assert_eq!(own.file_type, FileType::Symlink);
    let crossed = scratch.metadata(path("link/x"), Follow::No).unwrap_err();
    let FileError::Symlink {
        link_length,
        target,
    } = crossed
    else {
        panic!("{crossed}");
    };
    assert_eq!((link_length, &*target), (4, "d"));
    assert_fails!(
        scratch.create_directory(path("link/x"), 0o755),
        FileError::Symlink { .. }
    );
    assert_fails!(
        scratch.create_directory(path("link"), 0o755),
        FileError::Exists
    );
    scratch.remove_file(path("link")).unwrap();
    assert_eq!(names(&scratch, ""), ["d"]);
}

#[test]
fn the_clock_stamps_what_changes() {
    let seconds = Arc::new(AtomicU64::new(1));
    let source = Arc::clone(&seconds);
    let clock: Clock = Arc::new(move || Timestamp::new(source.load(Ordering::Relaxed), 0).unwrap());
    let scratch = Scratch::new(ScratchLimits::default(), clock);
    let file = create(&scratch, "f");
    seconds.store(2, Ordering::Relaxed);
    file.append(b"x").unwrap();
    let metadata = file.metadata().unwrap();
    assert_eq!(metadata.accessed.seconds(), 1);
    assert_eq!(
        (metadata.modified.seconds(), metadata.changed.seconds()),
        (2, 2)
    );
    seconds.store(3, Ordering::Relaxed);
    let chosen = Timestamp::new(9, 5).unwrap();
    let change = TimeChange::Set(chosen);
    scratch
        .set_times(path("f"), Follow::Yes, TimeChange::Now, change)
        .unwrap();
    let metadata = file.metadata().unwrap();
    assert_eq!(
        (metadata.accessed.seconds(), metadata.changed.seconds()),
        (3, 3)
    );
    assert_eq!(metadata.modified, chosen);
}

#[test]
fn modes_are_given_and_changed() {
    let scratch = scratch();
    let mode = |name| scratch.metadata(path(name), Follow::No).unwrap().mode;
    let private = OpenOptions {
        mode: 0o600,
        ..OpenOptions::to_write()
    };
    let file = try_open(&scratch, "f", private).unwrap();
    scratch.create_directory(path("d"), 0o700).unwrap();
    scratch.symlink("f", path("link")).unwrap();
    assert_eq!(
        (mode("f"), mode("d"), mode("link")),
        (0o100_600, 0o040_700, 0o120_777)
    );
    // A file that is there keeps its mode.
    create(&scratch, "f");
    assert_eq!(mode("f"), 0o100_600);
    file.set_mode(0o4755).unwrap();
    scratch.set_mode(path("d"), Follow::Yes, 0o200_711).unwrap();
    assert_eq!((mode("f"), mode("d")), (0o104_755, 0o040_711));
    assert_fails!(
        scratch.set_mode(path("link"), Follow::No, 0),
        FileError::Unsupported
    );
    assert_eq!(mode(""), 0o041_777);
}

#[test]
fn space_is_what_is_left() {
    let scratch = limited(100_000, 10);
    let before = scratch.space().unwrap();
    assert_eq!(
        (before.total_bytes, before.total_files, before.free_files),
        (100_000, 10, 9)
    );
    create(&scratch, "f").append(&[0; 10_000]).unwrap();
    let after = scratch.space().unwrap();
    assert!(after.free_bytes + 10_000 < before.free_bytes);
    assert_eq!(after.free_files, 8);
}
