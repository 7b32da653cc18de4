use super::*;

const HEAD: &str = "\t.functype\tPyModule_Create2 (i32, i32) -> (i32)\n\
                    \t.functype\tone (i32) -> (i32)\n\
                    \t.functype\ttwo (i32, i32) -> (i32)\n\
                    \t.functype\tnothing (i32) -> ()\n\
                    \t.functype\tother (i64) -> (i32)\n";

/// The words of a table, by which lines it comes to.
fn table_of(words: &[&str]) -> String {
    let lines = words.iter().map(|word| match word.strip_prefix("skip ") {
        Some(bytes) => format!("\t.skip\t{bytes}\n"),
        None => format!("\t.int32\t{word}                  # a comment\n"),
    });
    format!(
        "{HEAD}table:\n{}\t.size\ttable, 1\n",
        lines.collect::<String>()
    )
}

#[track_caller]
fn check(words: &[&str], expected: Option<&[&str]>) {
    let adapted = adapted(&table_of(words));
    assert_eq!(adapted.is_some(), expected.is_some(), "{adapted:?}");
    let text = adapted.unwrap_or_default();
    for name in expected.unwrap_or_default() {
        assert!(text.contains(&format!("\t.int32\t{name}\n")), "{text}");
        assert!(text.contains(&format!("\n{name}:\n")), "{text}");
    }
}

#[test]
fn methods_get_what_they_take() {
    check(
        &[".L.name", "one", "4", ".L.text", "skip 16"],
        Some(&["one.eryx.2"]),
    );
    check(
        &[".L.name", "one", "20", "0", "0", "0", "0", "0"],
        Some(&["one.eryx.2"]),
    );
    check(
        &[".L.name", "two", "3", "0", "skip 16"],
        Some(&["two.eryx.3"]),
    );
    check(
        &[
            ".L.a", "one", "4", "0", ".L.b", "one", "130", "0", "skip 16",
        ],
        Some(&["one.eryx.2", "one.eryx.4"]),
    );
    check(&[".L.name", "two", "4", "0", "skip 16"], None);
}

#[test]
fn getters_and_setters_get_what_they_take() {
    check(
        &[".L.name", "one", "two", "0", "0", "skip 20"],
        Some(&["one.eryx.2", "two.eryx.3"]),
    );
    check(
        &[".L.name", "two", "0", ".L.text", ".L.closure", "skip 20"],
        None,
    );
}

#[test]
fn slots_return_something() {
    let (clear, dealloc, repr) = ("51", "52", "66");
    check(&[clear, "nothing", "skip 8"], Some(&["nothing.eryx.1"]));
    check(
        &[
            dealloc,
            "nothing",
            repr,
            "one",
            "64",
            ".L.methods",
            "skip 8",
        ],
        None,
    );
    check(&[clear, "nothing", "121", "one", "skip 8"], None);
    check(
        &["65", "two", "52", "nothing", "skip 8"],
        Some(&["two.eryx.3"]),
    );
}

/// Tables of others may have functions that are called with what they take.
#[test]
fn what_is_no_table_of_python_stays() {
    for words in [
        // No end.
        &[".L.name", "one", "4", "0"][..],
        // Flags that Python refuses.
        &[".L.name", "one", "5", "0", "skip 16"],
        &[".L.name", "one", "4", "7", "skip 16"],
        &["7", "one", "4", "0", "skip 16"],
        &[".L.name", ".L.data", "4", "0", "skip 16"],
        // Of another type.
        &[".L.name", "other", "4", "0", "skip 16"],
    ] {
        check(words, None);
    }
    let without_python =
        table_of(&[".L.name", "one", "4", "0", "skip 16"]).replace("PyModule", "a");
    assert_eq!(adapted(&without_python), None);
}

#[test]
fn the_function_before_hands_on_what_is_taken() {
    let function = |returns| Function { takes: 1, returns };
    assert!(
        before("f", function(false), 1).ends_with("\tcall\tf\n\ti32.const\t0\n\tend_function\n")
    );
    assert_eq!(
        before("f", function(true), 2),
        "\n\t.section\t.text.f.eryx.2,\"\",@\n\t.type\tf.eryx.2,@function\nf.eryx.2:\n\
         \t.functype\tf.eryx.2 (i32, i32) -> (i32)\n\tlocal.get\t0\n\tcall\tf\n\tend_function\n"
    );
}
