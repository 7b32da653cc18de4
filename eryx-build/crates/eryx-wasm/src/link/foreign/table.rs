//! The table in the library's memory, as the guest reads it.

use super::symbols::{IN_LIBRARY, Kind, Symbols};

/// How many callbacks there are of each signature that has any. Each costs some 200 bytes of machine code.
pub(super) const CALLBACKS_EACH: u32 = 16;

/// Where the table, `Linked` of the guest, has the function that callbacks call. Offsets are in bytes.
pub(super) const CALLBACK: u64 = 0;

/// Where it has the address of the first callback.
pub(super) const FIRST_CALLBACK: u64 = 28;

/// Bytes of its fixed part.
const HEADER_BYTES: u32 = 32;

/// Bytes of a symbol in the table: name, signature, address.
const SYMBOL_BYTES: u32 = 12;

/// Where a symbol has its address.
const ADDRESS_OFFSET: u32 = 8;

/// The number that data has in the place of a signature's: -1.
const NO_SIGNATURE: u32 = u32::MAX;

/// An index. There are never as many of anything: the libraries themselves would be larger than 4 GiB.
pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What the library's memory holds, and which addresses are written into it.
pub(super) struct Data {
    /// The table.
    pub bytes: Vec<u8>,
    /// Where an address goes, the first name of its import, and the second.
    pub addresses: Vec<(u32, &'static str, String)>,
}

impl Data {
    pub(super) fn new(symbols: &Symbols) -> Self {
        let symbols_at = HEADER_BYTES;
        let signatures_at = symbols_at + SYMBOL_BYTES * count(symbols.by_name.len());
        let texts_at = signatures_at + 4 * count(symbols.signatures.len());
        let mut texts: Vec<u8> = Vec::new();
        let mut text = |text: &str| {
            let offset = texts_at + count(texts.len());
            texts.extend(text.as_bytes());
            texts.push(0);
            offset
        };
        let mut words = vec![
            0,
            count(symbols.by_name.len()),
            symbols_at,
            count(symbols.signatures.len()),
            signatures_at,
            count(symbols.with_callbacks),
            CALLBACKS_EACH,
            0,
        ];
        let mut addresses = Vec::new();
        for (number, (name, kind)) in (0..).zip(&symbols.by_name) {
            let address = symbols_at + SYMBOL_BYTES * number + ADDRESS_OFFSET;
            let signature = match *kind {
                Kind::Function {
                    signature,
                    is_addressed,
                } => {
                    if is_addressed {
                        let name = name.rsplit(IN_LIBRARY).next().unwrap_or_default();
                        addresses.push((address, "GOT.func", name.to_owned()));
                    }
                    signature
                }
                Kind::Data => {
                    addresses.push((address, "GOT.mem", name.clone()));
                    NO_SIGNATURE
                }
            };
            words.extend([text(name), signature, 0]);
        }
        for signature in &symbols.signatures {
            words.push(text(&signature.text));
        }
        let mut bytes: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
        bytes.extend(texts);
        Self { bytes, addresses }
    }
}
