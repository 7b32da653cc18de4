//! The base's functions by the types that Python calls them with: which do not fit, and that they do then.

use eryx_runtime::Distribution;
use eryx_wasm::slots::adapt;

#[test]
fn the_bases_functions_fit_the_slots_that_they_are_in() {
    let runtime = Distribution::embedded().expect("the runtime is built in");
    let mut found = Vec::new();
    for library in runtime.libraries().iter().chain([runtime.guest()]) {
        let adapted = adapt(&library.bytes).expect("a library of the runtime is read");
        for finding in &adapted.findings {
            assert!(finding.is_adapted, "{}: {finding}", library.name);
            found.push(format!("{} of {}", finding.slot, finding.owner));
        }
        let Some(bytes) = adapted.bytes else {
            continue;
        };
        wasmparser::Validator::new()
            .validate_all(&bytes)
            .expect("an adapted library is valid");
        let again = adapt(&bytes).expect("an adapted library is read");
        assert_eq!(again.findings, [], "{}", library.name);
        assert_eq!(again.bytes, None, "{}", library.name);
    }
    assert_eq!(found, ["tp_clear of operator.methodcaller"]);
}
