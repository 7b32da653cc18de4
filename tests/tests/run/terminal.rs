//! Programs at a terminal.

use eryx_tests::{Terminal, binaries, images};
use rustix::process::Signal;

/// Starts a program at a terminal that can move its cursor.
fn at_terminal(source: &str) -> Terminal {
    at_terminal_of_kind(source, "xterm")
}

fn at_terminal_of_kind(source: &str, kind: &str) -> Terminal {
    let image = images::bare().to_str().unwrap();
    Terminal::start(&binaries().eryx_run, [image, "-c", source], kind)
}

/// Programs know that they are at a terminal.
#[test]
fn known() {
    let terminal = at_terminal(
        "import os, sys\nprint(sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty(), \
         sys.stdout.line_buffering)\nopen('/tmp/x', 'w').isatty() or os._exit(4)",
    );
    assert_eq!(terminal.finish(), ("True True True True\n".to_owned(), 4));
}

/// A line is shown when it ends, without a flush. The answer can be edited, whatever the terminal's kind.
#[test]
fn line_by_line() {
    for kind in ["xterm", "dumb"] {
        let mut terminal = at_terminal_of_kind(
            "print('first')\nname = input('name? ')\nprint('hello', name)",
            kind,
        );
        terminal.wait_for("first\nname? ");
        terminal.type_keys("Anx\x7fn\r");
        let (screen, status) = terminal.finish();
        assert!(screen.ends_with("\nhello Ann\n"), "{kind}: {screen}");
        assert_eq!(status, 0);
    }
}

/// What a program printed before it asked stays, and long questions have all their rows.
#[test]
fn questions() {
    let mut terminal = at_terminal(
        "import sys
print('name', end=': ', flush=True)
name = input()
print('again', end=': ', flush=True)
again = sys.stdin.readline().strip()
question = '\\n'.join(f'row {number}' for number in range(500))
print(name, again, input(f'{question}\\n\\x1b[2J\\x1b[31mred?\\x1b[0m '))",
    );
    terminal.wait_for("name: ");
    terminal.type_keys("Bob\x1b[D\x1b[DX\r");
    terminal.wait_for("name: BXob\nagain: ");
    terminal.type_keys("y\r");
    terminal.wait_for("\nrow 498\nrow 499\nred? ");
    terminal.type_keys("z\r");
    let (screen, status) = terminal.finish();
    assert!(screen.contains("\nagain: y\nrow 0\nrow 1\n"), "{screen}");
    assert!(screen.ends_with("\nred? z\nBXob y z\n"), "{screen}");
    assert_eq!(status, 0);
}

/// Ctrl-C while a line is typed is a KeyboardInterrupt, and Ctrl-D an EOFError. A handler of the program's own
/// is called.
#[test]
fn keys_that_end_a_line() {
    let mut terminal = at_terminal(
        "import signal
for number in range(3):
    try: input(f'{number}> ')
    except (EOFError, KeyboardInterrupt) as error: print(type(error).__name__)
    signal.signal(signal.SIGINT, lambda *_: print('handled'))",
    );
    terminal.wait_for("0> ");
    terminal.type_keys("abc\x03");
    terminal.wait_for("KeyboardInterrupt\n1> ");
    terminal.type_keys("\x04");
    terminal.wait_for("EOFError\n2> ");
    terminal.type_keys("\x03");
    let (screen, status) = terminal.finish();
    assert!(
        screen.ends_with("2> \nhandled\nKeyboardInterrupt\n"),
        "{screen}"
    );
    assert_eq!(status, 0);
}

/// The debugger is used as anywhere.
#[test]
fn debugger() {
    let mut terminal = at_terminal("x = 5\nbreakpoint()\nprint('over', x)");
    terminal.wait_for("(Pdb) ");
    terminal.type_keys("p x + 1\r");
    terminal.wait_for("\n6\n(Pdb) ");
    terminal.type_keys("x = 7\r");
    terminal.wait_for("x = 7\n(Pdb) ");
    terminal.type_keys("c\r");
    let (screen, status) = terminal.finish();
    assert!(screen.ends_with("\nover 7\n"), "{screen}");
    assert_eq!(status, 0);
}

/// However a program ends while a line is typed, the terminal is usable afterwards.
#[test]
fn left_as_it_was() {
    for (signal, expected) in [(Signal::TERM, -15), (Signal::HUP, -1), (Signal::QUIT, -3)] {
        let mut terminal = at_terminal("input('> ')");
        terminal.wait_for("> ");
        assert!(!terminal.is_usable());
        terminal.signal(signal);
        let (screen, status) = terminal.finish();
        assert_eq!(status, expected, "{screen}");
    }
}

/// So it is after the time limit.
#[test]
fn time_limit() {
    let image = images::bare().to_str().unwrap();
    let arguments = ["--timeout", "2s", image, "-c", "input('> ')"];
    let mut terminal = Terminal::start(&binaries().eryx_run, arguments, "xterm");
    terminal.wait_for("> ");
    let (screen, status) = terminal.finish();
    assert_eq!(status, 124, "{screen}");
    assert!(
        screen.ends_with("> \neryx: the program was ended after 2s, its time limit\n"),
        "{screen}"
    );
}
