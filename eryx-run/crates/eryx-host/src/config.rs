//! What the host gives one sandbox.

use crate::{
    capability::{
        clocks::types::Clocks,
        process::{importing::ImportListener, interrupt::Interrupt},
        random::types::Random,
        stdio::{input::Input, sink::OutputSink},
        terminal::lines::LineReader,
    },
    memory::MemoryLimit,
    policy::rules::{DEFAULT_ENVIRONMENT, Policy},
    streams::Streams,
};
use eryx_vfs::Namespace;

/// The most memory that a program at bake time may use, in bytes.
const MAX_BAKE_MEMORY: u64 = 2 << 30;

/// `given`, after those of [`DEFAULT_ENVIRONMENT`] whose names are not among them.
fn with_defaults(given: &[(String, String)]) -> Vec<(String, String)> {
    let is_given = |name: &str| given.iter().any(|(other, _)| other == name);
    let defaults = DEFAULT_ENVIRONMENT
        .iter()
        .filter(|(name, _)| !is_given(name))
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    defaults.chain(given.iter().cloned()).collect()
}

/// What the host gives one sandbox: by [`HostConfig::run`] the machine's clocks and random data, by
/// [`HostConfig::bake`] those that are the same for every bake.
pub struct HostConfig {
    pub(crate) files: Namespace,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) input: Input,
    pub(crate) stdout: OutputSink,
    pub(crate) stderr: OutputSink,
    pub(crate) lines: Option<Box<dyn LineReader>>,
    pub(crate) clocks: Clocks,
    pub(crate) random: Random,
    pub(crate) memory: MemoryLimit,
    pub(crate) interrupt: Interrupt,
    pub(crate) importing: Option<ImportListener>,
}

impl HostConfig {
    /// For a run that this policy describes, with these files.
    pub fn run(files: Namespace, policy: &Policy, streams: Streams) -> Self {
        Self {
            files,
            environment: with_defaults(&policy.environment),
            input: streams.input,
            stdout: streams.stdout,
            stderr: streams.stderr,
            lines: streams.lines,
            clocks: Clocks::system(),
            random: Random::System,
            memory: MemoryLimit::new(policy.memory),
            interrupt: Interrupt::default(),
            importing: None,
        }
    }

    /// For what runs at bake time: nothing to read, one output, and the same clocks and random data each
    /// time.
    pub fn bake(files: Namespace, output: OutputSink) -> Self {
        Self {
            files,
            environment: with_defaults(&[]),
            input: Input::Bytes(Vec::new()),
            stdout: output.clone(),
            stderr: output,
            lines: None,
            clocks: Clocks::fixed(),
            random: Random::Fixed,
            memory: MemoryLimit::new(Some(MAX_BAKE_MEMORY)),
            interrupt: Interrupt::default(),
            importing: None,
        }
    }

    /// The same with these environment variables and no others, in order.
    #[must_use]
    pub fn with_environment<'a>(
        mut self,
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        self.environment = variables.into_iter().map(owned).collect();
        self
    }

    /// The same with one more environment variable.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, where this is told which module is imported.
    #[must_use]
    pub fn with_import_listener(mut self, importing: Option<ImportListener>) -> Self {
        self.importing = importing;
        self
    }

    /// What interrupts the sandbox.
    pub fn interrupt(&self) -> Interrupt {
        self.interrupt.clone()
    }
}
