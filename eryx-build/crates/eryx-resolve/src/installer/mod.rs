//! The user's own package installer: finding pip, and running it for the sandbox.
//!
//! pip is started through a script of ours, which makes it work for the sandbox's platform and
//! never run the code of a package: where pip would start a build backend, it asks back, and
//! whoever runs it answers. Indexes, mirrors, proxies and credentials are those that pip is
//! configured for.
//!
//! This room knows how to start pip and how to listen to it. It must not know locks or wheels.
//!
//! ```no_run
//! use eryx_resolve::installer::{Installer, Job, PipOptions};
//!
//! let options = PipOptions::for_python("3.14.0");
//! let job = Job::new(&options, vec!["download".into(), "six".into()]);
//! let outcome = Installer::find()?.run(&job)?;
//! assert!(outcome.success);
//! # Ok::<(), eryx_resolve::installer::InstallerError>(())
//! ```

mod find;
mod output;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::str::FromStr as _;

use pep440_rs::Version;
use serde::{Deserialize, Serialize};

use eryx_base::escape::escape_short;
use eryx_manifest::PackagesSection;
use eryx_packaging::environment::{self, ABIS, FOREIGN_PLATFORMS, SANDBOX_PLATFORMS};
use eryx_packaging::is_package_name;

pub use find::Installer;
pub use output::Outcome;
pub(crate) use output::{indented, says_network};

/// The environment variable that names a Python with pip: a command, split on white space.
pub const PYTHON_VARIABLE: &str = "ERYX_PYTHON";

/// How many characters of a wrong name or version are shown.
const SHOWN: usize = 80;

/// What is run in place of `python -m pip`.
const SCRIPT: &str = include_str!("pip.py");

/// Why pip could not be run at all.
#[derive(Debug, thiserror::Error)]
pub enum InstallerError {
    /// No Python with pip is on this machine, and no uv.
    #[error(
        "no package installer was found to resolve and download with (tried {tried}): install pip \
         or uv, or name a Python that has pip in {PYTHON_VARIABLE}"
    )]
    NotFound {
        /// The commands that were tried.
        tried: String,
    },
    /// It cannot be started.
    #[error(
        "cannot run the package installer `{command}`; {PYTHON_VARIABLE} can name another Python"
    )]
    Start {
        /// The command.
        command: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}

/// In what pip's work for the sandbox differs from its work for the machine it runs on.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PipOptions {
    environment: BTreeMap<&'static str, String>,
    /// Normalised names of packages that no requirement brings in.
    pub exclude: Vec<String>,
    /// Requirements that stand in for all others of the same package (PEP 508).
    pub overrides: Vec<String>,
    /// Normalised names of packages that are asked for by an address. No other requirement may
    /// name one.
    pub addresses: Vec<String>,
    /// Normalised names of packages that may come for another platform.
    pub foreign: Vec<String>,
    foreign_platforms: Vec<&'static str>,
    /// Platform tags that fit the sandbox besides the usual ones.
    #[serde(skip)]
    pub platform_tags: Vec<String>,
}

impl PipOptions {
    /// Those for a runtime with this version of Python, `3.14.0`.
    #[must_use]
    pub fn for_python(python: &str) -> Self {
        let variables = environment::variables(python);
        Self {
            environment: variables
                .into_iter()
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
            foreign_platforms: FOREIGN_PLATFORMS.to_vec(),
            ..Self::default()
        }
    }

    /// pip's own arguments that name the sandbox's Python and platform.
    #[must_use]
    pub fn target_arguments(&self) -> Vec<String> {
        let python = self.environment.get("python_full_version");
        let mut arguments = vec!["--implementation".to_owned(), "cp".to_owned()];
        arguments.push("--python-version".to_owned());
        arguments.push(python.map_or("3.14", String::as_str).to_owned());
        for abi in ABIS {
            arguments.extend(["--abi".to_owned(), abi.to_owned()]);
        }
        let usual = SANDBOX_PLATFORMS.iter().map(|tag| (*tag).to_owned());
        for platform in usual.chain(self.platform_tags.iter().cloned()) {
            arguments.extend(["--platform".to_owned(), platform]);
        }
        arguments
    }
}

/// pip's own arguments that name the indexes of a manifest.
#[must_use]
pub fn index_arguments(packages: &PackagesSection) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut option = |name: &str, value: &String| {
        arguments.extend([name.to_owned(), value.clone()]);
    };
    if let Some(index) = &packages.index {
        option("--index-url", index);
    }
    for index in &packages.extra_index {
        option("--extra-index-url", index);
    }
    for links in &packages.find_links {
        option("--find-links", links);
    }
    arguments
}

/// What pip asks when it needs to know what a source distribution requires.
#[derive(Debug, Clone, Deserialize)]
pub struct Question {
    /// Where pip downloaded it to.
    pub archive: PathBuf,
    /// Where it comes from.
    pub url: String,
    /// The name of the package, when it is known.
    pub name: Option<String>,
    /// The package that requires it, when it is not the manifest.
    #[serde(default)]
    pub required_by: Option<String>,
}

/// The answer: the core metadata of the source distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    name: String,
    version: String,
    metadata: String,
}

