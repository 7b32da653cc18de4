//! Running a binary: its input, its output, its end, and an end to it when it hangs.

use std::{
    borrow::Cow,
    ffi::OsStr,
    fmt,
    io::{PipeWriter, Read, Write, pipe},
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex, Once, atomic::AtomicBool},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// How long a run may take before the test fails, unless the test says otherwise.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// How often a process is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(1);

/// Makes sure that programs which are started hear of Ctrl-C. Tests that run in the background of a script
/// inherit that it is ignored, and would hand that on; a handler is put back to the default at the
/// start of a program. Here it does what the default does.
pub(crate) fn hear_ctrl_c() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let always = Arc::new(AtomicBool::new(true));
        signal_hook::flag::register_conditional_default(signal_hook::consts::SIGINT, always)
            .expect("a handler is installed");
    });
}

/// A run that is being described.
pub struct Run {
    command: Command,
    input: Option<Vec<u8>>,
    limit: Duration,
    merged: bool,
}

impl Run {
    /// A run of a program. It has no input, and Rust would print backtraces.
    pub fn new(program: &Path) -> Self {
        let mut command = Command::new(program);
        command.env("RUST_BACKTRACE", "1");
        Self {
            command,
            input: None,
            limit: LIMIT,
            merged: false,
        }
    }

    /// One more argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// More arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// What standard input holds.
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = Some(input.into());
        self
    }

    /// A variable of the process on the host.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Removes every variable of the process on the host.
    pub fn without_env(mut self) -> Self {
        self.command.env_clear();
        self
    }

    /// The folder of the host to run in.
    pub fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// How long the run may take before the test fails.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Gives standard output and standard error one pipe, which is read as standard output.
    pub fn merged(mut self) -> Self {
        self.merged = true;
        self
    }

    /// Runs the program to its end.
    pub fn run(self) -> Output {
        let mut process = self.start();
        process.close_input();
        process.finish()
    }

    /// Starts the program. Its input stays open.
    pub fn start(mut self) -> Process {
        let (stdout_reader, stdout) = pipe().expect("a pipe is made");
        let (stderr_reader, stderr) = pipe().expect("a pipe is made");
        let error_output = if self.merged {
            stdout.try_clone().expect("a descriptor is duplicated")
        } else {
            stderr
        };
        self.command
            .stdin(Stdio::piped())
            .stdout(stdout)
            .stderr(error_output);
        hear_ctrl_c();
        let child = self
            .command
            .spawn()
            .unwrap_or_else(|error| panic!("{:?} does not start: {error}", self.command));
        // The command holds the writing ends of the pipes, whose readers wait for their end.
        let described = format!("{:?}", self.command);
        drop(self.command);
        let mut process = Process {
            described,
            child,
            deadline: Instant::now() + self.limit,
            stdout: Stream::read(stdout_reader),
            stderr: Stream::read(stderr_reader),
            writer: None,
        };
        if let Some(input) = self.input {
            let mut stdin = process.child.stdin.take().expect("the input is a pipe");
            // A program that does not read its input closes it.
            process.writer = Some(thread::spawn(move || {
                let _ = stdin.write_all(&input);
            }));
        }
        process
    }

    /// Starts the program with its output in a pipe of the caller's, and lets it go on by itself.
    pub fn start_into(mut self, stdout: PipeWriter) -> Child {
        self.command
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(Stdio::piped());
        self.command.spawn().expect("the program starts")
    }
}

/// A program that runs.
pub struct Process {
    described: String,
    child: Child,
    deadline: Instant,
    stdout: Stream,
    stderr: Stream,
    writer: Option<JoinHandle<()>>,
}

impl Process {
    /// Waits until standard output holds a text.
    pub fn wait_for(&mut self, text: &str) {
        let seen = self.stdout.wait_for(text.as_bytes(), self.deadline);
        if !seen {
            self.fail(&format!("did not print {text:?}"));
        }
    }

    /// Writes to standard input.
    pub fn write(&mut self, input: &str) {
        let stdin = self.child.stdin.as_mut().expect("the input is open");
        stdin
            .write_all(input.as_bytes())
            .and_then(|()| stdin.flush())
            .expect("the input is read");
    }

    /// Ends standard input.
    pub fn close_input(&mut self) {
        self.child.stdin = None;
    }

    /// Presses Ctrl-C.
    pub fn interrupt(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("a signal is sent");
    }

    /// Ends the program from outside, as `kill -9` does, and waits until it is gone.
    pub fn kill(mut self) {
        self.child.kill().expect("a signal is sent");
        self.child.wait().expect("the program can be waited for");
    }

