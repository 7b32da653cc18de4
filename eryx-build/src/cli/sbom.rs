//! `eryx inspect --sbom`, as the loader hands it over.

use super::report::say_error;
use crate::sbom::{self, Format, SbomError};
use clap::{Args, ValueEnum};
use eryx_base::{errors::chain, json::write_json};
use eryx_image::{Image, ImageError};
use std::{
    io::{self, ErrorKind, Write},
    path::PathBuf,
    process::ExitCode,
};

/// Which bill is written.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The format
    #[arg(long, value_name = "FORMAT")]
    format: FormatName,
    /// The image
    image: PathBuf,
}

/// A format, as the command line names it.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatName {
    /// [CycloneDX](https://cyclonedx.org/specification/overview/) 1.6, JSON.
    Cyclonedx,
    /// [SPDX](https://spdx.github.io/spdx-spec/v2.3/) 2.3, JSON.
    Spdx,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Cyclonedx => Self::Cyclonedx,
            FormatName::Spdx => Self::Spdx,
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error(transparent)]
    Sbom(#[from] SbomError),
    #[error("cannot write the bill")]
    Output(#[from] io::Error),
}

/// Prints the bill of materials of an image.
pub(super) fn run(options: &Options) -> ExitCode {
    match write(options) {
        // That nobody reads it is no failure.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            say_error(&chain(&failure));
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}

fn write(options: &Options) -> Result<(), Failure> {
    let image = Image::examine(&options.image)?;
    let bill = sbom::write(&image, options.format.into())?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    write_json(&bill, &mut out)?;
    out.flush()?;
    Ok(())
}
