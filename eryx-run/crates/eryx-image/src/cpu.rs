//! What this machine is: its target and the features of its CPU.

/// Defines the features that are known on an architecture, by the names of Rust's own detection.
macro_rules! detect {
    ($macro:ident: $($name:tt)*) => {
        &[$(($name, || std::arch::$macro!($name))),*]
    };
}

/// A feature and how to find out whether the CPU has it.
type Feature = (&'static str, fn() -> bool);

/// The features that wasmtime's code generator can use on x86-64.
#[cfg(target_arch = "x86_64")]
const FEATURES: &[Feature] = detect!(is_x86_feature_detected:
    "cmpxchg16b" "sse3" "ssse3" "sse4.1" "sse4.2" "popcnt" "avx" "avx2" "fma" "bmi1" "bmi2" "lzcnt"
    "avx512bitalg" "avx512dq" "avx512f" "avx512vl" "avx512vbmi");

/// The features that wasmtime's code generator can use on AArch64.
#[cfg(target_arch = "aarch64")]
const FEATURES: &[Feature] = detect!(is_aarch64_feature_detected:
    "lse" "paca" "fp16" "dotprod" "i8mm");

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const FEATURES: &[Feature] = &[];

/// The features that machine code can need and that the CPU of this machine has.
pub fn host_cpu_features() -> Vec<&'static str> {
    FEATURES
        .iter()
        .filter(|(_, has)| has())
        .map(|(name, _)| *name)
        .collect()
}

/// Those of the needed features that this machine does not have, or that nobody knows.
pub(super) fn missing_features(needed: &[String]) -> Vec<&str> {
    let has = |needed: &&String| {
        FEATURES
            .iter()
            .any(|(name, detected)| name == needed && detected())
    };
    needed
        .iter()
        .filter(|needed| !has(needed))
        .map(String::as_str)
        .collect()
}

/// The architecture and operating system of a target triple.
///
/// What else a triple has in it, the vendor and the C library, does not matter to machine code
/// that runs in a sandbox.
pub(super) fn platform(triple: &str) -> (&str, &str) {
    let mut fields = triple.split('-');
    let architecture = fields.next().unwrap_or("");
    let system = fields.nth(1).unwrap_or("");
    let system = if system.starts_with("darwin") || system.starts_with("macos") {
        "macos"
    } else {
        system
    };
    (architecture, system)
}

/// The architecture and operating system of this machine.
pub(super) fn host_platform() -> (&'static str, &'static str) {
    (std::env::consts::ARCH, std::env::consts::OS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triples_are_taken_apart() {
        assert_eq!(platform("x86_64-unknown-linux-gnu"), ("x86_64", "linux"));
        assert_eq!(platform("x86_64-unknown-linux-musl"), ("x86_64", "linux"));
        assert_eq!(platform("aarch64-apple-darwin"), ("aarch64", "macos"));
        assert_eq!(platform("x86_64-pc-windows-msvc"), ("x86_64", "windows"));
        assert_eq!(platform("nonsense"), ("nonsense", ""));
        assert_eq!(platform(""), ("", ""));
    }

    #[test]
    fn unknown_features_are_missing_and_detected_ones_are_not() {
        let detected: Vec<String> = host_cpu_features().into_iter().map(str::to_owned).collect();
        assert!(missing_features(&detected).is_empty());
        let unknown = ["telepathy".to_owned()];
        assert_eq!(missing_features(&unknown), ["telepathy"]);
    }
}
