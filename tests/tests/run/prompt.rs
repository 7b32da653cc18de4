//! The interactive prompt.

use eryx_tests::{Terminal, binaries, eryx_run, images};
use rustix::process::Signal;

/// The prompt at a terminal, after its banner. The image has no entrypoint.
fn prompt() -> Terminal {
    let image = images::snapshot().to_str().unwrap();
    let mut terminal = Terminal::start(&binaries().eryx_run, [image], "xterm");
    terminal.wait_for("for more information.\n>>> ");
    terminal
}

/// Types a line and waits for what it brings.
#[track_caller]
fn brings(terminal: &mut Terminal, keys: &str, end: &str) {
    terminal.type_keys(keys);
    terminal.wait_for(end);
}

/// Values, blocks, `_`, tracebacks with their lines, and an exit status.
#[test]
fn statements() {
    let mut terminal = prompt();
    let t = &mut terminal;
    brings(t, "6 * 7\r", ">>> 6 * 7\n42\n>>> ");
    brings(t, "_ + 1; None\r", "_ + 1; None\n43\n>>> ");
    brings(t, "def half(number):\r", "def half(number):\n... ");
    // Tab indents.
    brings(
        t,
        "\treturn number / 0\r",
        "...     return number / 0\n... ",
    );
    brings(t, "\r", "... \n>>> ");
    let traceback = "half(1)\nTraceback (most recent call last):
  File \"<python-input-3>\", line 1, in <module>
    half(1)
    ~~~~^^^
  File \"<python-input-2>\", line 2, in half
    return number / 0
           ~~~~~~~^~~
ZeroDivisionError: division by zero\n>>> ";
    brings(t, "half(1)\r", traceback);
    let mistake = "1 +\n  File \"<python-input-4>\", line 1
    1 +
       ^
SyntaxError: invalid syntax\n>>> ";
    brings(t, "1 +\r", mistake);
    brings(
        t,
        "import sys; type(sys.last_exc)\r",
        "'SyntaxError'>\n>>> ",
    );
    brings(t, "sys.argv, __name__\r", "([''], '__main__')\n>>> ");
    brings(t, "sys.flags.interactive\r", "\n0\n>>> ");
    brings(t, "name = input('name? ')\r", "\nname? ");
    brings(t, "Ann\r", "name? Ann\n>>> ");
    brings(t, "name\r", "\n'Ann'\n>>> ");
    brings(t, "print('x', end='')\r", "\nx>>> ");
    terminal.type_keys("exit(3)\r");
    assert_eq!(terminal.finish().1, 3);
}

/// The history, Ctrl-C while typing and while running, and Ctrl-D.
#[test]
fn keys() {
    let mut terminal = prompt();
    let t = &mut terminal;
    brings(t, "1 + 1\r", "\n2\n>>> ");
    brings(t, "\x1b[A\x7f5\r", "1 + 5\n6\n>>> ");
    brings(t, "if True:\r", "\n... ");
    brings(t, " half\x03", "...  half\nKeyboardInterrupt\n>>> ");
    brings(t, "while True: pass\r", "\n... ");
    brings(t, "\r", "... \n");
    terminal.signal(Signal::INT);
    terminal.wait_for("KeyboardInterrupt\n>>> ");
    terminal.type_keys("\x04");
    let (screen, status) = terminal.finish();
    assert!(screen.ends_with(">>> \n"), "{screen}");
    assert_eq!(status, 0);
}

/// Lines that are pasted, or typed while a statement runs, are not lost.
#[test]
fn typed_ahead() {
    let mut terminal = prompt();
    let keys = "x = 5\rdef f():\r\treturn x\r\rf() + int(input('more? '))\r37\r";
    brings(&mut terminal, keys, "\nmore? 37\n42\n>>> ");
    terminal.type_keys("\x04");
    assert_eq!(terminal.finish().1, 0);
}

/// After a program, with all that it left; an exit of the program is no exit of the prompt.
#[test]
fn after_a_program() {
    let image = images::bare().to_str().unwrap();
    let arguments = ["-i", image, "-c", "x = 5; print('over'); exit(4)"];
    let mut terminal = Terminal::start(&binaries().eryx_run, arguments, "xterm");
    terminal.wait_for("SystemExit: 4\n>>> ");
    brings(&mut terminal, "x\r", ">>> x\n5\n>>> ");
    terminal.type_keys("\x04");
    let (screen, status) = terminal.finish();
    assert!(screen.starts_with("over\nTraceback"), "{screen}");
    assert_eq!(status, 0);
}

