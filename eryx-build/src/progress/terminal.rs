//! A live display: a line a stage, with a spinner while it runs and a mark when it is over.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::text::{GuestLines, note, seconds, shown};
use super::{
    stage::{Stage, StageSummary},
    watcher::{BakeSummary, Level, Progress},
};
use eryx_base::{escape::escape_short, size::human_bytes};

/// How often a spinner turns.
const TICK: Duration = Duration::from_millis(100);
/// How many characters of a detail are kept; the display cuts it to the terminal's width.
const DETAIL_CHARACTERS: usize = 200;

/// Draws on standard error.
pub struct Terminal {
    display: MultiProgress,
    colours: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    lines: BTreeMap<Stage, Line>,
    guest: GuestLines,
}

struct Line {
    bar: ProgressBar,
    detail: String,
    bytes: Option<(u64, Option<u64>)>,
}

impl Line {
    /// What stands behind the elapsed time: bytes where they are known, then the detail.
    fn message(&self) -> String {
        let mut message = match self.bytes {
            None => String::new(),
            Some((done, None)) => human_bytes(done),
            Some((done, Some(total))) => {
                format!("{} of {}", human_bytes(done), human_bytes(total))
            }
        };
        if !message.is_empty() && !self.detail.is_empty() {
            message.push_str("  ");
        }
        message.push_str(&self.detail);
        message
    }
}

/// How a stage ended.
#[derive(Clone, Copy)]
enum End {
    Finished,
    Failed,
}

impl Terminal {
    /// A display on standard error; `colours` says whether it may use them.
    #[must_use]
    pub fn stderr(colours: bool) -> Self {
        Self::on(ProgressDrawTarget::stderr(), colours)
    }

    fn on(target: ProgressDrawTarget, colours: bool) -> Self {
        Self {
            display: MultiProgress::with_draw_target(target),
            colours,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a line above the display.
    fn print(&self, line: &str) {
        // A closed terminal is no reason to stop a bake.
        let _ = self.display.println(line);
    }

    fn flush_guest(&self, state: &mut State) {
        if let Some(rest) = state.guest.flush() {
            self.print(&format!("  | {rest}"));
        }
    }

    fn update(&self, stage: Stage, change: impl FnOnce(&mut Line)) {
        if let Some(line) = self.state().lines.get_mut(&stage) {
            change(line);
            line.bar.set_message(line.message());
        }
    }

    fn end(&self, stage: Stage, end: End, elapsed: Duration, message: String) {
        let mut state = self.state();
        self.flush_guest(&mut state);
        let Some(line) = state.lines.remove(&stage) else {
            return;
        };
        let mark = match (end, self.colours) {
            (End::Finished, true) => "\x1b[32m✓\x1b[0m",
            (End::Finished, false) => "✓",
            (End::Failed, true) => "\x1b[31m✗\x1b[0m",
            (End::Failed, false) => "✗",
        };
        // A line of its own above the display: what is printed there later cannot draw over it.
        line.bar.finish_and_clear();
        let seconds = seconds(elapsed);
        self.print(format!("{mark} {stage:<9} {seconds:>6} s  {message}").trim_end());
    }
}

/// A style out of a template, in which `{seconds}` is the elapsed time.
fn style(template: &str) -> ProgressStyle {
    let elapsed = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        // A column that cannot be written is left out.
        let _ = write!(out, "{:>6} s", seconds(state.elapsed()));
    };
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ")
        .with_key("seconds", elapsed)
}

impl Progress for Terminal {
    fn stage_started(&self, stage: Stage) {
        let bar = self.display.add(ProgressBar::new_spinner());
        bar.set_style(style("{spinner} {prefix:<9} {seconds}  {wide_msg}"));
        bar.set_prefix(stage.name());
        bar.enable_steady_tick(TICK);
        let line = Line {
            bar,
            detail: String::new(),
            bytes: None,
        };
        self.state().lines.insert(stage, line);
    }

    fn stage_detail(&self, stage: Stage, detail: &str) {
        self.update(stage, |line| {
            line.detail = escape_short(detail, DETAIL_CHARACTERS);
        });
    }

    fn stage_bytes(&self, stage: Stage, done: u64, total: Option<u64>) {
        self.update(stage, |line| line.bytes = Some((done, total)));
    }

    fn stage_finished(&self, stage: Stage, summary: &StageSummary) {
        let note = note(&summary.note, summary.cached);
        self.end(stage, End::Finished, summary.elapsed, note);
    }

    fn stage_failed(&self, stage: Stage, elapsed: Duration) {
        self.end(stage, End::Failed, elapsed, "failed".to_owned());
    }

    fn note(&self, level: Level, text: &str) {
        self.flush_guest(&mut self.state());
        let text = shown(text);
        match (level, self.colours) {
            (Level::Warning, true) => self.print(&format!("\x1b[33m{level}\x1b[0m: {text}")),
            _ => self.print(&format!("{level}: {text}")),
        }
    }

    fn output(&self, bytes: &[u8]) {
        for line in self.state().guest.push(bytes) {
            self.print(&format!("  | {line}"));
        }
    }

    fn baked(&self, summary: &BakeSummary) {
        self.print(&summary.sentence());
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use indicatif::TermLike;

    use super::super::tests::tell_everything;
    use super::*;

    /// A terminal that remembers what was written to it.
    #[derive(Debug, Clone, Default)]
    struct Recorder(Arc<Mutex<String>>);

    impl TermLike for Recorder {
        fn width(&self) -> u16 {
            80
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)?;
            self.write_str("\n")
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            self.write_str("\n")
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    fn drawn(colours: bool) -> String {
        let recorder = Recorder::default();
        let target = ProgressDrawTarget::term_like(Box::new(recorder.clone()));
        let terminal = Terminal::on(target, colours);
        tell_everything(&terminal);
        drop(terminal);
        let drawn = recorder.0.lock().unwrap();
        drawn.clone()
    }

    #[test]
    fn finished_lines_have_a_mark_and_guest_text_is_harmless() {
        let drawn = drawn(false);
        for line in [
            "✓ link         0.2 s  12 libraries (cached)",
            "✓ preinit     12.3 s",
            "✗ compile      1.0 s  failed",
            r"warning: odd \u{1b}[2Jname",
            "  | imported",
            "  | part",
            "example.cwasm: 34.0 MB, baked in 14.2 s",
        ] {
            assert!(drawn.contains(line), "{line:?} is not in {drawn:?}");
        }
        assert!(!drawn.contains('\x1b'), "{drawn:?}");
    }

    #[test]
    fn colours_are_used_when_allowed() {
        let drawn = drawn(true);
        assert!(drawn.contains("\x1b[32m✓\x1b[0m link"), "{drawn:?}");
        assert!(drawn.contains("\x1b[33mwarning\x1b[0m: odd"), "{drawn:?}");
        assert!(!drawn.contains("\x1b[2J"), "{drawn:?}");
    }

    #[test]
    fn a_message_has_bytes_and_detail() {
        let line = |bytes, detail: &str| {
            let bar = ProgressBar::hidden();
            let detail = detail.to_owned();
            Line { bar, detail, bytes }.message()
        };
        assert_eq!(line(None, ""), "");
        assert_eq!(line(None, "six"), "six");
        assert_eq!(line(Some((10, None)), ""), "10 B");
        assert_eq!(line(Some((10, Some(2_000))), "six"), "10 B of 2.0 kB  six");
    }
}
