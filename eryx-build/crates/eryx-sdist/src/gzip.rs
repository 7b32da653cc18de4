//! Data under gzip, of several members and with zeros behind them, as tape drives and some tools write
//! them, and as Python's own reader takes them.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;

/// Reads all members one behind the other.
pub(super) struct Members<'a> {
    /// The member that is being read; none behind the last.
    member: Option<GzDecoder<&'a [u8]>>,
}

impl<'a> Members<'a> {
    pub(crate) fn new(compressed: &'a [u8]) -> Self {
        Members {
            member: Some(GzDecoder::new(compressed)),
        }
    }
}

impl Read for Members<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let mut rest = *member.get_ref();
            while let [0, behind @ ..] = rest {
                rest = behind;
            }
            self.member = (!rest.is_empty()).then(|| GzDecoder::new(rest));
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::gz;

    fn read(compressed: &[u8]) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Members::new(compressed).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn members_and_zeros_behind_them_are_read() {
        let (one, two) = (gz(b"one "), gz(b"two"));
        assert_eq!(read(&one).unwrap(), b"one ");
        let both = [&one[..], &[0; 512], &two, &[0; 9000]].concat();
        assert_eq!(read(&both).unwrap(), b"one two");
    }

    #[test]
    fn anything_else_behind_them_is_refused() {
        let one = gz(b"one");
        for rest in [&b"x"[..], b"\0x", b"\x1f\x8b"] {
            assert!(read(&[&one[..], rest].concat()).is_err(), "{rest:?}");
        }
        assert!(read(b"").is_err());
        assert!(read(&one[..one.len() - 1]).is_err());
    }
}
