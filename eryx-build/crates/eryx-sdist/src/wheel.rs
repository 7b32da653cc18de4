//! The wheel that a backend made: hostile like any other, and held against what was asked for.

use eryx_packaging::{
    Fit, WheelName, describe_platform, fit, normalize_package_name, same_version,
};
use eryx_wheel::native;
use eryx_wheel::unpack::MAX_TOTAL_SIZE;
use eryx_wheel::unpack::archive::{self, Budget};

use super::error::SourceProblem;
use super::model::BuiltWheel;

/// Checks a wheel that is to be of this package. Gives its file name, which is another one when the
/// backend named a platform for a wheel without native code.
///
/// What is in the wheel is checked when it is unpacked, as with every other.
pub(super) fn check(
    file_name: &str,
    bytes: &[u8],
    name: &str,
    version: Option<&str>,
) -> Result<String, SourceProblem> {
    let refused = |problem: String| SourceProblem::Wheel {
        wheel: file_name.chars().take(200).collect(),
        problem,
    };
    let wheel = WheelName::parse(file_name).map_err(|error| refused(error.to_string()))?;
    let is_same = wheel.name == normalize_package_name(name)
        && version.is_none_or(|version| same_version(version, &wheel.version));
    if !is_same {
        let expected = [name, version.unwrap_or_default()].join(" ");
        return Err(refused(format!("it is not of {}", expected.trim_end())));
    }
    match fit(&wheel) {
        Fit::Fits => Ok(file_name.to_owned()),
        Fit::OtherPython => Err(refused(
            "it is for another Python than the one it was built with".to_owned(),
        )),
        Fit::OtherPlatform => {
            let files = archive::read(bytes, &Budget::new(MAX_TOTAL_SIZE))
                .map_err(|problem| refused(problem.to_string()))?;
            let is_native = |(path, contents): (&String, &Vec<u8>)| {
                native::identify(path, contents).is_some() || native::is_native_library(contents)
            };
            if files.iter().any(is_native) {
                let platform = wheel.platform.first();
                let platform = platform
                    .map(|tag| describe_platform(tag))
                    .unwrap_or_default();
                return Err(refused(format!("it has native code for {platform}")));
            }
            // It was built without a platform, and so it fits each.
            let (rest, _) = file_name.rsplit_once('-').unwrap_or((file_name, ""));
            Ok(format!("{rest}-any.whl"))
        }
    }
}

impl BuiltWheel {
    /// The text of its METADATA.
    ///
    /// # Errors
    /// When it cannot be read, or is no wheel.
    pub fn metadata(&self) -> Result<String, SourceProblem> {
        let bytes = std::fs::read(&self.path).map_err(SourceProblem::Read)?;
        let refused = |problem: String| SourceProblem::Wheel {
            wheel: self.file_name.clone(),
            problem,
        };
        let files = archive::read(&bytes, &Budget::new(MAX_TOTAL_SIZE))
            .map_err(|problem| refused(problem.to_string()))?;
        let is_metadata = |path: &str| {
            path.strip_suffix(".dist-info/METADATA")
                .is_some_and(|stem| !stem.contains('/'))
        };
        let found = files.into_iter().find(|(path, _)| is_metadata(path));
        let (_, contents) = found.ok_or_else(|| refused("it has no METADATA".to_owned()))?;
        Ok(String::from_utf8_lossy(&contents).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, contents) in files {
            writer
                .start_file(*path, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(contents).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn wheels_of_another_package_or_python_are_refused() {
        for file_name in [
            "b-1.0-py3-none-any.whl",
            "a-1.1-py3-none-any.whl",
            "a-1.0-cp313-cp313-wasi_wasm32.whl",
            "a-1.0-py2-none-any.whl",
            "a-1.0.tar.gz",
            "../a-1.0-py3-none-any.whl",
        ] {
            let found = check(file_name, b"", "A", Some("1"));
            assert!(
                matches!(found, Err(SourceProblem::Wheel { .. })),
                "{file_name} {found:?}"
            );
        }
        let fits = "a-1.0-cp314-cp314-wasi_0_0_0_wasm32.whl";
        assert_eq!(check(fits, b"", "A", None).unwrap(), fits);
    }

    #[test]
    fn a_platform_without_native_code_is_none() {
        let pure = archive_of(&[("a.py", b"x = 1")]);
        let name = "a-1.0-cp314-cp314-linux_x86_64.whl";
        let found = check(name, &pure, "a", Some("1.0"));
        assert_eq!(found.unwrap(), "a-1.0-cp314-cp314-any.whl");
        let native = archive_of(&[("a.so", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0")]);
        let found = check(name, &native, "a", Some("1.0"));
        assert!(
            matches!(found, Err(SourceProblem::Wheel { .. })),
            "{found:?}"
        );
    }
}
