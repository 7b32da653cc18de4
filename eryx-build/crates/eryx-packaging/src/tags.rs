//! Which wheels fit the sandbox: CPython 3.14 for WASI (PEP 425 tags).

use crate::environment::{PYTHON_MINOR, SANDBOX_PLATFORMS};
use crate::wheel_name::WheelName;

/// Whether a wheel fits, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It fits.
    Fits,
    /// It is for the right Python but another platform.
    OtherPlatform,
    /// It is for another Python or another ABI.
    OtherPython,
}

/// Holds a wheel's tags against the sandbox.
#[must_use]
pub fn fit(wheel: &WheelName) -> Fit {
    fit_with(wheel, &[])
}

/// Holds a wheel's tags against the sandbox, for which more platform tags are said to fit.
#[must_use]
pub fn fit_with(wheel: &WheelName, more: &[String]) -> Fit {
    let right_python = wheel
        .python
        .iter()
        .any(|python| wheel.abi.iter().any(|abi| fits_python(python, abi)));
    if !right_python {
        return Fit::OtherPython;
    }
    let fits = |tag: &String| SANDBOX_PLATFORMS.contains(&tag.as_str()) || more.contains(tag);
    if wheel.platform.iter().any(fits) {
        Fit::Fits
    } else {
        Fit::OtherPlatform
    }
}

fn fits_python(python: &str, abi: &str) -> bool {
    match abi {
        "none" => {
            python == "py3"
                || minor(python, "py3").is_some_and(|minor| minor <= PYTHON_MINOR)
                || minor(python, "cp3") == Some(PYTHON_MINOR)
        }
        "abi3" => minor(python, "cp3").is_some_and(|minor| minor <= PYTHON_MINOR),
        _ => minor(abi, "cp3") == Some(PYTHON_MINOR) && minor(python, "cp3") == Some(PYTHON_MINOR),
    }
}

fn minor(tag: &str, prefix: &str) -> Option<u32> {
    let digits = tag.strip_prefix(prefix)?;
    // `parse` alone would take a sign.
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok())
        .flatten()
}

/// A platform tag in words: `manylinux_2_28_x86_64` is `Linux (x86_64)`.
#[must_use]
pub fn describe_platform(tag: &str) -> String {
    const ARCHITECTURES: [&str; 12] = [
        "x86_64",
        "aarch64",
        "arm64",
        "universal2",
        "amd64",
        "i686",
        "armv7l",
        "ppc64le",
        "s390x",
        "riscv64",
        "intel",
        "wasm32",
    ];
    let system = match tag {
        _ if tag.starts_with("musllinux") => "Linux with musl",
        _ if tag.starts_with("manylinux") || tag.starts_with("linux") => "Linux",
        _ if tag.starts_with("macosx") => "macOS",
        _ if tag.starts_with("win") => "Windows",
        _ if tag.starts_with("ios") => "iOS",
        _ if tag.starts_with("android") => "Android",
        _ if tag.starts_with("emscripten") || tag.starts_with("pyodide") => "Emscripten",
        _ => return format!("`{tag}`"),
    };
    match ARCHITECTURES.iter().find(|name| tag.ends_with(**name)) {
        Some(architecture) => format!("{system} ({architecture})"),
        None if tag == "win32" => "Windows (x86)".to_owned(),
        None => system.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_held_against_the_sandbox() {
        for (tags, expected) in [
            ("py3-none-any", Fit::Fits),
            ("py2.py3-none-any", Fit::Fits),
            ("py38-none-any", Fit::Fits),
            ("py314-none-any", Fit::Fits),
            ("cp314-none-any", Fit::Fits),
            ("cp314-cp314-wasi_0_0_0_wasm32", Fit::Fits),
            ("cp314-cp314-wasi_0_2_7_wasm32", Fit::Fits),
            ("cp38-abi3-wasi_wasm32", Fit::Fits),
            ("cp314-cp314-manylinux_2_17_x86_64.wasm32_wasip2", Fit::Fits),
            ("py315-none-any", Fit::OtherPython),
            ("py2-none-any", Fit::OtherPython),
            ("cp313-none-any", Fit::OtherPython),
            ("cp315-abi3-any", Fit::OtherPython),
            ("cp313-cp313-wasi_wasm32", Fit::OtherPython),
            ("cp314-cp314t-any", Fit::OtherPython),
            ("cp3+14-none-any", Fit::OtherPython),
            ("pp311-pypy311_pp73-any", Fit::OtherPython),
            ("cp314-cp314-manylinux_2_17_x86_64", Fit::OtherPlatform),
            ("cp38-abi3-win_amd64", Fit::OtherPlatform),
            ("cp314-cp314-wasi_0_2_12_wasm32", Fit::Fits),
            ("cp314-cp314-wasip2_wasm32", Fit::Fits),
            ("cp314-cp314-wasi_0_2_13_wasm32", Fit::OtherPlatform),
            ("cp314-cp314-wasi_0_2__wasm32", Fit::OtherPlatform),
            ("cp314-cp314-pyodide_2025_0_wasm32", Fit::OtherPlatform),
        ] {
            let mut sets = tags.split('-').map(|set| {
                let tags = set.split('.').map(str::to_owned);
                tags.collect::<Vec<_>>()
            });
            let name = WheelName {
                name: "a".into(),
                version: "1".into(),
                python: sets.next().unwrap(),
                abi: sets.next().unwrap(),
                platform: sets.next().unwrap(),
            };
            assert_eq!(fit(&name), expected, "{tags}");
        }
    }

    #[test]
    fn platforms_are_put_in_words() {
        for (tag, words) in [
            ("manylinux_2_28_x86_64", "Linux (x86_64)"),
            ("musllinux_1_2_aarch64", "Linux with musl (aarch64)"),
            ("macosx_11_0_arm64", "macOS (arm64)"),
            ("win_amd64", "Windows (amd64)"),
            ("win32", "Windows (x86)"),
            ("pyodide_2025_0_wasm32", "Emscripten (wasm32)"),
            ("beos", "`beos`"),
        ] {
            assert_eq!(describe_platform(tag), words);
        }
    }
}
