//! Why something failed, in one phrase that fits into a table.
//!
//! What is not recognised is told as it was said, behind the word `unexplained`.

use serde_json::Value;

/// The most characters of a message that is not recognised.
const LONGEST: usize = 160;

/// Words that stand for what the platform lacks.
const PLATFORM: [(&str, &str); 7] = [
    ("start new thread", "needs threads"),
    ("does not support processes", "needs processes"),
    ("has no attribute 'fork'", "needs processes"),
    (
        "Bad git executable",
        "needs the program `git`, as anywhere, or `GIT_PYTHON_REFRESH=quiet`",
    ),
    (
        "Stack overflow (used ",
        "nests deeper than the 8 MiB of C stack that the interpreter has",
    ),
    (
        "unsupported platform",
        "knows Linux, Windows and systems with `kqueue`, and no other platform",
    ),
    ("emscripten/wasi", "needs what CPython leaves out for WASI"),
];

/// Why a bake failed, from the toolchain's message.
pub(crate) fn of_bake(package: &str, message: &str) -> String {
    let cause = if message.contains("neither a wheel that fits the sandbox") {
        "native code: only wheels for other platforms".to_owned()
    } else if message.contains("has native code") {
        "native code: its build needs a C compiler".to_owned()
    } else if let Some(program) = between(message, "needs ", ", and no other program runs")
        .or_else(|| between(message, "runs the program `", "`, and no other program"))
        .or_else(|| between(message, " failed: Error: ", " executable not found"))
    {
        format!("native code: its build needs {}", program.trim_matches('`'))
    } else if message.contains("does not know the platform of the sandbox") {
        "its build stops on platforms that it does not know, as WASI".to_owned()
    } else {
        return unexplained(message);
    };
    // Where a build fails before it is known what it requires, the file is named in place of the package.
    let file = between(
        message,
        "what the source distribution ",
        " requires is not known",
    );
    let culprit = file
        .and_then(|file| Some(file.rsplit_once('-')?.0))
        .or_else(|| between(message, "`", "`"));
    match culprit.map(requirement_name) {
        Some(other) if other != package => format!("{cause} (`{other}`, which it requires)"),
        _ => cause,
    }
}

/// Why an import failed, from the exception and those that led to it, the deepest last.
pub(crate) fn of_import(chain: &Value) -> String {
    let chain = chain.as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |error: &Value, key: &str| error[key].as_str().unwrap_or_default().to_owned();
    for error in chain.iter().rev() {
        let module = text(error, "module");
        if !module.is_empty() {
            let name = module.trim_start_matches('_');
            return if error["standard"] == true {
                format!("needs `{name}`, which this runtime lacks")
            } else {
                format!("needs `{module}`, which it does not require")
            };
        }
        if let Some(reason) = of_platform(&text(error, "message")) {
            return reason;
        }
    }
    let first = chain.first().unwrap_or(&Value::Null);
    unexplained(&format!(
        "{}: {}",
        text(first, "type"),
        text(first, "message")
    ))
}

/// Why a test failed, from its last message.
pub(crate) fn of_test(message: &str) -> String {
    if let Some(module) = between(message, "No module named '", "'") {
        return format!("needs `{}`", module.trim_start_matches('_'));
    }
    of_platform(message).unwrap_or_else(|| unexplained(message))
}

/// What the platform lacks, by words of a message.
fn of_platform(message: &str) -> Option<String> {
    let known = PLATFORM.iter().find(|(words, _)| message.contains(words));
    known.map(|(_, reason)| (*reason).to_owned())
}

/// A message that is not recognised.
pub(crate) fn unexplained(message: &str) -> String {
    let line = message.lines().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or("there is no message").trim();
    let mut text: String = line.chars().take(LONGEST).collect();
    if text.len() < line.len() {
        text.push('…');
    }
    format!("unexplained: {text}")
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

/// The name at the beginning of a requirement, normalised.
fn requirement_name(requirement: &str) -> String {
    let is_name = |one: &char| one.is_ascii_alphanumeric() || "-_.".contains(*one);
    let name: String = requirement.chars().take_while(is_name).collect();
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bakes_are_told_apart() {
        let wheels =
            "`numpy>=2` has neither a wheel that fits the sandbox (CPython 3.14, WASI) nor …";
        let own = "native code: only wheels for other platforms";
        assert_eq!(of_bake("numpy", wheels), own);
        let other = of_bake("pandas", wheels);
        assert_eq!(other, format!("{own} (`numpy`, which it requires)"));
        let rust = "`x` cannot be built: its build backend `maturin` needs the Rust compiler, and no \
                    other program runs in the sandbox";
        assert_eq!(
            of_bake("x", rust),
            "native code: its build needs the Rust compiler"
        );
        let configuration =
            "its build backend `b` failed: Error: pg_config executable not found. (SystemExit: 1)";
        assert_eq!(
            of_bake("b", configuration),
            "native code: its build needs pg_config"
        );
        let refused = "its build does not know the platform of the sandbox, WASI (SystemExit: platform \
                       wasi is not supported): if it works without …";
        let known = "its build stops on platforms that it does not know, as WASI";
        let file = "what the source distribution a_b-7.2.2.tar.gz requires is not known";
        let refused = format!("{file}: {refused}");
        assert_eq!(of_bake("a-b", &refused), known);
        let other = of_bake("x", &refused);
        assert_eq!(other, format!("{known} (`a-b`, which it requires)"));
        let long = of_bake("x", &"ä".repeat(500));
        assert!(long.starts_with("unexplained: ä") && long.ends_with("ä…"));
        assert_eq!(of_bake("x", "\n\n"), "unexplained: there is no message");
    }

    #[test]
    fn the_deepest_cause_that_is_known_counts() {
        let error = |kind: &str, message: &str, module: Value, standard: bool| json!({"type": kind, "message": message, "module": module, "standard": standard});
        let outer = error("RuntimeError", "no TLS", Value::Null, false);
        let inner = error("ModuleNotFoundError", "…", json!("_ssl"), true);
        let reason = of_import(&json!([outer, inner]));
        assert_eq!(reason, "needs `ssl`, which this runtime lacks");
        let optional = error("ModuleNotFoundError", "…", json!("numpy"), false);
        let reason = of_import(&json!([optional]));
        assert_eq!(reason, "needs `numpy`, which it does not require");
        let thread = error(
            "RuntimeError",
            "cannot start new thread",
            Value::Null,
            false,
        );
        assert_eq!(of_import(&json!([thread])), "needs threads");
        assert_eq!(
            of_import(&json!([outer])),
            "unexplained: RuntimeError: no TLS"
        );
        assert_eq!(of_import(&Value::Null), "unexplained: :");
    }

    #[test]
    fn tests_are_explained_by_their_message() {
        let reason = of_test("ModuleNotFoundError: No module named '_ctypes'");
        assert_eq!(reason, "needs `ctypes`");
        let deep = of_test("RecursionError: Stack overflow (used 1008 kB) during compilation");
        assert_eq!(
            deep,
            "nests deeper than the 8 MiB of C stack that the interpreter has"
        );
        assert_eq!(of_test("assert 1 == 2"), "unexplained: assert 1 == 2");
    }
}
