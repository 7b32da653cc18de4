//! Addresses and paths as a lock has them: without users, relative to the lock's directory.
//!
//! ```
//! use eryx_packaging::url::{percent_decoded, without_user};
//!
//! assert_eq!(percent_decoded("a%20b%2"), "a b%2");
//! assert_eq!(without_user("https://me:word@example.com/a@b"), "https://example.com/a@b");
//! ```

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

/// Text with its `%xx` resolved. Bytes that are not UTF-8 become U+FFFD.
#[must_use]
pub fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A path relative to a directory, with `/` between names. One that shares nothing but the root with
/// the directory stays as it is: nobody but its owner wrote it, and wrote it so.
#[must_use]
pub fn relative_path(path: &Path, directory: &Path) -> String {
    let (path, directory) = (normal(path), normal(directory));
    let common = path
        .iter()
        .zip(&directory)
        .take_while(|(one, other)| one == other)
        .count();
    // The first name that an absolute path has is its root.
    let is_elsewhere = common < 2 && !path.starts_with(&directory);
    if is_elsewhere || path.is_absolute() != directory.is_absolute() {
        return path.to_string_lossy().into_owned();
    }
    let up = directory.iter().skip(common).map(|_| "..".into());
    let down = path.iter().skip(common).map(|name| name.to_string_lossy());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// A path without `.` and `..`, by its text alone.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir if normal.parent().is_some() => {
                normal.pop();
            }
            Component::CurDir => {}
            component => normal.push(component),
        }
    }
    normal
}

/// A requirement or an address without a place of this machine in it.
#[must_use]
pub fn relative_url(text: &str, directory: &Path) -> String {
    let Some((before, rest)) = text.split_once("file://") else {
        return text.to_owned();
    };
    let end = rest.find([' ', '#']).unwrap_or(rest.len());
    let (path, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let relative = relative_path(Path::new(&percent_decoded(path)), directory);
    match relative.as_str() {
        absolute if absolute.starts_with('/') => text.to_owned(),
        outside if outside.starts_with("..") => format!("{before}file:{outside}{after}"),
        inside => format!("{before}file:./{inside}{after}"),
    }
}

/// A directory or an address where packages are, without a place of this machine or a user in it.
#[must_use]
pub fn relative_link(link: &str, directory: &Path) -> String {
    if link.contains("://") {
        relative_url(&without_user(link), directory)
    } else {
        relative_path(Path::new(link), directory)
    }
}

/// An address without the user name and password in it: a lock is for everybody to read.
#[must_use]
pub fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{host}{path}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_only_when_they_share_more_than_the_root() {
        for (path, directory, expected) in [
            ("/home/x/a/b.whl", "/home/x", "a/b.whl"),
            ("/home/x/../y/b.whl", "/home/x", "../y/b.whl"),
            ("/opt/b.whl", "/home/x", "/opt/b.whl"),
            ("b.whl", "/home/x", "b.whl"),
        ] {
            let relative = relative_path(Path::new(path), Path::new(directory));
            assert_eq!(relative, expected, "{path}");
        }
    }

    #[test]
    fn addresses_of_files_lose_the_place_of_the_directory() {
        let directory = Path::new("/home/x");
        for (text, expected) in [
            ("a @ file:///home/x/a%20b.zip#c", "a @ file:./a b.zip#c"),
            ("a @ file:///home/y/a.zip", "a @ file:../y/a.zip"),
            ("a @ file:///opt/a.zip", "a @ file:///opt/a.zip"),
            ("a>=1", "a>=1"),
        ] {
            assert_eq!(relative_url(text, directory), expected);
        }
        let link = "https://me@example.com/a";
        assert_eq!(relative_link(link, directory), "https://example.com/a");
        assert_eq!(relative_link("/home/x/links", directory), "links");
    }
}
