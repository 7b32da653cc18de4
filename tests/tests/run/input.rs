//! Standard input.

use eryx_tests::{eryx_run, images};

fn run(source: &str) -> eryx_tests::Run {
    eryx_run(images::bare()).args(["-c", source])
}

/// Bytes arrive as they are, however many.
#[test]
fn binary() {
    let bytes: Vec<u8> = (0..=255).cycle().take(3 << 20).collect();
    let source = "import hashlib, sys; d = sys.stdin.buffer.read(); \
                  print(len(d), d == bytes(range(256)) * (len(d) // 256))";
    assert_eq!(run(source).stdin(bytes).run().ok(), "3145728 True\n");
}

/// What goes in comes out.
#[test]
fn copied() {
    let text: String = (0..200_000)
        .map(|number| format!("line {number} é\n"))
        .collect();
    let source = "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)";
    assert_eq!(run(source).stdin(text.clone()).run().ok(), text);
    let source = "import sys\nfor line in sys.stdin: sys.stdout.write(line)";
    assert_eq!(run(source).stdin(text.clone()).run().ok(), text);
}

/// Text that is no UTF-8 is an error of the program.
#[test]
fn text_that_is_none() {
    let output = run("import sys; sys.stdin.read()").stdin(*b"\xff").run();
    assert_eq!(output.status, 1);
    assert!(
        output.err().contains("UnicodeDecodeError: 'utf-8' codec"),
        "{output}"
    );
}

/// A line is read when it comes, not when the input ends; a prompt is seen before it is answered.
#[test]
fn interactive() {
    let source = "while True:\n    try: name = input('name? ')\n    except EOFError: break\n    \
                  print('hello', name, flush=True)\nprint('bye')";
    let mut run = run(source).start();
    run.wait_for("name? ");
    run.write("Ann\n");
    run.wait_for("hello Ann");
    run.write("Bob\n");
    run.wait_for("hello Bob");
    run.close_input();
    assert_eq!(
        run.finish().ok(),
        "name? hello Ann\nname? hello Bob\nname? bye\n"
    );
}

/// Input that nobody reads does no harm.
#[test]
fn unread() {
    assert_eq!(run("print(1)").stdin(vec![b'x'; 1 << 20]).run().ok(), "1\n");
}

/// The program is the input for `-`, with a text that does not end in a newline too.
#[test]
fn program_from_input() {
    let output = eryx_run(images::bare()).arg("-").stdin("print('é')").run();
    assert_eq!(output.ok(), "é\n");
    let output = eryx_run(images::bare()).arg("-").stdin(*b"\xff").run();
    assert_eq!(output.status, 1);
    assert!(output.err().contains("SyntaxError"), "{output}");
    assert_eq!(eryx_run(images::bare()).arg("-").run().ok(), "");
}
