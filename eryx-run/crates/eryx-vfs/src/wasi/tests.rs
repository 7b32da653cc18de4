//! The guest's side, called as the linker calls it.

use std::sync::Arc;

use types::{HostDescriptor as _, HostDirectoryEntryStream as _};
use wasmtime::component::ResourceTable;
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;
use wasmtime_wasi_io::streams::StreamError;

use super::*;
use crate::{Namespace, Scratch, ScratchLimits, Timestamp};

struct Guest {
    table: ResourceTable,
    state: VfsState,
    root: u32,
}

impl Guest {
    fn new() -> Self {
        let limits = ScratchLimits {
            bytes: 100_000,
            files: 10_000,
        };
        let scratch = Scratch::new(limits, Arc::new(|| Timestamp::IMAGE));
        let namespace = Namespace::builder()
            .mount("/tmp", Arc::new(scratch))
            .and_then(|builder| builder.mount_file("/script.py", "print(1)"))
            .unwrap()
            .build();
        let mut guest = Self {
            table: ResourceTable::new(),
            state: VfsState::new(namespace),
            root: 0,
        };
        let directories = preopens::Host::get_directories(&mut guest.view()).unwrap();
        let [(root, path)] = directories.as_slice() else {
            panic!("not one preopened directory");
        };
        assert_eq!(path, "/");
        guest.root = root.rep();
        guest
    }

    fn view(&mut self) -> FileSystemView<'_> {
        FileSystemView {
            table: &mut self.table,
            state: &mut self.state,
        }
    }

    fn root(&self) -> Handle {
        Resource::new_borrow(self.root)
    }

    fn open(&mut self, path: &str, open: OpenFlags, flags: DescriptorFlags) -> FsResult<u32> {
        let root = self.root();
        let follow = PathFlags::SYMLINK_FOLLOW;
        let handle = self
            .view()
            .open_at(root, follow, path.to_owned(), open, flags)?;
        Ok(handle.rep())
    }
}

fn borrow(number: u32) -> Handle {
    Resource::new_borrow(number)
}

#[track_caller]
fn assert_code<T>(result: FsResult<T>, code: ErrorCode) {
    let error = result.map(drop).unwrap_err();
    assert_eq!(error.downcast().unwrap(), code);
}

fn read_write() -> DescriptorFlags {
    DescriptorFlags::READ | DescriptorFlags::WRITE
}

#[test]
fn a_file_is_written_and_read_through_streams() {
    let mut guest = Guest::new();
    let file = guest
        .open("tmp/f", OpenFlags::CREATE, read_write())
        .unwrap();
    let output = guest.view().write_via_stream(borrow(file), 2).unwrap();
    let stream = guest.table.get_mut(&output).unwrap();
    assert!(stream.check_write().unwrap() >= 4096);
    stream.write("cd".into()).unwrap();
    stream.write("ef".into()).unwrap();
    let output = guest.view().append_via_stream(borrow(file)).unwrap();
    guest
        .table
        .get_mut(&output)
        .unwrap()
        .write("gh".into())
        .unwrap();
    guest.view().write(borrow(file), b"ab".to_vec(), 0).unwrap();

    let input = guest.view().read_via_stream(borrow(file), 1).unwrap();
    let stream = guest.table.get_mut(&input).unwrap();
    assert_eq!(&stream.read(3).unwrap()[..], b"bcd");
    assert_eq!(&stream.read(usize::MAX).unwrap()[..], b"efgh");
    assert!(matches!(stream.read(1), Err(StreamError::Closed)));
    let (data, end) = guest.view().read(borrow(file), u64::MAX, 6).unwrap();
    assert_eq!((&data[..], end), (&b"gh"[..], false));
    assert_eq!(
        guest.view().read(borrow(file), 1, 8).unwrap(),
        (Vec::new(), true)
    );
    assert_eq!(guest.view().stat(borrow(file)).unwrap().size, 8);
}

#[test]
fn a_failed_write_tells_the_guest_why() {
    let mut guest = Guest::new();
    let file = guest
        .open("tmp/f", OpenFlags::CREATE, read_write())
        .unwrap();
    let output = guest.view().append_via_stream(borrow(file)).unwrap();
    let result = guest
        .table
        .get_mut(&output)
        .unwrap()
        .write(vec![0; 200_000].into());
    let Err(StreamError::LastOperationFailed(error)) = result else {
        panic!("{result:?}");
    };
    let error = guest.table.push(error).unwrap();
    let code = types::Host::filesystem_error_code(&mut guest.view(), error).unwrap();
    assert_eq!(code, Some(types::ErrorCode::InsufficientSpace));
}

