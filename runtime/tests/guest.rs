//! The guest's library is the same wherever it is compiled: its sha256 is on record.

use sha2::{Digest, Sha256};
use std::{fs, path::Path};

/// The record, as `sha256sum` writes it. `ERYX_UPDATE=1` writes it anew.
#[test]
fn the_guest_is_the_one_on_record() {
    let distribution = eryx_runtime::Distribution::embedded().unwrap();
    let guest = distribution.guest();
    let digest: String = Sha256::digest(&guest.bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let found = format!("{digest}  {}\n", guest.name);

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("guest/liberyx.sha256");
    if std::env::var_os("ERYX_UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, &found).unwrap();
    }
    let recorded = fs::read_to_string(&path).unwrap();
    assert_eq!(
        recorded, found,
        "the guest is not the one on record: after a change of runtime/guest, write the record anew \
         with `ERYX_UPDATE=1 cargo test --release -p eryx-runtime`; without one, the compiler that was \
         used (ZIG) is not the pinned one, or ERYX_RUNTIME_DIR names another runtime"
    );
}
