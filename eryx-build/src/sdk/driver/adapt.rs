//! Functions that Python calls with more arguments than they take.
//!
//! Native machines let a caller pass what the function called does not look at, and many packages rely on it:
//! a method without arguments is called with two, a getter with two, a setter with three. WebAssembly checks
//! the type at each call through a pointer, and traps. So the tables in which packages tell Python of their
//! functions, `PyMethodDef` and `PyGetSetDef`, are looked for in the compiled assembly, and what takes too
//! little is given a function before it that drops the rest.
//!
//! ```text
//! table:  .int32 name         length: .functype length (i32) -> (i32)
//!         .int32 length
//!         .int32 4     METH_NOARGS, for which Python passes two: it gets `length.eryx.2` instead
//!         .int32 0
//!         .skip 16
//! ```
//!
//! This module knows the compiler's assembly and Python's tables, and nothing of files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Flags of a method that say nothing of its arguments: METH_CLASS, METH_STATIC and METH_COEXIST.
const OTHER_FLAGS: i64 = 0x10 | 0x20 | 0x40;

/// The words of an entry of each kind of table.
const METHOD_WORDS: usize = 4;
const GETSET_WORDS: usize = 5;

/// A word of data, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word<'a> {
    Number(i64),
    /// The address of something, on this line.
    Address(&'a str, usize),
    Other,
}

/// A function's type, when it takes and returns 32-bit integers alone, as those of Python's tables do.
type Parameters = usize;

/// The assembly with functions before those that take too little; none when all are as they should be.
pub(super) fn adapted(assembly: &str) -> Option<String> {
    let lines: Vec<&str> = assembly.lines().collect();
    let functions: HashMap<&str, Parameters> = lines
        .iter()
        .filter_map(|line| function_type(line))
        .collect();
    if !functions.keys().any(|name| name.starts_with("Py")) {
        return None;
    }
    // Line to the function in it and how many arguments it is given.
    let mut changes: BTreeMap<usize, (&str, usize)> = BTreeMap::new();
    let mut rest = lines.iter().enumerate().peekable();
    while let Some((_, line)) = rest.next() {
        if !is_label(line) {
            continue;
        }
        let mut words = Vec::new();
        while let Some((number, line)) = rest.next_if(|(_, line)| is_data(line)) {
            push_words(line, number, &mut words);
        }
        for (word, given) in calls(&words, &functions) {
            if let Word::Address(name, line) = word
                && functions.get(name).is_some_and(|taken| *taken < given)
            {
                changes.insert(line, (name, given));
            }
        }
    }
    if changes.is_empty() {
        return None;
    }
    let mut text = String::with_capacity(assembly.len());
    for (number, line) in lines.iter().enumerate() {
        match changes.get(&number) {
            Some((name, given)) => text += &format!("\t.int32\t{name}.eryx.{given}"),
            None => text += line,
        }
        text.push('\n');
    }
    let wanted: BTreeSet<(&str, usize)> = changes.into_values().collect();
    for (name, given) in wanted {
        text += &before(
            name,
            functions.get(name).copied().unwrap_or_default(),
            given,
        );
    }
    Some(text)
}

/// A function that is given more arguments than it hands on.
fn before(name: &str, taken: usize, given: usize) -> String {
    let own = format!("{name}.eryx.{given}");
    let parameters = vec!["i32"; given].join(", ");
    let arguments: String = (0..taken)
        .map(|index| format!("\tlocal.get\t{index}\n"))
        .collect();
    format!(
        "\n\t.section\t.text.{own},\"\",@\n\t.type\t{own},@function\n{own}:\n\
         \t.functype\t{own} ({parameters}) -> (i32)\n{arguments}\tcall\t{name}\n\tend_function\n"
    )
}

/// What Python calls of a table, with how many arguments; nothing when the words are no table.
fn calls<'a>(words: &[Word<'a>], functions: &HashMap<&str, Parameters>) -> Vec<(Word<'a>, usize)> {
    let is_function =
        |word: Word<'_>| matches!(word, Word::Address(name, _) if functions.contains_key(name));
    let is_data = |word: Word<'_>| matches!(word, Word::Address(..)) && !is_function(word);
    let is_data_or_null = |word| is_data(word) || word == Word::Number(0);
    let method = |entry: &[Word<'a>]| match *entry {
        [name, function, Word::Number(flags), text]
            if is_data(name) && is_function(function) && is_data_or_null(text) =>
        {
            Some(vec![(function, given_to_method(flags)?)])
        }
        _ => None,
    };
    let getset = |entry: &[Word<'a>]| match *entry {
        [name, getter, setter, text, _] if is_data(name) && is_data_or_null(text) => {
            let both = [(getter, 2), (setter, 3)];
            both.iter()
                .all(|(word, _)| is_function(*word) || *word == Word::Number(0))
                .then(|| both.to_vec())
        }
        _ => None,
    };
    table(words, METHOD_WORDS, method)
        .or_else(|| table(words, GETSET_WORDS, getset))
        .unwrap_or_default()
}

