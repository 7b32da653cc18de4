//! Directories of the host that give a program more than files: its kernel's interfaces, and the cache.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

/// File systems that show and change processes and the kernel, as the kernel names them.
const KERNEL_FILE_SYSTEMS: [&str; 14] = [
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "efivarfs",
    "fusectl",
    "proc",
    "pstore",
    "resctrl",
    "securityfs",
    "sysfs",
    "tracefs",
];

/// Where the kernel's file systems are, as this process sees them.
const MOUNT_TABLE: &str = "/proc/self/mountinfo";

/// The place of a kernel's file system that `path` shows: it lies in it, or contains it. `path` is
/// canonical.
pub(super) fn kernel_files(path: &Path) -> Option<PathBuf> {
    let table = std::fs::read(MOUNT_TABLE).unwrap_or_default();
    let usual = ["/proc", "/sys"].into_iter().map(PathBuf::from);
    kernel_mounts(&table)
        .chain(usual)
        .find(|place| place.starts_with(path) || path.starts_with(place))
}

/// The user's cache, if `path`, which is canonical, contains it or lies in it.
pub(super) fn cache(path: &Path) -> Option<PathBuf> {
    let cache = eryx_base::cache_directory()?.canonicalize().ok()?;
    (cache.starts_with(path) || path.starts_with(&cache)).then_some(cache)
}

/// The mount points of the kernel's file systems in a table of mounts (proc_pid_mountinfo(5)): the fifth
/// field of a line, and after a hyphen the kind of file system.
fn kernel_mounts(table: &[u8]) -> impl Iterator<Item = PathBuf> {
    let lines = table.split(|byte| *byte == b'\n');
    lines.filter_map(|line| {
        let mut fields = line.split(|byte| *byte == b' ');
        let place = fields.nth(4)?;
        fields.find(|field| *field == b"-")?;
        let kind = fields.next()?;
        KERNEL_FILE_SYSTEMS
            .iter()
            .any(|name| name.as_bytes() == kind)
            .then(|| PathBuf::from(unescape(place)))
    })
}

/// A path of the table: spaces, tabs, line feeds and backslashes are written as three octal digits.
fn unescape(text: &[u8]) -> OsString {
    if !text.contains(&b'\\') {
        return OsStr::from_bytes(text).to_owned();
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..3).filter(|_| first == b'\\');
        let number = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        plain.push(number.unwrap_or(first));
        rest = after
            .get(if number.is_some() { 3 } else { 0 }..)
            .unwrap_or_default();
    }
    OsString::from_vec(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_mounts_are_found_in_the_table() {
        let table = b"22 27 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n\
            27 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
            90 27 0:22 / /jail/a\\040b/proc rw - proc proc rw\n\
            91 27 0:40 / /run/proc rw - tmpfs proc rw\n\
            torn";
        let found: Vec<PathBuf> = kernel_mounts(table).collect();
        assert_eq!(found, [Path::new("/sys"), Path::new("/jail/a b/proc")]);
    }

    #[test]
    fn what_contains_or_lies_in_the_kernels_files_is_found() {
        for path in ["/", "/proc", "/proc/self", "/sys", "/sys/kernel"] {
            assert!(kernel_files(Path::new(path)).is_some(), "{path}");
        }
        for path in ["/tmp", "/usr/lib", "/process"] {
            assert!(kernel_files(Path::new(path)).is_none(), "{path}");
        }
    }
}
