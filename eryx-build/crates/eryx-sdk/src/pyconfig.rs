//! `pyconfig.h` of the runtime's Python.
//!
//! The runtime comes without the file, but its `sysconfig` has the values of it. Which names there are is
//! taken from the `pyconfig.h` beside the headers, which was configured for another machine.
//!
//! ```text
//! #define SIZEOF_LONG 8        {"SIZEOF_LONG": 4, "HAVE_FORK": 0}       #define SIZEOF_LONG 4
//! #define HAVE_FORK 1     +                                      =>     /* #undef HAVE_FORK */
//! ```

use serde_json::{Map, Value};

/// Writes the lines of a template again, with the runtime's values.
pub(super) fn derive(template: &str, values: &Map<String, Value>) -> String {
    let mut text = String::with_capacity(template.len());
    for line in template.lines() {
        match macro_name(line) {
            Some(name) if is_known_to_sysconfig(name) => text += &defined(name, values.get(name)),
            _ => text += line,
        }
        text.push('\n');
    }
    text
}

/// `sysconfig` reads the macros that begin with a capital letter. The others ask the C library for what it
/// has (`_GNU_SOURCE`), or replace a missing type; they are the same on all systems of today.
fn is_known_to_sysconfig(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
}

fn defined(name: &str, value: Option<&Value>) -> String {
    // `sysconfig` does not tell a macro that is 0 from one that is not defined, but these always are.
    let zero = name.starts_with("HAVE_DECL_");
    match value {
        Some(Value::Number(number)) if number.as_i64() != Some(0) || zero => {
            format!("#define {name} {number}")
        }
        Some(Value::String(text)) => format!("#define {name} {text}"),
        _ => format!("/* #undef {name} */"),
    }
}

/// The name that a line defines, or says to be undefined.
fn macro_name(line: &str) -> Option<&str> {
    let line = line.trim();
    let line = line
        .strip_prefix("/*")
        .and_then(|rest| rest.strip_suffix("*/"))
        .unwrap_or(line);
    let directive = line.trim().strip_prefix('#')?.trim_start();
    let rest = directive
        .strip_prefix("define")
        .or_else(|| directive.strip_prefix("undef"))?;
    let name = rest.strip_prefix(char::is_whitespace)?.trim_start();
    let end = name.find(char::is_whitespace).unwrap_or(name.len());
    name.get(..end).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template: &str, expected: &str) {
        let values = serde_json::json!({
            "SIZEOF_LONG": 4, "HAVE_FORK": 0, "HAVE_DECL_TZNAME": 0, "RETSIGTYPE": "void", "HAVE_MMAP": 1,
        });
        let values = values.as_object().unwrap();
        assert_eq!(derive(template, values), format!("{expected}\n"));
    }

    #[test]
    fn values_are_those_of_the_runtime() {
        check("#define SIZEOF_LONG 8", "#define SIZEOF_LONG 4");
        check("#define HAVE_FORK 1", "/* #undef HAVE_FORK */");
        check("/* #undef HAVE_MMAP */", "#define HAVE_MMAP 1");
        check("# define RETSIGTYPE int", "#define RETSIGTYPE void");
        check("#define HAVE_DECL_TZNAME 1", "#define HAVE_DECL_TZNAME 0");
    }

    #[test]
    fn what_the_runtime_does_not_know_is_not_defined() {
        check("#define HAVE_NEWER 1", "/* #undef HAVE_NEWER */");
    }

    #[test]
    fn all_else_stays() {
        for line in [
            "#define _GNU_SOURCE 1",
            "/* text */",
            "#ifndef A",
            "#define",
        ] {
            check(line, line);
        }
    }
}
