//! What Python tools ask about the Python that a package is built for: the data of `sysconfig`, and
//! `build-details.json` (PEP 739).
//!
//! Both are about the sandbox's Python, and are read by a Python of the machine that builds. Paths of the
//! machine on which the runtime was built are left out, and those of the SDK put in.

use super::{SdkError, record::PYTHON};
use eryx_runtime::Distribution;
use eryx_wheel::native::EXTENSION_SUFFIX;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, path::Path};

/// The module that `sysconfig` imports when `_PYTHON_SYSCONFIGDATA_NAME` names it.
pub(super) const DATA_MODULE: &str = "_sysconfigdata__wasi_wasm32-wasi";

/// How `sysconfig` names the platform, and wheels do with `_` for `-`.
pub(super) const PLATFORM: &str = "wasi-wasm32";

/// The suffix of extension modules that use nothing but the stable ABI.
const STABLE_SUFFIX: &str = ".abi3.so";

/// The names and values that the runtime's `sysconfig` knows.
pub(super) fn variables(runtime: &Distribution) -> Result<Map<String, Value>, SdkError> {
    let lacks = || SdkError::RuntimeLacks("_sysconfig_vars");
    let (_, file) = runtime
        .stdlib()
        .iter()
        .find(|(path, _)| path.starts_with("_sysconfig_vars_") && path.ends_with(".json"))
        .ok_or_else(lacks)?;
    serde_json::from_slice(file).map_err(|_| lacks())
}

/// The text of the module of `sysconfig` data, for an SDK that will be in `directory`.
pub(super) fn data_module(variables: &Map<String, Value>, directory: &Path) -> String {
    let mut all: BTreeMap<&str, Value> = variables
        .iter()
        .filter(|(_, value)| !names_a_path(value))
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let path = |below: &str| directory.join(below).display().to_string();
    let (cc, cxx) = (path("bin/wasm32-wasi-cc"), path("bin/wasm32-wasi-c++"));
    let include = path(&format!("include/{PYTHON}"));
    let own = [
        ("AR", path("bin/wasm32-wasi-ar")),
        ("ARFLAGS", "rcs".to_owned()),
        ("BLDSHARED", format!("{cc} -shared")),
        ("CC", cc.clone()),
        ("CCSHARED", "-fPIC".to_owned()),
        ("CFLAGS", "-DNDEBUG -O2".to_owned()),
        ("CONFINCLUDEPY", include.clone()),
        ("CPP", format!("{cc} -E")),
        ("CXX", cxx.clone()),
        ("EXT_SUFFIX", EXTENSION_SUFFIX.to_owned()),
        ("INCLUDEPY", include),
        ("LDCXXSHARED", format!("{cxx} -shared")),
        ("LDFLAGS", String::new()),
        ("LDSHARED", format!("{cc} -shared")),
        ("LIBDIR", path("lib")),
        ("LINKCC", cc),
        ("OPT", "-DNDEBUG -O2".to_owned()),
        ("PY_CFLAGS", "-DNDEBUG -O2".to_owned()),
        ("PY_LDFLAGS", String::new()),
        ("RANLIB", path("bin/wasm32-wasi-ranlib")),
        ("exec_prefix", directory.display().to_string()),
        ("prefix", directory.display().to_string()),
    ];
    all.extend(own.map(|(name, value)| (name, Value::from(value))));
    let mut text = String::from("# The sandbox's Python, for `sysconfig`.\nbuild_time_vars = {\n");
    for (name, value) in all {
        // JSON's texts and integers are Python's, too.
        text += &format!("    {}: {value},\n", Value::from(name));
    }
    text + "}\n"
}

/// Whether a value has a path of the machine on which the runtime was built, or a flag for its compiler.
fn names_a_path(value: &Value) -> bool {
    let Value::String(text) = value else {
        return !value.is_i64();
    };
    text.split([' ', '=', '\'', '"', ':']).any(|word| {
        word.trim_start_matches("-I")
            .trim_start_matches("-L")
            .starts_with('/')
    }) || text.contains("--target")
}

/// `build-details.json`, for an SDK that will be in `directory`.
pub(super) fn build_details(python: &str, directory: &Path) -> Value {
    let mut numbers = python.split('.').map(|part| part.parse().unwrap_or(0_u32));
    let mut next = || numbers.next().unwrap_or(0);
    let (major, minor, micro) = (next(), next(), next());
    let version = json!({
        "major": major, "minor": minor, "micro": micro, "releaselevel": "final", "serial": 0,
    });
    let hexadecimal =
        u64::from(major) << 24 | u64::from(minor) << 16 | u64::from(micro) << 8 | 0xf0;
    json!({
        "schema_version": "1.0",
        "base_prefix": directory,
        "platform": PLATFORM,
        "language": {"version": format!("{major}.{minor}"), "version_info": version},
        "implementation": {
            "name": "cpython",
            "version": version,
            "hexversion": hexadecimal,
            "cache_tag": format!("cpython-{major}{minor}"),
            "_multiarch": "wasm32-wasi",
        },
        "abi": {
            "flags": [],
            "extension_suffix": EXTENSION_SUFFIX,
            "stable_abi_suffix": STABLE_SUFFIX,
        },
        "suffixes": {
            "source": [".py"],
            "bytecode": [".pyc"],
            "extensions": [EXTENSION_SUFFIX, STABLE_SUFFIX, ".so"],
        },
        "libpython": {
            "dynamic": directory.join("lib/libpython3.14.so"),
            "link_extensions": false,
        },
        "c_api": {"headers": directory.join("include").join(PYTHON)},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_another_machine_are_left_out() {
        for text in [
            "/usr/bin/cc",
            "ccache /x/clang",
            "-I. -I/a/b",
            "--sysroot=/x",
            "--target=a",
        ] {
            assert!(names_a_path(&text.into()), "{text}");
        }
        for text in ["", "-O3 -Wall", "cpython-314-wasm32-wasi", ".so"] {
            assert!(!names_a_path(&text.into()), "{text}");
        }
        assert!(!names_a_path(&4.into()));
    }

    #[test]
    fn the_data_names_the_compiler_of_the_sdk() {
        let variables = json!({"CC": "/x/clang", "SOABI": "s", "SIZEOF_LONG": 4, "VPATH": "/y"});
        let text = data_module(variables.as_object().unwrap(), Path::new("/sdk"));
        for line in [
            r#""CC": "/sdk/bin/wasm32-wasi-cc","#,
            r#""SOABI": "s","#,
            r#""SIZEOF_LONG": 4,"#,
        ] {
            assert!(text.contains(line), "{text}");
        }
        assert!(!text.contains("/y") && !text.contains("clang"), "{text}");
    }

    #[test]
    fn the_details_have_the_version_in_every_form() {
        let details = build_details("3.14.2", Path::new("/sdk"));
        assert_eq!(details["implementation"]["hexversion"], 0x030e_02f0);
        assert_eq!(details["language"]["version"], "3.14");
        assert_eq!(details["abi"]["extension_suffix"], EXTENSION_SUFFIX);
    }
}