impl Answer {
    /// An answer with the name and the version in the metadata, and its whole text.
    ///
    /// # Errors
    /// The name or the version is none; both become part of a path. The text goes on after the name
    /// of a file.
    pub fn new(name: String, version: String, metadata: String) -> Result<Self, String> {
        let shown = |text: &str| escape_short(text, SHOWN);
        if !is_package_name(&name) {
            let name = shown(&name);
            return Err(format!("its metadata names `{name}`, which is no package"));
        }
        if Version::from_str(&version).is_err() {
            let version = shown(&version);
            return Err(format!(
                "its metadata has the version `{version}`, which is not one of PEP 440"
            ));
        }
        Ok(Self {
            name,
            version,
            metadata,
        })
    }
}

/// One run of pip.
pub struct Job<'a> {
    options: &'a PipOptions,
    arguments: Vec<String>,
    answer: Option<&'a Answering<'a>>,
    report: Option<&'a (dyn Fn(&str) + Sync)>,
}

/// Answers pip's questions, or says in one line why not.
pub type Answering<'a> = dyn Fn(&Question) -> Result<Answer, String> + 'a;

impl<'a> Job<'a> {
    /// A run with pip's own arguments.
    #[must_use]
    pub fn new(options: &'a PipOptions, arguments: Vec<String>) -> Self {
        Self {
            options,
            arguments,
            answer: None,
            report: None,
        }
    }

    /// With someone who answers questions; without, every question fails the run.
    #[must_use]
    pub fn answering(mut self, answer: &'a Answering<'a>) -> Self {
        self.answer = Some(answer);
        self
    }

    /// With someone who is told what is being downloaded, one short line at a time.
    #[must_use]
    pub fn reporting(mut self, report: &'a (dyn Fn(&str) + Sync)) -> Self {
        self.report = Some(report);
        self
    }

    fn answer(&self, line: &str) -> String {
        let answer = match (serde_json::from_str::<Question>(line), self.answer) {
            (Ok(question), Some(answer)) => answer(&question),
            (Ok(question), None) => Err(format!(
                "{} is a source distribution, which is not expected here",
                question.url
            )),
            (Err(error), _) => Err(format!("the question can not be read: {error}")),
        };
        let answer = match answer {
            Ok(answer) => serde_json::to_string(&answer),
            Err(error) => serde_json::to_string(&BTreeMap::from([("error", error)])),
        };
        answer.unwrap_or_default()
    }
}

impl Installer {
    /// Runs pip to its end.
    ///
    /// # Errors
    /// When it cannot be started. That it failed is in the outcome.
    pub fn run(&self, job: &Job<'_>) -> Result<Outcome, InstallerError> {
        let failed = |source| InstallerError::Start {
            command: self.display().to_owned(),
            source,
        };
        let options = serde_json::to_string(job.options)
            .map_err(io::Error::from)
            .map_err(failed)?;
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .args(["-c", SCRIPT, &options])
            .args(&job.arguments)
            // Each of these only shapes what is printed, forbids questions or keeps settings for
            // installing out of a run that installs nothing; the user's configuration of indexes,
            // proxies and certificates stays.
            .env("PIP_NO_INPUT", "1")
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .env("PIP_NO_COLOR", "1")
            .env("PIP_USER", "0")
            .env("PIP_REQUIRE_VIRTUALENV", "0")
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONIOENCODING", "utf-8:replace")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut input = child.stdin.take();
        let (lines, errors) = output::read(&mut child, &mut |line| match line {
            output::Line::Question(question) => {
                let answer = job.answer(question);
                if let Some(input) = &mut input {
                    // A pip that is gone says so by its status.
                    let _ = writeln!(input, "{answer}");
                }
            }
            output::Line::Text(line) => {
                if let Some(report) = job.report
                    && (line.starts_with("Collecting ") || line.starts_with("Downloading "))
                {
                    report(line);
                }
            }
        });
        drop(input);
        let status = child.wait().map_err(failed)?;
        Ok(Outcome {
            success: status.success(),
            lines,
            errors,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_platforms_are_no_platforms_of_the_sandbox() {
        let options = PipOptions::for_python("3.14.0");
        let arguments = options.target_arguments();
        assert!(arguments.contains(&"any".to_owned()));
        assert!(!arguments.iter().any(|argument| argument.contains("linux")));
        let json = serde_json::to_string(&options).unwrap();
        assert!(json.contains(r#""sys_platform":"wasi""#), "{json}");
        assert!(json.contains("manylinux_2_17_x86_64"), "{json}");
    }

    #[test]
    fn a_question_that_nobody_answers_is_an_error() {
        let options = PipOptions::default();
        let job = Job::new(&options, Vec::new());
        let answer =
            job.answer(r#"{"archive": "/a", "url": "https://example.com/a", "name": null}"#);
        assert!(
            answer.contains(r#""error":"https://example.com/a is"#),
            "{answer}"
        );
        assert!(job.answer("?").contains("error"));
    }

    #[test]
    fn an_answer_whose_name_or_version_is_none_is_an_error() {
        let answer = |name: &str, version: &str| {
            Answer::new(name.to_owned(), version.to_owned(), String::new()).map(drop)
        };
        assert_eq!(answer("a-b", "1.0+local.1"), Ok(()));
        for (name, version) in [("a-/../../x", "1"), ("", "1"), ("a", "../1"), ("a", "")] {
            let problem = answer(name, version).unwrap_err();
            assert!(problem.starts_with("its metadata"), "{problem}");
        }
    }
}