#[test]
fn descriptors_do_only_what_they_were_opened_for() {
    let mut guest = Guest::new();
    let (none, read) = (OpenFlags::empty(), DescriptorFlags::READ);
    let write = DescriptorFlags::WRITE | DescriptorFlags::MUTATE_DIRECTORY;
    let writer = guest.open("tmp/f", OpenFlags::CREATE, write).unwrap();
    let reader = guest.open("tmp/f", none, read).unwrap();
    let directory = guest.open("tmp", OpenFlags::DIRECTORY, read).unwrap();
    assert_code(
        guest.view().read(borrow(writer), 1, 0),
        ErrorCode::BadDescriptor,
    );
    assert_code(
        guest.view().read_via_stream(borrow(writer), 0),
        ErrorCode::BadDescriptor,
    );
    assert_code(
        guest.view().write(borrow(reader), vec![1], 0),
        ErrorCode::BadDescriptor,
    );
    assert_code(
        guest.view().append_via_stream(borrow(reader)),
        ErrorCode::BadDescriptor,
    );
    assert_code(guest.view().set_size(borrow(reader), 0), ErrorCode::Invalid);
    assert_code(
        guest.view().read(borrow(directory), 1, 0),
        ErrorCode::IsDirectory,
    );
    assert_code(
        guest.view().read_directory(borrow(reader)),
        ErrorCode::NotDirectory,
    );
    assert_code(
        guest
            .view()
            .stat_at(borrow(reader), PathFlags::empty(), "x".into()),
        ErrorCode::NotDirectory,
    );
    assert_eq!(
        guest.view().get_flags(borrow(writer)).unwrap(),
        DescriptorFlags::WRITE
    );
    let flags = guest.view().get_flags(borrow(directory)).unwrap();
    assert_eq!(
        flags,
        DescriptorFlags::READ | DescriptorFlags::MUTATE_DIRECTORY
    );
    assert_code(
        guest.open("script.py", none, read_write()),
        ErrorCode::ReadOnly,
    );
    assert_code(guest.open("none", none, read), ErrorCode::NoEntry);
    assert_code(guest.open("/tmp", none, read), ErrorCode::NotPermitted);
    assert_code(
        guest.open("script.py", OpenFlags::DIRECTORY, read),
        ErrorCode::NotDirectory,
    );
}

#[test]
fn a_directory_is_listed_once_through() {
    let mut guest = Guest::new();
    for name in ["b", "a"] {
        guest
            .open(&format!("tmp/{name}"), OpenFlags::CREATE, read_write())
            .unwrap();
    }
    let directory = guest
        .open("tmp", OpenFlags::DIRECTORY, DescriptorFlags::READ)
        .unwrap();
    let listing = guest
        .view()
        .read_directory(borrow(directory))
        .unwrap()
        .rep();
    let mut next = || {
        let entry = guest
            .view()
            .read_directory_entry(Resource::new_borrow(listing));
        entry.unwrap().map(|entry| (entry.name, entry.type_))
    };
    assert_eq!(next(), Some(("a".to_owned(), DescriptorType::RegularFile)));
    assert_eq!(next(), Some(("b".to_owned(), DescriptorType::RegularFile)));
    assert_eq!((next(), next()), (None, None));
}

#[test]
fn open_descriptors_are_bounded() {
    let mut guest = Guest::new();
    let mut last = 0;
    let refused = (0..2 * MAX_OPEN).find_map(|_| {
        match guest.open("tmp", OpenFlags::empty(), DescriptorFlags::READ) {
            Ok(handle) => {
                last = handle;
                None
            }
            Err(error) => Some(error.downcast().unwrap()),
        }
    });
    assert_eq!(refused, Some(ErrorCode::InsufficientMemory));
    let result = guest.open("tmp/new", OpenFlags::CREATE, read_write());
    assert_code(result, ErrorCode::InsufficientMemory);
    let handle = Resource::new_own(last);
    types::HostDescriptor::drop(&mut guest.view(), handle).unwrap();
    // What was refused was not made either.
    let result = guest.open("tmp/new", OpenFlags::empty(), read_write());
    assert_code(result, ErrorCode::NoEntry);
    guest
        .open("tmp/new", OpenFlags::CREATE, read_write())
        .unwrap();
}

#[test]
fn one_file_has_one_hash() {
    let mut guest = Guest::new();
    let file = guest
        .open("tmp/f", OpenFlags::CREATE, read_write())
        .unwrap();
    let other = guest
        .open("tmp/g", OpenFlags::CREATE, read_write())
        .unwrap();
    let mut hash = |path: &str| {
        let root = guest.root();
        let hash = guest
            .view()
            .metadata_hash_at(root, PathFlags::empty(), path.to_owned());
        hash.map(|hash| (hash.lower, hash.upper)).unwrap()
    };
    let by_path = hash("tmp/f");
    assert_eq!(by_path, hash("tmp/../tmp/f"));
    assert_ne!(by_path, hash("tmp/g"));
    assert_ne!(by_path, hash("tmp"));
    let open = guest.view().metadata_hash(borrow(file)).unwrap();
    assert_eq!((open.lower, open.upper), by_path);
    assert!(
        guest
            .view()
            .is_same_object(borrow(file), borrow(file))
            .unwrap()
    );
    assert!(
        !guest
            .view()
            .is_same_object(borrow(file), borrow(other))
            .unwrap()
    );
}
