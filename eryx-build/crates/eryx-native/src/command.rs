//! Running a program of the machine: its output goes into a log, its time is bounded, and what it is
//! doing is told.

use std::{
    collections::VecDeque,
    fs::File,
    io::{BufRead as _, BufReader, Read, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use eryx_base::escape::escape_short;

use crate::error::NativeBuildError;
use crate::steps::Steps;

/// How long one program may take.
const TIME_LIMIT: Duration = Duration::from_secs(2 * 60 * 60);

/// How long a program that is to end may take for it.
const GRACE: Duration = Duration::from_secs(5);

/// How much of the output is kept, in bytes.
const MAX_LOG: u64 = 64 << 20;

/// How long a line may be, in bytes. What is longer counts as several.
const MAX_LINE: u64 = 64 << 10;

/// How many of the last lines a message shows, and how many characters of each.
const LAST_LINES: usize = 12;
const SHOWN: usize = 200;

/// Where the output of a build goes, and who is told of its progress.
pub(crate) struct Log<'a> {
    path: PathBuf,
    file: File,
    written: u64,
    steps: Steps,
    report: &'a (dyn Fn(&str) + Sync),
}

impl<'a> Log<'a> {
    /// A log in place of one that was there.
    pub(crate) fn new(
        path: PathBuf,
        name: &str,
        report: &'a (dyn Fn(&str) + Sync),
    ) -> Result<Self, NativeBuildError> {
        let file = File::create(&path).map_err(NativeBuildError::file(&path))?;
        Ok(Self {
            path,
            file,
            written: 0,
            steps: Steps::new(name),
            report,
        })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Tells what is done now.
    pub(crate) fn say(&mut self, text: &str) {
        (self.report)(text);
        self.write(&format!("# {text}"));
    }

    fn line(&mut self, line: &str) {
        self.write(line);
        if let Some(progress) = self.steps.line(line) {
            (self.report)(&progress);
        }
    }

    fn write(&mut self, line: &str) {
        let length = line.len() as u64 + 1;
        if self.written.saturating_add(length) <= MAX_LOG {
            self.written = self.written.saturating_add(length);
            // A log that cannot be written must not end a build.
            let _ = writeln!(self.file, "{line}");
        }
    }
}

/// Runs a program to its end. `what` is what it does, as the beginning of a sentence.
///
/// # Errors
/// When it cannot be started, fails or takes too long.
pub(crate) fn run(
    command: &mut Command,
    what: &str,
    hint: &'static str,
    log: &mut Log<'_>,
) -> Result<(), NativeBuildError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let arguments: Vec<_> = command
        .get_args()
        .map(|one| one.to_string_lossy())
        .collect();
    log.write(&format!("+ {program} {}", arguments.join(" ")));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| NativeBuildError::Start {
            program,
            hint,
            source,
        })?;
    let deadline = Instant::now() + TIME_LIMIT;
    let (sender, lines) = mpsc::sync_channel::<String>(1024);
    let mut last = VecDeque::new();
    let mut first_error = None;
    let mut is_late = false;
    let output = child.stdout.take();
    let errors = child.stderr.take();
    // Not scoped: a program that outlives the build may keep its end of a pipe for ever.
    let other = sender.clone();
    thread::spawn(move || output.map(|output| read(output, &other)));
    thread::spawn(move || errors.map(|errors| read(errors, &sender)));
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match lines.recv_timeout(left) {
            Ok(line) => {
                if first_error.is_none() && is_error(&line) {
                    first_error = Some(line.clone());
                }
                last.push_back(line.clone());
                if last.len() > LAST_LINES {
                    last.pop_front();
                }
                log.line(&line);
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                is_late = true;
                end(&mut child);
                break;
            }
        }
    }
    let status = child.wait().map_err(NativeBuildError::file(log.path()))?;
    if is_late {
        return Err(NativeBuildError::TimeLimit {
            what: what.to_owned(),
            minutes: TIME_LIMIT.as_secs() / 60,
            log: log.path().to_owned(),
        });
    }
    if status.success() {
        return Ok(());
    }
    let first = first_error.map(|line| format!(": {}", escape_short(line.trim(), SHOWN)));
    Err(NativeBuildError::Failed {
        what: what.to_owned(),
        first: first.unwrap_or_else(|| format!(" ({status})")),
        log: log.path().to_owned(),
        said: indented(last.iter().map(String::as_str)),
    })
}

/// Lines as they stand below a message.
pub(crate) fn indented<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines
        .filter(|line| !line.trim().is_empty())
        .map(|line| format!("\n  {}", escape_short(line.trim_end(), SHOWN)))
        .collect()
}

/// Whether a compiler, linker, build system or Python tells an error.
fn is_error(line: &str) -> bool {
    let is_told = ["error: ", "error[", "Error: ", "ERROR: ", "FAILED: "];
    is_told.iter().any(|one| line.contains(one))
}

fn read(stream: impl Read, lines: &mpsc::SyncSender<String>) {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        // What a program overwrites at a terminal ends with a carriage return.
        let text = text.trim_end_matches(['\n', '\r']);
        let text = text.rsplit('\r').next().unwrap_or_default();
        if lines.send(text.to_owned()).is_err() {
            return;
        }
    }
}

/// Ends a program, which is asked first, so that it can end what it started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    {
        let id = i32::try_from(child.id()).ok();
        if let Some(process) = id.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
        }
        let until = Instant::now() + GRACE;
        while Instant::now() < until {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
    let _ = child.kill();
}
