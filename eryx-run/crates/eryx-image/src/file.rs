//! Opening an image.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eryx_base::{Digest, escape::escape};
use memmap2::Mmap;

use super::WASMTIME_VERSION;
use super::bytes::TreeBytes;
use super::cpu;
use super::elf::{self, Code, CodeError};
use super::error::{Foreign, ImageError, ImageProblem};
use super::file_state::FileState;
use super::interfaces;
use super::layout::{FORMAT_VERSION, Part, PartPlace, Tail, Trailer, TrailerError};
use super::mapped::MappedFile;
use super::metadata::{MAX_METADATA, Metadata};
use super::sealed;
use super::symbols::{self, Symbol};
use super::tree::Tree;
use super::verify::{self, VerifyReport};

/// An image that was opened. Cheap to clone; the file stays mapped as long as a clone lives.
///
/// An image is trusted like an executable: who can write to it can make the loader run anything.
/// So its user must not change it while it is open; [`write()`](super::write()) never does, it puts
/// a new file in its place. A file cut short in use ends the process with a bus error, as a program
/// does whose executable is cut short. A file that other users can write to is copied into sealed
/// memory by [`Image::open`], and no sandbox of this process can write to one that is open.
///
/// ```no_run
/// use eryx_image::Image;
///
/// let image = Image::open("image.cwasm")?;
/// println!("Python {}", image.metadata().runtime.python);
/// let file = image.tree().resolve("/site-packages/six.py");
/// # Ok::<(), eryx_image::ImageError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Image {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    file: File,
    /// Keeps the file on record: see [`super::is_mapped`].
    _mapped: MappedFile,
    is_copy: bool,
    /// The file as it was when it was opened.
    state: Option<FileState>,
    file_length: u64,
    identity: Digest,
    trailer: Trailer,
    metadata: Metadata,
    code: TreeBytes,
    tree: Tree,
}

impl Image {
    /// Opens an image that can run on this machine.
    ///
    /// # Errors
    /// What [`Image::examine`] and [`Image::check_host`] find.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ImageError> {
        let path = path.as_ref();
        let image =
            examine(path, Purpose::Run).map_err(|problem| ImageError::new(path, problem))?;
        image.check_host()?;
        Ok(image)
    }

    /// Opens an image in order to look into it, even if it is for another machine or loader.
    ///
    /// Checked are the trailer, the sha256 of metadata and tree index, the whole tree index, and
    /// the structure and tables of the machine code. The bulk of machine code and file data is left
    /// to [`Image::verify`], which takes time in proportion to their size. Nothing is mapped
    /// executable.
    ///
    /// # Errors
    /// When the file is no sound image.
    pub fn examine(path: &Path) -> Result<Self, ImageError> {
        examine(path, Purpose::Look).map_err(|problem| ImageError::new(path, problem))
    }

    /// Whether this loader on this machine can run the image.
    ///
    /// # Errors
    /// When it was baked for another version of wasmtime, another target, or a CPU that can do more.
    pub fn check_host(&self) -> Result<(), ImageError> {
        check_host(&self.inner.metadata).map_err(|problem| self.error(problem))
    }

    /// Whether a host has every interface that the image imports from it, and speaks to guests of
    /// the image's world. `host` are the host's own interfaces besides WASI, `world` is the package
    /// of the guest's exports, all as WIT names them.
    ///
    /// # Errors
    /// When one is missing; the error names it.
    pub fn check_interfaces(&self, host: &[&str], world: &str) -> Result<(), ImageError> {
        let interfaces = &self.inner.metadata.interfaces;
        let toolchain = || escape(&self.inner.metadata.toolchain).into_owned();
        if interfaces.world.is_empty() {
            let toolchain = toolchain();
            return Err(self.error(ImageProblem::NoInterfaces { toolchain }));
        }
        let imports = interfaces.imports.iter().map(String::as_str);
        // Those of WASI come with the engine, whose version is checked to the last digit.
        let own = imports.filter(|import| !import.starts_with("wasi:"));
        let missing = interfaces::missing_interface(own, host)
            .or_else(|| interfaces::missing_interface([interfaces.world.as_str()], &[world]));
        let Some(missing) = missing else {
            return Ok(());
        };
        Err(self.error(ImageProblem::Interface {
            name: escape(missing).into_owned(),
            toolchain: toolchain(),
        }))
    }

    /// Whether an engine is set as the one was that baked the image.
    ///
    /// # Errors
    /// When a setting is different, is missing or is there beyond those of the image.
    pub fn check_engine(&self, settings: &BTreeMap<String, String>) -> Result<(), ImageError> {
        let baked = &self.inner.metadata.engine.settings;
        let name = baked
            .keys()
            .chain(settings.keys())
            .find(|name| baked.get(*name) != settings.get(*name));
        let Some(name) = name else { return Ok(()) };
        let show = |value: Option<&String>| match value {
            Some(value) => format!("`{}`", escape(value)),
            None => "no such setting".to_owned(),
        };
        Err(self.error(ImageProblem::Setting {
            name: escape(name).into_owned(),
            image: show(baked.get(name)),
            loader: show(settings.get(name)),
        }))
    }

    /// The path it was opened by.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// The opened file. It is the very one that was checked, whatever is at the path by now.
    pub fn file(&self) -> &File {
        &self.inner.file
    }

    /// What the image says about itself.
    pub fn metadata(&self) -> &Metadata {
        &self.inner.metadata
    }

    /// The files of the sandbox.
    pub fn tree(&self) -> &Tree {
        &self.inner.tree
    }

    /// The bytes of the file that are the compiled component. They begin at 0.
    pub fn code_range(&self) -> Range<u64> {
        self.part(Part::Code).range()
    }

    /// The compiled component.
    pub fn code(&self) -> &[u8] {
        &self.inner.code
    }

    /// Whether [`Image::open`] copied it, since others can write to its file.
    pub fn is_copy(&self) -> bool {
        self.inner.is_copy
    }

    /// The functions of the machine code, which takes some milliseconds to read.
    ///
    /// # Errors
    /// When its symbol table is not sound.
    pub fn symbols(&self) -> Result<Vec<Symbol>, ImageError> {
        symbols::read(&self.inner.code).map_err(|error| self.error(ImageProblem::Code(error)))
    }

    /// Where a part lies and what it must hash to.
    pub fn part(&self, part: Part) -> PartPlace {
        *self.inner.trailer.part(part)
    }

    /// The length of the file in bytes.
    pub fn file_len(&self) -> u64 {
        self.inner.file_length
    }

    /// The sha256 of the trailer, which has those of all parts in it: it identifies the image.
    pub fn identity(&self) -> Digest {
        self.inner.identity
    }

    /// Reads the whole file and checks the sha256 of every part.
    ///
    /// # Errors
    /// The first part that does not match, or what the operating system says while reading.
    pub fn verify(&self) -> Result<VerifyReport, ImageError> {
        verify::verify(&self.inner.file, &self.inner.trailer).map_err(|problem| self.error(problem))
    }

    /// The file as it was when it was opened, where the system tells files apart.
    pub(super) fn state(&self) -> Option<&FileState> {
        self.inner.state.as_ref()
    }

    fn error(&self, problem: ImageProblem) -> ImageError {
        ImageError::new(&self.inner.path, problem)
    }
}

