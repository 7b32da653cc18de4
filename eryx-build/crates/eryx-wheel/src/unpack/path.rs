//! Which paths inside a wheel are accepted. Nothing is ever written to the host by these names,
//! but they become names of the sandbox's files, and tools on any host show them.

/// The longest path, in bytes.
pub const MAX_PATH: usize = 1024;
/// The longest name between two slashes, in bytes.
pub const MAX_NAME: usize = 255;
/// The deepest nesting of directories.
pub const MAX_DEPTH: usize = 64;

/// Why a path inside a wheel is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathProblem {
    /// It is empty or has an empty part.
    #[error("it has an empty part")]
    Empty,
    /// It begins with `/` or a drive letter.
    #[error("it is absolute")]
    Absolute,
    /// It has a part `.` or `..`.
    #[error("it climbs out of its folder with `.` or `..`")]
    Climbs,
    /// It has a backslash.
    #[error("it has a backslash")]
    Backslash,
    /// It has a NUL or another control character.
    #[error("it has a control character")]
    Control,
    /// It is not UTF-8, or not marked as such.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// It has a name that other systems keep for a device, or that ends in a dot or space, which
    /// they drop.
    #[error("it has a name that is a device on some systems, or that ends in a dot or space")]
    Reserved,
    /// It or one of its parts is too long.
    #[error("it is longer than {MAX_PATH} bytes, or one of its names than {MAX_NAME}")]
    TooLong,
    /// It is nested too deeply.
    #[error("it is nested deeper than {MAX_DEPTH} folders")]
    TooDeep,
}

/// Checks the path of a file, which has no slash at its end.
///
/// # Errors
/// When a system could take it for something else than a file below the directory.
pub fn check(path: &str) -> Result<(), PathProblem> {
    check_in_sandbox(path)?;
    match path.split('/').any(is_reserved) {
        true => Err(PathProblem::Reserved),
        false => Ok(()),
    }
}

/// Checks the path of a file that no tool outside of the sandbox sees: it may have names that mean
/// something else on Windows.
///
/// # Errors
/// When it is no path of a file below the directory.
pub fn check_in_sandbox(path: &str) -> Result<(), PathProblem> {
    if path.len() > MAX_PATH {
        return Err(PathProblem::TooLong);
    }
    if path.starts_with('/') || has_drive_letter(path) {
        return Err(PathProblem::Absolute);
    }
    if path.contains('\\') {
        return Err(PathProblem::Backslash);
    }
    if path.chars().any(char::is_control) {
        return Err(PathProblem::Control);
    }
    let mut depth = 0_usize;
    for name in path.split('/') {
        depth = depth.saturating_add(1);
        match name {
            "" => return Err(PathProblem::Empty),
            "." | ".." => return Err(PathProblem::Climbs),
            _ if name.len() > MAX_NAME => return Err(PathProblem::TooLong),
            _ => {}
        }
    }
    if depth > MAX_DEPTH {
        return Err(PathProblem::TooDeep);
    }
    Ok(())
}

fn has_drive_letter(path: &str) -> bool {
    let mut characters = path.chars();
    let first = characters.next();
    first.is_some_and(|character| character.is_ascii_alphabetic()) && characters.next() == Some(':')
}

/// Whether a name means something else on Windows: a device, whatever its ending, or another name,
/// as dots and spaces at the end are dropped.
fn is_reserved(name: &str) -> bool {
    if name.ends_with(['.', ' ']) {
        return true;
    }
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let (start, number) = match stem.char_indices().nth(3) {
        Some((end, _)) => stem.split_at(end),
        None => (stem, ""),
    };
    let is_one_of = |names: &[&str]| names.iter().any(|other| start.eq_ignore_ascii_case(other));
    match number {
        "" => is_one_of(&["con", "prn", "aux", "nul"]),
        "\u{b9}" | "\u{b2}" | "\u{b3}" => is_one_of(&["com", "lpt"]),
        _ => matches!(number.as_bytes(), [b'1'..=b'9']) && is_one_of(&["com", "lpt"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths_are_accepted() {
        for path in [
            "a.py",
            "a/b/c.py",
            "a/…/é.txt",
            "a/b:c",
            ".hidden",
            "a/...b",
            "a/console.py",
            "a/nul_.py",
            "com/lpt.py",
            "com10.py",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
        assert_eq!(check(&["d"; MAX_DEPTH].join("/")), Ok(()));
    }

    #[test]
    fn dangerous_paths_are_refused() {
        for (path, problem) in [
            ("", PathProblem::Empty),
            ("a//b", PathProblem::Empty),
            ("a/", PathProblem::Empty),
            ("/etc/passwd", PathProblem::Absolute),
            ("C:/Windows", PathProblem::Absolute),
            ("c:x", PathProblem::Absolute),
            ("../x", PathProblem::Climbs),
            ("a/../../x", PathProblem::Climbs),
            ("a/./x", PathProblem::Climbs),
            ("a\\..\\x", PathProblem::Backslash),
            ("\\\\server\\share", PathProblem::Backslash),
            ("a\0.py", PathProblem::Control),
            ("a\n.py", PathProblem::Control),
            ("a\u{9b}2J", PathProblem::Control),
            ("//server/share", PathProblem::Absolute),
            ("a/...", PathProblem::Reserved),
            ("a. /b", PathProblem::Reserved),
            ("a/NUL", PathProblem::Reserved),
            ("a/aux.py", PathProblem::Reserved),
            ("con .txt/b.py", PathProblem::Reserved),
            ("a/Com1.tar.gz", PathProblem::Reserved),
            ("lpt\u{b3}", PathProblem::Reserved),
        ] {
            assert_eq!(check(path), Err(problem), "{path:?}");
        }
        assert_eq!(check(&"a".repeat(256)), Err(PathProblem::TooLong));
        assert_eq!(check(&"a/".repeat(600)), Err(PathProblem::TooLong));
        let deep = ["d"; MAX_DEPTH + 1].join("/");
        assert_eq!(check(&deep), Err(PathProblem::TooDeep));
    }
}
