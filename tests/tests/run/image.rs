//! What the bake left for runs, and what it did not.

use eryx_tests::{eryx_run, images};

fn snapshot(source: &str) -> String {
    eryx_run(images::snapshot())
        .args(["-c", &format!("import __preinit__\n{source}")])
        .run()
        .ok()
}

/// The heap of the preinit script is there.
#[test]
fn the_baked_heap() {
    assert_eq!(snapshot("print(__preinit__.table[999])"), "998001\n");
    assert_eq!(
        snapshot("import sys; print('secrets' in sys.modules)"),
        "True\n"
    );
}

/// What the bake printed, its arguments, its variables and its open ends are gone.
#[test]
fn nothing_of_the_bake_is_left() {
    assert_eq!(
        eryx_run(images::snapshot()).args(["-c", "pass"]).run().ok(),
        ""
    );
    assert_eq!(
        snapshot("import os; print('BAKED' in os.environ, dict(os.environ))"),
        "False {'HOME': '/root', 'USER': 'root', 'LANG': 'C.UTF-8'}\n"
    );
    assert_eq!(snapshot("import os; print(os.listdir('/tmp'))"), "[]\n");
    assert_eq!(snapshot("import sys; print(sys.argv)"), "['-c']\n");
    assert_eq!(
        snapshot("import time; print(time.time() > __preinit__.baked_at)"),
        "True\n"
    );
}

/// Runs change their own copy of the heap.
#[test]
fn runs_do_not_see_each_other() {
    snapshot("__preinit__.table.clear(); open('/tmp/left', 'w').write('x')");
    assert_eq!(
        snapshot("import os; print(len(__preinit__.table), os.listdir('/tmp'))"),
        "1000 []\n"
    );
}

/// Files that were baked in are read-only.
#[test]
fn baked_files() {
    assert_eq!(
        snapshot("print(open('/data/note.txt').read(), end='')"),
        "a baked note\n"
    );
    let output = eryx_run(images::snapshot())
        .args(["-c", "open('/data/note.txt', 'w')"])
        .run();
    assert!(
        output
            .err()
            .ends_with("Read-only file system: '/data/note.txt'\n"),
        "{output}"
    );
}

/// Many runs of one image at the same time.
#[test]
fn side_by_side() {
    let runs: Vec<_> = (0..16)
        .map(|number| {
            let mut run = eryx_run(images::bare())
                .args(["-c", "import sys; print(sys.argv[1])", &number.to_string()])
                .start();
            run.close_input();
            run
        })
        .collect();
    for (number, run) in runs.into_iter().enumerate() {
        assert_eq!(run.finish().ok(), format!("{number}\n"));
    }
}

/// Objects of the snapshot go when a program lets go of them, whatever holds them.
#[test]
fn what_was_baked_can_go() {
    let output = snapshot(
        "things = __preinit__.things\nfor name in list(things): del things[name]\nprint('end')",
    );
    assert_eq!(
        output,
        "alone is gone\nin a tuple is gone\nin a tuple of tuples is gone\nin a function is gone\n\
         in a method is gone\nend\n"
    );
}
