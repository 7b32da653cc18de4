//! Sandboxes within one process that is there already, by the loader's library.

use crate::{
    measure::{Times, alternate},
    report,
    setup::Setup,
    start::megabytes,
};
use anyhow::{Context, Result, ensure};
use eryx::{Image, Input, OutputSink, Policy, Pool, Program, Streams, blocking::Sandbox};
use std::{
    fs,
    io::{self, Write},
    num::NonZeroU32,
    sync::{Arc, Barrier},
    thread,
    time::{Duration, Instant},
};

const ROUNDS: usize = 300;

/// How many sandboxes live side by side while their memory is measured.
const SIDE_BY_SIDE: NonZeroU32 = NonZeroU32::new(50).expect("50 is not zero");

/// Measures loading an image, and runs in it.
pub(crate) fn run(setup: &Setup) -> Result<()> {
    report::heading(
        "library",
        "within one process; the image is the example's, or the bare one without packages and imports",
    );
    let (mut opened, mut loaded) = (Times::default(), Times::default());
    for _ in 0..20 {
        let started = Instant::now();
        let image = Image::open(&setup.example)?;
        opened.push(started.elapsed());
        let started = Instant::now();
        Sandbox::load(&image)?;
        loaded.push(started.elapsed());
    }
    report::single("open the image", &opened, "");
    report::single("load its machine code", &loaded, "");

    let image = Image::open(&setup.example)?;
    let alone = Sandbox::load(&image)?;
    let pooled = Sandbox::load_pooled(&image, Pool::of(SIDE_BY_SIDE))?;
    compare("", &pooled, &alone)?;
    let bare = Image::open(&setup.bare)?;
    let bare_pooled = Sandbox::load_pooled(&bare, Pool::of(SIDE_BY_SIDE))?;
    compare(", bare", &bare_pooled, &Sandbox::load(&bare)?)?;

    let mut prepared = Times::default();
    for _ in 0..ROUNDS {
        let (streams, _output) = Streams::captured(b"");
        let started = Instant::now();
        drop(alone.prepare(&Policy::default(), streams)?);
        prepared.push(started.elapsed());
    }
    report::single("of which file system, state", &prepared, "");
    for (name, sandbox) in [
        ("own memory of a live one", &alone),
        ("the same of a pool", &pooled),
    ] {
        report::line(
            name,
            &format!(
                "{:>7.2} MB   target under 1",
                megabytes(own_memory(sandbox)?)
            ),
        );
    }
    Ok(())
}

/// Measures fresh sandboxes of an image with a pool and without.
fn compare(of: &str, pooled: &Sandbox, alone: &Sandbox) -> Result<()> {
    for program in ["pass", "print(1)"] {
        let (of_pool, own) =
            alternate(ROUNDS, || fresh(pooled, program), || fresh(alone, program))?;
        report::comparison(
            &format!("fresh sandbox, {program}{of}"),
            &of_pool,
            ("no pool", &own),
            "   target under 0.50 ms",
        );
    }
    let started = Instant::now();
    for _ in 0..ROUNDS {
        fresh(pooled, "pass")?;
    }
    let each = started.elapsed().as_secs_f64() / f64::from(u32::try_from(ROUNDS)?);
    report::line(
        &format!("one after the other{of}"),
        &format!("{:>6.0} fresh sandboxes a second   target 2000", 1.0 / each),
    );
    Ok(())
}

/// Runs a program in a sandbox that nobody used before.
pub(crate) fn fresh(sandbox: &Sandbox, program: &str) -> Result<Duration> {
    let (streams, _output) = Streams::captured(b"");
    let started = Instant::now();
    let outcome = sandbox.run(Program::command(program), &[], &Policy::default(), streams)?;
    let time = started.elapsed();
    ensure!(outcome.status() == 0, "the program failed: {outcome:?}");
    Ok(time)
}

/// Waits at what the program prints, so that the sandbox lives on.
struct Halt {
    reached: Arc<Barrier>,
    released: Arc<Barrier>,
}

impl Write for Halt {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.reached.wait();
        self.released.wait();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The bytes that a sandbox which has printed something has for itself: memory of the process that nobody
/// else has, for each of many, with the thread that each runs on.
fn own_memory(sandbox: &Sandbox) -> Result<u64> {
    let count = usize::try_from(SIDE_BY_SIDE.get())?;
    let [reached, released] = [(); 2].map(|()| Arc::new(Barrier::new(count + 1)));
    thread::scope(|scope| {
        let before = private_memory()?;
        let threads: Vec<_> = (0..count)
            .map(|_| {
                let halt = Halt {
                    reached: reached.clone(),
                    released: released.clone(),
                };
                let sink = OutputSink::new(halt, false);
                let streams = Streams {
                    input: Input::Bytes(Vec::new()),
                    stdout: sink.clone(),
                    stderr: sink,
                    lines: None,
                };
                let program = Program::command("print(1)");
                scope.spawn(move || sandbox.run(program, &[], &Policy::default(), streams))
            })
            .collect();
        reached.wait();
        let after = private_memory();
        released.wait();
        for thread in threads {
            let outcome = thread.join().ok().context("a thread panicked")??;
            ensure!(outcome.status() == 0, "the program failed: {outcome:?}");
        }
        Ok(after?.saturating_sub(before) / u64::from(SIDE_BY_SIDE.get()))
    })
}

/// The bytes that this process has written to and shares with nobody, as Linux counts them.
fn private_memory() -> Result<u64> {
    let text = fs::read_to_string("/proc/self/smaps_rollup")?;
    let line = text.lines().find(|line| line.starts_with("Private_Dirty:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    let kilobytes: u64 = kilobytes
        .context("Linux tells no private memory")?
        .parse()?;
    Ok(kilobytes * 1024)
}
