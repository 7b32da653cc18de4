//! What is said to the linker, by `-Wl,`, `-Xlinker`, or directly: what of it means something for
//! WebAssembly, and what does not.
//!
//! Builds say much to the linkers of machines, of which run paths, versions of symbols and names of shared
//! libraries are the most. All of that is left out. What chooses the parts of a library stays.

/// Words that stay as they are.
const KEPT: [&str; 7] = [
    "--whole-archive",
    "--no-whole-archive",
    "--gc-sections",
    "--no-gc-sections",
    "--allow-multiple-definition",
    "--export-dynamic",
    "--no-export-dynamic",
];

/// Words that stay with their value, which is behind them, or joined by `=`.
const KEPT_PAIRS: [&str; 5] = [
    "--export",
    "--export-if-defined",
    "--undefined",
    "--wrap",
    "-u",
];

/// Words that go with the value behind them.
const DROPPED_PAIRS: [&str; 28] = [
    "-flavor",
    "-z",
    "-m",
    "-e",
    "-h",
    "-soname",
    "--soname",
    "-rpath",
    "--rpath",
    "-rpath-link",
    "--rpath-link",
    "-R",
    "-T",
    "-Map",
    "--Map",
    "--version-script",
    "--dynamic-list",
    "-dynamic-linker",
    "--dynamic-linker",
    "-undefined",
    "-framework",
    "-install_name",
    "-current_version",
    "-compatibility_version",
    "-exported_symbol",
    "-exported_symbols_list",
    "--component-type",
    "--adapt",
];

/// Words that let symbols stay open.
pub(super) const OPEN_SYMBOLS: [&str; 5] = [
    "--allow-undefined",
    "--unresolved-symbols=ignore-all",
    "--unresolved-symbols=import-dynamic",
    "--allow-shlib-undefined",
    "dynamic_lookup",
];

/// What a word of the linker comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// It is for WebAssembly, too; here it is with its value.
    Kept(String),
    /// It is left out.
    Dropped,
    /// Symbols may stay open.
    Open,
    /// It is none of the linker's: a file, or a flag that others know.
    Other(String),
}

/// Reads words one by one. A value may come with the next argument: `-Wl,-u -Wl,name`.
#[derive(Debug, Default)]
pub(super) struct LinkerWords {
    /// What waits for its value, and whether it stays.
    waiting: Option<(String, bool)>,
}

impl LinkerWords {
    /// What a word comes to, after those before.
    pub(super) fn take(&mut self, word: &str) -> Word {
        if let Some((flag, stays)) = self.waiting.take() {
            return match stays {
                // Joined, so that what reads the command sees one word.
                true if flag == "-u" => Word::Kept(format!("--undefined={word}")),
                true => Word::Kept(format!("{flag}={word}")),
                false if OPEN_SYMBOLS.contains(&word) => Word::Open,
                false => Word::Dropped,
            };
        }
        if OPEN_SYMBOLS.contains(&word) {
            return Word::Open;
        }
        if KEPT.contains(&word) {
            return Word::Kept(word.to_owned());
        }
        for (pairs, stays) in [(&KEPT_PAIRS[..], true), (&DROPPED_PAIRS[..], false)] {
            if pairs.contains(&word) {
                self.waiting = Some((word.to_owned(), stays));
                return Word::Dropped;
            }
        }
        match word.split_once('=') {
            Some((flag, _)) if KEPT_PAIRS.contains(&flag) => Word::Kept(word.to_owned()),
            _ => Word::Other(word.to_owned()),
        }
    }

    /// Whether the next word is a value of the one before.
    pub(super) fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &[&str], expected: &[&str]) {
        let mut reader = LinkerWords::default();
        let kept: Vec<String> = words
            .iter()
            .filter_map(|word| match reader.take(word) {
                Word::Kept(word) => Some(word),
                Word::Open => Some("open".to_owned()),
                Word::Other(word) => Some(format!("other {word}")),
                Word::Dropped => None,
            })
            .collect();
        assert_eq!(kept, expected);
    }

    #[test]
    fn what_chooses_parts_of_a_library_stays() {
        check(
            &["--export=a", "--export", "b", "-u", "c", "--undefined=d"],
            &["--export=a", "--export=b", "--undefined=c", "--undefined=d"],
        );
        check(
            &["--whole-archive", "liba.a", "--no-whole-archive"],
            &["--whole-archive", "other liba.a", "--no-whole-archive"],
        );
    }

    #[test]
    fn what_is_about_machines_goes_with_its_value() {
        check(&["-rpath", "/lib", "-soname", "liba.so", "-z", "now"], &[]);
        check(
            &["-undefined", "dynamic_lookup", "--allow-undefined"],
            &["open", "open"],
        );
        check(&["--hash-style=gnu"], &["other --hash-style=gnu"]);
    }
}
