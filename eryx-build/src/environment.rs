//! The environment that markers of requirements are evaluated in (PEP 508): that of the sandbox,
//! whatever machine bakes.
//!
//! This room knows the sandbox's platform, and nothing of manifests or packages.
//!
//! ```
//! use std::str::FromStr as _;
//!
//! let environment = eryx_build::environment::sandbox("3.14.0").unwrap();
//! let marker = pep508_rs::MarkerTree::from_str("sys_platform == 'win32'").unwrap();
//! assert!(!marker.evaluate(&environment, &[]));
//! ```

use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder};

/// The value of `sys_platform` in the sandbox.
pub const SYS_PLATFORM: &str = "wasi";

/// The value of `platform_machine` in the sandbox.
pub const PLATFORM_MACHINE: &str = "wasm32";

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
