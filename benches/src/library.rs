//! Sandboxes within one process that is there already, by the loader's library.

use crate::{measure::Times, report, setup::Setup};
use anyhow::{Result, ensure};
use eryx_run::{Image, Policy, Program, Sandbox, Streams, sandbox::block_on};
use std::time::Instant;

const ROUNDS: usize = 300;

/// Measures loading an image, and runs in it.
pub fn run(setup: &Setup) -> Result<()> {
    report::heading("library", "within one process; the image is the example's");
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

    let sandbox = Sandbox::load(&Image::open(&setup.example)?)?;
    let mut runs = Times::default();
    for _ in 0..ROUNDS {
        let (streams, _output) = Streams::captured(b"");
        let started = Instant::now();
        let ending = sandbox.run(Program::command("pass"), &[], &Policy::default(), streams)?;
        runs.push(started.elapsed());
        ensure!(ending.status() == 0, "the program failed: {ending:?}");
    }
    report::single("fresh sandbox, run `pass`", &runs, "   target under 2 ms");

    let mut prepared = Times::default();
    for _ in 0..ROUNDS {
        let (streams, _output) = Streams::captured(b"");
        let started = Instant::now();
        let running = sandbox.prepare(&Policy::default(), streams)?;
        prepared.push(started.elapsed());
        block_on(running.finish(Program::command("pass"), &[]))?;
    }
    report::single("of which file system, state", &prepared, "");
    Ok(())
}
