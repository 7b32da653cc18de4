//! What users should know about packages that were unpacked all the same.

use std::fmt;

/// Something about a package that users should know, and that is no error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The wheel is of a later format than is known, but one that is compatible.
    LaterFormat {
        /// The file name of the wheel.
        wheel: String,
        /// The version of the format.
        version: String,
    },
    /// Scripts of a package are left out: there is no shell that could start them.
    Scripts {
        /// The package.
        package: String,
        /// The names of the scripts.
        names: Vec<String>,
    },
    /// A package has files for below the prefix of an installation, which an image does not have.
    Data {
        /// The package.
        package: String,
        /// The directory in which they are, relative to the site tree.
        directory: String,
        /// How many there are.
        files: usize,
    },
    /// A package has a `.pth` file, which is processed at bake time, in the sandbox.
    PathFile {
        /// The package.
        package: String,
        /// The name of the file.
        name: String,
    },
    /// Files were stripped because the manifest says so.
    Stripped {
        /// How many.
        files: usize,
        /// How large they were together, in bytes.
        bytes: u64,
    },
    /// Bytecode is in the place of sources because the manifest says so.
    SourcesStripped {
        /// How many sources.
        files: usize,
        /// How large they were together, in bytes.
        bytes: u64,
    },
    /// A directory that was to be stripped is kept, since code outside of it imports it.
    Needed {
        /// The directory, relative to the site tree.
        directory: String,
        /// The source in which it is named, relative to the site tree.
        by: String,
    },
}

/// The most names that one note lists.
const MAX_NAMES: usize = 10;

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LaterFormat { wheel, version } => write!(
                formatter,
                "{wheel} is of wheel format {version}, later than the 1.0 that is known; \
                 what is new in it is ignored"
            ),
            Self::Scripts { package, names } => {
                let shown = names.iter().take(MAX_NAMES).cloned().collect::<Vec<_>>();
                write!(
                    formatter,
                    "{package}: left out scripts, which nothing in a sandbox could start: {}",
                    shown.join(", ")
                )?;
                match names.len().saturating_sub(MAX_NAMES) {
                    0 => Ok(()),
                    more => write!(formatter, " and {more} more"),
                }
            }
            Self::Data {
                package,
                directory,
                files,
            } => write!(
                formatter,
                "{package}: its data files ({files}) are in {}/{directory}, not below sys.prefix",
                crate::site_packages::SITE_PACKAGES
            ),
            Self::PathFile { package, name } => write!(
                formatter,
                "{package}: {name} is processed at bake time, in the sandbox"
            ),
            Self::Stripped { files, bytes } => {
                let bytes = eryx_base::size::human_bytes(*bytes);
                write!(formatter, "stripped {files} files, {bytes}")
            }
            Self::SourcesStripped { files, bytes } => {
                let bytes = eryx_base::size::human_bytes(*bytes);
                write!(
                    formatter,
                    "stripped {files} sources, {bytes}: tracebacks show no lines of packages"
                )
            }
            Self::Needed { directory, by } => {
                write!(formatter, "not stripped: {directory}, which {by} names")
            }
        }
    }
}
