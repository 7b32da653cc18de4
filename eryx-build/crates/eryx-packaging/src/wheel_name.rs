//! The file name of a wheel, by the binary distribution format:
//! `{distribution}-{version}(-{build})?-{python}-{abi}-{platform}.whl`.

use std::fmt;
use std::path::Path;
use std::str::FromStr as _;

use pep440_rs::Version;

use crate::name::{is_package_name, normalize_package_name};

/// No file system allows longer file names.
const MAX_FILE_NAME: usize = 255;

/// What the file name of a wheel says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelName {
    /// The package name, normalised (PEP 503).
    pub name: String,
    /// The version as it is written.
    pub version: String,
    /// Python tags, such as `py3` or `cp314`.
    pub python: Vec<String>,
    /// ABI tags, such as `none` or `abi3`.
    pub abi: Vec<String>,
    /// Platform tags, such as `any`.
    pub platform: Vec<String>,
}

/// Why a file name is not that of a wheel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WheelNameError {
    /// It does not end in `.whl`.
    #[error("it does not end in .whl")]
    NotAWheel,
    /// It does not have five or six parts.
    #[error("it is not of the form name-version-python-abi-platform.whl")]
    Parts,
    /// The package name is empty or has other characters than letters, digits, `.` and `_`.
    #[error("its package name is not one")]
    Name,
    /// The version is none of PEP 440.
    #[error("its version is not one of PEP 440")]
    Version,
    /// A tag is empty or has other characters than letters, digits and `_`.
    #[error("its tags are not ones of PEP 425")]
    Tag,
}

impl WheelName {
    /// Reads a file name.
    ///
    /// # Errors
    /// When it is not the name of a wheel.
    pub fn parse(file_name: &str) -> Result<Self, WheelNameError> {
        let stem = file_name
            .strip_suffix(".whl")
            .filter(|_| file_name.len() <= MAX_FILE_NAME)
            .ok_or(WheelNameError::NotAWheel)?;
        let parts: Vec<&str> = stem.split('-').collect();
        let (name, version, python, abi, platform) = match parts.as_slice() {
            [name, version, python, abi, platform] => (name, version, python, abi, platform),
            [name, version, build, python, abi, platform]
                if build.starts_with(|first: char| first.is_ascii_digit()) =>
            {
                (name, version, python, abi, platform)
            }
            _ => return Err(WheelNameError::Parts),
        };
        if !is_package_name(name) {
            return Err(WheelNameError::Name);
        }
        // Some tools write the `-` of a local version as `_`, as the format once asked for.
        if Version::from_str(&version.replace('_', "-")).is_err() {
            return Err(WheelNameError::Version);
        }
        Ok(Self {
            name: normalize_package_name(name),
            version: version.replace('_', "-"),
            python: tag_set(python)?,
            abi: tag_set(abi)?,
            platform: tag_set(platform)?,
        })
    }
}

/// The three tag sets as they stand in a file name.
impl fmt::Display for WheelName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (python, abi) = (self.python.join("."), self.abi.join("."));
        write!(formatter, "{python}-{abi}-{}", self.platform.join("."))
    }
}

/// Whether a file name is that of a wheel.
#[must_use]
pub fn is_wheel(file_name: &str) -> bool {
    Path::new(file_name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("whl"))
}

fn tag_set(text: &str) -> Result<Vec<String>, WheelNameError> {
    text.split('.')
        .map(|tag| {
            let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            if tag.is_empty() || !tag.bytes().all(valid) {
                return Err(WheelNameError::Tag);
            }
            Ok(tag.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        let name = WheelName::parse("Charset_Normalizer-3.4.0-1-py2.py3-none-any.whl").unwrap();
        assert_eq!(name.name, "charset-normalizer");
        assert_eq!(name.version, "3.4.0");
        assert_eq!(name.python, ["py2", "py3"]);
        assert_eq!(name.to_string(), "py2.py3-none-any");
    }

    #[test]
    fn what_is_no_wheel_name_is_refused() {
        for (text, error) in [
            ("", WheelNameError::NotAWheel),
            ("a-1.tar.gz", WheelNameError::NotAWheel),
            ("a-1.whl", WheelNameError::Parts),
            ("a-1-x-py3-none-any.whl", WheelNameError::Parts),
            ("-1-py3-none-any.whl", WheelNameError::Name),
            ("a b-1-py3-none-any.whl", WheelNameError::Name),
            ("a-one-py3-none-any.whl", WheelNameError::Version),
            ("a-1-py3..py2-none-any.whl", WheelNameError::Tag),
            ("a-1-py3-no\nne-any.whl", WheelNameError::Tag),
        ] {
            assert_eq!(WheelName::parse(text), Err(error), "{text:?}");
        }
    }
}
