//! Writes a software bill of materials of an image: CycloneDX 1.6 or SPDX 2.3, both as
//! JSON.
//!
//! The bill names the image, the Python inside it and every package with version, licence,
//! sha256 and package URL, and which of them requires which. It follows from the image alone: there
//! is no time and no random number in it, and its serial number is made of the image's identity.
//! What an image says of its packages was written by whoever baked it, and is taken as text.
//!
//! Both formats are written by serde types of this crate's own. The libraries there are know older
//! versions only (`cyclonedx-bom` 1.5, `spdx-rs` 2.2), bring dozens of crates, or do not compile any
//! more; and a bill needs little of either format. The tests hold what is written against the
//! published schemas.
//!
//! This crate reads images; it must not know how they are baked.
//!
//! ```no_run
//! use eryx_sbom::Format;
//! use eryx_image::Image;
//!
//! let image = Image::examine("image.cwasm".as_ref())?;
//! println!("{}", eryx_sbom::write(&image, Format::Cyclonedx)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bill;
mod cyclonedx;
mod license;
mod names;
mod spdx;
#[cfg(test)]
mod tests;

use bill::Bill;
use eryx_image::Image;
use serde_json::Value;

/// A format of bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// [CycloneDX](https://cyclonedx.org/specification/overview/) 1.6, JSON.
    Cyclonedx,
    /// [SPDX](https://spdx.github.io/spdx-spec/v2.3/) 2.3, JSON.
    Spdx,
}

/// Why a bill could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SbomError {
    /// The image could not be read to its end.
    #[error("cannot read the image `{}`", path.display())]
    Read {
        /// The image.
        path: std::path::PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// It is no JSON.
    #[error("cannot write the bill as JSON")]
    Json(#[from] serde_json::Error),
}

/// The bill of materials of an image, as a JSON document.
///
/// # Errors
/// When the image cannot be read to its end.
pub fn write(image: &Image, format: Format) -> Result<Value, SbomError> {
    let bill = Bill::of(image).map_err(|source| SbomError::Read {
        path: image.path().to_owned(),
        source,
    })?;
    let document = match format {
        Format::Cyclonedx => serde_json::to_value(cyclonedx::document(&bill)),
        Format::Spdx => serde_json::to_value(spdx::document(&bill)),
    };
    Ok(document?)
}
