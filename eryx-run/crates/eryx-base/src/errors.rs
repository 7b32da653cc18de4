//! Errors with their causes, as a command line reports them.
//!
//! ```
//! use eryx_base::errors::chain;
//!
//! let error = std::io::Error::other("the disk is full");
//! assert_eq!(chain(&error), "the disk is full");
//! ```

use std::{error::Error, io};

/// An error and its causes in one line, each after a colon. A cause whose text the line already
/// has is left out.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    for cause in causes(error) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

/// Whether an error, or one of its causes, says that nobody reads the output any more.
#[must_use]
pub fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    std::iter::once(error).chain(causes(error)).any(|error| {
        let error = error.downcast_ref::<io::Error>();
        error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// The causes of an error, the nearest first.
fn causes<'a>(error: &'a dyn Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&'a (dyn Error + 'static)| {
        (*cause).source()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt;

    #[derive(Debug)]
    struct Because(&'static str, Option<Box<dyn Error>>);

    impl fmt::Display for Because {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }
    }

    impl Error for Because {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref()
        }
    }

    #[test]
    fn causes_follow_and_are_not_repeated() {
        let disk = Because("disk is full", None);
        let file = Because("a.txt: disk is full", Some(Box::new(disk)));
        let whole = Because("cannot save", Some(Box::new(file)));
        assert_eq!(chain(&whole), "cannot save: a.txt: disk is full");
    }

    #[test]
    fn a_broken_pipe_is_found_among_the_causes() {
        let pipe = io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(is_broken_pipe(&Because(
            "cannot print",
            Some(Box::new(pipe))
        )));
        let other = io::Error::from(io::ErrorKind::NotFound);
        assert!(!is_broken_pipe(&Because(
            "cannot print",
            Some(Box::new(other))
        )));
    }
}
