//! What a build is doing, read from what build systems print: how many objects are done, and which
//! one is being made.

use std::time::Instant;

/// How many characters of a line are told.
const SHOWN: usize = 70;

/// The objects of one build.
#[derive(Debug)]
pub(crate) struct Steps {
    name: String,
    done: usize,
    started: Instant,
}

impl Steps {
    /// None yet, of the build of a package or library.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            done: 0,
            started: Instant::now(),
        }
    }

    /// What a line says of the progress; none when it says nothing.
    pub(crate) fn line(&mut self, line: &str) -> Option<String> {
        let step = if let Some(step) = ninja(line) {
            step
        } else {
            let subject = compiled(line)?;
            self.done = self.done.saturating_add(1);
            format!("{} {subject}", self.done)
        };
        let seconds = self.started.elapsed().as_secs();
        let step: String = step.chars().take(SHOWN).collect();
        Some(format!("{} {step} ({seconds} s)", self.name))
    }
}

/// `[12/345] Compiling C object x.o`, as ninja prints it.
fn ninja(line: &str) -> Option<String> {
    let (count, rest) = line.trim_start().strip_prefix('[')?.split_once(']')?;
    let (done, all) = count.split_once('/')?;
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|one| one.is_ascii_digit());
    let subject = rest.split_whitespace().last().unwrap_or_default();
    let subject = subject.rsplit('/').next().unwrap_or_default();
    (is_number(done) && is_number(all)).then(|| format!("{done}/{all} {subject}"))
}

/// What a compiler was started for: `cc … -c file.c …`, or cargo's `Compiling name`.
fn compiled(line: &str) -> Option<&str> {
    if let Some(name) = line.trim_start().strip_prefix("Compiling ") {
        return name.split_whitespace().next();
    }
    let mut words = line.split_whitespace();
    let is_compiler = words.next()?.contains("cc") || line.contains("wasm32-wasi-c");
    if !is_compiler || !line.split_whitespace().any(|word| word == "-c") {
        return None;
    }
    let endings = [".c", ".cc", ".cpp", ".cxx", ".C"];
    let is_source = |word: &&str| endings.iter().any(|ending| word.ends_with(ending));
    line.split_whitespace().find(is_source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_build_systems_are_understood() {
        let mut steps = Steps::new("sample");
        let mut of = |line: &str| {
            let text = steps.line(line)?;
            Some(text.split(" (").next().unwrap_or_default().to_owned())
        };
        for (line, expected) in [
            (
                "[12/345] Compiling C object a/b.c.o",
                Some("sample 12/345 b.c.o"),
            ),
            ("[x/345] no", None),
            ("cc -O2 -c a/b.c -o b.o", Some("sample 1 a/b.c")),
            ("   Compiling serde v1.0.1", Some("sample 2 serde")),
            ("cc -O2 a.o -o b.so", None),
            ("running build_ext", None),
        ] {
            assert_eq!(of(line).as_deref(), expected, "{line}");
        }
    }
}
