//! Names that are different but look the same, or are the same to some file systems: upper and
//! lower case, and the ways in which Unicode writes one character.

use std::collections::{BTreeMap, btree_map};

use icu_normalizer::ComposingNormalizer;

/// Remembers paths and finds the first that looks like an earlier one.
#[derive(Default)]
pub(super) struct Lookalikes {
    seen: BTreeMap<String, String>,
}

impl Lookalikes {
    /// Remembers a path. Gives back an earlier one that looks like it and is not the same.
    pub fn add(&mut self, path: &str) -> Option<String> {
        match self.seen.entry(folded(path)) {
            btree_map::Entry::Vacant(slot) => {
                slot.insert(path.to_owned());
                None
            }
            btree_map::Entry::Occupied(slot) => (slot.get() != path).then(|| slot.get().clone()),
        }
    }
}

/// What paths that look the same have in common.
fn folded(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    // Compatibility forms, as Python reads identifiers: `import ﬁle` asks for the module `file`.
    let normalizer = const { ComposingNormalizer::new_nfkc() };
    let composed = normalizer.normalize(path).to_lowercase();
    // Lower case can be decomposed again.
    normalizer.normalize(&composed).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_found() {
        for (first, second) in [
            ("a/B.py", "A/b.py"),
            ("caf\u{e9}.py", "cafe\u{301}.py"),
            ("file.py", "\u{fb01}le.py"),
            ("\u{130}.py", "i\u{307}.py"),
            ("\u{212b}.py", "\u{e5}.py"),
        ] {
            let mut seen = Lookalikes::default();
            assert_eq!(seen.add(first), None);
            assert_eq!(seen.add(first), None, "the same is no lookalike");
            assert_eq!(seen.add(second).as_deref(), Some(first), "{second}");
        }
        let mut seen = Lookalikes::default();
        for path in ["a.py", "b.py", "a/b.py", "\u{e9}.py", "e.py"] {
            assert_eq!(seen.add(path), None);
        }
    }
}
