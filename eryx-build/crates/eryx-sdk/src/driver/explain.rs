//! What is said when a library cannot be linked.

use eryx_base::escape::escape_short;

/// How many symbols are named.
const SHOWN: usize = 12;

/// How many characters of a name are shown.
const LENGTH: usize = 80;

/// What is said of C++ exceptions.
pub(super) const NO_EXCEPTIONS: &str = "\
this code throws or catches C++ exceptions, and is compiled without: leave out `-fno-exceptions`, and leave \
ERYX_SDK_EXCEPTIONS unset or set it to `throw`; with `abort`, a `throw` ends the program instead";

/// Symbols that begin like this stand for something that the sandbox does not have, in words.
const MEANINGS: [(&[&str], &str); 5] = [
    (
        &[
            "__cxa_throw",
            "__cxa_rethrow",
            "__cxa_allocate_exception",
            "__cxa_free_exception",
            "__cxa_begin_catch",
            "__cxa_end_catch",
            "_Unwind_",
            "__gxx_personality",
        ],
        NO_EXCEPTIONS,
    ),
    (
        &[
            "setjmp",
            "longjmp",
            "sigsetjmp",
            "siglongjmp",
            "__wasm_setjmp",
            "__wasm_longjmp",
            "__c_longjmp",
        ],
        "it uses `setjmp`, which there is not in the sandbox: build it without",
    ),
    (
        &["pthread_create", "thrd_create"],
        "it starts threads, which there are not in the sandbox: build it without",
    ),
    (
        &[
            "fork",
            "vfork",
            "exec",
            "waitpid",
            "posix_spawn",
            "system",
            "popen",
        ],
        "it starts processes, which there are not in the sandbox: build it without",
    ),
    (
        &["__kmpc_", "omp_", "GOMP_"],
        "it uses OpenMP, which there is not in the sandbox: build it without",
    ),
];

/// That symbols are in no library.
pub(super) fn open_symbols(output: &str, open: &[String]) -> String {
    let names: Vec<String> = open
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{}`", escape_short(name, LENGTH)))
        .collect();
    let more = match open.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let output = escape_short(output, LENGTH);
    let mut text = format!(
        "{output} needs {}{more}, which no library of the sandbox has and none that it is linked with",
        names.join(", ")
    );
    for (beginnings, meaning) in MEANINGS {
        let has = |name: &String| {
            beginnings
                .iter()
                .any(|beginning| name.starts_with(beginning))
        };
        if open.iter().any(has) {
            return format!("{text}: {meaning}");
        }
    }
    text.push_str(
        ": leave out the part of the package that uses them, or link a library for wasm32-wasi that has them",
    );
    text
}

/// That a library is nowhere.
pub(super) fn no_library(name: &str) -> String {
    format!(
        "there is no library `{}` for wasm32-wasi in the folders that `-L` names: build it with \
         `eryx sdk cc` and `eryx sdk ar` first, or build the package without it",
        escape_short(name, LENGTH)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_put_in_words() {
        for (name, words) in [
            ("__cxa_throw", eryx_base::variables::SDK_EXCEPTIONS.name),
            ("longjmp", "`setjmp`"),
            ("fork", "processes"),
            ("deflate", "link a library"),
        ] {
            let text = open_symbols("a.so", &[name.to_owned()]);
            assert!(
                text.contains(words) && text.contains(&format!("`{name}`")),
                "{text}"
            );
        }
        let many: Vec<String> = (0..20).map(|number| format!("f{number}")).collect();
        assert!(open_symbols("a.so", &many).contains("and 8 more"));
    }
}
