//! The few devices that programs expect under `/dev`.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use super::error::FileError;
use super::file_system::{
    DirectoryEntries, FileSystem, OpenFile, Opened, check_read_only_open, refuse_missing,
};
use super::path::RelativePath;
use super::types::{DirectoryEntry, FileType, Follow, Metadata, OpenOptions, TimeChange};

/// What fills `/dev/urandom`: the host's random numbers at run time, a fixed sequence at bake time.
pub type RandomSource = Box<dyn FnMut(&mut [u8]) + Send>;

/// The most that one read of a device returns, in bytes: it is made for each read.
const MAX_DEVICE_READ: usize = 64 * 1024;

/// Which device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    Random,
    Zero,
    /// One of the guest's own descriptors, which only the guest can open: it is here to be listed.
    Descriptor,
    /// The directory of those.
    Descriptors,
}

impl Kind {
    fn file_type(self) -> FileType {
        match self {
            Self::Descriptors => FileType::Directory,
            _ => FileType::CharacterDevice,
        }
    }
}

/// Sorted by name, as a listing shows them.
const DEVICES: [(&str, Kind); 9] = [
    ("fd", Kind::Descriptors),
    ("null", Kind::Null),
    ("random", Kind::Random),
    ("stderr", Kind::Descriptor),
    ("stdin", Kind::Descriptor),
    ("stdout", Kind::Descriptor),
    ("tty", Kind::Descriptor),
    ("urandom", Kind::Random),
    ("zero", Kind::Zero),
];

/// A directory of `null`, `random`, `urandom`, `zero` and what stands for the guest's own descriptors, to
/// be mounted at `/dev`.
#[derive(Clone)]
pub struct Devices {
    random: Arc<Mutex<RandomSource>>,
}

impl Devices {
    /// The devices, with random bytes from `random`.
    pub fn new(random: RandomSource) -> Self {
        Self {
            random: Arc::new(Mutex::new(random)),
        }
    }
}

/// The device at a path, `None` for the root, and its metadata.
fn find(path: RelativePath<'_>) -> Result<(Option<Kind>, Metadata), FileError> {
    if path.is_root() {
        return Ok((None, Metadata::fixed(FileType::Directory, 0, 1)));
    }
    let name = path.components().next().unwrap_or_default();
    let device = (2u64..).zip(DEVICES).find(|(_, device)| device.0 == name);
    let Some((inode, (_, kind))) = device else {
        return Err(FileError::NotFound);
    };
    if name != path.as_str() {
        return Err(match kind {
            Kind::Descriptors => FileError::NotFound,
            _ => FileError::NotDirectory,
        });
    }
    let metadata = Metadata::fixed(kind.file_type(), 0, inode);
    Ok((Some(kind), metadata))
}

impl FileSystem for Devices {
    fn metadata(&self, path: RelativePath<'_>, _follow: Follow) -> Result<Metadata, FileError> {
        Ok(find(path)?.1)
    }

    fn open(&self, path: RelativePath<'_>, options: &OpenOptions) -> Result<Opened, FileError> {
        let (kind, metadata) =
            find(path).map_err(|error| refuse_missing(self, path, options, error))?;
        check_read_only_open(metadata.file_type, options)?;
        Ok(match kind {
            None | Some(Kind::Descriptors) => Opened::Directory,
            // What a `/dev/tty` without a terminal says.
            Some(Kind::Descriptor) => return Err(FileError::NotPermitted),
            Some(kind) => Opened::File(Arc::new(Device {
                kind,
                metadata,
                random: Arc::clone(&self.random),
            })),
        })
    }

    fn read_directory(&self, path: RelativePath<'_>) -> Result<DirectoryEntries, FileError> {
        match find(path)?.0 {
            None => {}
            Some(Kind::Descriptors) => return Ok(Box::new(std::iter::empty())),
            Some(_) => return Err(FileError::NotDirectory),
        }
        Ok(Box::new(DEVICES.into_iter().map(|(name, kind)| {
            Ok(DirectoryEntry {
                name: name.to_owned(),
                file_type: kind.file_type(),
            })
        })))
    }
}

struct Device {
    kind: Kind,
    metadata: Metadata,
    random: Arc<Mutex<RandomSource>>,
}

impl OpenFile for Device {
    fn read_at(&self, _offset: u64, length: usize) -> Result<Bytes, FileError> {
        let length = length.min(MAX_DEVICE_READ);
        match self.kind {
            Kind::Null | Kind::Descriptor | Kind::Descriptors => Ok(Bytes::new()),
            Kind::Zero => Ok(vec![0; length].into()),
            Kind::Random => {
                let mut buffer = vec![0; length];
                let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
                random(&mut buffer);
                Ok(buffer.into())
            }
        }
    }

    fn metadata(&self) -> Result<Metadata, FileError> {
        Ok(self.metadata)
    }

    fn write_at(&self, _offset: u64, _data: &[u8]) -> Result<(), FileError> {
        Ok(())
    }

    fn append(&self, _data: &[u8]) -> Result<(), FileError> {
        Ok(())
    }

    fn set_size(&self, _size: u64) -> Result<(), FileError> {
        // What `ftruncate` says about anything that is not a regular file.
        Err(FileError::Invalid)
    }

    fn set_times(&self, _accessed: TimeChange, _modified: TimeChange) -> Result<(), FileError> {
        Err(FileError::NotPermitted)
    }

    fn set_mode(&self, _mode: u32) -> Result<(), FileError> {
        Err(FileError::NotPermitted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(devices: &Devices, name: &str, options: OpenOptions) -> Arc<dyn OpenFile> {
        let path = RelativePath::new(name).unwrap();
        match devices.open(path, &options) {
            Ok(Opened::File(file)) => file,
            _ => panic!("{name} does not open"),
        }
    }

    #[test]
    fn devices_read_and_swallow() {
        let mut next = 0_u8;
        let devices = Devices::new(Box::new(move |buffer| {
            for byte in buffer {
                next = next.wrapping_add(1);
                *byte = next;
            }
        }));
        let null = open(&devices, "null", OpenOptions::to_write());
        null.write_at(0, b"gone").unwrap();
        assert!(null.read_at(0, 10).unwrap().is_empty());
        let random = open(&devices, "urandom", OpenOptions::to_read());
        assert_eq!(&random.read_at(0, 3).unwrap()[..], [1, 2, 3]);
        assert_eq!(&random.read_at(0, 2).unwrap()[..], [4, 5]);
        assert_eq!(
            random.read_at(0, usize::MAX).unwrap().len(),
            MAX_DEVICE_READ
        );
        let zero = open(&devices, "zero", OpenOptions::to_read());
        assert_eq!(&zero.read_at(9, 2).unwrap()[..], [0, 0]);
    }

    #[test]
    fn the_directory_is_fixed() {
        let devices = Devices::new(Box::new(|_| ()));
        let names = devices.read_directory(RelativePath::ROOT).unwrap();
        let names: Vec<_> = names.map(|entry| entry.unwrap().name).collect();
        let all = [
            "fd", "null", "random", "stderr", "stdin", "stdout", "tty", "urandom", "zero",
        ];
        assert_eq!(names, all);
        let path = RelativePath::new("new").unwrap();
        let created = devices.open(path, &OpenOptions::to_write());
        assert!(matches!(created, Err(FileError::ReadOnly)));
        let below = RelativePath::new("null/x").unwrap();
        assert!(matches!(
            devices.metadata(below, Follow::Yes),
            Err(FileError::NotDirectory)
        ));
    }
}
