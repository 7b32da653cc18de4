//! Why a lock cannot be used.

/// Why a lock cannot be used. The text goes on after "the lock … ".
#[derive(Debug, thiserror::Error)]
pub enum PylockError {
    /// It is not TOML of the right shape.
    #[error("is not a lock: {0}")]
    Toml(String),
    /// It is of a later format.
    #[error("has the format {0}, and this version of eryx reads 1.0: use a newer eryx")]
    Version(String),
    /// A package's name, version, hash or address is not one.
    #[error("says nothing usable about the package `{package}`: {problem}")]
    Package {
        /// The package.
        package: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A marker cannot be evaluated.
    #[error("has a marker for `{package}` that cannot be evaluated: {marker}")]
    Marker {
        /// The package.
        package: String,
        /// The marker.
        marker: String,
    },
    /// Two entries are for one package.
    #[error("has two entries for `{0}` that both hold in the sandbox")]
    Twice(String),
    /// No file of a package fits.
    #[error(
        "has no file for `{0}` that fits the sandbox: neither a wheel nor a source distribution"
    )]
    NoFile(String),
}
