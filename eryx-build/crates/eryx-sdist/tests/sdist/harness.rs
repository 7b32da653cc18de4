//! Source distributions that the tests make, and the builder that they are given to.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use eryx_base::Digest;
use eryx_cache::Cache;
use eryx_packaging::WheelName;
use eryx_packaging::{Distribution, Origin};
use eryx_sdist::{Builder, BuiltWheel, Requirements, SourceArchive, SourceError};
use eryx_wheel::SiteTree;
use eryx_wheel::unpack::unpack;
use tempfile::TempDir;

/// The name of every distribution that is made here.
pub(crate) const NAME: &str = "sample";
pub(crate) const VERSION: &str = "1.0";

/// A `pyproject.toml` whose backend is the file `backend.py` of the distribution itself.
pub(crate) const IN_TREE: &str = "[build-system]\nrequires = []\nbuild-backend = 'backend'\n\
     backend-path = ['.']\n";

/// What a backend needs to make a wheel of `sample.py` by hand.
pub(crate) const MAKE_WHEEL: &str = r#"
import base64, hashlib, os, sys, zipfile

METADATA = "Metadata-Version: 2.1\nName: sample\nVersion: 1.0\nRequires-Dist: six>=1\n"

def make_wheel(folder, name="sample-1.0-py3-none-any.whl", files=None):
    if files is None:
        files = {"sample.py": open("sample.py").read()}
    info = "sample-1.0.dist-info"
    files[f"{info}/METADATA"] = METADATA
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = f"{info}/RECORD,,\n"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        for path, text in files.items():
            data = text.encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(data)}\n"
            archive.writestr(path, data)
        archive.writestr(f"{info}/RECORD", record)
    return name
"#;

/// The runtime, read once.
pub(crate) fn runtime() -> &'static eryx_runtime::Distribution {
    static RUNTIME: OnceLock<eryx_runtime::Distribution> = OnceLock::new();
    RUNTIME.get_or_init(|| eryx_runtime::Distribution::embedded().expect("there is a runtime"))
}

/// A source distribution that is about to be made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sdist {
    files: Vec<(String, Vec<u8>)>,
}

impl Sdist {
    /// One with no files yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// One whose backend is `make_wheel` above, and these lines after it.
    pub(crate) fn with_backend(lines: &str) -> Self {
        Self::new()
            .file("pyproject.toml", IN_TREE)
            .file("sample.py", "x = 1\n")
            .file("backend.py", &format!("{MAKE_WHEEL}\n{lines}\n"))
    }

    /// One whose `build_wheel` does this, in lines that are indented by four spaces.
    pub(crate) fn that_builds(body: &str) -> Self {
        Self::with_backend(&format!(
            "def build_wheel(folder, settings=None, metadata=None):\n{body}\n"
        ))
    }

    /// One more file.
    #[must_use]
    pub(crate) fn file(mut self, path: &str, contents: &str) -> Self {
        self.files
            .push((path.to_owned(), contents.as_bytes().to_vec()));
        self
    }

    /// Without a file that was added.
    #[must_use]
    pub(crate) fn without(mut self, path: &str) -> Self {
        self.files.retain(|(name, _)| name != path);
        self
    }

    /// Writes it as a tar archive under gzip.
    pub(crate) fn write(&self, directory: &Path) -> SourceArchive {
        let file_name = format!("{NAME}-{VERSION}.tar.gz");
        let path = directory.join(&file_name);
        let file = std::fs::File::create(&path).unwrap();
        let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(
            file,
            flate2::Compression::default(),
        ));
        for (name, contents) in &self.files {
            let mut header = tar::Header::new_ustar();
            header.set_size(contents.len() as u64);
            header.set_mode(0o644);
            let name = format!("{NAME}-{VERSION}/{name}");
            archive
                .append_data(&mut header, name, &contents[..])
                .unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap();
        SourceArchive {
            name: NAME.to_owned(),
            version: Some(VERSION.to_owned()),
            sha256: Digest::of(&std::fs::read(&path).unwrap()),
            path,
            file_name,
        }
    }

    /// Builds it, requiring nothing, in a cache of its own.
    pub(crate) fn build(&self) -> Result<Built, SourceError> {
        self.build_with(&nothing, |builder| builder)
    }

