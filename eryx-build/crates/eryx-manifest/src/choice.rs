//! Values that are written as one word out of a fixed list.

/// A value that is written as one word out of a fixed list.
pub(crate) trait Choice: Copy + Default + 'static {
    /// Every value, the default first, in the order in which messages list them.
    const ALL: &'static [Self];
    /// The word in the manifest.
    fn word(self) -> &'static str;

    /// Every word.
    fn words() -> Vec<&'static str> {
        Self::ALL.iter().map(|choice| choice.word()).collect()
    }
}
