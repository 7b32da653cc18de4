//! Memory that is kept and used for one sandbox after the other.

use eryx::{
    Ending, ErrorKind, Image, Input, Outcome, OutputSink, Policy, Pool, Program, Streams, TrapKind,
    blocking::Sandbox,
};
use eryx_tests::{
    exceptions::{SHARED, throws, wheel},
    images,
    project::Project,
};
use std::{
    io::{self, Write},
    num::NonZeroU32,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

fn pooled(sandboxes: u32) -> Sandbox {
    let image = Image::open(images::bare()).unwrap();
    Sandbox::load_pooled(&image, Pool::of(NonZeroU32::new(sandboxes).unwrap())).unwrap()
}

fn run(sandbox: &Sandbox, source: &str, policy: &Policy) -> (Outcome, String) {
    let (streams, output) = Streams::captured(b"");
    let outcome = sandbox
        .run(Program::command(source), &[], policy, streams)
        .unwrap();
    (outcome, String::from_utf8(output.stdout()).unwrap())
}

/// A program writes all over the interpreter, and none after it sees any of that.
#[test]
fn each_sandbox_is_a_new_one() {
    let sandbox = pooled(1);
    let leave = "
import os, sys, json, builtins
assert not hasattr(builtins, 'left') and not hasattr(json, 'left') and 'LEFT' not in os.environ, 'seen'
assert not os.path.exists('left') and sys.argv == ['-c'] and 'left' not in sys.modules, 'seen'
builtins.left = json.left = sys.modules['left'] = kept = bytearray(b'secret' * 4_000_000)
json.dumps = print
os.environ['LEFT'] = 'yes'
sys.path.clear()
print(len(kept))
";
    for _ in 0..5 {
        let (outcome, output) = run(&sandbox, leave.trim(), &Policy::default());
        assert_eq!(outcome.ending, Ending::Exited(0));
        assert_eq!(output, "24000000\n");
    }
}

/// What broke one sandbox breaks no other.
#[test]
fn it_outlives_traps_and_limits() {
    let sandbox = pooled(1);
    let policy = Policy {
        memory: Some(64 << 20),
        ..Policy::default()
    };
    for _ in 0..3 {
        let (outcome, _) = run(&sandbox, "import os; os.abort()", &policy);
        let Ending::Trapped(trap) = outcome.ending else {
            panic!("{outcome:?}");
        };
        assert_eq!(trap.kind(), TrapKind::Aborted);
        let (outcome, output) = run(
            &sandbox,
            "try: bytes(1 << 30)\nexcept MemoryError: print('full')",
            &policy,
        );
        assert_eq!((outcome.ending, &*output), (Ending::Exited(0), "full\n"));
        let (outcome, output) = run(&sandbox, "print(sum(range(10)))", &policy);
        assert_eq!((outcome.ending, &*output), (Ending::Exited(0), "45\n"));
    }
}

/// The heap of exceptions is the pool's, too.
#[test]
fn native_code_throws_and_catches() {
    let uncaught = "(func $value (result i32) (throw $exception (i32.const 1)))";
    let project = Project::with_wheels(&[
        &wheel("thrower", SHARED, &throws(1_000_000)),
        &wheel("uncaught", SHARED, uncaught),
    ]);
    project.bake_fused();
    let image = Image::open(project.image()).unwrap();
    let sandbox = Sandbox::load_pooled(&image, Pool::of(NonZeroU32::MIN)).unwrap();
    let policy = Policy {
        memory: Some(48 << 20),
        ..Policy::default()
    };
    for _ in 0..3 {
        let (outcome, output) = run(&sandbox, "import thrower; print(thrower.value)", &policy);
        assert_eq!((outcome.ending, &*output), (Ending::Exited(0), "2000000\n"));
        let (outcome, _) = run(&sandbox, "import uncaught", &policy);
        let Ending::Trapped(trap) = outcome.ending else {
            panic!("{outcome:?}");
        };
        assert_eq!(trap.kind(), TrapKind::Exception);
    }
}

/// Says that the program has printed, and waits.
struct Halt {
    reached: Sender<()>,
    released: Receiver<()>,
}

impl Write for Halt {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let gone = |_| io::Error::other("the test is gone");
        self.reached.send(()).map_err(|_| gone(()))?;
        self.released.recv().map_err(|_| gone(()))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One sandbox more than there is room for is refused, until one has ended.
#[test]
fn as_many_as_it_has_room_for() {
    let sandbox = pooled(1);
    let ((reached, at_print), (release, released)) = (channel(), channel());
    thread::scope(|scope| {
        let sink = OutputSink::new(Halt { reached, released }, false);
        let streams = Streams {
            input: Input::Bytes(Vec::new()),
            stdout: sink.clone(),
            stderr: sink,
            lines: None,
        };
        let first = scope.spawn(|| {
            let program = Program::command("print(1)");
            sandbox.run(program, &[], &Policy::default(), streams)
        });
        at_print.recv().unwrap();
        let (streams, _output) = Streams::captured(b"");
        let error = sandbox
            .run(Program::command("pass"), &[], &Policy::default(), streams)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PoolFull, "{error:?}");
        assert_eq!(
            error.to_string(),
            "as many sandboxes are running as the pool has room for: wait for one to end, or make it larger"
        );
        release.send(()).unwrap();
        assert_eq!(first.join().unwrap().unwrap().ending, Ending::Exited(0));
    });
    let (outcome, output) = run(&sandbox, "print(2)", &Policy::default());
    assert_eq!((outcome.ending, &*output), (Ending::Exited(0), "2\n"));
}
