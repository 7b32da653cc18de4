//! Paths of the sandbox: which a manifest may name.

/// The directories at the top of the sandbox that belong to the runtime, the packages, the scratch
/// space, the devices and the working directory.
pub const RESERVED_DIRECTORIES: [&str; 6] =
    ["/usr", "/site-packages", "/tmp", "/root", "/dev", "/work"];

/// The longest sandbox path, in bytes.
const MAX_PATH: usize = 4096;
/// The longest name between two slashes, in bytes.
const MAX_NAME: usize = 255;

/// Why a path cannot be used in the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadSandboxPath {
    NotAbsolute,
    NotNormalised,
    ParentDirectory,
    ControlCharacter,
    TooLong,
    Root,
    Reserved(&'static str),
}

impl BadSandboxPath {
    /// What is wrong, as the end of a sentence about the path.
    pub(crate) fn reason(self) -> String {
        match self {
            Self::NotAbsolute => "is not absolute".to_owned(),
            Self::NotNormalised => "is not in its shortest form".to_owned(),
            Self::ParentDirectory => "climbs with `..`".to_owned(),
            Self::ControlCharacter => "has a control character in it".to_owned(),
            Self::TooLong => format!(
                "is longer than {MAX_PATH} bytes or has a name longer than {MAX_NAME} bytes"
            ),
            Self::Root => "is the root of the sandbox".to_owned(),
            Self::Reserved(directory) => {
                format!("is in `{directory}`, which the sandbox keeps for itself")
            }
        }
    }
}

/// Checks that a path is absolute, normalised, and could exist in the sandbox.
pub(crate) fn check_form(path: &str) -> Result<(), BadSandboxPath> {
    let Some(relative) = path.strip_prefix('/') else {
        return Err(BadSandboxPath::NotAbsolute);
    };
    if path.chars().any(char::is_control) {
        return Err(BadSandboxPath::ControlCharacter);
    }
    if path.len() > MAX_PATH || relative.split('/').any(|name| name.len() > MAX_NAME) {
        return Err(BadSandboxPath::TooLong);
    }
    if relative.split('/').any(|name| name == "..") {
        return Err(BadSandboxPath::ParentDirectory);
    }
    if relative.is_empty() {
        return Err(BadSandboxPath::Root);
    }
    if relative
        .split('/')
        .any(|name| name.is_empty() || name == ".")
    {
        return Err(BadSandboxPath::NotNormalised);
    }
    Ok(())
}

/// As [`check_form`], and that files of the manifest may be put there.
pub(crate) fn check_destination(path: &str) -> Result<(), BadSandboxPath> {
    check_form(path)?;
    match RESERVED_DIRECTORIES
        .into_iter()
        .find(|directory| path == *directory || is_inside(path, directory))
    {
        Some(directory) => Err(BadSandboxPath::Reserved(directory)),
        None => Ok(()),
    }
}

/// Whether normalised `path` lies below normalised `directory`.
fn is_inside(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// The directories above a normalised path, the nearest to the root first, without the root.
pub(crate) fn directories_above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/')
        .skip(1)
        .filter_map(|(slash, _)| path.get(..slash))
}

/// The normalised absolute path that was most likely meant; `None` when that cannot be said.
pub(crate) fn normalised(path: &str) -> Option<String> {
    let names: Vec<&str> = path
        .split('/')
        .filter(|name| !name.is_empty() && *name != ".")
        .collect();
    if names.is_empty() || names.contains(&"..") {
        return None;
    }
    let normalised = format!("/{}", names.join("/"));
    check_destination(&normalised).is_ok().then_some(normalised)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_checked() {
        for valid in [
            "/app",
            "/app/report.py",
            "/user",
            "/a b/ü",
            "/tmpfiles",
            "/...",
        ] {
            assert_eq!(check_destination(valid), Ok(()), "{valid}");
        }
        let long_name = format!("/{}", "n".repeat(256));
        let long_path = "/n".repeat(2049);
        for (path, bad) in [
            ("", BadSandboxPath::NotAbsolute),
            ("app", BadSandboxPath::NotAbsolute),
            ("/", BadSandboxPath::Root),
            ("/app/", BadSandboxPath::NotNormalised),
            ("//app", BadSandboxPath::NotNormalised),
            ("/./app", BadSandboxPath::NotNormalised),
            ("/app/../usr", BadSandboxPath::ParentDirectory),
            ("/app\0", BadSandboxPath::ControlCharacter),
            ("/usr", BadSandboxPath::Reserved("/usr")),
            (
                "/site-packages/x.py",
                BadSandboxPath::Reserved("/site-packages"),
            ),
            (&long_name, BadSandboxPath::TooLong),
            (&long_path, BadSandboxPath::TooLong),
        ] {
            assert_eq!(check_destination(path), Err(bad), "{path:?}");
        }
    }

    #[test]
    fn directories_above_a_path_are_listed() {
        assert_eq!(
            directories_above("/a/b/c").collect::<Vec<_>>(),
            ["/a", "/a/b"]
        );
        assert_eq!(directories_above("/a").count(), 0);
    }

    #[test]
    fn a_nearby_path_is_offered_where_there_is_one() {
        assert_eq!(normalised("app//x/./").as_deref(), Some("/app/x"));
        assert_eq!(normalised("/app/../x"), None);
        assert_eq!(normalised("tmp/x"), None);
        assert_eq!(normalised("/"), None);
    }
}
