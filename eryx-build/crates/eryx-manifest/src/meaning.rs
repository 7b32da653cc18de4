//! What is written → what it means: every value checked, every path absolute.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::mistake::{Draft, position, quoted};
use super::model::{
    Choice, CompileSection, Cpu, Manifest, PreinitSection, PythonSection, RuntimeSection, Target,
};
use super::python_name::is_dotted_name;
use super::suggestion::did_you_mean;
use super::written::{Text, Written, WrittenCompile, WrittenPreinit, WrittenRuntime, listed};
use super::{image, packages};

/// What the checks share: where relative paths start, and the mistakes found so far.
pub(super) struct Checks<'mistakes> {
    /// The manifest's folder, absolute.
    pub(super) folder: PathBuf,
    /// The name of the manifest's file, safe to show.
    pub(super) manifest: String,
    /// The text of the manifest.
    pub(super) text: &'mistakes str,
    /// Where mistakes go.
    pub(super) mistakes: &'mistakes mut Vec<Draft>,
}

/// Gives a written manifest its meaning. The result is only right when no mistake was found.
pub(super) fn understand(written: Written, path: PathBuf, checks: &mut Checks<'_>) -> Manifest {
    let image = image::image(written.image, checks);
    let packages = packages::packages(written.packages, checks);
    let preinit = preinit(written.preinit, checks);
    let python = PythonSection {
        threads: checks.choice(written.python.threads.as_ref(), "threads"),
    };
    let compile = compile(written.compile, checks);
    let runtime = runtime(written.runtime, checks);
    Manifest {
        path,
        folder: checks.folder.clone(),
        image,
        packages,
        preinit,
        python,
        compile,
        runtime,
    }
}

fn preinit(written: WrittenPreinit, checks: &mut Checks<'_>) -> PreinitSection {
    let mut imports = Vec::new();
    let mut seen = Seen::default();
    for import in written.imports {
        let name = import.get_ref();
        if !is_dotted_name(name) {
            checks.report(
                Draft::new(
                    import.span(),
                    format!("{} in `imports` is not a module name", quoted(name)),
                    "expected names with dots between them",
                )
                .help("name the module as a script imports it, for example \"dateutil.parser\""),
            );
        } else if seen.is_new(name.clone(), &import, "module", checks) {
            imports.push(import.into_inner());
        }
    }
    let script = written.script.and_then(|script| {
        let path = checks.existing(&script, Kind::File, "script")?;
        if path.extension().is_some_and(|extension| extension == "py") {
            return Some(path);
        }
        checks.report(
            Draft::new(
                script.span(),
                format!(
                    "the script {} does not end in `.py`",
                    quoted(script.get_ref())
                ),
                "expected a Python file",
            )
            .help("name a Python source file, for example script = \"warm_up.py\""),
        );
        None
    });
    PreinitSection { imports, script }
}

fn compile(written: WrittenCompile, checks: &mut Checks<'_>) -> CompileSection {
    let target: Target = checks.choice(written.target.as_ref(), "target");
    let cpu: Cpu = checks.choice(written.cpu.as_ref(), "cpu");
    let opt_level = checks.choice(written.opt_level.as_ref(), "opt-level");
    if let (Some(text), Cpu::Native, Some(_)) = (&written.cpu, cpu, target.triple()) {
        checks.report(
            Draft::new(
                text.span(),
                format!("`cpu = \"native\"` does not go with `target = \"{target}\"`"),
                "the processor that bakes is not the one that runs",
            )
            .help("use cpu = \"portable\", or leave `target` out to bake for this machine"),
        );
    }
    CompileSection {
        target,
        cpu,
        opt_level,
        fuse: written.fuse.unwrap_or(true),
    }
}

fn runtime(written: WrittenRuntime, checks: &mut Checks<'_>) -> RuntimeSection {
    let path = written.path.and_then(|text| {
        let folder = checks.existing(&text, Kind::Folder, "path")?;
        if folder.join("runtime.toml").is_file() {
            return Some(folder);
        }
        checks.report(
            Draft::new(
                text.span(),
                format!(
                    "the folder {} has no `runtime.toml`",
                    quoted(text.get_ref())
                ),
                "not a runtime distribution",
            )
            .help("name a runtime distribution, or leave `path` out to use the built-in runtime"),
        );
        None
    });
    RuntimeSection { path }
}

