//! Mounts as they are written: `HOST:GUEST[:ro|rw]`.

use super::PolicyError;
use std::path::PathBuf;

/// Sandbox paths that belong to the image and can not be hidden by a mount.
const RESERVED: [&str; 3] = ["/usr", "/site-packages", "/dev"];

/// What a program may do in a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read files and list folders.
    ReadOnly,
    /// Also create, change and remove them.
    ReadWrite,
}

/// A file or folder of the host that a program sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// The host's file or folder.
    pub host: PathBuf,
    /// Where it is seen: an absolute sandbox path.
    pub guest: String,
    /// What may be done there.
    pub access: Access,
}

impl Mount {
    /// Reads a mount as `-v` takes it. It is read-only unless it ends with `:rw`.
    ///
    /// # Errors
    /// When the form is wrong, or the sandbox path is not absolute and normal or belongs to the image.
    pub fn parse(text: &str) -> Result<Mount, PolicyError> {
        let (rest, access) = match text.rsplit_once(':') {
            Some((rest, "ro")) => (rest, Access::ReadOnly),
            Some((rest, "rw")) => (rest, Access::ReadWrite),
            _ => (text, Access::ReadOnly),
        };
        let form = || PolicyError::MountForm(text.to_owned());
        let (host, guest) = rest.rsplit_once(':').ok_or_else(form)?;
        if host.is_empty() || guest.is_empty() {
            return Err(form());
        }
        let trimmed = guest.trim_end_matches('/');
        let normal = trimmed.strip_prefix('/').is_some_and(|below| {
            below
                .split('/')
                .all(|part| !matches!(part, "" | "." | "..") && !part.contains('\0'))
        });
        if !normal {
            return Err(PolicyError::MountPath {
                mount: text.to_owned(),
                guest: guest.to_owned(),
            });
        }
        let belongs_to = |root: &str| {
            trimmed
                .strip_prefix(root)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if RESERVED.into_iter().any(belongs_to) {
            return Err(PolicyError::MountReserved {
                mount: text.to_owned(),
                guest: guest.to_owned(),
            });
        }
        Ok(Mount {
            host: host.into(),
            guest: trimmed.to_owned(),
            access,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_are_read_only_unless_they_say_otherwise() {
        let access = |text| Mount::parse(text).unwrap().access;
        assert_eq!(access("a:/b"), Access::ReadOnly);
        assert_eq!(access("a:/b:ro"), Access::ReadOnly);
        assert_eq!(access("a:/b:rw"), Access::ReadWrite);
    }

    #[test]
    fn the_host_side_may_hold_colons() {
        let mount = Mount::parse("/a:b:/c/").unwrap();
        assert_eq!(
            (mount.host, mount.guest.as_str()),
            (PathBuf::from("/a:b"), "/c")
        );
    }

    #[test]
    fn what_is_no_mount_is_refused() {
        for text in ["", "a", ":/b", "a:", "a:rw", "a:/b:rx"] {
            assert!(Mount::parse(text).is_err(), "{text}");
        }
        for text in ["a:b", "a:/", "a:/b/../c", "a:/b//c", "a:/./b"] {
            assert!(
                matches!(Mount::parse(text), Err(PolicyError::MountPath { .. })),
                "{text}"
            );
        }
        for text in [
            "a:/usr",
            "a:/usr/lib",
            "a:/site-packages/x:rw",
            "a:/dev/null",
        ] {
            assert!(
                matches!(Mount::parse(text), Err(PolicyError::MountReserved { .. })),
                "{text}"
            );
        }
    }
}
