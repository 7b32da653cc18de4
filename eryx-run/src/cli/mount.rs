//! Mounts as they are written: `HOST:GUEST[:ro|rw]`.

use eryx::{Access, Mount, MountError, SandboxPath, SandboxPathError};
use eryx_base::escape::escape;

/// Why a text is no mount.
#[derive(Debug, thiserror::Error)]
pub(super) enum MountOptionError {
    /// Its form is wrong.
    #[error(
        "`{}` is not a mount: write HOST:GUEST, HOST:GUEST:ro or HOST:GUEST:rw, as in `./data:/data:ro`",
        escape(.0)
    )]
    Form(String),
    /// The sandbox side is no sandbox path.
    #[error("`{}` is not a mount: {source}", escape(.text))]
    Path {
        /// The mount as it was written.
        text: String,
        /// What is wrong with the path.
        source: SandboxPathError,
    },
    /// The sandbox side belongs to the image.
    #[error("`{}` is not a mount: {source}", escape(.text))]
    Taken {
        /// The mount as it was written.
        text: String,
        /// What belongs to the image.
        source: MountError,
    },
}

/// Reads a mount as `-v` takes it. It is read-only unless it ends with `:rw`.
pub(super) fn parse_mount(text: &str) -> Result<Mount, MountOptionError> {
    let (rest, access) = match text.rsplit_once(':') {
        Some((rest, "ro")) => (rest, Access::ReadOnly),
        Some((rest, "rw")) => (rest, Access::ReadWrite),
        _ => (text, Access::ReadOnly),
    };
    let form = || MountOptionError::Form(text.to_owned());
    let (host, guest) = rest.rsplit_once(':').ok_or_else(form)?;
    if host.is_empty() || guest.is_empty() {
        return Err(form());
    }
    let guest = parse_sandbox_path(guest).map_err(|source| MountOptionError::Path {
        text: text.to_owned(),
        source,
    })?;
    Mount::new(host, guest, access).map_err(|source| MountOptionError::Taken {
        text: text.to_owned(),
        source,
    })
}

/// Reads a sandbox path. Slashes at its end do no harm.
pub(super) fn parse_sandbox_path(text: &str) -> Result<SandboxPath, SandboxPathError> {
    let trimmed = text.trim_end_matches('/');
    SandboxPath::new(if trimmed.is_empty() && !text.is_empty() {
        "/"
    } else {
        trimmed
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn mounts_are_read_only_unless_they_say_otherwise() {
        let access = |text| parse_mount(text).unwrap().access();
        assert_eq!(access("a:/b"), Access::ReadOnly);
        assert_eq!(access("a:/b:ro"), Access::ReadOnly);
        assert_eq!(access("a:/b:rw"), Access::ReadWrite);
    }

    #[test]
    fn the_host_side_may_hold_colons() {
        let mount = parse_mount("/a:b:/c/").unwrap();
        assert_eq!(mount.host(), Path::new("/a:b"));
        assert_eq!(mount.guest().as_str(), "/c");
    }

    #[test]
    fn what_is_no_mount_is_refused() {
        for text in ["", "a", ":/b", "a:", "a:rw", "a:/b:rx"] {
            assert!(parse_mount(text).is_err(), "{text}");
        }
        for text in ["a:b", "a:/b/../c", "a:/b//c", "a:/./b"] {
            let error = parse_mount(text).unwrap_err();
            assert!(matches!(error, MountOptionError::Path { .. }), "{text}");
            assert!(error.to_string().contains(text), "{error}");
        }
        for text in ["a:/", "a:/usr", "a:/usr/lib", "a:/site-packages/x:rw"] {
            let error = parse_mount(text).unwrap_err();
            assert!(matches!(error, MountOptionError::Taken { .. }), "{text}");
            assert!(error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn slashes_at_the_end_do_no_harm() {
        for (text, path) in [("/", "/"), ("//", "/"), ("/a/", "/a"), ("/a", "/a")] {
            assert_eq!(parse_sandbox_path(text).unwrap().as_str(), path);
        }
        assert!(parse_sandbox_path("").is_err());
    }
}
