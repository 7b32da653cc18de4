//! Bytes that keep alive whatever they lie in: a mapped image, or memory at bake time.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// What tree bytes may lie in.
type Owner = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A cheap, owned handle on a range of bytes of an image.
///
/// It derefs to `[u8]`, a clone costs one reference count, and [`TreeBytes::into_bytes`] hands it
/// on as [`bytes::Bytes`] without a copy. The mapped file stays mapped as long as a handle lives.
#[derive(Clone)]
pub struct TreeBytes {
    owner: Owner,
    range: Range<usize>,
}

impl TreeBytes {
    /// All the bytes of `owner`.
    pub fn new(owner: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        let range = 0..owner.as_ref().len();
        Self {
            owner: Arc::new(owner),
            range,
        }
    }

    /// The bytes `range` of these, counted from their start, or `None` when they do not reach so far.
    pub fn slice(&self, range: Range<usize>) -> Option<Self> {
        let start = self.range.start.checked_add(range.start)?;
        let end = self.range.start.checked_add(range.end)?;
        (start <= end && end <= self.range.end).then(|| Self {
            owner: Arc::clone(&self.owner),
            range: start..end,
        })
    }

    /// The same bytes as [`bytes::Bytes`], without copying them.
    pub fn into_bytes(self) -> bytes::Bytes {
        bytes::Bytes::from_owner(self)
    }

    /// No bytes at all.
    pub(super) fn empty() -> Self {
        Self::new([])
    }
}

impl Deref for TreeBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // The range was checked when it was made, and an owner does not shrink while it is shared.
        let owner: &[u8] = (*self.owner).as_ref();
        owner.get(self.range.clone()).unwrap_or(&[])
    }
}

impl AsRef<[u8]> for TreeBytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for TreeBytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TreeBytes({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_stay_inside() {
        let bytes = TreeBytes::new(b"0123456789".to_vec());
        let middle = bytes.slice(2..6).unwrap();
        assert_eq!(&*middle, b"2345");
        assert_eq!(&*middle.slice(1..4).unwrap(), b"345");
        assert!(middle.slice(1..5).is_none());
        #[expect(clippy::reversed_empty_ranges, reason = "a hostile range")]
        let reversed = 3..1;
        assert!(middle.slice(reversed).is_none());
        assert!(middle.slice(usize::MAX..usize::MAX).is_none());
        assert_eq!(&middle.into_bytes()[..], b"2345");
    }
}
