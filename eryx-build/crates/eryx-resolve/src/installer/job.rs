//! One run of pip, what it asks, and what it is answered.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr as _;

use eryx_base::escape::escape_short;
use eryx_packaging::is_package_name;
use pep440_rs::Version;
use serde::{Deserialize, Serialize};

use super::options::PipOptions;

/// How many characters of a wrong name or version are shown.
const SHOWN: usize = 80;

/// What pip asks when it needs to know what a source distribution requires.
#[derive(Debug, Clone, Deserialize)]
pub struct Question {
    /// Where pip downloaded it to.
    pub archive: PathBuf,
    /// Where it comes from.
    pub url: String,
    /// The name of the package, when it is known.
    pub name: Option<String>,
    /// The packages that require it, from what the manifest asks for to the last one; none when that is
    /// the manifest itself.
    #[serde(default)]
    pub chain: Vec<String>,
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
    pub(super) options: &'a PipOptions,
    pub(super) arguments: Vec<String>,
    answer: Option<&'a Answering<'a>>,
    pub(super) report: Option<&'a (dyn Fn(&str) + Sync)>,
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

    /// The answer to a question, or why there is none, as pip's script reads it.
    pub(super) fn answer(&self, line: &str) -> String {
        let answer = match (serde_json::from_str::<Question>(line), self.answer) {
            (Ok(question), Some(answer)) => answer(&question),
            (Ok(question), None) => Err(format!(
                "{} is a source distribution, which is not expected here",
                question.url
            )),
            (Err(error), _) => Err(format!("the question cannot be read: {error}")),
        };
        let answer = match answer {
            Ok(answer) => serde_json::to_string(&answer),
            Err(error) => serde_json::to_string(&BTreeMap::from([("error", error)])),
        };
        answer.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
