//! What a path ended in: the order of errors depends on it.

/// What a path ended in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Name,
    /// A name and slashes.
    Slash,
    /// `.`, which Linux looks up before anything else.
    Dot,
    /// `..`, which is resolved already.
    DotDot,
    /// A name that is longer than any can be; the path is that of the directory which it is in.
    TooLong {
        slash: bool,
    },
}

impl Ending {
    /// That of a path, from the root or not.
    pub(super) fn of(path: &str) -> Self {
        let trimmed = path.trim_end_matches('/');
        match trimmed.rsplit('/').next() {
            Some(".") => Self::Dot,
            Some("..") => Self::DotDot,
            _ if trimmed.is_empty() || trimmed.len() == path.len() => Self::Name,
            _ => Self::Slash,
        }
    }
}
