//! The sandbox that builds run in: the loader's own host code, with an interpreter that can be
//! ended from outside.
//!
//! A build backend may loop for ever. The engine of this module asks at every loop whether its time
//! is up, which costs a Python loop a third of its speed, and is off everywhere else. The machine
//! code is well compiled and kept in the cache, since it is the same for every build.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use eryx_host::engine;
use eryx_host::{
    Ending, HostConfig, Outcome, OutputSink, Program, RunFlags, State, block_on, call_run, linker,
    outcome_of,
};
use eryx_image as image;
use eryx_vfs::Namespace;
use wasmtime::Engine;
use wasmtime::component::{Component, InstancePre};

use eryx_base::Digest;
use eryx_cache::Cache;
use eryx_interpreter::PreinitError;
use eryx_interpreter::limit::{keep_time, ticks};
use eryx_interpreter::preinit;
use eryx_interpreter::run::Run;

use super::error::SourceProblem;

/// The cache's kind of machine code for builds.
const INTERPRETERS: &str = "build-interpreters";

/// How much of what a build prints is kept, in bytes: its end.
const MAX_OUTPUT: usize = 64 << 10;

/// How long compiling the standard library may take.
const BYTECODE_LIMIT: Duration = Duration::from_secs(600);

/// A compiled interpreter, ready for any number of builds at the same time.
pub(super) struct BuildSandbox {
    instance: InstancePre<State>,
}

/// How a program ended, and the end of what it printed.
pub(super) struct HookOutcome {
    pub outcome: Outcome,
    pub printed: String,
}

impl BuildSandbox {
    /// Compiles a component, unless its machine code is in the cache.
    pub(crate) fn new(
        component: &[u8],
        cache: &Cache,
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<Self, SourceProblem> {
        let mut config = engine::config();
        config.epoch_interruption(true);
        let failed = |source| SourceProblem::Start(PreinitError::Engine(source));
        let engine = Engine::new(&config).map_err(failed)?;
        let settings: String = engine::settings()
            .iter()
            .map(|(name, value)| format!("{name}={value};"))
            .collect();
        let key = Digest::of_parts([
            component,
            image::WASMTIME_VERSION.as_bytes(),
            settings.as_bytes(),
            std::env::consts::ARCH.as_bytes(),
        ]);
        let cached = cache
            .get(INTERPRETERS, &key)
            .and_then(|code| deserialize(&engine, &code).ok());
        let component = if let Some(component) = cached {
            component
        } else {
            report("compiling the interpreter for builds");
            let code = engine.precompile_component(component).map_err(failed)?;
            cache.put(INTERPRETERS, &key, &code)?;
            deserialize(&engine, &code).map_err(failed)?
        };
        let instance = linker(&engine)
            .and_then(|linker| linker.instantiate_pre(&component))
            .map_err(failed)?;
        keep_time(&engine);
        Ok(Self { instance })
    }

    /// Runs a program in an instance of its own, for at most so long.
    pub(crate) fn run(
        &self,
        files: Namespace,
        environment: &[(&str, &str)],
        directory: &str,
        program: &Program,
        arguments: &[Vec<u8>],
        limit: Duration,
    ) -> Result<HookOutcome, SourceProblem> {
        let tail = Tail::default();
        let output = OutputSink::new(tail.clone(), false);
        let config = HostConfig::bake(files, output).with_environment(environment.iter().copied());
        let mut store = State::store(self.instance.engine(), config);
        store.set_epoch_deadline(ticks(limit));
        let outcome = block_on(async {
            let instance = self
                .instance
                .instantiate_async(&mut store)
                .await
                .map_err(PreinitError::Trapped)?;
            preinit::start(&mut store, &instance, &[], None).await?;
            let flags = RunFlags::default();
            match call_run(&mut store, &instance, program, arguments, directory, flags).await {
                Ok(status) => Ok(Outcome::exited(status)),
                Err(error) => outcome_of(error, None)
                    .map_err(|error| SourceProblem::Trapped(format!("{error:#}"))),
            }
        })?;
        Ok(HookOutcome {
            outcome,
            printed: tail.text(),
        })
    }
}

impl Run for BuildSandbox {
    fn run(
        &self,
        files: Namespace,
        program: Program,
        arguments: &[Vec<u8>],
    ) -> Result<(i32, String), PreinitError> {
        let directory = eryx_host::policy::WORKING_DIRECTORY;
        let trapped = |words: String| PreinitError::Trapped(wasmtime::Error::msg(words));
        let ended = Self::run(
            self,
            files,
            &[],
            directory,
            &program,
            arguments,
            BYTECODE_LIMIT,
        );
        match ended {
            Ok(HookOutcome { outcome, printed }) => match outcome.ending {
                Ending::Exited(status) => Ok((status, printed)),
                Ending::Trapped(trap) => Err(trapped(trap.to_string())),
                _ => Err(trapped("it did not end".to_owned())),
            },
            Err(SourceProblem::Start(error)) => Err(error),
            Err(error) => Err(trapped(error.to_string())),
        }
    }
}

fn deserialize(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the code was made by `precompile_component` of the same engine and version, here or
    // in an earlier process of this user. `Cache::get` has held it against the hash that it was
    // written with, and the cache is a directory that only this user may write to, as images are.
    unsafe { Component::deserialize(engine, code) }
}

/// Keeps the end of what is written to it.
#[derive(Clone, Default)]
struct Tail(Arc<Mutex<VecDeque<u8>>>);

impl Tail {
    fn text(&self) -> String {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(bytes.make_contiguous()).into_owned()
    }
}

impl Write for Tail {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let skipped = bytes.len().saturating_sub(MAX_OUTPUT);
        let new = bytes.get(skipped..).unwrap_or_default();
        let old = MAX_OUTPUT.saturating_sub(new.len());
        let dropped = kept.len().saturating_sub(old);
        kept.drain(..dropped);
        kept.extend(new);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_what_is_printed_is_kept() {
        let mut tail = Tail::default();
        tail.write_all(b"start").unwrap();
        for _ in 0..3 {
            tail.write_all(&[b'x'; MAX_OUTPUT / 2]).unwrap();
        }
        tail.write_all(b"end").unwrap();
        let text = tail.text();
        assert_eq!(text.len(), MAX_OUTPUT);
        assert!(text.starts_with('x') && text.ends_with("xend"));
        tail.write_all(&[b'y'; 2 * MAX_OUTPUT]).unwrap();
        assert_eq!(tail.text(), "y".repeat(MAX_OUTPUT));
    }
}
