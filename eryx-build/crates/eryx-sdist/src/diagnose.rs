//! Why a build backend failed: mostly for want of a program.

use super::error::SourceProblem;
use super::task::{Failure, Task};

/// How many lines of what the backend said are shown, and how long each may be.
const LAST_LINES: usize = 15;
const MAX_LINE: usize = 300;

/// Programs that turn sources into native code.
const COMPILERS: [&str; 11] = [
    "c++", "cargo", "cc", "clang", "clang++", "cl", "g++", "gcc", "gfortran", "nvcc", "rustc",
];

/// Finds out what a failure comes from: mostly from programs that are not there.
pub(super) fn diagnose(
    task: &Task<'_>,
    failure: &Failure,
    programs: &[String],
    printed: &str,
) -> SourceProblem {
    let name_of = |program: &str| {
        let name = program.rsplit('/').next().unwrap_or(program);
        name.chars().take(80).collect::<String>()
    };
    let names: Vec<String> = programs
        .iter()
        .map(|program| name_of(program))
        .filter(|name| !name.is_empty())
        .collect();
    let message = failure.message.as_str();
    let is_about_compilers = message.to_lowercase().contains("compiler");
    let is_word = |letter: char| letter.is_alphanumeric() || "+-_.".contains(letter);
    let names_it =
        |text: &str, name: &str| text.split(|one| !is_word(one)).any(|word| word == name);
    // Asking for a compiler or a version control system, and going on without, is common: what
    // matters is which program the failure is about.
    let needed = names.iter().rev().find(|name| {
        names_it(message, name)
            || (COMPILERS.contains(&name.as_str())
                && (is_about_compilers
                    || exceptions(&failure.traceback).any(|line| names_it(line, name))))
    });
    match needed {
        Some(program) if COMPILERS.contains(&program.as_str()) => {
            return SourceProblem::NativeCode {
                package: task.package.to_owned(),
                extension: extension(printed),
                left_out: task.without_native,
                // What is printed says more than the traceback of a failed command.
                said: last_lines(since_extension(printed)),
            };
        }
        Some(program) => {
            return SourceProblem::Program {
                package: task.package.to_owned(),
                program: program.clone(),
                left_out: task.without_native,
                said: last_lines(&failure.traceback),
            };
        }
        None => {}
    }
    let message = message.lines().next().unwrap_or_default();
    let (message, said) = match explained(message, printed) {
        Some(error) => (format!("{error} ({message})"), printed.to_owned()),
        None => (
            message.to_owned(),
            format!("{printed}\n{}", failure.traceback),
        ),
    };
    if is_about_platform(&message) {
        return SourceProblem::Platform {
            package: task.package.to_owned(),
            message: message.chars().take(MAX_LINE).collect(),
            left_out: task.without_native,
            said: last_lines(&said),
        };
    }
    SourceProblem::Backend {
        backend: task.system.backend.clone(),
        message: message.chars().take(MAX_LINE).collect(),
        said: last_lines(&said),
    }
}

/// Whether a message says that this platform is none of those that a package knows.
fn is_about_platform(message: &str) -> bool {
    let message = message.to_lowercase();
    let is_word = |letter: char| letter.is_alphanumeric();
    let mut words = message.split(|one| !is_word(one));
    let is_named = words.any(|word| matches!(word, "wasi" | "wasm32" | "platform"));
    let refusals = [
        "support",
        "unknown",
        "unrecognized",
        "unrecognised",
        "cannot be",
    ];
    is_named && refusals.iter().any(|word| message.contains(word))
}

/// What was printed as the error, where the program just exits with a status then.
fn explained<'a>(message: &str, printed: &'a str) -> Option<&'a str> {
    message.strip_prefix("SystemExit: ")?.parse::<i32>().ok()?;
    let is_error = |line: &&str| {
        let start = line.get(..6);
        start.is_some_and(|start| start.eq_ignore_ascii_case("error:"))
    };
    printed.lines().map(str::trim).rev().find(is_error)
}

/// The exceptions of a traceback, those that led to others included: what packages say of a compiler
/// that failed is advice about some machine, and what it failed with comes before.
fn exceptions(traceback: &str) -> impl Iterator<Item = &str> {
    let is_exception = |line: &&str| {
        let class = line.split_once(": ").map_or("", |(class, _)| class);
        let is_name = |one: char| one.is_alphanumeric() || "._".contains(one);
        !class.is_empty() && class.chars().all(is_name)
    };
    traceback.lines().filter(is_exception)
}

/// The extension module that setuptools was building last.
fn extension(printed: &str) -> Option<String> {
    let name = printed
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("building '")?.strip_suffix("' extension"))?;
    Some(name.chars().take(80).collect())
}

