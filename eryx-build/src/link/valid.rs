//! Validation of a component that stays as it was linked.

use super::{Component, LinkError};
use wasmparser::{Validator, WasmFeatures};

/// How the validator begins when there are more libraries than it lets a component have. It has no other
/// way to tell that from what is wrong with a component.
const LIMITS: [&str; 2] = [
    "instances count exceeds limit",
    "modules count exceeds limit",
];

impl Component {
    /// The component's binary, when it is valid as it was linked. A component that is fused need not be.
    ///
    /// # Errors
    /// When it has more libraries than a component may have that is not fused, or is not valid.
    pub fn into_valid(self) -> Result<Vec<u8>, LinkError> {
        match Validator::new_with_features(WasmFeatures::all()).validate_all(&self.bytes) {
            Ok(_) => Ok(self.bytes),
            Err(error)
                if LIMITS
                    .iter()
                    .any(|limit| error.message().starts_with(limit)) =>
            {
                Err(LinkError::TooMany {
                    libraries: self.libraries.len(),
                })
            }
            Err(error) => Err(LinkError::Encode(error.to_string())),
        }
    }
}
