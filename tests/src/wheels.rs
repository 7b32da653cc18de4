//! Wheels that are made by the tests: good ones by name and files, bad ones entry by entry.
//!
//! ```
//! use eryx_tests::wheels::Wheel;
//!
//! let folder = tempfile::tempdir().unwrap();
//! let wheel = Wheel::new("greeting").file("greeting.py", "WORDS = 'hello'\n").write(folder.path());
//! assert!(wheel.ends_with("greeting-1.0-py3-none-any.whl"));
//! ```

mod archive;

pub use archive::{Entry, archive};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A wheel (PEP 427) that is about to be made.
#[derive(Debug, Clone)]
pub struct Wheel {
    name: String,
    version: String,
    tag: String,
    metadata: String,
    files: Vec<(String, Vec<u8>)>,
}

impl Wheel {
    /// A wheel of version 1.0 of a package, for any platform, with no files yet.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: "1.0".to_owned(),
            tag: "py3-none-any".to_owned(),
            metadata: String::new(),
            files: Vec::new(),
        }
    }

    /// Another version.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.version);
        self
    }

    /// Another compatibility tag (PEP 425).
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        tag.clone_into(&mut self.tag);
        self
    }

    /// One more line of METADATA, such as `License-Expression: MIT`.
    #[must_use]
    pub fn metadata(mut self, line: &str) -> Self {
        self.metadata.push_str(line);
        self.metadata.push('\n');
        self
    }

    /// One more file.
    #[must_use]
    pub fn file(mut self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        self.files
            .push((path.to_owned(), contents.as_ref().to_vec()));
        self
    }

    /// A file of the `.dist-info` folder, such as `entry_points.txt`.
    #[must_use]
    pub fn info(self, name: &str, contents: impl AsRef<[u8]>) -> Self {
        let path = format!("{}/{name}", self.info_folder());
        self.file(&path, contents)
    }

    /// The name of the `.dist-info` folder.
    pub fn info_folder(&self) -> String {
        format!("{}-{}.dist-info", self.name, self.version)
    }

    /// The file name.
    pub fn file_name(&self) -> String {
        format!("{}-{}-{}.whl", self.name, self.version, self.tag)
    }

    /// The entries of the archive: the files, WHEEL, METADATA, and a RECORD that is right.
    pub fn entries(&self) -> Vec<Entry> {
        let info = self.info_folder();
        let wheel = format!(
            "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {}\n",
            self.tag
        );
        let metadata = format!(
            "Metadata-Version: 2.4\nName: {}\nVersion: {}\n{}\n",
            self.name, self.version, self.metadata
        );
        let mut entries: Vec<Entry> = self
            .files
            .iter()
            .map(|(path, contents)| Entry::new(path, contents))
            .collect();
        entries.push(Entry::new(&format!("{info}/WHEEL"), wheel));
        entries.push(Entry::new(&format!("{info}/METADATA"), metadata));
        let record = record(&format!("{info}/RECORD"), &entries);
        entries.push(record);
        entries
    }

    /// Writes the wheel into a folder.
    pub fn write(&self, folder: &Path) -> PathBuf {
        self.write_entries(folder, &self.entries())
    }

    /// Writes an archive of these entries under the name of the wheel.
    pub fn write_entries(&self, folder: &Path, entries: &[Entry]) -> PathBuf {
        self.write_bytes(folder, &archive(entries))
    }

    /// Writes these bytes under the name of the wheel.
    pub fn write_bytes(&self, folder: &Path, bytes: &[u8]) -> PathBuf {
        fs::create_dir_all(folder).unwrap();
        let path = folder.join(self.file_name());
        fs::write(&path, bytes).unwrap();
        path
    }
}

/// The RECORD at `path` that is right for the entries.
pub fn record(path: &str, entries: &[Entry]) -> Entry {
    let mut text = format!("{path},,\n");
    for entry in entries {
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(&entry.contents));
        text.push_str(&format!(
            "{},sha256={hash},{}\n",
            entry.name,
            entry.contents.len()
        ));
    }
    Entry::new(path, text)
}