/// What was printed since the last extension module was begun.
fn since_extension(printed: &str) -> &str {
    let start = printed.rfind("\nbuilding '").unwrap_or_default();
    printed.get(start..).unwrap_or(printed)
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let first = lines.len().saturating_sub(LAST_LINES);
    lines
        .iter()
        .skip(first)
        .map(|line| {
            let line: String = line.chars().take(MAX_LINE).collect();
            format!("  {line}\n")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::project::BuildSystem;
    use crate::tree::SourceTree;

    fn diagnosed(message: &str, programs: &[&str], printed: &str) -> SourceProblem {
        diagnosed_after(message, programs, printed, "")
    }

    fn diagnosed_after(
        message: &str,
        programs: &[&str],
        printed: &str,
        traceback: &str,
    ) -> SourceProblem {
        let system = BuildSystem {
            requires: Vec::new(),
            backend: "backend".to_owned(),
            backend_path: Vec::new(),
        };
        let task = Task {
            package: "a",
            source: &SourceTree::default(),
            system: &system,
            without_native: false,
            limit: Duration::ZERO,
        };
        let failure = Failure {
            message: message.to_owned(),
            traceback: traceback.to_owned(),
        };
        let programs: Vec<String> = programs.iter().map(|name| (*name).to_owned()).collect();
        diagnose(&task, &failure, &programs, printed)
    }

    #[test]
    fn failures_for_want_of_a_compiler() {
        for (message, program) in [
            (
                "CompileError: command 'cc' failed: No such file or directory",
                "cc",
            ),
            (
                "SystemExit: error: [Errno 44] No such file or directory: '/usr/bin/g++'",
                "/usr/bin/g++",
            ),
            (
                "SystemExit: error: cannot find Rust compiler\n\nInstall it.",
                "rustc",
            ),
            ("PlatformError: no Compiler found", "clang"),
        ] {
            let found = diagnosed(message, &["git", program], "");
            assert!(
                matches!(found, SourceProblem::NativeCode { .. }),
                "{message} {found:?}"
            );
        }
    }

    #[test]
    fn failures_that_come_of_a_compiler_failing() {
        let message = "commands.CommandError: Could not find <Python.h>";
        let led =
            "Traceback (most recent call last):\n  File \"cc\", line 1, in cc\n    run('cc')\n";
        let after = "\nDuring handling of the above exception, another exception occurred:\n\n";
        let error = "errors.CompileError: command 'cc' failed: No such file or directory\n";
        for (cause, native) in [(error, true), ("ValueError: no\n", false), ("cc\n", false)] {
            let traceback = format!("{led}{cause}{after}Traceback …\n{message}\n");
            let found = diagnosed_after(message, &["cc"], "", &traceback);
            let is_native = matches!(found, SourceProblem::NativeCode { .. });
            assert_eq!(is_native, native, "{cause} {found:?}");
        }
        // A version control system that was not there is seldom what the failure comes from.
        let traceback = format!("FileNotFoundError: 'git'\n{after}{message}");
        let found = diagnosed_after(message, &["git"], "", &traceback);
        assert!(matches!(found, SourceProblem::Backend { .. }), "{found:?}");
    }

    #[test]
    fn failures_for_want_of_another_program() {
        let found = diagnosed("FileNotFoundError: 'pkg-config'", &["cc", "pkg-config"], "");
        assert!(
            matches!(found, SourceProblem::Program { ref program, .. } if program == "pkg-config")
        );
    }

    #[test]
    fn failures_of_other_kinds() {
        for (message, programs) in [
            ("ValueError: account is missing", &["cc"][..]),
            ("ValueError: digit expected", &["git"]),
            ("ValueError: no compiler", &["git"]),
            ("", &[""]),
        ] {
            let found = diagnosed(message, programs, "");
            assert!(
                matches!(found, SourceProblem::Backend { .. }),
                "{message} {found:?}"
            );
        }
    }

    #[test]
    fn failures_for_an_unknown_platform_have_the_same_advice_as_others() {
        for (message, expected) in [
            ("SystemExit: platform wasi is not supported", true),
            ("RuntimeError: Unsupported platform: wasi", true),
            ("OSError: unknown platform wasm32", true),
            ("ValueError: wasi", false),
            ("ValueError: unsupported option", false),
        ] {
            let found = diagnosed(message, &[], "");
            let is_platform = matches!(found, SourceProblem::Platform { .. });
            assert_eq!(is_platform, expected, "{message} {found:?}");
            let advice = found.to_string();
            assert!(advice.contains("`packages.exclude`"), "{advice}");
            assert_eq!(advice.contains("`packages.without-native`"), expected);
        }
    }

    #[test]
    fn an_exit_with_a_status_is_explained_by_what_was_printed() {
        let printed = "running\nerror: none\n  Error: x not found.\n\nAdd it to the path.\n";
        for (message, printed, expected) in [
            (
                "SystemExit: 1",
                printed,
                "Error: x not found. (SystemExit: 1)",
            ),
            ("SystemExit: 1", "ärror:", "SystemExit: 1"),
            ("SystemExit: no", printed, "SystemExit: no"),
            ("ValueError: 1", printed, "ValueError: 1"),
        ] {
            let SourceProblem::Backend { message, said, .. } = diagnosed(message, &[], printed)
            else {
                panic!("{message} is taken for something else");
            };
            assert_eq!(message, expected);
            assert!(
                said.contains(printed.lines().next_back().unwrap()),
                "{said}"
            );
        }
    }

    #[test]
    fn the_last_extension_is_named() {
        let printed = "building 'a._x' extension\ncc\nbuilding 'a._y' extension\ncc\nerror: x\n";
        assert_eq!(extension(printed).as_deref(), Some("a._y"));
        assert_eq!(extension("building wheel\n"), None);
    }

    #[test]
    fn only_the_last_lines_are_shown() {
        let text = format!("{}\n{}", "first\n".repeat(100), "x".repeat(10_000));
        let lines = last_lines(&text);
        assert_eq!(lines.lines().count(), LAST_LINES);
        assert!(
            lines
                .lines()
                .all(|line| line.chars().count() <= MAX_LINE + 2)
        );
    }
}