/// An entrypoint runs at a terminal, too; `-` is the prompt of any image.
#[test]
fn images_with_an_entrypoint() {
    let image = images::bare().to_str().unwrap();
    let terminal = Terminal::start(&binaries().eryx_run, [image], "xterm");
    let (screen, status) = terminal.finish();
    assert!(screen.contains("January"), "{screen}");
    assert_eq!(status, 0);
    let mut terminal = Terminal::start(&binaries().eryx_run, [image, "-", "a"], "xterm");
    terminal.wait_for("\n>>> ");
    let t = &mut terminal;
    brings(t, "import sys; sys.argv\r", "['-', 'a']\n>>> ");
    terminal.type_keys("\x04");
    assert_eq!(terminal.finish().1, 0);
}

/// Without a terminal it reads what there is, as `python3 -i < file` does.
#[test]
fn without_a_terminal() {
    let statements = "from __future__ import annotations
def f(x: undefined):
  return x / 0

f(1)
f.__annotations__
sys.flags.interactive, sys.flags.inspect, sys.argv
input()
a line for input
for number in range(2):
  print(number)";
    let output = eryx_run(images::bare())
        .args(["-", "a"])
        .stdin("not the prompt")
        .run();
    assert_eq!(output.status, 1, "{output}");
    let run = eryx_tests::Run::new(&binaries().eryx_run).arg("-i");
    let output = run
        .arg(images::bare())
        .args(["-c", "import sys\ndel sys.argv[:]"])
        .stdin(statements)
        .run();
    assert_eq!(output.status, 0, "{output}");
    assert_eq!(
        output.out(),
        "{'x': 'undefined'}\n(1, 1, [])\n'a line for input'\n0\n1\n"
    );
    assert_eq!(
        output.err(),
        ">>> >>> ... ... >>> Traceback (most recent call last):
  File \"<stdin>\", line 1, in <module>
    f(1)
    ~^^^
  File \"<stdin>\", line 2, in f
    return x / 0
           ~~^~~
ZeroDivisionError: division by zero
>>> >>> >>> >>> ... ... \n>>> \n"
    );
}

/// What comes before the first prompt, and what fails of it.
#[test]
fn at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.py"), "ready = 'yes'").unwrap();
    std::fs::write(folder.path().join("bad.py"), "1 / 0").unwrap();
    let run = |name: &str| {
        let run = eryx_tests::Run::new(&binaries().eryx_run)
            .args(["-i", "-v"])
            .arg(format!("{}:/start", folder.path().display()))
            .args(["-e", &format!("PYTHONSTARTUP=/start/{name}")])
            .arg(images::snapshot())
            .stdin("exit(globals().get('ready', 'no'))")
            .run();
        assert_eq!(run.status, 1, "{run}");
        assert!(run.err().starts_with("Python 3.14."), "{run}");
        assert!(!run.err().contains("_eryx"), "{run}");
        run.err().into_owned()
    };
    assert!(run("good.py").ends_with("license\" for more information.\n>>> yes\n"));
    let err = run("bad.py");
    assert!(err.contains("File \"/start/bad.py\", line 1"), "{err}");
    assert!(
        err.ends_with("ZeroDivisionError: division by zero\n>>> no\n"),
        "{err}"
    );
    let err = run("missing.py");
    assert!(
        err.contains("Could not open PYTHONSTARTUP\nFileNotFoundError: "),
        "{err}"
    );
}

/// `-m asyncio`: statements can await, tasks live on from one to the next, and `exit` ends it.
#[test]
fn statements_that_await() {
    let lines = "print('first')
x = await asyncio.sleep(0.01, 5)
x + 1
async def double(n):
    return 2 * n

await double(x)
task = asyncio.create_task(double(8))
asyncio.get_running_loop().is_running()
await task
1 / 0
exit(3)
print('never')
";
    let run = eryx_run(images::bare()).args(["-m", "asyncio"]);
    let output = run.stdin(lines).run();
    assert_eq!(output.status, 3, "{output}");
    assert_eq!(output.out(), "first\n6\n10\nTrue\n16\n");
    // The frames of the event loop are nobody's concern.
    let traceback = "Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\n";
    assert!(output.err().contains(traceback), "{output}");
    assert!(!output.err().contains("runners.py"), "{output}");
}
