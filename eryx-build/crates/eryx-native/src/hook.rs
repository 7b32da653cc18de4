//! Calls of a build backend (PEP 517), in a process and an environment of their own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use eryx_base::regular_file;
use eryx_manifest::BuildSection;
use eryx_sdk::Sdk;
use serde_json::{Value, json};

use crate::command::{self, Log};
use crate::environment::{Prefix, Variables, Words};
use crate::error::NativeBuildError;
use crate::library::Library;
use crate::plan::Plan;
use crate::python::Environment;
use crate::wheel;

/// The cross file that Meson finds by its name.
const CROSS_FILE: &str = "--cross-file=wasm32-wasi";

/// A call of the build backend.
pub(crate) struct Call<'a> {
    /// What is compiled with.
    pub sdk: &'a Sdk,
    /// What the manifest says of builds.
    pub build: &'a BuildSection,
    /// What is built, and how.
    pub plan: &'a Plan<'a>,
    /// The normalised name of the package.
    pub name: &'a str,
    /// Where the backend is installed.
    pub environment: &'a Environment,
    /// The directory of the sources.
    pub source: &'a Path,
    /// A directory of this build.
    pub scratch: &'a Path,
    /// C libraries that were built before.
    pub libraries: &'a [Library],
}

impl Call<'_> {
    /// What the backend requires besides.
    pub(crate) fn requires(&self, log: &mut Log<'_>) -> Result<Vec<String>, NativeBuildError> {
        let what = format!("asking {} what it requires", self.plan.project.backend);
        let answer = self.hook("requires", &what, log)?;
        serde_json::from_value(answer).map_err(|_| self.refused("its requirements are no texts"))
    }

    /// The wheel that it makes.
    pub(crate) fn wheel(&self, log: &mut Log<'_>) -> Result<PathBuf, NativeBuildError> {
        let what = format!("building {}", self.name);
        let answer = self.hook("wheel", &what, log)?;
        let name = answer
            .as_str()
            .ok_or_else(|| self.refused("it names no wheel"))?;
        wheel::in_directory(&self.output(), name, self.name)
    }

    fn refused(&self, problem: &str) -> NativeBuildError {
        NativeBuildError::Answer {
            package: self.name.to_owned(),
            problem: problem.to_owned(),
        }
    }

    fn output(&self) -> PathBuf {
        self.scratch.join("wheel")
    }

    fn hook(&self, hook: &str, what: &str, log: &mut Log<'_>) -> Result<Value, NativeBuildError> {
        const MAX_ANSWER: u64 = 1 << 20;
        let (output, answer) = (self.output(), self.scratch.join("answer.json"));
        fs::create_dir_all(&output).map_err(NativeBuildError::file(&output))?;
        let prefixes: Vec<Prefix> = self
            .libraries
            .iter()
            .map(|one| one.prefix.clone())
            .collect();
        let jobs = self.build.jobs.number();
        let words = Words::new(&prefixes)
            .with("jobs", jobs)
            .with("python", self.environment.python().display())
            .with("sdk", self.sdk.directory().display())
            .with("source", self.source.display());
        let project = &self.plan.project;
        let task = json!({
            "hook": hook,
            "source": self.source,
            "backend": project.backend,
            "backend-path": project.backend_path,
            "settings": self.settings(&words, jobs),
            "output": output,
            "answer": answer,
        });
        let path = self.scratch.join("task.json");
        fs::write(&path, task.to_string()).map_err(NativeBuildError::file(&path))?;
        let program = self.scratch.join("backend.py");
        fs::write(&program, include_str!("backend.py"))
            .map_err(NativeBuildError::file(&program))?;
        let mut command = Command::new(self.environment.python());
        command.arg(&program).arg(&path).current_dir(self.source);
        command
            .env_clear()
            .envs(self.variables(&words, &prefixes, jobs)?.iter());
        command::run(&mut command, what, "", log)?;
        let bytes = regular_file::read_at_most(&answer, MAX_ANSWER)
            .map_err(NativeBuildError::file(&answer))?;
        let value = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        value.ok_or_else(|| self.refused("it is no JSON"))
    }

    /// The settings of the backend: those that it always needs, those of the recipe, and the user's.
    fn settings(&self, words: &Words, jobs: usize) -> Value {
        let mut settings = serde_json::Map::new();
        let mut add = |name: &str, value: Value| match settings.get_mut(name) {
            Some(Value::Array(values)) => values.push(value),
            Some(old) => *old = json!([old.clone(), value]),
            None => {
                settings.insert(name.to_owned(), value);
            }
        };
        if self.plan.project.module() == "mesonpy" {
            add("setup-args", CROSS_FILE.into());
            add("compile-args", format!("-j{jobs}").into());
        }
        if let Some((_, recipe)) = self.plan.recipe {
            for (name, values) in &recipe.config_settings {
                for value in values {
                    add(name, words.put(value).into());
                }
            }
        }
        for (name, value) in self.build.settings_of(self.name) {
            for word in value.split_whitespace() {
                add(name, word.into());
            }
        }
        Value::Object(settings)
    }

    fn variables(
        &self,
        words: &Words,
        prefixes: &[Prefix],
        jobs: usize,
    ) -> Result<Variables, NativeBuildError> {
        let home = self.scratch.join("home");
        fs::create_dir_all(&home).map_err(NativeBuildError::file(&home))?;
        let mut variables = Variables::new(&home, jobs);
        variables.of_sdk(self.sdk);
        if let Some((_, recipe)) = self.plan.recipe {
            let value = recipe.exceptions.variable();
            variables.set(eryx_base::variables::SDK_EXCEPTIONS.name, value);
            for (name, value) in &recipe.environment {
                variables.set(name, words.put(value));
            }
        }
        for (name, value) in self.build.environment_of(self.name) {
            variables.set(name, value);
        }
        if !prefixes.is_empty() {
            variables.libraries(prefixes);
        }
        variables.set("VIRTUAL_ENV", &self.environment.directory);
        variables.first("PATH", &self.environment.programs());
        Ok(variables)
    }
}
