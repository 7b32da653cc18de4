//! Source distributions that are made by the tests.
//!
//! ```
//! use eryx_tests::source::Source;
//!
//! let folder = tempfile::tempdir().unwrap();
//! let archive = Source::new("app", "1.0").file("app.py", "").write(folder.path());
//! assert!(archive.ends_with("app-1.0.tar.gz"));
//! ```

use flate2::{Compression, write::GzEncoder};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

/// A source distribution that is about to be made: `.tar.gz`, with a PKG-INFO that leaves open what
/// the package requires.
#[derive(Debug, Clone)]
pub struct Source {
    stem: String,
    files: Vec<(String, Vec<u8>)>,
}

impl Source {
    /// One of a version of a package.
    pub fn new(name: &str, version: &str) -> Self {
        let information = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        Self {
            stem: format!("{name}-{version}"),
            files: vec![("PKG-INFO".to_owned(), information.into_bytes())],
        }
    }

    /// One more file, by its path in the source tree, or another PKG-INFO.
    #[must_use]
    pub fn file(mut self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        let contents = contents.as_ref().to_vec();
        self.files.retain(|(known, _)| known != path);
        self.files.push((path.to_owned(), contents));
        self
    }

    /// More text at the end of a file that is there.
    #[must_use]
    pub fn append(mut self, path: &str, text: &str) -> Self {
        let file = self.files.iter_mut().find(|(known, _)| known == path);
        let (_, contents) = file.expect("the file is there");
        contents.extend_from_slice(text.as_bytes());
        self
    }

    /// The name of the package, with hyphens.
    pub fn name(&self) -> String {
        let (name, _) = self.stem.rsplit_once('-').expect("a version follows");
        name.replace('_', "-")
    }

    /// Writes the archive into a folder.
    pub fn write(&self, folder: &Path) -> PathBuf {
        fs::create_dir_all(folder).unwrap();
        let path = folder.join(format!("{}.tar.gz", self.stem));
        let file = File::create(&path).unwrap();
        let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
        for (name, contents) in &self.files {
            let mut header = tar::Header::new_gnu();
            header.set_size(contents.len() as u64);
            header.set_mode(0o644);
            let name = format!("{}/{name}", self.stem);
            archive
                .append_data(&mut header, name, contents.as_slice())
                .unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap();
        path
    }
}
