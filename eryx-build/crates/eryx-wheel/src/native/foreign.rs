//! Recognising libraries that are machine code of some other platform, by their first bytes.

/// Machine code that the sandbox cannot run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignLibrary {
    /// The platform that its header names, such as `Linux (x86_64)`.
    pub platform: String,
}

const ELF: &[u8] = b"\x7fELF";
const PE: &[u8] = b"MZ";
const MACHINE_OFFSET: usize = 18;
const PE_OFFSET_OFFSET: usize = 0x3c;
/// A Java class has the magic of a fat Mach-O file, and its version (45 and more) where that has
/// its number of architectures.
const FIRST_JAVA_VERSION: u32 = 45;

/// What platform a file is machine code for, or nothing when it is no such file.
///
/// ELF and Mach-O files count whatever their name is; PE files only under the name of a library,
/// since packages for any platform carry `.exe` launchers as data.
#[must_use]
pub fn identify(path: &str, bytes: &[u8]) -> Option<ForeignLibrary> {
    let platform = if bytes.starts_with(ELF) {
        elf_platform(bytes)
    } else if let Some(platform) = mach_o_platform(bytes) {
        platform
    } else if bytes.starts_with(PE) && is_library_name(path) {
        windows_platform(bytes)
    } else {
        return None;
    };
    Some(ForeignLibrary { platform })
}

fn elf_platform(bytes: &[u8]) -> String {
    let big_endian = bytes.get(5) == Some(&2);
    let machine = array_at::<2>(bytes, MACHINE_OFFSET).map(|value| {
        if big_endian {
            u16::from_be_bytes(value)
        } else {
            u16::from_le_bytes(value)
        }
    });
    // The ELF header does not tell which system; wheels with ELF files are those of Linux.
    let machine = match machine {
        Some(3) => "i686",
        Some(8) => "mips",
        Some(20) => "ppc",
        Some(21) => "ppc64",
        Some(22) => "s390x",
        Some(40) => "armv7l",
        Some(62) => "x86_64",
        Some(183) => "aarch64",
        Some(243) => "riscv64",
        Some(258) => "loongarch64",
        Some(other) => return format!("Linux (ELF machine {other})"),
        None => return "Linux".to_owned(),
    };
    format!("Linux ({machine})")
}

fn mach_o_platform(bytes: &[u8]) -> Option<String> {
    let word = |index: usize| array_at::<4>(bytes, index);
    let processor = match word(0)? {
        [0xfe, 0xed, 0xfa, 0xce | 0xcf] => word(4).map(u32::from_be_bytes),
        [0xce | 0xcf, 0xfa, 0xed, 0xfe] => word(4).map(u32::from_le_bytes),
        [0xca, 0xfe, 0xba, 0xbe | 0xbf] if u32::from_be_bytes(word(4)?) < FIRST_JAVA_VERSION => {
            return Some("macOS (universal)".to_owned());
        }
        [0xbe | 0xbf, 0xba, 0xfe, 0xca] => return Some("macOS (universal)".to_owned()),
        _ => return None,
    };
    Some(match processor {
        Some(0x0100_0007) => "macOS (x86_64)".to_owned(),
        Some(0x0100_000c) => "macOS (arm64)".to_owned(),
        Some(7) => "macOS (i386)".to_owned(),
        Some(other) => format!("macOS (processor {other:#x})"),
        None => "macOS".to_owned(),
    })
}

/// Whether a file is named as native libraries are on some platform: `a.pyd`, `b.dll`, `libc.so.1`.
pub(super) fn is_library_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let is_number = |one: char| one.is_ascii_digit() || one == '.';
    let without_version = name.trim_end_matches(is_number);
    let ends = |name: &str, ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    ends(&name, &[".pyd", ".dll", ".dylib", ".so"]) || ends(without_version, &[".so"])
}