/// What a path of the host must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Either,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Self::File => "a file",
            Self::Folder => "a folder",
            Self::Either => "a file or folder",
        }
    }
}

impl Checks<'_> {
    /// Adds a mistake.
    pub(super) fn report(&mut self, draft: Draft) {
        self.mistakes.push(draft);
    }

    /// The place of a range of the text for messages of later stages: `eryx.toml:7`.
    pub(super) fn origin(&self, span: &Range<usize>) -> String {
        let (line, _) = position(self.text, span.start);
        format!("{}:{line}", self.manifest)
    }

    /// The absolute path that a written path means, whether or not something is there.
    pub(super) fn absolute(&self, text: &str) -> PathBuf {
        let joined = self.folder.join(text);
        // This drops `.` and doubled separators only; it fails for the empty path alone.
        std::path::absolute(&joined).unwrap_or(joined)
    }

    /// The absolute path of a file or folder that `key` names and that must be there.
    pub(super) fn existing(&mut self, text: &Text, kind: Kind, key: &str) -> Option<PathBuf> {
        let written = text.get_ref();
        if written.is_empty() {
            self.report(Draft::new(
                text.span(),
                format!("`{key}` has an empty path"),
                format!("expected {}", kind.words()),
            ));
            return None;
        }
        let path = self.absolute(written);
        let found = match std::fs::metadata(&path) {
            Ok(found) => found,
            Err(error) => {
                let draft = self.unreadable(text, kind, key, &error);
                self.report(draft);
                return None;
            }
        };
        let fits = match kind {
            Kind::File => found.is_file(),
            Kind::Folder => found.is_dir(),
            Kind::Either => found.is_file() || found.is_dir(),
        };
        if fits {
            return Some(path);
        }
        self.report(Draft::new(
            text.span(),
            format!(
                "{}, which `{key}` names, is not {}",
                quoted(written),
                kind.words()
            ),
            format!("expected {}", kind.words()),
        ));
        None
    }

    fn unreadable(&self, text: &Text, kind: Kind, key: &str, error: &io::Error) -> Draft {
        let written = text.get_ref();
        let draft = |what: String| Draft::new(text.span(), what, "named here");
        if error.kind() != io::ErrorKind::NotFound {
            let written = quoted(written);
            return draft(format!(
                "cannot look at {written}, which `{key}` names: {error}"
            ));
        }
        let missing = draft(format!(
            "there is no {}, which `{key}` names",
            quoted(written)
        ));
        if written.starts_with('~') {
            return missing.help("`~` is not expanded: write the whole path");
        }
        if Path::new(written).is_absolute() {
            return missing.help(format!("create {} there, or mend the path", kind.words()));
        }
        missing.help(format!(
            "the path is relative to the manifest's folder, {}",
            quoted(&self.folder.display().to_string())
        ))
    }

    /// One word out of a fixed list; the default when nothing or something wrong is written.
    fn choice<C: Choice + Default>(&mut self, text: Option<&Text>, key: &str) -> C {
        let Some(text) = text else {
            return C::default();
        };
        let word = text.get_ref();
        if let Some(choice) = C::ALL.iter().find(|choice| choice.written() == word) {
            return *choice;
        }
        let words = || C::ALL.iter().map(|choice| choice.written());
        let all = listed(words());
        let help = match did_you_mean(word, words()) {
            Some(near) => format!("did you mean \"{near}\"? The values are {all}"),
            None => format!("the values are {all}"),
        };
        let message = format!("{} is not a value of `{key}`", quoted(word));
        self.report(Draft::new(text.span(), message, "not known here").help(help));
        C::default()
    }
}

/// What a list already has, so that nothing stands in it twice.
#[derive(Default)]
pub(super) struct Seen(BTreeMap<String, Range<usize>>);

impl Seen {
    /// Whether `identity` was not seen before; reports both places when it was.
    pub(super) fn is_new(
        &mut self,
        identity: String,
        text: &Text,
        what: &str,
        checks: &mut Checks<'_>,
    ) -> bool {
        if let Some(first) = self.0.get(&identity) {
            let message = format!("the {what} {} is named twice", quoted(&identity));
            checks.report(
                Draft::new(text.span(), message, "the second time")
                    .other(first.clone(), "the first time")
                    .help("remove one of the two"),
            );
            return false;
        }
        self.0.insert(identity, text.span());
        true
    }
}