/// What an image is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Its machine code may be run.
    Run,
    /// It is only looked into.
    Look,
}

fn examine(path: &Path, purpose: Purpose) -> Result<Image, ImageProblem> {
    let file = open_file(path)?;
    // Before anything of it is read: from now on no sandbox of this process can write to it.
    let state = FileState::of(&file).map_err(ImageProblem::Read)?;
    let mapped = MappedFile::new(state.map(|state| state.identity));
    let is_copy =
        purpose == Purpose::Run && sealed::may_change(&file).map_err(ImageProblem::Read)?;
    let file = match is_copy {
        true => sealed::copy(&file).map_err(ImageProblem::Copy)?,
        false => file,
    };
    // SAFETY: the mapping is read-only and private to this process. That nobody changes the file
    // while it is mapped cannot be enforced; it is required of users, as it is for executables and
    // shared libraries (see the documentation of `Image`). This crate itself replaces images by
    // renaming and never writes to one in place. Readers check bounds on each access, so bytes that
    // change nevertheless lead to wrong answers, not out of the mapping.
    let map = unsafe { Mmap::map(&file) }.map_err(ImageProblem::Read)?;
    let map = TreeBytes::new(map);

    let tail = Tail::decode(&map).ok_or_else(|| without_tail(&map))?;
    if tail.version > FORMAT_VERSION {
        return Err(ImageProblem::TooNew(tail.version));
    }
    let (trailer, identity) = Trailer::decode(&map, tail).map_err(ImageProblem::Trailer)?;

    let metadata_length = trailer.part(Part::Metadata).length;
    if metadata_length > MAX_METADATA {
        return Err(ImageProblem::MetadataSize(metadata_length));
    }
    let metadata = checked_part(&map, &trailer, Part::Metadata)?;
    let metadata = Metadata::parse(&metadata).map_err(ImageProblem::Metadata)?;

    let code = part(&map, &trailer, Part::Code)?;
    check_code(&code, &trailer, &metadata).map_err(ImageProblem::Code)?;

    let index = checked_part(&map, &trailer, Part::Index)?;
    let data = part(&map, &trailer, Part::Data)?;
    let tree = Tree::open(index, data).map_err(ImageProblem::Index)?;

    let file_length = map.len() as u64;
    let path = path.to_owned();
    Ok(Image {
        inner: Arc::new(Inner {
            path,
            file,
            _mapped: mapped,
            is_copy,
            state,
            file_length,
            identity,
            trailer,
            metadata,
            code,
            tree,
        }),
    })
}

