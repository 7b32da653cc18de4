//! Measuring: processes and their cost, and two things by turns.

use anyhow::{Context, Result, bail};
use std::{
    io::Read,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// What one process cost.
#[derive(Debug)]
pub(crate) struct Cost {
    /// From before it was started until it was gone.
    pub wall: Duration,
    /// The most memory it had at once, in bytes.
    pub peak: u64,
    /// What it printed.
    pub output: String,
}

/// Runs a process to its end. A process that fails is an error: its time would mean nothing.
pub(crate) fn process(command: &mut Command) -> Result<Cost> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let started = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("{command:?} cannot be started"))?;
    let mut output = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut output)?;
    }
    let (status, peak) = wait(child.id())?;
    let wall = started.elapsed();
    if status != 0 {
        bail!("{command:?} failed with the wait status {status}");
    }
    Ok(Cost { wall, peak, output })
}

/// Waits for a child of this process. Returns its wait status and the most memory it had, in bytes.
fn wait(child: u32) -> Result<(i32, u64)> {
    let child = libc::pid_t::try_from(child)?;
    let mut status = 0;
    // SAFETY: `rusage` is a structure of numbers, for which zeros are valid.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to live variables of the right types, and the child is this process's
    // own and has not been waited for.
    while unsafe { libc::wait4(child, &raw mut status, 0, &raw mut usage) } != child {
        let error = std::io::Error::last_os_error();
        if error.kind() != std::io::ErrorKind::Interrupted {
            return Err(error.into());
        }
    }
    // Linux counts in units of 1024 bytes, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    Ok((status, u64::try_from(usage.ru_maxrss)?.saturating_mul(unit)))
}

/// A series of times.
#[derive(Debug, Default, Clone)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Adds a time.
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
        self.0.sort();
    }

    /// The time in the middle; zero when there is none.
    pub(crate) fn median(&self) -> Duration {
        self.0.get(self.0.len() / 2).copied().unwrap_or_default()
    }

    /// The shortest time, which is nearest to what the work costs on a machine that does nothing else.
    pub(crate) fn least(&self) -> Duration {
        self.0.first().copied().unwrap_or_default()
    }
}

/// Measures two things by turns, each `rounds` times after one round that does not count.
pub(crate) fn alternate(
    rounds: usize,
    mut first: impl FnMut() -> Result<Duration>,
    mut second: impl FnMut() -> Result<Duration>,
) -> Result<(Times, Times)> {
    let (mut firsts, mut seconds) = (Times::default(), Times::default());
    first()?;
    second()?;
    for _ in 0..rounds {
        firsts.push(first()?);
        seconds.push(second()?);
    }
    Ok((firsts, seconds))
}

/// The seconds that a program measured itself and printed as its last line.
pub(crate) fn own_time(output: &str) -> Result<Duration> {
    let line = output
        .lines()
        .last()
        .context("the program printed nothing")?;
    let seconds: f64 = line
        .parse()
        .with_context(|| format!("`{line}` is not a time"))?;
    Ok(Duration::try_from_secs_f64(seconds)?)
}
