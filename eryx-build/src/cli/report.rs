//! Failures in words: for people a diagnostic on standard error, for programs an event.

use crate::{bake::BakeError, manifest::ManifestError, progress::Progress};
use eryx_base::{errors::chain, escape::escape_lines, excerpt};
use miette::Diagnostic;
use std::{borrow::Cow, io::Write};

/// Why a command failed that reads a manifest.
#[derive(Debug)]
pub(super) enum BuildFailure {
    /// The manifest has mistakes.
    Manifest(Box<ManifestError>),
    /// A stage failed.
    Bake(Box<BakeError>),
}

/// Says why a build failed.
pub(super) fn failure(failure: &BuildFailure, json: bool, progress: &dyn Progress) {
    match failure {
        BuildFailure::Manifest(error) if json => {
            progress.error(&error.to_string(), error.suggestion().as_deref());
        }
        // The diagnostic holds the manifest's own snippet, and is drawn as the terminal can show it.
        BuildFailure::Manifest(error) => {
            let handler = miette::GraphicalReportHandler::new_themed(theme());
            let mistakes: Vec<&dyn Diagnostic> = error
                .diagnostics()
                .iter()
                .map(|mistake| mistake as &dyn Diagnostic)
                .collect();
            let all = if mistakes.is_empty() {
                vec![&**error as &dyn Diagnostic]
            } else {
                mistakes
            };
            for diagnostic in all {
                let mut text = String::new();
                if handler.render_report(&mut text, diagnostic).is_err() {
                    text = diagnostic.to_string();
                }
                say(&format!("error:\n{}", text.trim_end()));
            }
        }
        BuildFailure::Bake(error) if json => {
            let message = match traceback(error) {
                Some(traceback) => format!("{}\n\n{}", chain(&**error), traceback.trim_end()),
                None => chain(&**error),
            };
            progress.error(&message, help(error).as_deref());
        }
        BuildFailure::Bake(error) => {
            say_error(&chain(&**error));
            if let Some(traceback) = traceback(error) {
                say(&format!("\n{}", escape_lines(traceback.trim_end())));
            }
            if let Some(help) = help(error) {
                say(&format!("\nhelp: {help}"));
            }
        }
    }
}

/// Colours and lines for a terminal that has them, plain text elsewhere.
fn theme() -> miette::GraphicalTheme {
    use std::io::IsTerminal;
    let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    match (std::io::stderr().is_terminal(), colours) {
        (true, true) => miette::GraphicalTheme::unicode(),
        (true, false) => miette::GraphicalTheme::unicode_nocolor(),
        (false, _) => miette::GraphicalTheme::none(),
    }
}

fn traceback(error: &BakeError) -> Option<Cow<'_, str>> {
    match error {
        BakeError::Preinit(failure) => failure.error.traceback().map(Cow::Borrowed),
        BakeError::Source { source, .. } => source.traceback().map(Cow::Owned),
        _ => None,
    }
}

fn help(error: &BakeError) -> Option<String> {
    match error {
        BakeError::Preinit(failure) => failure.help.map(str::to_owned),
        BakeError::Requires(error) => Some(error.help()),
        _ => None,
    }
}

/// Says why a command failed: in full as far as that is bounded, and safe to show.
pub(super) fn say_error(message: &str) {
    let message = excerpt::excerpt(message, excerpt::MESSAGE);
    say(&format!("error: {}", escape_lines(&message)));
}

/// When standard error is gone there is nobody left to tell.
pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