/// Reads entries up to the one of zeros that ends a table. None when there is no such end.
fn table<'a>(
    words: &[Word<'a>],
    size: usize,
    read: impl Fn(&[Word<'a>]) -> Option<Vec<(Word<'a>, usize)>>,
) -> Option<Vec<(Word<'a>, usize)>> {
    let mut all = Vec::new();
    for entry in words.chunks_exact(size) {
        if entry.iter().all(|word| *word == Word::Number(0)) {
            return Some(all);
        }
        all.extend(read(entry)?);
    }
    None
}

/// How many arguments Python gives to a method with these flags.
fn given_to_method(flags: i64) -> Option<usize> {
    match flags & !OTHER_FLAGS {
        // METH_VARARGS, METH_NOARGS and METH_O.
        0x1 | 0x4 | 0x8 => Some(2),
        // METH_VARARGS with METH_KEYWORDS, and METH_FASTCALL.
        0x3 | 0x80 => Some(3),
        // METH_FASTCALL with METH_KEYWORDS.
        0x82 => Some(4),
        // The same with METH_METHOD.
        0x282 => Some(5),
        _ => None,
    }
}

fn is_label(line: &str) -> bool {
    let label = line.split('#').next().unwrap_or_default().trim_end();
    label.ends_with(':') && !label.starts_with(char::is_whitespace)
}

fn is_data(line: &str) -> bool {
    directive(line).is_some_and(|(name, _)| {
        [".int32", ".skip", ".zero", ".int8", ".int16", ".int64"].contains(&name)
    })
}

/// The directive of a line and what follows, without a comment.
fn directive(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let (name, rest) = line.split_once(char::is_whitespace)?;
    let value = rest.split('#').next().unwrap_or_default();
    name.starts_with('.').then(|| (name, value.trim()))
}

fn push_words<'a>(line: &'a str, number: usize, words: &mut Vec<Word<'a>>) {
    // Longer runs of zeros are no end of a table.
    const MOST_ZEROS: usize = 64;
    match directive(line) {
        Some((".int32", value)) => words.push(match value.parse() {
            Ok(value) => Word::Number(value),
            Err(_) => Word::Address(value, number),
        }),
        Some((".skip" | ".zero", value)) => match value.parse::<usize>() {
            Ok(bytes) if bytes % 4 == 0 && bytes / 4 <= MOST_ZEROS => {
                words.extend(std::iter::repeat_n(Word::Number(0), bytes / 4));
            }
            _ => words.push(Word::Other),
        },
        _ => words.push(Word::Other),
    }
}

/// The function and its parameters that a line declares: `.functype f (i32, i32) -> (i32)`.
fn function_type(line: &str) -> Option<(&str, Parameters)> {
    let (".functype", text) = directive(line)? else {
        return None;
    };
    let (name, types) = text.split_once(' ')?;
    let (parameters, results) = types.split_once("->")?;
    let inner = parameters.trim().strip_prefix('(')?.strip_suffix(')')?;
    let count = match inner.trim() {
        "" => 0,
        inner => {
            let mut types = inner.split(',').map(str::trim);
            let count = inner.split(',').count();
            types.all(|one| one == "i32").then_some(count)?
        }
    };
    (results.trim() == "(i32)").then_some((name, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "\t.functype\tPyModule_Create2 (i32, i32) -> (i32)\n\
                        \t.functype\tone (i32) -> (i32)\n\
                        \t.functype\ttwo (i32, i32) -> (i32)\n\
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
        assert_eq!(
            before("f", 1, 2),
            "\n\t.section\t.text.f.eryx.2,\"\",@\n\t.type\tf.eryx.2,@function\nf.eryx.2:\n\
             \t.functype\tf.eryx.2 (i32, i32) -> (i32)\n\tlocal.get\t0\n\tcall\tf\n\tend_function\n"
        );
    }
}
