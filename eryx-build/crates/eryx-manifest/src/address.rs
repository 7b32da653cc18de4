//! Where else distributions come from: indexes and `find-links`.

use std::path::Path;

use url::Url;

use super::mistake::quoted;
use super::problem::Problem;
use super::reference::{absolute, web_address};

/// The address of a package index; a folder of the host becomes a `file:` address.
pub(super) fn index(text: &str, folder: &Path) -> Result<String, Problem> {
    if let Some(url) = web_address(text)? {
        return Ok(url.into());
    }
    let path = existing_folder(text, folder)?;
    let url = Url::from_directory_path(&path)
        .map_err(|()| Problem::new(format!("is {}, which is no absolute path", quoted(text))))?;
    Ok(url.into())
}

/// A folder of the host as an absolute path, or an address.
pub(super) fn find_links(text: &str, folder: &Path) -> Result<String, Problem> {
    if let Some(url) = web_address(text)? {
        return Ok(url.into());
    }
    let path = existing_folder(text, folder)?;
    path.into_os_string()
        .into_string()
        .map_err(|_| Problem::new("lies in a folder whose name is not UTF-8 text"))
}

fn existing_folder(text: &str, folder: &Path) -> Result<std::path::PathBuf, Problem> {
    let path = absolute(text, folder)?;
    if path.is_dir() {
        return Ok(path);
    }
    let what = if path.exists() {
        "is not a folder"
    } else {
        "is not there"
    };
    Err(Problem::new(what).help(format!(
        "name a folder or an `https:` address; a path starts from {}",
        quoted(&folder.display().to_string())
    )))
}
