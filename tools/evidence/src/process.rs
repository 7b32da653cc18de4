//! Waiting for a process that may print as much as it likes, and take as long.

use anyhow::{Context, Result};
use std::{
    fs::File,
    io::Read,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How often a process is asked whether it has ended.
const POLL: Duration = Duration::from_millis(20);

/// The most that is read of what a process printed, in bytes.
pub(crate) const MAX_OUTPUT: u64 = 8 << 20;

/// How long after its own time limit a loader must have ended.
pub(crate) const GRACE: Duration = Duration::from_secs(5);

/// The status of a loader whose program reached its time limit.
const LATE: i32 = 124;

/// What came of a process.
pub(crate) struct ProcessOutcome {
    /// How it ended.
    pub status: ExitStatus,
    /// Whether it ended by itself, with the status 0.
    pub success: bool,
    /// Whether it took too long.
    pub late: bool,
    /// What it printed on its standard output.
    pub output: String,
    /// What it printed on its standard error.
    pub errors: String,
}

/// Waits for a process, which prints into files of the given name in a directory.
pub(crate) fn wait(
    mut command: Command,
    directory: &Path,
    name: &str,
    limit: Duration,
) -> Result<ProcessOutcome> {
    let path = |kind: &str| directory.join(format!("{name}.{kind}"));
    command
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(File::create(path("out"))?)
        .stderr(File::create(path("err"))?);
    let mut child = command
        .spawn()
        .with_context(|| format!("{command:?} cannot be started"))?;
    let started = Instant::now();
    let mut late = false;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > limit {
            late = true;
            child.kill()?;
            break child.wait()?;
        }
        thread::sleep(POLL);
    };
    let read = |kind: &str| -> Result<String> {
        let mut bytes = Vec::new();
        File::open(path(kind))?
            .take(MAX_OUTPUT)
            .read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    Ok(ProcessOutcome {
        status,
        success: status.success(),
        late: late || status.code() == Some(LATE),
        output: read("out")?,
        errors: read("err")?,
    })
}