    /// Builds it with what its build requires, and with other settings.
    pub(crate) fn build_with(
        &self,
        requirements: &Requirements<'_>,
        change: impl FnOnce(Builder<'_>) -> Builder<'_>,
    ) -> Result<Built, SourceError> {
        let directory = tempfile::tempdir().unwrap();
        let archive = self.write(directory.path());
        let cache = new_cache(directory.path());
        let builder = change(Builder::new(runtime(), &cache, requirements));
        let lines = Mutex::new(Vec::new());
        let report = |line: &str| lines.lock().unwrap().push(line.to_owned());
        let wheel = builder.wheel(&archive, &report)?;
        Ok(Built {
            site: site_of(&wheel),
            wheel,
            lines: lines.into_inner().unwrap(),
            _directory: directory,
        })
    }

    /// Builds it, which must fail. Gives the message and what was said besides.
    #[track_caller]
    pub(crate) fn refused(&self) -> String {
        self.refused_with(|builder| builder)
    }

    /// The same with other settings.
    #[track_caller]
    pub(crate) fn refused_with(&self, change: impl FnOnce(Builder<'_>) -> Builder<'_>) -> String {
        match self.build_with(&nothing, change) {
            Ok(built) => panic!("it was built: {:?}", built.wheel),
            Err(error) => said(&error),
        }
    }
}

/// A wheel that was built, and what it puts into a site tree.
pub(crate) struct Built {
    pub wheel: BuiltWheel,
    pub site: SiteTree,
    pub lines: Vec<String>,
    _directory: TempDir,
}

impl Built {
    /// A file of the site tree, as text.
    pub(crate) fn text(&self, path: &str) -> String {
        let file = self.site.files.get(path).expect("the file is in the wheel");
        String::from_utf8(file.contents.to_vec()).unwrap()
    }
}

/// An error in words, with the backend's own.
pub(crate) fn said(error: &SourceError) -> String {
    let chain = eryx_base::errors::chain(error);
    format!("{chain}\n{}", error.traceback().unwrap_or_default())
}

/// What goes into a site tree from a wheel, by the ordinary way.
pub(crate) fn site_of(wheel: &BuiltWheel) -> SiteTree {
    unpack(
        &[distribution(&wheel.path, &wheel.file_name)],
        &Default::default(),
    )
    .unwrap()
}

/// A wheel file as a distribution.
pub(crate) fn distribution(path: &Path, file_name: &str) -> Distribution {
    let name = WheelName::parse(file_name).unwrap();
    Distribution {
        name: name.name,
        version: name.version,
        wheel: path.to_owned(),
        file_name: file_name.to_owned(),
        sha256: Digest::of(&std::fs::read(path).unwrap()),
        origin: Origin::LocalFile,
        source: None,
    }
}

/// The wheels in a directory.
pub(crate) fn wheels_in(directory: &Path) -> Vec<Distribution> {
    let paths = std::fs::read_dir(directory).unwrap();
    let paths: Vec<PathBuf> = paths.map(|entry| entry.unwrap().path()).collect();
    let wheels = paths.iter().map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        distribution(path, name)
    });
    wheels.collect()
}

/// For builds that require nothing.
pub(crate) fn nothing(
    requirements: &[String],
) -> Result<Vec<Distribution>, Box<dyn std::error::Error + Send + Sync>> {
    Err(format!("nobody has {}", requirements.join(" ")).into())
}

/// A cache with the interpreter in it, which is compiled once for all tests of this process.
pub(crate) fn new_cache(directory: &Path) -> Cache {
    static COMPILED: OnceLock<TempDir> = OnceLock::new();
    let compiled = COMPILED.get_or_init(|| {
        let shared = tempfile::tempdir().unwrap();
        let sdist = Sdist::that_builds("    return make_wheel(folder)");
        let archive = sdist.write(shared.path());
        let cache = Cache::at(&shared.path().join("cache")).unwrap();
        let builder = Builder::new(runtime(), &cache, &nothing);
        builder.wheel(&archive, &|_| {}).expect("a sample is built");
        shared
    });
    let path = directory.join("cache");
    let cache = Cache::at(&path).unwrap();
    for kind in ["build-interpreters", "bytecode"] {
        let from = compiled.path().join("cache/v1").join(kind);
        copy_directory(&from, &path.join("v1").join(kind));
    }
    cache
}

fn copy_directory(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_directory(&path, &target);
        } else {
            std::fs::hard_link(&path, &target)
                .or_else(|_| std::fs::copy(&path, &target).map(drop))
                .unwrap();
        }
    }
}

/// A limit for builds that never end.
pub(crate) const SHORT: Duration = Duration::from_secs(2);
