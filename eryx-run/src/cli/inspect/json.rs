//! An image as JSON, written as it is read: even the largest tree takes no memory.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

use crate::cli::contents::{Share, shares};
use crate::cli::walk::{Totals, Walk};
use eryx_base::json::write_json;
use eryx_image::{Image, Metadata, NodeKind, Part, Tree};

/// What is written. The names of the fields are a promise to scripts.
#[derive(Serialize)]
struct Report<'a> {
    /// The sha256 of the trailer, which identifies the image.
    identity: String,
    /// The length of the file in bytes.
    bytes: u64,
    /// Whether this loader on this machine can run it, and why not.
    runnable: bool,
    problem: Option<String>,
    parts: BTreeMap<&'static str, PartReport>,
    tree: Totals,
    /// What takes space, the largest first.
    shares: Vec<Share>,
    metadata: &'a Metadata,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Files<'a>>,
}

#[derive(Serialize)]
struct PartReport {
    offset: u64,
    length: u64,
    sha256: String,
}

/// The files of a tree.
struct Files<'a>(&'a Tree);

#[derive(Serialize)]
struct FileReport<'a> {
    path: &'a str,
    bytes: u64,
}

impl Serialize for Files<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        let mut walk = Walk::new(self.0);
        while let Some((path, node)) = walk.advance() {
            if self.0.kind(node) == NodeKind::File {
                sequence.serialize_element(&FileReport {
                    path,
                    bytes: self.0.len(node),
                })?;
            }
        }
        sequence.end()
    }
}

/// Writes all that is known about an image, with `files` also every file in it.
pub(super) fn write(image: &Image, files: bool, out: &mut dyn Write) -> io::Result<()> {
    let problem = image
        .check_host()
        .err()
        .map(|error| error.problem().to_string());
    let parts = Part::ALL.map(|part| {
        let place = image.part(part);
        let sha256 = place.digest.to_string();
        (
            part.name(),
            PartReport {
                offset: place.offset,
                length: place.length,
                sha256,
            },
        )
    });
    let report = Report {
        identity: image.identity().to_string(),
        bytes: image.file_len(),
        runnable: problem.is_none(),
        problem,
        parts: parts.into(),
        tree: Totals::of(image.tree()),
        shares: shares(image),
        metadata: image.metadata(),
        files: files.then(|| Files(image.tree())),
    };
    write_json(&report, out)
}
