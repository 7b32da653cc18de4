//! Names that are different but look the same, or are the same to some file systems: upper and
//! lower case, and the ways in which Unicode writes one character.

use std::collections::{BTreeMap, btree_map};

use icu_normalizer::ComposingNormalizer;

/// Remembers paths and finds the first that looks like an earlier one, or lies in a directory that does.
#[derive(Default)]
pub struct Lookalikes {
    /// Files and directories by what they have in common with their lookalikes: how they are written, and
    /// the path that they came with.
    seen: BTreeMap<String, (String, String)>,
    /// The directory that was looked at last: files come in order.
    directory: String,
}

impl Lookalikes {
    /// Remembers the path of a file, and the directories above it. Gives back an earlier path that looks
    /// like it, or has a directory that looks like one of its own, and is not the same.
    pub fn add(&mut self, path: &str) -> Option<String> {
        if let Some((directory, _)) = path.rsplit_once('/')
            && directory != self.directory
        {
            let ends = path.match_indices('/').map(|(end, _)| end);
            for above in ends.filter_map(|end| path.get(..end)) {
                if let Some(other) = self.add_one(above, path) {
                    return Some(other);
                }
            }
            directory.clone_into(&mut self.directory);
        }
        self.add_one(path, path)
    }

    fn add_one(&mut self, name: &str, path: &str) -> Option<String> {
        match self.seen.entry(folded(name)) {
            btree_map::Entry::Vacant(slot) => {
                slot.insert((name.to_owned(), path.to_owned()));
                None
            }
            btree_map::Entry::Occupied(slot) => {
                let (first, whole) = slot.get();
                (first != name).then(|| whole.clone())
            }
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
            ("A/x.py", "a/y.py"),
            ("A", "a/b.py"),
            ("a/b.py", "A"),
            ("a/caf\u{e9}/x.py", "a/cafe\u{301}/y.py"),
        ] {
            let mut seen = Lookalikes::default();
            assert_eq!(seen.add(first), None);
            assert_eq!(seen.add(first), None, "the same is no lookalike");
            assert_eq!(seen.add(second).as_deref(), Some(first), "{second}");
        }
        let mut seen = Lookalikes::default();
        for path in [
            "a.py",
            "b.py",
            "a/b.py",
            "\u{e9}.py",
            "e.py",
            "a/b/c.py",
            "b/c.py",
            "a/b/d.py",
        ] {
            assert_eq!(seen.add(path), None);
        }
    }
}