/// A file without a whole header is no less for Windows: nothing else begins as these do.
fn windows_platform(bytes: &[u8]) -> String {
    let machine = || {
        let header = array_at::<4>(bytes, PE_OFFSET_OFFSET)?;
        let header = usize::try_from(u32::from_le_bytes(header)).ok()?;
        (&array_at::<4>(bytes, header)? == b"PE\0\0").then_some(())?;
        array_at::<2>(bytes, header.checked_add(4)?).map(u16::from_le_bytes)
    };
    match machine() {
        Some(0x014c) => "Windows (x86)".to_owned(),
        Some(0x8664) => "Windows (amd64)".to_owned(),
        Some(0xaa64) => "Windows (arm64)".to_owned(),
        _ => "Windows".to_owned(),
    }
}

fn array_at<const LENGTH: usize>(bytes: &[u8], offset: usize) -> Option<[u8; LENGTH]> {
    let end = offset.checked_add(LENGTH)?;
    bytes.get(offset..end)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform(path: &str, bytes: &[u8]) -> Option<String> {
        identify(path, bytes).map(|library| library.platform)
    }

    fn with_at(mut bytes: Vec<u8>, offset: usize, value: &[u8]) -> Vec<u8> {
        bytes.resize(bytes.len().max(offset + value.len()), 0);
        bytes[offset..offset + value.len()].copy_from_slice(value);
        bytes
    }

    #[test]
    fn elf_files_name_their_machine() {
        let elf = |endian, machine: &[u8]| {
            with_at(with_at(ELF.to_vec(), 5, &[endian]), MACHINE_OFFSET, machine)
        };
        for (bytes, expected) in [
            (elf(1, &[62, 0]), "Linux (x86_64)"),
            (elf(1, &[183, 0]), "Linux (aarch64)"),
            (elf(2, &[0, 22]), "Linux (s390x)"),
            (elf(1, &[0, 9]), "Linux (ELF machine 2304)"),
            (ELF.to_vec(), "Linux"),
        ] {
            assert_eq!(platform("data.bin", &bytes).as_deref(), Some(expected));
        }
    }

    #[test]
    fn every_magic_of_mach_o_is_known() {
        for (bytes, expected) in [
            (
                b"\xcf\xfa\xed\xfe\x0c\0\0\x01".as_slice(),
                Some("macOS (arm64)"),
            ),
            (b"\xce\xfa\xed\xfe\x07\0\0\0", Some("macOS (i386)")),
            (b"\xfe\xed\xfa\xcf\x01\0\0\x07", Some("macOS (x86_64)")),
            (b"\xfe\xed\xfa\xce", Some("macOS")),
            (b"\xca\xfe\xba\xbe\0\0\0\x02", Some("macOS (universal)")),
            (b"\xca\xfe\xba\xbf\0\0\0\x02", Some("macOS (universal)")),
            (b"\xca\xfe\xba\xbe\0\0\0\x34", None),
            (b"\xca\xfe", None),
        ] {
            assert_eq!(platform("a.so", bytes).as_deref(), expected, "{bytes:x?}");
        }
    }

    #[test]
    fn windows_files_count_only_as_libraries() {
        let header = with_at(b"MZ".to_vec(), PE_OFFSET_OFFSET, &64_u32.to_le_bytes());
        let library = with_at(header.clone(), 64, b"PE\0\0\x64\x86");
        assert_eq!(
            platform("a/b.PYD", &library).as_deref(),
            Some("Windows (amd64)")
        );
        assert_eq!(platform("cli.exe", &library), None);
        for path in [
            "a/b.pyd",
            "a.DLL",
            "a/b.so",
            "a.libs/libb.so.1.2",
            "b.dylib",
        ] {
            assert_eq!(platform(path, b"MZ").as_deref(), Some("Windows"), "{path}");
        }
        for path in ["a.exe", "so.txt", "a.so.txt", "1.2", "notes"] {
            assert_eq!(platform(path, b"MZ"), None, "{path}");
        }
        let beyond = with_at(b"MZ".to_vec(), PE_OFFSET_OFFSET, &[0xff; 4]);
        assert_eq!(platform("a.dll", &beyond).as_deref(), Some("Windows"));
    }

    #[test]
    fn other_files_are_left_alone() {
        for bytes in [&b""[..], b"\0asm\x01\0\0\0", b"import os", b"\x7fEL"] {
            assert_eq!(platform("a.so", bytes), None);
        }
    }
}
