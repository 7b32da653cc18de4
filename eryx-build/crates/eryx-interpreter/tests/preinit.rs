//! What runs at bake time has a time limit.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

use eryx_host::{Clocks, Streams, files};
use eryx_interpreter::{
    PreinitError, accepts,
    files::ImageFiles,
    preinit::{Interpreter, Preparation},
    random::fixed_device,
};
use eryx_runtime::Distribution;
use eryx_wasm::link;
use eryx_wheel::SiteTree;

const SCRIPT: &str = "/run/loop.py";

fn runtime() -> &'static Distribution {
    static RUNTIME: OnceLock<Distribution> = OnceLock::new();
    RUNTIME.get_or_init(|| Distribution::embedded().expect("there is a runtime"))
}

/// A package that looped for ever at its import, or in a `.pth` file, stopped a bake for ever.
#[test]
fn what_never_ends_is_ended() {
    let component = link::link(runtime(), &[], &accepts)
        .unwrap()
        .into_valid()
        .unwrap();
    let interpreter = Interpreter::new(&component).unwrap();
    let tree = ImageFiles::gather(runtime(), &SiteTree::default())
        .unwrap()
        .encode()
        .unwrap()
        .into_tree();
    // Not even an exception handler may go on.
    let script =
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n";
    let files = files::base(tree, 1 << 20, &Clocks::fixed(), fixed_device())
        .unwrap()
        .mount_file(SCRIPT, script)
        .unwrap()
        .build();
    let started = Instant::now();
    let limit = Duration::from_secs(3);
    let made = interpreter.snapshot(Preparation {
        imports: Vec::new(),
        script: Some(SCRIPT.to_owned()),
        files,
        output: Streams::captured(b"").0.stdout,
        importing: None,
        limit,
        hash_seed: None,
    });
    let error = made.expect_err("there is no snapshot");
    assert!(matches!(error, PreinitError::TimeLimit(3)), "{error}");
    assert!(started.elapsed() >= limit);
}
