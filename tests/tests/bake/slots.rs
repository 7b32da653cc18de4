//! Functions of C that Python calls with another type than they have, which WebAssembly does not let pass:
//! those of the base and of packages work where they would on a native machine.

use std::fs;

use eryx_tests::{eryx_run, images, native, project::Project, wheels::Wheel, workspace};

/// `operator.methodcaller` clears itself with a function that returns nothing.
#[test]
fn a_methodcaller_in_a_cycle_is_collected() {
    let source = "import gc, operator\n\
        class Node:\n    pass\n\
        node = Node()\n\
        node.call = operator.methodcaller('close', node)\n\
        del node\n\
        print(gc.collect() > 0)";
    let output = eryx_run(images::bare()).args(["-c", source]).run();
    assert_eq!(output.ok(), "True\n");
}

#[test]
fn functions_of_packages_get_what_they_take_and_give_what_is_asked_for() {
    let wheel = Wheel::new("misfits")
        .tag("cp314-cp314-wasi_0_0_0_wasm32")
        .file(
            "misfits.cpython-314-wasm32-wasi.so",
            native::library("misfits", &[]),
        );
    let project = Project::with_wheels(&[&wheel]);
    let baked = project.bake().run();
    assert_eq!(baked.status, 0, "{baked}");
    let said = baked.err();
    for word in [
        "misfits.cpython-314-wasm32-wasi.so",
        "misfits.longer",
        "(i32, i32, i32) -> (i32)",
        "(i32, i32) -> (i32)",
        "report it to the author of the package, or give the C function that type",
        "docs/src/guide/native-packages.md#functions-of-another-type",
    ] {
        assert!(said.contains(word), "{word} is not said in {said}");
    }
    assert!(!said.contains("other function"), "{said}");

    let source = "import gc, misfits\n\
        ring = misfits.Ring()\n\
        print(misfits.shorter(), ring, ring.size)\n\
        del ring\n\
        gc.collect()\n\
        print(misfits.count() > 0)";
    let output = eryx_run(&project.image()).args(["-c", source]).run();
    assert_eq!(output.ok(), "1 Ring() 7\nTrue\n");
}

/// The warning names a place in the book.
#[test]
fn the_book_has_what_a_warning_of_such_functions_refers_to() {
    let page = workspace().join("docs/src/guide/native-packages.md");
    let text = fs::read_to_string(page).unwrap();
    assert!(text.contains("\n## Functions of another type\n"));
}