    /// Waits for the end. Fails the test, and ends the program, when it takes too long.
    pub fn finish(mut self) -> Output {
        let status = loop {
            match self
                .child
                .try_wait()
                .expect("the program can be waited for")
            {
                Some(status) => break status,
                None if Instant::now() > self.deadline => self.fail("did not end"),
                None => thread::sleep(PAUSE),
            }
        };
        self.child.stdin = None;
        if let Some(writer) = self.writer.take() {
            writer.join().expect("the input is written");
        }
        Output {
            status: status.code().unwrap_or_else(|| {
                -status
                    .signal()
                    .expect("a status or a signal ends a program")
            }),
            stdout: self.stdout.finish(),
            stderr: self.stderr.finish(),
        }
    }

    fn fail(&mut self, what: &str) -> ! {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let output = Output {
            status: -9,
            stdout: self.stdout.so_far(),
            stderr: self.stderr.so_far(),
        };
        panic!("{} {what} in time\n{output}", self.described)
    }
}

/// Tests that fail leave nothing running.
impl Drop for Process {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// What a program left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The exit status; the negative number of the signal when one ended the program.
    pub status: i32,
    /// What it printed.
    pub stdout: Vec<u8>,
    /// What it complained about.
    pub stderr: Vec<u8>,
}

impl Output {
    /// Standard output as text.
    pub fn out(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.stdout)
    }

    /// Standard error as text.
    pub fn err(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.stderr)
    }

    /// Fails the test unless the program ended well, and returns what it printed.
    #[track_caller]
    pub fn ok(&self) -> String {
        assert!(
            self.status == 0 && self.stderr.is_empty(),
            "the program failed\n{self}"
        );
        self.out().into_owned()
    }

    /// Fails the test unless the program ended with this status and said exactly one line on standard
    /// error, which is returned.
    #[track_caller]
    pub fn refused(&self, status: i32) -> String {
        let err = self.err();
        let one_line = err.ends_with('\n') && err.matches('\n').count() == 1;
        assert!(
            self.status == status && one_line,
            "not one sentence and status {status}\n{self}"
        );
        err.trim_end().to_owned()
    }
}

impl fmt::Display for Output {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |bytes: &[u8]| {
            let start = bytes.len().saturating_sub(8 << 10);
            let text = String::from_utf8_lossy(bytes.get(start..).unwrap_or_default()).into_owned();
            if start > 0 {
                format!("… {start} bytes …{text}")
            } else {
                text
            }
        };
        writeln!(formatter, "status: {}", self.status)?;
        writeln!(formatter, "--- standard output\n{}", end(&self.stdout))?;
        write!(formatter, "--- standard error\n{}---", end(&self.stderr))
    }
}

/// What came out so far.
#[derive(Default)]
struct Seen {
    bytes: Vec<u8>,
    ended: bool,
}

/// One output, which a thread of its own reads.
struct Stream {
    shared: Arc<(Mutex<Seen>, Condvar)>,
    reader: Option<JoinHandle<()>>,
}

impl Stream {
    fn read(mut pipe: impl Read + Send + 'static) -> Self {
        let shared = Arc::new((Mutex::new(Seen::default()), Condvar::new()));
        let writer = Arc::clone(&shared);
        let reader = thread::spawn(move || {
            let mut buffer = vec![0; 64 << 10];
            while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                let bytes = buffer.get(..count).unwrap_or_default();
                let mut seen = writer.0.lock().expect("no reader panics");
                seen.bytes.extend_from_slice(bytes);
                writer.1.notify_all();
            }
            writer.0.lock().expect("no reader panics").ended = true;
            writer.1.notify_all();
        });
        Self {
            shared,
            reader: Some(reader),
        }
    }

    fn wait_for(&self, text: &[u8], deadline: Instant) -> bool {
        let holds = |seen: &Seen| seen.bytes.windows(text.len()).any(|window| window == text);
        let seen = self.shared.0.lock().expect("no reader panics");
        let left = deadline.saturating_duration_since(Instant::now());
        let (seen, _) = self
            .shared
            .1
            .wait_timeout_while(seen, left, |seen| !holds(seen) && !seen.ended)
            .expect("no reader panics");
        holds(&seen)
    }

    fn so_far(&self) -> Vec<u8> {
        self.shared
            .0
            .lock()
            .expect("no reader panics")
            .bytes
            .clone()
    }

    fn finish(&mut self) -> Vec<u8> {
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the output is read");
        }
        std::mem::take(&mut self.shared.0.lock().expect("no reader panics").bytes)
    }
}
