//! What cargo and PyO3 read: variables that name the target and its linker, a description of the sandbox's
//! Python, and a program that stands for `rustc`.
//!
//! Maturin and setuptools-rust take the target from cargo's own variable, and what they ask of a Python from PyO3's
//! file. So neither needs a flag.

use super::{Sdk, programs::RUSTC};
use eryx_wheel::native::EXTENSION_SUFFIX;
use std::{ffi::OsString, path::Path};

/// The target whose code is independent of its place, with a standard library for WASI 0.2.
pub(super) const TARGET: &str = "wasm32-wasip2";

/// Stands between cargo and `rustc`. Paths of the machine, which Rust's panics name, become names of crates; and a
/// compiler without a standard library for the target is told from one that finds a fault.
const WRAPPER: &str = r#"#!/bin/sh
case " $* " in
*" --target TARGET "*) ;;
*) exec "$@" ;;
esac
rustc=$1
if [ -n "$CARGO_MANIFEST_DIR" ]; then
    set -- "$@" "--remap-path-prefix=$CARGO_MANIFEST_DIR=/$CARGO_PKG_NAME-$CARGO_PKG_VERSION"
fi
if [ -n "$OUT_DIR" ]; then
    set -- "$@" "--remap-path-prefix=$OUT_DIR=/$CARGO_PKG_NAME-$CARGO_PKG_VERSION/out"
fi
"$@"
status=$?
if [ $status != 0 ] && ! [ -d "$("$rustc" --print target-libdir --target TARGET 2>/dev/null)" ]; then
    echo "error: this Rust has no standard library for the sandbox: run \`rustup target add TARGET${RUSTUP_TOOLCHAIN:+ --toolchain $RUSTUP_TOOLCHAIN}\`, or install Debian's libstd-rust-dev-wasm32 beside its rustc" >&2
fi
exit $status
"#;

/// The text of the program that stands for `rustc`.
pub(super) fn wrapper() -> String {
    WRAPPER.replace("TARGET", TARGET)
}

/// The text of PyO3's file.
pub(super) fn configuration(python: &str) -> String {
    let series: Vec<&str> = python.splitn(3, '.').take(2).collect();
    // What a Python of the machine would say. Without the last line PyO3 would have its library linked.
    format!(
        "implementation=CPython\nversion={}\nshared=true\nabi3=false\npointer_width=32\nbuild_flags=\n\
         ext_suffix={EXTENSION_SUFFIX}\nsuppress_build_script_link_lines=true\n",
        series.join(".")
    )
}

/// The variables of a build, for a process whose own ones `value` tells.
pub(super) fn variables(
    sdk: &Sdk,
    value: impl Fn(&str) -> Option<OsString>,
) -> Vec<(&'static str, OsString)> {
    let program = |name: &str| sdk.bin().join(name).into_os_string();
    // Build scripts and macros run on the machine. What compiles C for them takes these before `CC`.
    let host = |name: &str, of_target: &str, usual: &str| {
        let own = value(of_target).filter(|program| !Path::new(program).starts_with(sdk.root()));
        value(name).or(own).unwrap_or_else(|| usual.into())
    };
    vec![
        ("AR_wasm32_wasip2", program("wasm32-wasi-ar")),
        ("CARGO_BUILD_TARGET", TARGET.into()),
        (
            "CARGO_TARGET_WASM32_WASIP2_LINKER",
            program("wasm32-wasi-rust-ld"),
        ),
        ("CC_wasm32_wasip2", program("wasm32-wasi-cc")),
        ("CXX_wasm32_wasip2", program("wasm32-wasi-c++")),
        ("HOST_AR", host("HOST_AR", "AR", "ar")),
        ("HOST_CC", host("HOST_CC", "CC", "cc")),
        ("HOST_CXX", host("HOST_CXX", "CXX", "c++")),
        ("PYO3_CONFIG_FILE", sdk.pyo3_configuration().into()),
        ("RANLIB_wasm32_wasip2", program("wasm32-wasi-ranlib")),
        ("RUSTC_WRAPPER", program(RUSTC)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pyo3_is_told_of_the_sandboxs_python() {
        let text = configuration("3.14.2");
        for line in [
            "version=3.14",
            "pointer_width=32",
            "ext_suffix=.cpython-314-wasm32-wasi.so",
        ] {
            assert!(text.lines().any(|one| one == line), "{text}");
        }
    }

    #[test]
    fn the_wrapper_names_the_target() {
        let text = wrapper();
        assert!(text.contains("rustup target add wasm32-wasip2"), "{text}");
        assert!(!text.contains("TARGET"), "{text}");
    }
}
