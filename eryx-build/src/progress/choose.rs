//! Which renderer the options and the terminal ask for.

use std::io::{IsTerminal as _, stderr, stdout};

use super::{json::Json, plain::Plain, quiet::Quiet, terminal::Terminal, watcher::Progress};

/// What the command line says about progress. At most one should be set; the first that is wins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProgressOptions {
    /// `--json`: one event a line on standard output.
    pub json: bool,
    /// `--quiet`: warnings only, on standard error.
    pub quiet: bool,
    /// `--verbose`: every step of every stage on standard error, one line each.
    pub verbose: bool,
}

/// What a renderer must know about where it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Surroundings {
    /// Standard error is a terminal that can move its cursor.
    live: bool,
    /// Colours are not forbidden by `NO_COLOR`.
    colours: bool,
}

impl Surroundings {
    fn detect() -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            live: stderr().is_terminal() && !is_dumb,
            colours: !no_colour,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Json,
    Quiet,
    Verbose,
    Terminal { colours: bool },
    Plain,
}

fn choose(options: ProgressOptions, surroundings: Surroundings) -> Choice {
    if options.json {
        Choice::Json
    } else if options.quiet {
        Choice::Quiet
    } else if options.verbose {
        Choice::Verbose
    } else if surroundings.live {
        Choice::Terminal {
            colours: surroundings.colours,
        }
    } else {
        Choice::Plain
    }
}

/// The renderer for these options in this process: a live display when standard error is a
/// terminal and nothing else is asked for, plain lines when it is not.
#[must_use]
pub fn for_options(options: ProgressOptions) -> Box<dyn Progress> {
    match choose(options, Surroundings::detect()) {
        Choice::Json => Box::new(Json::new(stdout())),
        Choice::Quiet => Box::new(Quiet::new(stderr())),
        Choice::Verbose => Box::new(Plain::verbose(stderr())),
        Choice::Terminal { colours } => Box::new(Terminal::stderr(colours)),
        Choice::Plain => Box::new(Plain::new(stderr())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_before_the_terminal() {
        let live = Surroundings {
            live: true,
            colours: false,
        };
        let piped = Surroundings {
            live: false,
            colours: true,
        };
        let nothing = ProgressOptions::default();
        let option = |json, quiet, verbose| ProgressOptions {
            json,
            quiet,
            verbose,
        };
        assert_eq!(choose(nothing, live), Choice::Terminal { colours: false });
        assert_eq!(choose(nothing, piped), Choice::Plain);
        for surroundings in [live, piped] {
            let choose = |options| choose(options, surroundings);
            assert_eq!(choose(option(true, true, true)), Choice::Json);
            assert_eq!(choose(option(false, true, true)), Choice::Quiet);
            assert_eq!(choose(option(false, false, true)), Choice::Verbose);
        }
    }
}
