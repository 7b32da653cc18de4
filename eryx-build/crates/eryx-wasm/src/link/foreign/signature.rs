//! Types of functions that can be called, and those that there are callbacks of.

use wasm_encoder::ValType;
use wasmparser::FuncType;

/// The most parameters of a function that can be called: `MAX_ARGUMENTS` of the guest.
const MAX_PARAMETERS: usize = 64;

/// The type of a function of C.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Signature {
    /// A letter for each parameter, a colon, and one for the result if there is one: `i` and `l` for
    /// integers of 32 and 64 bits, `f` and `d` for floats.
    pub text: String,
}

impl Signature {
    /// The signature of a type; none when C has no such function.
    pub(super) fn of(ty: &FuncType) -> Option<Self> {
        if ty.params().len() > MAX_PARAMETERS || ty.results().len() > 1 {
            return None;
        }
        let mut text = String::new();
        for param in ty.params() {
            text.push(letter(*param)?);
        }
        text.push(':');
        for result in ty.results() {
            text.push(letter(*result)?);
        }
        Some(Self { text })
    }

    /// The signatures that have callbacks: up to six integers with and without a result, and up to two of
    /// every other kind.
    pub(super) fn with_callbacks() -> Vec<Self> {
        let mut all = Vec::new();
        for count in 0..=6 {
            for result in ["i", ""] {
                all.push(format!("{}:{result}", "i".repeat(count)));
            }
        }
        for letter in ["l", "f", "d"] {
            for parameters in [String::new(), letter.to_owned(), letter.repeat(2)] {
                all.push(format!("{parameters}:{letter}"));
            }
            all.push(format!("{letter}:"));
        }
        all.into_iter().map(|text| Self { text }).collect()
    }

    /// The types of the parameters.
    pub(super) fn parameters(&self) -> Vec<ValType> {
        let (parameters, _) = self.text.split_once(':').unwrap_or_default();
        parameters.chars().map(value_type).collect()
    }

    /// The type of the result.
    pub(super) fn result(&self) -> Option<ValType> {
        let (_, result) = self.text.split_once(':').unwrap_or_default();
        result.chars().map(value_type).next()
    }
}

fn letter(ty: wasmparser::ValType) -> Option<char> {
    match ty {
        wasmparser::ValType::I32 => Some('i'),
        wasmparser::ValType::I64 => Some('l'),
        wasmparser::ValType::F32 => Some('f'),
        wasmparser::ValType::F64 => Some('d'),
        _ => None,
    }
}

fn value_type(letter: char) -> ValType {
    match letter {
        'l' => ValType::I64,
        'f' => ValType::F32,
        'd' => ValType::F64,
        _ => ValType::I32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_its_parameters_and_its_result() {
        use wasmparser::ValType as Read;
        let ty = FuncType::new([Read::I32, Read::F64], [Read::I64]);
        let signature = Signature::of(&ty).unwrap();
        assert_eq!(signature.text, "id:l");
        assert_eq!(signature.parameters(), [ValType::I32, ValType::F64]);
        assert_eq!(signature.result(), Some(ValType::I64));
    }

    #[test]
    fn what_c_cannot_call_has_no_signature() {
        use wasmparser::ValType as Read;
        assert_eq!(Signature::of(&FuncType::new([Read::V128], [])), None);
        assert_eq!(
            Signature::of(&FuncType::new([], [Read::I32, Read::I32])),
            None
        );
        assert_eq!(Signature::of(&FuncType::new(vec![Read::I32; 65], [])), None);
    }

    #[test]
    fn no_signature_has_callbacks_twice() {
        let mut all = Signature::with_callbacks();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
