//! The file tree of an image: standard library, site tree and the manifest's own files, at the paths at
//! which the sandbox sees them.
//!
//! This room decides paths and reads the manifest's files; it knows nothing of engines.

use crate::{
    manifest::{Entrypoint, FileMapping},
    site_packages::SITE_PACKAGES,
    site_tree::SiteTree,
};
use bytes::Bytes;
use eryx_run::{
    image::{EncodedTree, TreeBuilder, TreeError},
    policy::WORKING_FOLDER,
};
use eryx_runtime::Distribution;
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// Where the standard library is.
pub const STDLIB: &str = "/usr/lib/python3.14";

/// Where time zones are.
pub const ZONEINFO: &str = "/usr/share/zoneinfo";

/// Where the application's own modules are: the last folder on `sys.path`.
pub const APPLICATION: &str = "/app";

/// The most bytes that the manifest's own files may have together.
const MOST_BYTES: u64 = 2 << 30;

/// Why the tree could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A file of the manifest can not be read.
    #[error("the file `{}`, which `image.files` names, can not be read", path.display())]
    Read {
        /// The host's file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What the manifest names is neither a file nor a folder.
    #[error("`{}`, which `image.files` names, is neither a file nor a folder", .0.display())]
    Special(PathBuf),
    /// A symbolic link below a folder of the manifest.
    #[error(
        "`{}`, below a folder that `image.files` names, is a symbolic link, which an image can not \
         hold: name its target in `image.files`",
        .0.display()
    )]
    Link(PathBuf),
    /// A name that is not UTF-8.
    #[error("`{}`, below a folder that `image.files` names, has a name that is not UTF-8", .0.display())]
    Name(PathBuf),
    /// All of it is too much.
    #[error("the files that `image.files` names have more than 2 GiB together")]
    TooLarge,
    /// Two files at one path, or a path that no tree can hold.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// The files of an image by their absolute sandbox paths.
#[derive(Debug, Clone, Default)]
pub struct ImageFiles {
    files: BTreeMap<String, Bytes>,
}

impl ImageFiles {
    /// Gathers the standard library and time zones of a runtime, a site tree, and the files that a manifest names.
    ///
    /// # Errors
    /// When a file of the manifest can not be read or taken.
    pub fn gather(
        runtime: &Distribution,
        site: &SiteTree,
        mappings: &[FileMapping],
    ) -> Result<ImageFiles, FilesError> {
        let mut files = ImageFiles::default();
        for (path, contents) in runtime.stdlib() {
            files.add(format!("{STDLIB}/{path}"), contents.clone())?;
        }
        for (path, contents) in runtime.zoneinfo() {
            files.add(format!("{ZONEINFO}/{path}"), contents.clone())?;
        }
        files.add_site(site)?;
        let mut budget = MOST_BYTES;
        for mapping in mappings {
            files.add_host(&mapping.host, &mapping.sandbox, &mut budget)?;
        }
        Ok(files)
    }

    /// Puts another site tree in the place of the one that was gathered.
    ///
    /// # Errors
    /// When there is a file of the manifest at a path of the tree.
    pub fn replace_site(&mut self, site: &SiteTree) -> Result<(), FilesError> {
        let folder = format!("{}/", SITE_PACKAGES);
        self.files.retain(|path, _| !path.starts_with(&folder));
        self.add_site(site)
    }

    fn add_site(&mut self, site: &SiteTree) -> Result<(), FilesError> {
        for (path, file) in &site.files {
            let contents = Bytes::from_owner(file.contents.clone());
            self.add(format!("{}/{path}", SITE_PACKAGES), contents)?;
        }
        Ok(())
    }

    /// Adds a file.
    ///
    /// # Errors
    /// When there is one at the path already.
    pub fn add(&mut self, path: String, contents: Bytes) -> Result<(), FilesError> {
        if self.files.contains_key(&path) {
            return Err(TreeError::Duplicate { path }.into());
        }
        self.files.insert(path, contents);
        Ok(())
    }

    /// Adds a file or a folder of the host.
    fn add_host(&mut self, host: &Path, sandbox: &str, budget: &mut u64) -> Result<(), FilesError> {
        let failed = |source| FilesError::Read {
            path: host.to_owned(),
            source,
        };
        let kind = fs::metadata(host).map_err(failed)?;
        if kind.is_file() {
            if kind.len() > *budget {
                return Err(FilesError::TooLarge);
            }
            let contents = fs::read(host).map_err(failed)?;
            *budget = budget.saturating_sub(contents.len() as u64);
            return self.add(sandbox.to_owned(), contents.into());
        }
        if !kind.is_dir() {
            return Err(FilesError::Special(host.to_owned()));
        }
        for entry in fs::read_dir(host).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            let Ok(name) = entry.file_name().into_string() else {
                return Err(FilesError::Name(path));
            };
            if entry.file_type().map_err(failed)?.is_symlink() {
                return Err(FilesError::Link(path));
            }
            if name != "__pycache__" {
                self.add_host(&path, &format!("{sandbox}/{name}"), budget)?;
            }
        }
        Ok(())
    }

    /// Whether there is what an entrypoint names: the script, or a file or folder of the module.
    pub fn has(&self, entrypoint: &Entrypoint) -> bool {
        let module = match entrypoint {
            Entrypoint::Script(path) => return self.files.contains_key(path),
            Entrypoint::Function { module, .. } => module.replace('.', "/"),
        };
        [STDLIB, SITE_PACKAGES, APPLICATION].iter().any(|root| {
            let base = format!("{root}/{module}");
            let mut below = self.files.range(base.clone()..).map(|(path, _)| path);
            below
                .find_map(|path| {
                    let rest = path.strip_prefix(&base)?;
                    rest.starts_with(['.', '/']).then_some(())
                })
                .is_some()
        })
    }

    /// The files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.files
            .iter()
            .map(|(path, contents)| (path.as_str(), contents))
    }

    /// The tree as an image holds it, with the folder in which programs start.
    ///
    /// # Errors
    /// When a path is too long, too deep, or both a file and a folder.
    pub fn encode(&self) -> Result<EncodedTree, FilesError> {
        let mut builder = TreeBuilder::new();
        builder.add_directory(WORKING_FOLDER)?;
        builder.add_directory(SITE_PACKAGES)?;
        for (path, contents) in &self.files {
            builder.add_file(path, contents.clone())?;
        }
        Ok(builder.build()?)
    }
}
