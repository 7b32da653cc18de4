//! Every exit status of the command line: one table for the code, `--help`, man pages and the book.
//!
//! A program in a sandbox may end with any status. Those below say that something else ended it.

/// Success.
pub const SUCCESS: u8 = 0;
/// A command of the toolchain failed, or two images differ.
pub const FAILURE: u8 = 1;
/// The command line is wrong, or `eryx diff` could not compare.
pub const USAGE: u8 = 2;
/// The time limit ended the program, as timeout(1) has it.
pub const TIME_LIMIT: u8 = 124;
/// The loader failed before or beside the program, as env(1) and container tools have it.
pub const LOADER: u8 = 125;
/// The sandbox trapped: the interpreter itself could not go on.
pub const TRAP: u8 = 126;
/// Ctrl-C ended the program: 128 and the number of SIGINT.
pub const INTERRUPTED: u8 = 130;

/// A status, and what it means at the end of `eryx run`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExitStatus {
    /// The number.
    pub number: u8,
    /// What it means, as a part of a sentence.
    pub meaning: &'static str,
}

/// The statuses of `eryx run` and `eryx-run` besides the program's own.
pub const RUN: [ExitStatus; 5] = [
    status(USAGE, "wrong usage"),
    status(TIME_LIMIT, "the time limit was reached"),
    status(LOADER, "the loader failed: a bad image, a missing file"),
    status(TRAP, "the sandbox trapped"),
    status(INTERRUPTED, "interrupted with Ctrl-C"),
];

/// The statuses of `eryx build`, and of the other commands of the toolchain.
pub const BUILD: [ExitStatus; 3] = [
    status(SUCCESS, "the command did what it was asked to"),
    status(FAILURE, "it failed, and nothing is left half written"),
    status(USAGE, "wrong usage"),
];

const fn status(number: u8, meaning: &'static str) -> ExitStatus {
    ExitStatus { number, meaning }
}

/// A table for `--help`: a line for each status, indented by two spaces.
#[must_use]
pub fn help(statuses: &[ExitStatus]) -> String {
    let lines: Vec<String> = statuses
        .iter()
        .map(|status| format!("  {:<4} {}", status.number, status.meaning))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_has_a_line_for_each_status() {
        let help = help(&RUN);
        assert_eq!(help.lines().count(), RUN.len());
        assert!(help.starts_with("  2    wrong usage\n  124  the time limit"));
    }
}
