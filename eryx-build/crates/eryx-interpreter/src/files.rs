//! The files that an interpreter sees: the standard library, a site tree and others, at their paths in
//! the sandbox.

use bytes::Bytes;
use eryx_host::policy::WORKING_DIRECTORY;
use eryx_image::{EncodedTree, TreeBuilder, TreeError};
use eryx_runtime::Distribution;
use eryx_wheel::{SITE_PACKAGES, SiteTree};
use std::collections::BTreeMap;

/// Where the standard library is.
pub const STDLIB: &str = "/usr/lib/python3.14";

/// Where time zones are.
pub const ZONEINFO: &str = "/usr/share/zoneinfo";

/// Where the application's own modules are: the last directory on `sys.path`.
pub const APPLICATION: &str = "/app";

/// The files of an image by their absolute sandbox paths.
#[derive(Debug, Clone, Default)]
pub struct ImageFiles {
    files: BTreeMap<String, Bytes>,
}

impl ImageFiles {
    /// Gathers the standard library and time zones of a runtime, and a site tree.
    ///
    /// # Errors
    /// When two of the files have one path.
    pub fn gather(runtime: &Distribution, site: &SiteTree) -> Result<Self, TreeError> {
        let mut files = Self::default();
        for (path, contents) in runtime.stdlib() {
            files.add(format!("{STDLIB}/{path}"), contents.clone())?;
        }
        for (path, contents) in runtime.zoneinfo() {
            files.add(format!("{ZONEINFO}/{path}"), contents.clone())?;
        }
        files.add_site(site)?;
        Ok(files)
    }

    /// Puts another site tree in the place of the one that was gathered.
    ///
    /// # Errors
    /// When there is a file of the manifest at a path of the tree.
    pub fn replace_site(&mut self, site: &SiteTree) -> Result<(), TreeError> {
        let directory = format!("{SITE_PACKAGES}/");
        self.files.retain(|path, _| !path.starts_with(&directory));
        self.add_site(site)
    }

    fn add_site(&mut self, site: &SiteTree) -> Result<(), TreeError> {
        for (path, file) in &site.files {
            let contents = Bytes::from_owner(file.contents.clone());
            self.add(format!("{SITE_PACKAGES}/{path}"), contents)?;
        }
        Ok(())
    }

    /// Adds a file.
    ///
    /// # Errors
    /// When there is one at the path already.
    pub fn add(&mut self, path: String, contents: Bytes) -> Result<(), TreeError> {
        if self.files.contains_key(&path) {
            return Err(TreeError::Duplicate { path });
        }
        self.files.insert(path, contents);
        Ok(())
    }

    /// Whether there is a file at a sandbox path.
    #[must_use]
    pub fn has_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether there is a module of this dotted name, as a file or a directory.
    #[must_use]
    pub fn has_module(&self, name: &str) -> bool {
        let module = name.replace('.', "/");
        [STDLIB, SITE_PACKAGES, APPLICATION].iter().any(|root| {
            let base = format!("{root}/{module}");
            let below = self.files.range(base.clone()..).map(|(path, _)| path);
            below
                .take_while(|path| path.starts_with(&base))
                .filter_map(|path| path.strip_prefix(&base))
                .any(|rest| rest.starts_with(['.', '/']))
        })
    }

    /// The files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.files
            .iter()
            .map(|(path, contents)| (path.as_str(), contents))
    }

    /// The tree as an image holds it, with the directory in which programs start.
    ///
    /// # Errors
    /// When a path is too long, too deep, or both a file and a directory.
    pub fn encode(&self) -> Result<EncodedTree, TreeError> {
        let mut builder = TreeBuilder::new();
        builder.add_directory(WORKING_DIRECTORY)?;
        builder.add_directory(SITE_PACKAGES)?;
        for (path, contents) in &self.files {
            builder.add_file(path, contents.clone())?;
        }
        builder.build()
    }
}
