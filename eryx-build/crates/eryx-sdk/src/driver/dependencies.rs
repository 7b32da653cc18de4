//! What a build wants to know of headers: `-MD` and its relatives, by which a compiler notes for make or ninja what
//! a source includes.
//!
//! The compiler writes no assembly when it is also to note headers, so it is asked for them on their own.

use std::ffi::OsString;
use std::path::Path;

/// What is to be noted, and what is left of the flags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dependencies {
    /// `-M`, or `-MM` without the headers of the system; none when nothing is to be noted.
    wanted: Option<&'static str>,
    /// Where to, and how: `-MF`, `-MQ`, `-MP` and the like.
    how: Vec<OsString>,
}

impl Dependencies {
    /// Takes those flags out of others.
    pub(super) fn split(flags: &[OsString]) -> (Self, Vec<OsString>) {
        let mut dependencies = Self {
            wanted: None,
            how: Vec::new(),
        };
        let mut others = Vec::with_capacity(flags.len());
        let mut rest = flags.iter().cloned();
        while let Some(flag) = rest.next() {
            match flag.to_str().unwrap_or_default() {
                "-MD" => dependencies.wanted = Some("-M"),
                "-MMD" => dependencies.wanted = Some("-MM"),
                "-MF" | "-MT" | "-MQ" => {
                    dependencies.how.push(flag);
                    dependencies.how.extend(rest.next());
                }
                "-MP" | "-MG" | "-MV" => dependencies.how.push(flag),
                text if ["-MF", "-MT", "-MQ"]
                    .iter()
                    .any(|one| text.starts_with(one)) =>
                {
                    dependencies.how.push(flag);
                }
                // A value that looks like one of these is none.
                "-D" | "-U" | "-include" | "-imacros" | "-Xclang" | "-mllvm" | "-Xpreprocessor" => {
                    others.push(flag);
                    others.extend(rest.next());
                }
                _ => others.push(flag),
            }
        }
        (dependencies, others)
    }

    /// The flags that note the headers of an object, and do nothing else; none when nothing is to be noted.
    pub(super) fn of_object(self, object: &Path) -> Option<Vec<OsString>> {
        let mut flags = vec![OsString::from(self.wanted?)];
        let says = |one: &str| {
            self.how
                .iter()
                .any(|flag| flag.to_string_lossy().starts_with(one))
        };
        // What is noted is about the object, and beside it, unless the build says otherwise.
        if !says("-MF") {
            flags.extend(["-MF".into(), object.with_extension("d").into()]);
        }
        if !says("-MT") && !says("-MQ") {
            flags.extend(["-MQ".into(), object.into()]);
        }
        flags.extend(self.how);
        Some(flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(flags: &[&str], expected: Option<&[&str]>, others: &[&str]) {
        let flags: Vec<OsString> = flags.iter().map(Into::into).collect();
        let (dependencies, rest) = Dependencies::split(&flags);
        assert_eq!(rest, others);
        let noted = dependencies.of_object(Path::new("a/b.o"));
        let expected = expected.map(|all| all.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(noted, expected);
    }

    #[test]
    fn headers_are_noted_as_the_build_says() {
        check(
            &["-O2", "-MD", "-MT", "b", "-MF", "b.o.d", "-Wall"],
            Some(&["-M", "-MT", "b", "-MF", "b.o.d"]),
            &["-O2", "-Wall"],
        );
        check(
            &["-MMD", "-MP"],
            Some(&["-MM", "-MF", "a/b.d", "-MQ", "a/b.o", "-MP"]),
            &[],
        );
        check(
            &["-MFx.d", "-MQx", "-MD"],
            Some(&["-M", "-MFx.d", "-MQx"]),
            &[],
        );
    }

    #[test]
    fn nothing_is_noted_unless_it_is_asked_for() {
        check(&["-MF", "b.d", "-O2"], None, &["-O2"]);
        check(&["-D", "-MD", "-Wall"], None, &["-D", "-MD", "-Wall"]);
    }
}
