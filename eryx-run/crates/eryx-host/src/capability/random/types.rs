//! Which random data a sandbox gets.

use eryx_vfs::RandomSource;

/// How many bytes a bake has before they come again.
const FIXED_BYTES: usize = 64 << 10;

/// Which random data a sandbox gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Random {
    /// The machine's.
    System,
    /// Bytes that look random and are the same for every bake.
    Fixed,
}

impl Random {
    /// What `/dev/urandom` gives.
    pub fn device(self) -> RandomSource {
        match self {
            Self::System => Box::new(|bytes| {
                // The call fails only on systems without a source of random data; zeros are then all
                // there is.
                let _ = getrandom::fill(bytes);
            }),
            Self::Fixed => {
                let mut random = fixed_bytes().into_iter().cycle();
                Box::new(move |bytes| bytes.fill_with(|| random.next().unwrap_or_default()))
            }
        }
    }
}

/// The bytes of a bake (xorshift64).
pub(crate) fn fixed_bytes() -> Vec<u8> {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut bytes = Vec::with_capacity(FIXED_BYTES);
    while bytes.len() < FIXED_BYTES {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bakes_get_the_same_bytes() {
        let read = |random: Random| {
            let mut bytes = [0; 32];
            random.device()(&mut bytes);
            bytes
        };
        assert_eq!(read(Random::Fixed), read(Random::Fixed));
        assert_eq!(fixed_bytes().get(..32), Some(&read(Random::Fixed)[..]));
        assert_ne!(read(Random::System), read(Random::System));
    }
}
