//! The runtime's functions in the place of the base's: each entry of the list can be used, and one that
//! cannot says why. So does a part that should be of no more use.

use eryx_runtime::{Distribution, Override};
use eryx_wasm::{
    fuse::{FuseError, fuse},
    link::{Component, link},
};
use std::sync::LazyLock;

static LINKED: LazyLock<Component> = LazyLock::new(|| {
    let runtime = Distribution::embedded().expect("the runtime is built in");
    link(&runtime, &[], &|_| Ok(())).expect("the runtime links")
});

#[track_caller]
fn check(function: &str, by: &str, reason: &str) {
    let mut component = LINKED.clone();
    component.overrides = vec![Override {
        library: "libc.so".to_owned(),
        function: function.to_owned(),
        by: by.to_owned(),
        reason: "a test".to_owned(),
    }];
    match fuse(&component) {
        Err(error @ FuseError::Override { .. }) => {
            let text = error.to_string();
            assert!(text.contains(reason), "{text}");
        }
        other => panic!(
            "{function} by {by}: {:?}",
            other.map(|fused| fused.functions)
        ),
    }
}

#[test]
fn every_function_of_the_list_can_be_replaced() {
    fuse(&LINKED).expect("the runtime fuses");
}

#[test]
fn a_function_that_the_library_does_not_have_is_named() {
    check(
        "no_such_function",
        "cabi_realloc",
        "the library has no such function",
    );
}

#[test]
fn a_function_that_the_guest_does_not_export_is_named() {
    check("abs", "no_such_function", "the guest does not export it");
}

/// What is retired would trap: nothing else of any library may call it.
#[test]
fn a_part_that_is_still_used_is_not_left_out() {
    let mut component = LINKED.clone();
    assert!(!component.retired.is_empty());
    component.overrides.clear();
    match fuse(&component) {
        Err(error @ FuseError::Retired { .. }) => {
            let text = error.to_string();
            assert!(text.ends_with(" still uses it"), "{text}");
        }
        other => panic!("{:?}", other.map(|fused| fused.functions)),
    }
}

#[test]
fn a_function_of_another_type_is_refused() {
    check("abs", "cabi_realloc", "their types differ");
}
