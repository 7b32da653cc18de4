//! Source distributions of a lock: as archives to build, and with what was built in their place.

use eryx_packaging::{Distribution, SourceFile};

use crate::{
    fetch::Fetched,
    source::{BuiltWheel, SourceArchive},
};

/// A fetched file as a source distribution.
pub(super) fn archive_of(fetched: &Fetched<'_>) -> SourceArchive {
    let distribution = fetched.distribution();
    SourceArchive {
        name: distribution.name,
        version: Some(distribution.version),
        path: distribution.wheel,
        file_name: distribution.file_name,
        sha256: distribution.sha256,
    }
}

/// What was built from a source distribution, in place of it.
pub(super) fn built_from(distribution: Distribution, built: BuiltWheel) -> Distribution {
    Distribution {
        wheel: built.path,
        file_name: built.file_name,
        sha256: built.sha256,
        source: Some(SourceFile {
            name: distribution.file_name,
            sha256: distribution.sha256,
        }),
        ..distribution
    }
}
