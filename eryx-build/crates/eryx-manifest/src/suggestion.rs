//! What a word was most likely meant to be.

/// Words longer than this are not compared: no key is half as long.
const COMPARED_BYTES: usize = 64;
/// How alike two words must be, from 0 to 1, for one to be suggested for the other.
const ALIKE: f64 = 0.55;

/// The candidate that `word` was most likely meant to be.
pub(crate) fn did_you_mean<'candidate>(
    word: &str,
    candidates: impl IntoIterator<Item = &'candidate str>,
) -> Option<&'candidate str> {
    if word.len() > COMPARED_BYTES {
        return None;
    }
    let lower = word.to_ascii_lowercase().replace('_', "-");
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let likeness = strsim::normalized_damerau_levenshtein(&lower, candidate);
        if likeness >= ALIKE && best.is_none_or(|(found, _)| likeness > found) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_is_near_and_nothing_else() {
        let names = || ["requirements", "wheels", "find-links", "without-native"];
        assert_eq!(did_you_mean("requirments", names()), Some("requirements"));
        assert_eq!(did_you_mean("requires", names()), Some("requirements"));
        assert_eq!(
            did_you_mean("without_native", names()),
            Some("without-native")
        );
        assert_eq!(did_you_mean("Wheel", names()), Some("wheels"));
        assert_eq!(did_you_mean("x", names()), None);
        assert_eq!(did_you_mean(&"wheels".repeat(100), names()), None);
    }
}
