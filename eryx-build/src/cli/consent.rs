//! Asks whether builds may run programs of the machine.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};

use super::report::say;
use crate::bake::{BakeError, Unallowed};

/// The longest answer that is read, in bytes.
const MAX_ANSWER: u64 = 1 << 10;

/// The packages that a bake failed for and the user lets build on this machine now; none where nobody
/// can be asked, or the answer is no.
pub(super) fn ask(error: &BakeError) -> Vec<Unallowed> {
    let packages = error.unallowed();
    if packages.is_empty() || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Vec::new();
    }
    say("These builds run programs on this machine, with your rights and without a sandbox:");
    for package in &packages {
        say(&format!("  {package}"));
    }
    let question = "Build them this time? `packages.build.allow` answers for ever. [y/N] ";
    let _ = write!(io::stderr(), "{question}");
    let mut answer = String::new();
    let read = io::stdin().lock().take(MAX_ANSWER).read_line(&mut answer);
    let is_yes = matches!(answer.trim(), "y" | "Y" | "yes" | "Yes");
    match read.is_ok() && is_yes {
        true => packages,
        false => Vec::new(),
    }
}
