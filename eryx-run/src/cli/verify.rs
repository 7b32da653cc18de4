//! `eryx verify`: whether every byte of an image is as it was written.
//!
//! Images for other machines and loaders can be verified as well.

use std::io::{self, Write};
use std::path::Path;

use thiserror::Error;

use eryx_base::{escape::escape, size::human_bytes};
use eryx_image::{Image, ImageError};

/// Why an image could not be verified.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The file is no image, or something in it is not as it was written.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// Nobody takes the output; a closed pipe, for instance.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

/// Checks the sha256 of every part of the image `path` and shows them. A sound one is put on record, so that
/// its first run need not read it again.
///
/// # Errors
/// When the file is no image or is damaged, or `out` cannot be written to.
pub fn run(path: &Path, out: &mut dyn Write) -> Result<(), VerifyError> {
    let image = Image::examine(path)?;
    for (part, place) in image.verify()?.parts {
        let (part, length) = (part.to_string(), human_bytes(place.length));
        writeln!(out, "{part:<12}  {length:>10}  sha256 {}  ok", place.digest)?;
    }
    image.record_verified();
    let path = path.to_string_lossy();
    writeln!(
        out,
        "`{}` is sound, identity {}",
        escape(&path),
        image.identity()
    )?;
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use eryx_image::fixture::{TemporaryDirectory, metadata, write_image};

    #[test]
    fn a_sound_image_is_told_from_a_damaged_one() {
        let folder = TemporaryDirectory::new();
        let path = folder.join("x.cwasm");
        let summary = write_image(&path, &metadata());
        let mut out = Vec::new();
        run(&path, &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert_eq!(shown.matches("  ok\n").count(), 4, "{shown}");
        assert!(
            shown.ends_with(&format!("is sound, identity {}\n", summary.identity)),
            "{shown}"
        );

        let mut bytes = std::fs::read(&path).unwrap();
        let start = usize::try_from(summary.parts[1].1.offset).unwrap();
        bytes[start] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let mut out = Vec::new();
        let error = run(&path, &mut out).unwrap_err().to_string();
        assert!(
            error.contains("the file data in it does not match its sha256"),
            "{error}"
        );
        assert_eq!(out, b"");
    }
}
