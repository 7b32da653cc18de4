//! Where the SDK is: one directory for each runtime and layout, which is put in its place whole.

use super::{
    SdkError, build_systems,
    record::{LAYOUT, PYO3_CONFIGURATION, PYTHON, Record},
    runtime::{BuiltIn, Runtime},
};
use eryx_base::variables;
use eryx_cache::Cache;
use eryx_runtime::ziglang;
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// The file that says what an SDK is made of. It is written last.
const RECORD: &str = "sdk.json";

/// An SDK that is installed.
#[derive(Debug, Clone)]
pub struct Sdk {
    root: PathBuf,
    directory: PathBuf,
    runtime: Option<PathBuf>,
    record: Record,
}

impl Sdk {
    /// The SDK of this version of eryx for the runtime in a directory, or for the built-in one.
    ///
    /// # Errors
    /// When it is not installed, or damaged, or there is no runtime.
    pub fn open(runtime: Option<&Path>, built_in: BuiltIn) -> Result<Self, SdkError> {
        let location = Location::of_user(&Runtime::new(runtime, built_in)?)?;
        location
            .installed()?
            .ok_or_else(|| SdkError::NotInstalled(location.root.clone()))
    }

    /// The directory in which this SDK is, beside those of other versions.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The SDK's directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The directory of the runtime that it is for, absolute; `None` for the built-in one.
    #[must_use]
    pub fn runtime(&self) -> Option<&Path> {
        self.runtime.as_deref()
    }

    /// What it is made of.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Python's headers.
    #[must_use]
    pub fn include(&self) -> PathBuf {
        self.directory.join("include").join(PYTHON)
    }

    /// The libraries to link with.
    #[must_use]
    pub fn lib(&self) -> PathBuf {
        self.directory.join("lib")
    }

    /// What `sysconfig` of a build's Python is to know of the sandbox's Python, to be on `PYTHONPATH`.
    #[must_use]
    pub fn python_path(&self) -> PathBuf {
        self.directory.join("python")
    }

    /// The description of the sandbox's Python for build tools (PEP 739).
    #[must_use]
    pub fn build_details(&self) -> PathBuf {
        self.directory.join("build-details.json")
    }

    /// The description of the sandbox's Python for PyO3.
    #[must_use]
    pub fn pyo3_configuration(&self) -> PathBuf {
        self.directory.join(PYO3_CONFIGURATION)
    }

    /// The toolchain file of CMake.
    #[must_use]
    pub fn cmake_toolchain(&self) -> PathBuf {
        build_systems::toolchain(&self.directory)
    }

    /// The cross file of Meson.
    #[must_use]
    pub fn meson_cross_file(&self) -> PathBuf {
        build_systems::cross(&self.directory)
    }

    /// The directory of data in which Meson finds the cross file by its name, to be on `XDG_DATA_DIRS`.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        build_systems::data(&self.directory)
    }

    /// The programs that stand for compilers and their companions.
    #[must_use]
    pub fn bin(&self) -> PathBuf {
        self.directory.join("bin")
    }
}

/// Where the SDK of this version is, or is to be.
pub(super) struct Location {
    root: PathBuf,
    pub directory: PathBuf,
    runtime: Option<PathBuf>,
}

impl Location {
    /// A directory in that which `ERYX_SDK_DIR` names, or in the user's cache.
    pub(crate) fn of_user(runtime: &Runtime) -> Result<Self, SdkError> {
        let root = match variables::SDK_DIR.path() {
            Some(directory) => directory,
            None => Cache::user_directory()?.join("sdk"),
        };
        let root = std::path::absolute(&root).map_err(SdkError::file(&root))?;
        let identity = runtime.short_identity();
        let name = format!("{PYTHON}-{identity}-zig{}-{LAYOUT}", ziglang::VERSION);
        Ok(Self {
            directory: root.join(name),
            root,
            runtime: runtime.directory.clone(),
        })
    }

    /// The SDK that is there.
    pub(crate) fn installed(&self) -> Result<Option<Sdk>, SdkError> {
        let path = self.directory.join(RECORD);
        let damaged = |source: io::Error| SdkError::Damaged {
            path: self.directory.clone(),
            source,
        };
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.directory.exists() => {
                return Ok(None);
            }
            Err(error) => return Err(damaged(error)),
        };
        let record = serde_json::from_slice(&text).map_err(|error| damaged(error.into()))?;
        Ok(Some(Sdk {
            root: self.root.clone(),
            directory: self.directory.clone(),
            runtime: self.runtime.clone(),
            record,
        }))
    }

    /// Waits until no other installation runs; the lock is given back when the file is closed, also
    /// by a process that is killed.
    pub(crate) fn lock(&self) -> Result<File, SdkError> {
        Cache::make_private(&self.root)?;
        let path = self.directory.with_added_extension("lock");
        let file = File::create(&path).map_err(SdkError::file(&path))?;
        file.lock().map_err(SdkError::file(&path))?;
        self.remove_abandoned();
        Ok(file)
    }

    /// A new directory beside the SDK's.
    pub(crate) fn staging(&self) -> Result<TempDir, SdkError> {
        tempfile::Builder::new()
            .prefix(&self.staging_prefix())
            .tempdir_in(&self.root)
            .map_err(SdkError::file(&self.root))
    }

    /// Writes the record and puts the directory in its place.
    pub(crate) fn put(&self, staging: TempDir, record: &Record) -> Result<(), SdkError> {
        let path = staging.path().join(RECORD);
        let text = serde_json::to_vec_pretty(record).map_err(io::Error::from);
        text.and_then(|text| fs::write(&path, text))
            .map_err(SdkError::file(&path))?;
        if self.directory.exists() {
            // A directory cannot be renamed onto another that is not empty.
            let old = self.staging()?.keep();
            fs::rename(&self.directory, old.join("old"))
                .map_err(SdkError::file(&self.directory))?;
            fs::rename(staging.keep(), &self.directory).map_err(SdkError::file(&self.directory))?;
            let _ = fs::remove_dir_all(old);
            return Ok(());
        }
        fs::rename(staging.keep(), &self.directory).map_err(SdkError::file(&self.directory))
    }

    fn staging_prefix(&self) -> String {
        let name = self.directory.file_name().unwrap_or_default();
        format!(".{}-", name.to_string_lossy())
    }

    /// Removes what killed installations left. Whoever calls holds the lock, so none is running.
    fn remove_abandoned(&self) {
        let prefix = self.staging_prefix();
        for entry in fs::read_dir(&self.root).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}