/// Opens a regular file that is not empty and fits into memory.
fn open_file(path: &Path) -> Result<File, ImageProblem> {
    let classify = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => ImageProblem::NotFound,
        io::ErrorKind::IsADirectory => ImageProblem::Directory,
        _ => ImageProblem::Read(error),
    };
    // Looked at before it is opened: opening a pipe would wait for somebody to write to it.
    check_kind(&fs::metadata(path).map_err(classify)?)?;
    let file = File::open(path).map_err(classify)?;
    let metadata = file.metadata().map_err(classify)?;
    check_kind(&metadata)?;
    match metadata.len() {
        0 => Err(ImageProblem::Empty),
        length if usize::try_from(length).is_err() => Err(ImageProblem::TooLarge),
        _ => Ok(file),
    }
}

fn check_kind(metadata: &fs::Metadata) -> Result<(), ImageProblem> {
    if metadata.is_dir() {
        Err(ImageProblem::Directory)
    } else if !metadata.is_file() {
        Err(ImageProblem::NotAFile)
    } else {
        Ok(())
    }
}

/// What a file is that does not end as an image does.
fn without_tail(file: &[u8]) -> ImageProblem {
    let text = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => !text.contains('\0'),
        // The bytes looked at may end within a character.
        Err(error) => error.error_len().is_none() && !bytes.contains(&0),
    };
    if elf::is_wasmtime_elf(file) {
        return match Code::read(file) {
            Ok(code) if code.end == file.len() as u64 => ImageProblem::Foreign(Foreign::Compiled),
            Err(CodeError::NotComponent) => ImageProblem::Foreign(Foreign::Compiled),
            _ => ImageProblem::Truncated,
        };
    }
    ImageProblem::Foreign(match file {
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => Foreign::WasmModule,
        [0, b'a', b's', b'm', ..] => Foreign::WasmComponent,
        [0x7f, b'E', b'L', b'F', ..] => Foreign::Elf,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Foreign::Zip,
        bytes if text(bytes.get(..512).unwrap_or(bytes)) => Foreign::Text,
        _ => Foreign::Unknown,
    })
}

/// The bytes of a part.
fn part(map: &TreeBytes, trailer: &Trailer, part: Part) -> Result<TreeBytes, ImageProblem> {
    let Range { start, end } = trailer.part(part).range();
    usize::try_from(start)
        .ok()
        .zip(usize::try_from(end).ok())
        .and_then(|(start, end)| map.slice(start..end))
        .ok_or(ImageProblem::Trailer(TrailerError::Place(part)))
}

/// The bytes of a part, whose sha256 is right.
fn checked_part(
    map: &TreeBytes,
    trailer: &Trailer,
    wanted: Part,
) -> Result<TreeBytes, ImageProblem> {
    let bytes = part(map, trailer, wanted)?;
    if Digest::of(&bytes) != trailer.part(wanted).digest {
        return Err(ImageProblem::Digest(wanted));
    }
    Ok(bytes)
}

fn check_code(code: &[u8], trailer: &Trailer, metadata: &Metadata) -> Result<(), CodeError> {
    let found = Code::read(code)?;
    if found.checksum != trailer.code_checksum {
        return Err(CodeError::Checksum);
    }
    found.check_target(&metadata.target)
}

fn check_host(metadata: &Metadata) -> Result<(), ImageProblem> {
    let (architecture, system) = cpu::host_platform();
    if cpu::platform(&metadata.target) != (architecture, system) {
        return Err(ImageProblem::Target {
            image: escape(&metadata.target).into_owned(),
            host: format!("{architecture} {system}"),
        });
    }
    if metadata.engine.wasmtime != WASMTIME_VERSION {
        return Err(ImageProblem::Wasmtime {
            image: escape(&metadata.engine.wasmtime).into_owned(),
            loader: WASMTIME_VERSION,
        });
    }
    let missing = cpu::missing_features(&metadata.cpu.features);
    if !missing.is_empty() {
        return Err(ImageProblem::CpuFeatures {
            baseline: escape(&metadata.cpu.baseline).into_owned(),
            missing: escape(&missing.join(", ")).into_owned(),
        });
    }
    Ok(())
}
