//! Functions that Python calls with more arguments than they take.
//!
//! Native machines let a caller pass what the function called does not look at, and many packages rely on it:
//! a method without arguments is called with two, a getter with two, a setter with three. WebAssembly checks
//! the type at each call through a pointer, and traps. So the tables in which packages tell Python of their
//! functions, `PyMethodDef`, `PyGetSetDef` and `PyType_Slot`, are looked for in the compiled assembly, and what
//! takes too little, or returns nothing where a number is looked for, is given a function before it that
//! drops the rest.
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

const SLOT_WORDS: usize = 2;

/// The largest number of a slot that there is room for in future versions.
const LAST_SLOT: i64 = 120;

/// Slots of types whose functions return an address or a number, by how many arguments they are given:
/// `tp_call`, `tp_clear`, `tp_descr_get`, `tp_descr_set`, `tp_getattro`, `tp_hash`, `tp_init`, `tp_iter`,
/// `tp_iternext`, `tp_new`, `tp_repr`, `tp_richcompare`, `tp_setattro`, `tp_str` and `tp_traverse`.
const SLOTS: [(i64, usize); 15] = [
    (50, 3),
    (51, 1),
    (54, 3),
    (55, 3),
    (58, 2),
    (59, 1),
    (60, 3),
    (62, 1),
    (63, 1),
    (65, 3),
    (66, 1),
    (67, 3),
    (69, 3),
    (70, 1),
    (71, 3),
];

/// A word of data, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word<'a> {
    Number(i64),
    /// The address of something, on this line.
    Address(&'a str, usize),
    Other,
}

/// A function that takes and returns 32-bit integers alone, as those of Python's tables do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Function {
    takes: usize,
    returns: bool,
}

impl Function {
    /// Whether a function before it can stand for one that is given so many, and returns something.
    fn needs_one_before(self, given: usize) -> bool {
        self.takes < given || (self.takes == given && !self.returns)
    }
}

/// The assembly with functions before those that take too little; none when all are as they should be.
pub(super) fn adapted(assembly: &str) -> Option<String> {
    let lines: Vec<&str> = assembly.lines().collect();
    let functions: HashMap<&str, Function> = lines
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
                && functions
                    .get(name)
                    .is_some_and(|one| one.needs_one_before(given))
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
        if let Some(function) = functions.get(name) {
            text += &before(name, *function, given);
        }
    }
    Some(text)
}

/// A function that is given more arguments than it hands on, and returns something.
fn before(name: &str, function: Function, given: usize) -> String {
    let own = format!("{name}.eryx.{given}");
    let parameters = vec!["i32"; given].join(", ");
    let arguments: String = (0..function.takes)
        .map(|index| format!("\tlocal.get\t{index}\n"))
        .collect();
    let nothing = if function.returns {
        ""
    } else {
        "\ti32.const\t0\n"
    };
    format!(
        "\n\t.section\t.text.{own},\"\",@\n\t.type\t{own},@function\n{own}:\n\
         \t.functype\t{own} ({parameters}) -> (i32)\n{arguments}\tcall\t{name}\n{nothing}\tend_function\n"
    )
}

/// What Python calls of a table, with how many arguments; nothing when the words are no table.
fn calls<'a>(words: &[Word<'a>], functions: &HashMap<&str, Function>) -> Vec<(Word<'a>, usize)> {
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
    let slot = |entry: &[Word<'a>]| match *entry {
        [
            Word::Number(number @ 1..=LAST_SLOT),
            value @ Word::Address(..),
        ] => {
            let given = SLOTS.iter().find(|(slot, _)| *slot == number);
            Some(
                given
                    .map(|(_, given)| (value, *given))
                    .into_iter()
                    .collect(),
            )
        }
        // A slot without a function.
        [Word::Number(1..=LAST_SLOT), Word::Number(_)] => Some(Vec::new()),
        _ => None,
    };
    table(words, METHOD_WORDS, method)
        .or_else(|| table(words, GETSET_WORDS, getset))
        .or_else(|| table(words, SLOT_WORDS, slot))
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
    const MAX_ZEROS: usize = 64;
    match directive(line) {
        Some((".int32", value)) => words.push(match value.parse() {
            Ok(value) => Word::Number(value),
            Err(_) => Word::Address(value, number),
        }),
        Some((".skip" | ".zero", value)) => match value.parse::<usize>() {
            Ok(bytes) if bytes % 4 == 0 && bytes / 4 <= MAX_ZEROS => {
                words.extend(std::iter::repeat_n(Word::Number(0), bytes / 4));
            }
            _ => words.push(Word::Other),
        },
        _ => words.push(Word::Other),
    }
}

/// The function that a line declares: `.functype f (i32, i32) -> (i32)`.
fn function_type(line: &str) -> Option<(&str, Function)> {
    let (".functype", text) = directive(line)? else {
        return None;
    };
    let (name, types) = text.split_once(' ')?;
    let (parameters, results) = types.split_once("->")?;
    let inner = parameters.trim().strip_prefix('(')?.strip_suffix(')')?;
    let takes = match inner.trim() {
        "" => 0,
        inner => {
            let mut types = inner.split(',').map(str::trim);
            let count = inner.split(',').count();
            types.all(|one| one == "i32").then_some(count)?
        }
    };
    let returns = match results.trim() {
        "(i32)" => true,
        "()" => false,
        _ => return None,
    };
    Some((name, Function { takes, returns }))
}

#[cfg(test)]
#[path = "adapt_tests.rs"]
mod tests;
