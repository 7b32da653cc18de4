//! Where else distributions come from: indexes and `find-links`.

use std::path::Path;

use url::Url;

use crate::reference::{absolute, web_address};
use crate::text::quoted;
use crate::text_diagnostic::TextDiagnostic;

/// The address of a package index; a directory of the host becomes a `file:` address.
pub(crate) fn index(text: &str, directory: &Path) -> Result<String, TextDiagnostic> {
    if let Some(url) = web_address(text)? {
        return Ok(url.into());
    }
    let path = existing_directory(text, directory)?;
    let url = Url::from_directory_path(&path).map_err(|()| {
        TextDiagnostic::new(format!("is {}, which is no absolute path", quoted(text)))
    })?;
    Ok(url.into())
}

/// A directory of the host as an absolute path, or an address.
pub(crate) fn find_links(text: &str, directory: &Path) -> Result<String, TextDiagnostic> {
    if let Some(url) = web_address(text)? {
        return Ok(url.into());
    }
    let path = existing_directory(text, directory)?;
    path.into_os_string()
        .into_string()
        .map_err(|_| TextDiagnostic::new("lies in a directory whose name is not UTF-8 text"))
}

fn existing_directory(text: &str, directory: &Path) -> Result<std::path::PathBuf, TextDiagnostic> {
    let path = absolute(text, directory)?;
    if path.is_dir() {
        return Ok(path);
    }
    let what = if path.exists() {
        "is not a directory"
    } else {
        "is not there"
    };
    Err(TextDiagnostic::new(what).help(format!(
        "name a directory or an `https:` address; a path starts from {}",
        quoted(&directory.display().to_string())
    )))
}
