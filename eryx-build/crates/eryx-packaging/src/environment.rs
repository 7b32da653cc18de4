//! The sandbox, in the terms of Python's packaging: the environment that markers of requirements are
//! evaluated in (PEP 508), and the tags of the wheels that it takes (PEP 425). They do not depend on
//! the machine that bakes.
//!
//! This module knows no manifest, lock or package.
//!
//! ```
//! use std::str::FromStr as _;
//!
//! let environment = eryx_packaging::environment::sandbox("3.14.0").unwrap();
//! let marker = pep508_rs::MarkerTree::from_str("sys_platform == 'win32'").unwrap();
//! assert!(!marker.evaluate(&environment, &[]));
//! ```

use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder};

/// The value of `sys_platform` in the sandbox.
pub const SYS_PLATFORM: &str = "wasi";

/// The value of `platform_machine` in the sandbox.
pub const PLATFORM_MACHINE: &str = "wasm32";

/// The minor version of the CPython 3 in the runtime.
pub(crate) const PYTHON_MINOR: u32 = 14;

/// The ABI tags of wheels that fit the sandbox, as they are given to an installer.
pub const ABIS: [&str; 3] = ["cp314", "abi3", "none"];

/// The platform tags of wheels that fit the sandbox, as they are given to an installer, which takes
/// no pattern: WASI 0.2.N ends at 12 here.
pub const SANDBOX_PLATFORMS: [&str; 19] = [
    "any",
    "wasi_wasm32",
    "wasm32_wasi",
    "wasm32_wasip2",
    "wasip2_wasm32",
    "wasi_0_0_0_wasm32",
    "wasi_0_2_0_wasm32",
    "wasi_0_2_1_wasm32",
    "wasi_0_2_2_wasm32",
    "wasi_0_2_3_wasm32",
    "wasi_0_2_4_wasm32",
    "wasi_0_2_5_wasm32",
    "wasi_0_2_6_wasm32",
    "wasi_0_2_7_wasm32",
    "wasi_0_2_8_wasm32",
    "wasi_0_2_9_wasm32",
    "wasi_0_2_10_wasm32",
    "wasi_0_2_11_wasm32",
    "wasi_0_2_12_wasm32",
];

/// The platform tags of wheels that are taken without their native libraries, the newest first. They
/// do not depend on the host: the same manifest gives the same wheel everywhere.
pub const FOREIGN_PLATFORMS: [&str; 16] = [
    "manylinux_2_39_x86_64",
    "manylinux_2_38_x86_64",
    "manylinux_2_36_x86_64",
    "manylinux_2_35_x86_64",
    "manylinux_2_34_x86_64",
    "manylinux_2_31_x86_64",
    "manylinux_2_28_x86_64",
    "manylinux_2_27_x86_64",
    "manylinux_2_26_x86_64",
    "manylinux_2_24_x86_64",
    "manylinux_2_17_x86_64",
    "manylinux2014_x86_64",
    "manylinux_2_12_x86_64",
    "manylinux2010_x86_64",
    "manylinux_2_5_x86_64",
    "manylinux1_x86_64",
];

/// The variables of the sandbox's environment by the names that PEP 508 gives them, with the
/// version of Python in the runtime, `3.14.0` or another of the line.
#[must_use]
pub fn variables(python: &str) -> [(&'static str, &str); 11] {
    let minor = python.match_indices('.').nth(1);
    let short = minor.and_then(|(end, _)| python.get(..end));
    [
        ("implementation_name", "cpython"),
        ("implementation_version", python),
        ("os_name", "posix"),
        ("platform_machine", PLATFORM_MACHINE),
        ("platform_python_implementation", "CPython"),
        ("platform_release", "0.0.0"),
        ("platform_system", SYS_PLATFORM),
        ("platform_version", "0.0.0"),
        ("python_full_version", python),
        ("python_version", short.unwrap_or(python)),
        ("sys_platform", SYS_PLATFORM),
    ]
}

/// The sandbox's environment, with the version of Python in the runtime. `None` when that is not a
/// version.
#[must_use]
pub fn sandbox(python: &str) -> Option<MarkerEnvironment> {
    let [
        implementation_name,
        implementation_version,
        os_name,
        platform_machine,
        platform_python_implementation,
        platform_release,
        platform_system,
        platform_version,
        python_full_version,
        python_version,
        sys_platform,
    ] = variables(python).map(|(_, value)| value);
    MarkerEnvironmentBuilder {
        implementation_name,
        implementation_version,
        os_name,
        platform_machine,
        platform_python_implementation,
        platform_release,
        platform_system,
        platform_version,
        python_full_version,
        python_version,
        sys_platform,
    }
    .try_into()
    .ok()
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use pep508_rs::MarkerTree;

    use super::*;

    #[test]
    fn markers_are_those_of_the_sandbox() {
        let environment = sandbox("3.14.0").unwrap();
        for (marker, expected) in [
            ("sys_platform == 'wasi'", true),
            ("platform_machine == 'wasm32'", true),
            ("python_version >= '3.14'", true),
            ("python_full_version < '3.14.1'", true),
            ("platform_system == 'Linux'", false),
            ("os_name == 'nt'", false),
            ("extra == 'dev'", false),
        ] {
            let tree = MarkerTree::from_str(marker).unwrap();
            assert_eq!(tree.evaluate(&environment, &[]), expected, "{marker}");
        }
        assert!(sandbox("three").is_none());
    }
}
