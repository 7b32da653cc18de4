//! Limits: time, memory, scratch space.

use eryx_tests::{Output, Run, binaries, images};
use std::time::{Duration, Instant};

fn run(options: &[&str], source: &str) -> Output {
    Run::new(&binaries().eryx_run)
        .args(options)
        .arg(images::bare())
        .args(["-c", source])
        .run()
}

/// A program past its time ends with 124, wherever it is, and what it printed stays.
#[test]
fn time() {
    for what in [
        "while True: pass",
        "import time; time.sleep(600)",
        "import asyncio; asyncio.run(asyncio.sleep(600))",
        "sum(range(10**12))",
        "import select; select.select([], [], [])",
        "import select; select.poll().poll()",
        "try:\n    while True: pass\nexcept BaseException: pass",
    ] {
        let start = Instant::now();
        let output = run(&["--timeout", "300ms"], &format!("print('before')\n{what}"));
        assert!(
            output.refused(124).contains("time limit"),
            "{what}\n{output}"
        );
        assert_eq!(output.out(), "before\n", "{what}");
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
    }
}

/// A program that is quick enough does not notice.
#[test]
fn time_enough() {
    assert_eq!(run(&["--timeout", "60s"], "print(1)").ok(), "1\n");
}

/// A program that waits for input is ended, too.
#[test]
fn time_without_input() {
    let run = Run::new(&binaries().eryx_run)
        .args(["--timeout", "300ms"])
        .arg(images::bare())
        .args(["-c", "input()"]);
    run.start().finish().refused(124);
}

/// Too much memory is MemoryError, and the program can go on.
#[test]
fn memory() {
    let limit = ["--memory", "64MiB"];
    let source = "kept = []\ntry:\n    while True: kept.append(bytes(1 << 20))\n\
                  except MemoryError:\n    count = len(kept)\n    kept = None\n    \
                  print('full', 10 < count < 64)\nprint(len(bytes(1 << 20)))";
    assert_eq!(run(&limit, source).ok(), "full True\n1048576\n");
    let output = run(&limit, "bytes(1 << 30)");
    assert_eq!(
        (output.status, output.err().ends_with("MemoryError\n")),
        (1, true),
        "{output}"
    );
    // What is within the limit works.
    assert_eq!(
        run(&limit, "print(len(bytes(16 << 20)))").ok(),
        "16777216\n"
    );
}

/// Reading what there is no memory for is a MemoryError as well: the host needs some for its answers. Who handles
/// it has enough memory to say so and to go on.
#[test]
fn memory_for_what_is_read() {
    for read in [
        "for line in open('/tmp/x'): kept.append(line)",
        "while True: kept.append(open('/tmp/x').read())",
        "while True: kept.append(open('/tmp/x', 'rb', 0).read(3 << 20))",
        "while True: kept.extend(open('/tmp/x').readlines())",
        "import csv\n    while True: kept += csv.reader(open('/tmp/x'))",
        "import os\n    while True: kept.append(os.urandom(3000))",
        "import os\n    while True: kept.append(os.listdir('/usr/lib/python3.14'))",
        "import sys\n    kept = list(sys.stdin)",
        "while True: kept.append([])",
    ] {
        let source = format!(
            "with open('/tmp/x', 'w') as file:
    for number in range(1 << 20): print(number, file=file)
kept = []
try:
    {read}
    while True: kept.append([])
except MemoryError: print('full', [f'{{n}}' for n in range(3)])
kept = None
print('on', len(open('/tmp/x').read(1 << 20)))"
        );
        let output = Run::new(&binaries().eryx_run)
            .args(["--memory", "48MiB"])
            .arg(images::bare())
            .args(["-c", &source])
            .stdin("line\n".repeat(1 << 20))
            .run();
        let expected = "full ['0', '1', '2']\non 1048576\n";
        assert_eq!(output.ok(), expected, "{read}");
    }
}

/// A MemoryError that nobody handles is shown with its traceback.
#[test]
fn memory_for_a_traceback() {
    let output = run(
        &["--memory", "48MiB"],
        "kept = []\nwhile True: kept.append([])",
    );
    assert_eq!(output.status, 1, "{output}");
    let said = output.err();
    assert!(
        said.starts_with("Traceback") && said.ends_with("MemoryError\n"),
        "{output}"
    );
}

/// Small objects run out of memory as well as large ones: an ordinary end in any case.
#[test]
fn memory_in_small_pieces() {
    for source in [
        "l = []\nwhile True: l.append([])",
        "d = {}\nn = 0\nwhile True:\n    d[n] = str(n)\n    n += 1",
        "x = 'a'\nwhile True: x += x",
        "l = [1]\nwhile True: l += l",
        "def f():\n    yield from f()\nlist(f())",
        "import re\nre.match('(a|b)*', 'ab' * 10**7)",
    ] {
        let output = run(
            &["--memory", "48MiB"],
            &format!("print('before', flush=True)\n{source}"),
        );
        assert!(matches!(output.status, 0 | 1 | 126), "{source}\n{output}");
        assert_eq!(output.out(), "before\n", "{source}\n{output}");
    }
}

/// Even without a limit the guest cannot have more than 4 GiB, and the host lives on.
#[test]
fn memory_without_a_limit() {
    let output = run(
        &[],
        "try: bytes(5 << 30)\nexcept (MemoryError, OverflowError): print('no')",
    );
    assert_eq!(output.ok(), "no\n");
}

/// A limit below what the image needs is refused in a sentence.
#[test]
fn too_little_memory() {
    let output = run(&["--memory", "1MiB"], "print(1)");
    assert!(matches!(output.status, 2 | 125), "{output}");
    assert!(output.refused(output.status).contains("memory"), "{output}");
}

/// Scratch space that is full is an error, as of a device that is full. Its size is what was asked for.
#[test]
fn scratch() {
    let source = "import os\nfor n in range(4): open(f'/tmp/{n}', 'wb').write(bytes(1 << 20))\n\
                  print('four')\n\
                  try: open('/tmp/5', 'wb').write(bytes(1 << 20))\n\
                  except OSError as error: print(error.strerror)\n\
                  for n in range(4): os.remove(f'/tmp/{n}')\n\
                  print(open('/tmp/6', 'wb').write(bytes(3 << 20)))";
    assert_eq!(
        run(&["--scratch", "4500kB"], source).ok(),
        "four\nNo space left on device\n3145728\n"
    );
    assert_eq!(
        run(&["--scratch", "0"], "import os; print(os.listdir('/tmp'))").ok(),
        "[]\n"
    );
}

/// Too many files are refused before the host runs out of memory.
#[test]
fn scratch_files() {
    let source = "import os\ntry:\n    for n in range(200_000): os.mkdir(f'/tmp/{n}')\n\
                  except OSError as error: print(n > 10_000, error.strerror)";
    assert_eq!(run(&[], source).ok(), "True No space left on device\n");
}

/// Quantities that are none are wrong usage.
#[test]
fn wrong_quantities() {
    for option in [
        "--timeout=0",
        "--timeout=-1s",
        "--timeout=soon",
        "--memory=much",
        "--memory=1.5GiB",
        "--scratch=",
    ] {
        let output = run(&[option], "print(1)");
        let sentence = output.refused(2);
        let value = option.split_once('=').unwrap().1;
        assert!(sentence.contains(value), "{option}: {sentence}");
    }
}
