//! One JSON object a line, for programs.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use eryx_base::excerpt::{LINE, MESSAGE, TRACEBACK, excerpt};
use serde::Serialize;

use super::{
    stage::{Stage, StageSummary},
    watcher::{BakeSummary, Level, Progress},
};

/// How many more bytes are done when the next bytes event is written.
const BYTES_STEP: u64 = 1 << 20;

/// Writes each event as one JSON object on a line of its own.
///
/// Every object has an `event`: `stage-started`, `stage-detail`, `stage-bytes`, `stage-finished`,
/// `stage-failed`, `note`, `output`, `baked` or `error`. The text is ASCII (everything else is
/// `\u` escaped), so that it can be shown anywhere. A writer that fails is not written to any more
/// and does not stop the bake.
pub struct Json<W> {
    state: Mutex<State<W>>,
}

struct State<W> {
    writer: Option<W>,
    bytes: BTreeMap<Stage, u64>,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Event<'text> {
    StageStarted {
        stage: &'static str,
    },
    StageDetail {
        stage: &'static str,
        detail: &'text str,
    },
    StageBytes {
        stage: &'static str,
        done: u64,
        total: Option<u64>,
    },
    StageFinished {
        stage: &'static str,
        seconds: f64,
        note: &'text str,
        cached: bool,
    },
    StageFailed {
        stage: &'static str,
        seconds: f64,
    },
    Note {
        level: &'static str,
        text: &'text str,
    },
    Output {
        text: &'text str,
    },
    Baked {
        image: &'text str,
        bytes: u64,
        seconds: f64,
    },
    Error {
        message: &'text str,
        suggestion: Option<&'text str>,
    },
}

impl<W: Write + Send> Json<W> {
    /// Writes events to `writer`.
    pub fn new(writer: W) -> Self {
        Self {
            state: Mutex::new(State {
                writer: Some(writer),
                bytes: BTreeMap::new(),
            }),
        }
    }

    /// The writer, when every write to it succeeded.
    pub fn into_writer(self) -> Option<W> {
        self.state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .writer
    }

    fn write(&self, event: &Event<'_>) {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(event);
    }
}

impl<W: Write> State<W> {
    fn write(&mut self, event: &Event<'_>) {
        let Some(writer) = &mut self.writer else {
            return;
        };
        // Strings, numbers and booleans always have a JSON form.
        let Ok(json) = serde_json::to_string(event) else {
            return;
        };
        let line = ascii_line(&json);
        if writer
            .write_all(line.as_bytes())
            .and_then(|()| writer.flush())
            .is_err()
        {
            self.writer = None;
        }
    }
}

/// The same JSON value in ASCII without control characters, and a line feed.
fn ascii_line(json: &str) -> String {
    use std::fmt::Write as _;
    let mut line = String::with_capacity(json.len() + 1);
    let mut units = [0; 2];
    for character in json.chars() {
        // Beyond ASCII there is nothing outside of strings, where an escape means the same.
        if matches!(character, ' '..='~') {
            line.push(character);
        } else {
            for unit in character.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                let _ = write!(line, "\\u{unit:04x}");
            }
        }
    }
    line.push('\n');
    line
}

/// Seconds to the millisecond.
fn seconds(elapsed: Duration) -> f64 {
    (elapsed.as_secs_f64() * 1000.0).round() / 1000.0
}

impl<W: Write + Send> Progress for Json<W> {
    fn stage_started(&self, stage: Stage) {
        self.write(&Event::StageStarted {
            stage: stage.name(),
        });
    }

    fn stage_detail(&self, stage: Stage, detail: &str) {
        self.write(&Event::StageDetail {
            stage: stage.name(),
            detail: &excerpt(detail, LINE),
        });
    }

    fn stage_bytes(&self, stage: Stage, done: u64, total: Option<u64>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let last = state.bytes.get(&stage).copied();
        let is_step = last.is_none_or(|last| done < last || done - last >= BYTES_STEP);
        if is_step || (total == Some(done) && last != Some(done)) {
            state.bytes.insert(stage, done);
            state.write(&Event::StageBytes {
                stage: stage.name(),
                done,
                total,
            });
        }
    }

    fn stage_finished(&self, stage: Stage, summary: &StageSummary) {
        self.write(&Event::StageFinished {
            stage: stage.name(),
            seconds: seconds(summary.elapsed),
            note: &summary.note,
            cached: summary.cached,
        });
    }

    fn stage_failed(&self, stage: Stage, elapsed: Duration) {
        self.write(&Event::StageFailed {
            stage: stage.name(),
            seconds: seconds(elapsed),
        });
    }

    fn note(&self, level: Level, text: &str) {
        self.write(&Event::Note {
            level: level.name(),
            text: &excerpt(text, LINE),
        });
    }

    fn output(&self, bytes: &[u8]) {
        self.write(&Event::Output {
            text: &String::from_utf8_lossy(bytes),
        });
    }

    fn baked(&self, summary: &BakeSummary) {
        self.write(&Event::Baked {
            image: &summary.image.to_string_lossy(),
            bytes: summary.bytes,
            seconds: seconds(summary.elapsed),
        });
    }

    fn error(&self, message: &str, suggestion: Option<&str>) {
        self.write(&Event::Error {
            message: &excerpt(message, MESSAGE + TRACEBACK),
            suggestion,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::tell_everything;
    use super::*;

    #[test]
    fn an_object_for_each_event() {
        let json = Json::new(Vec::new());
        tell_everything(&json);
        json.error("it \"broke\" ü😀\u{9b}", None);
        let shown = String::from_utf8(json.into_writer().unwrap()).unwrap();
        assert_eq!(
            shown,
            r#"{"event":"stage-started","stage":"link"}
{"event":"stage-detail","stage":"link","detail":"libpython\u001b.so"}
{"event":"stage-detail","stage":"link","detail":"libpython\u001b.so"}
{"event":"stage-bytes","stage":"link","done":10,"total":20}
{"event":"stage-bytes","stage":"link","done":20,"total":20}
{"event":"stage-finished","stage":"link","seconds":0.213,"note":"12 libraries","cached":true}
{"event":"note","level":"warning","text":"odd \u001b[2Jname"}
{"event":"stage-started","stage":"preinit"}
{"event":"output","text":"imp"}
{"event":"output","text":"orted\npart"}
{"event":"stage-finished","stage":"preinit","seconds":12.3,"note":"","cached":false}
{"event":"stage-started","stage":"compile"}
{"event":"stage-failed","stage":"compile","seconds":1.0}
{"event":"baked","image":"example.cwasm","bytes":34000000,"seconds":14.2}
{"event":"error","message":"it \"broke\" \u00fc\ud83d\ude00\u009b","suggestion":null}
"#
        );
        let last: serde_json::Value = serde_json::from_str(shown.lines().last().unwrap()).unwrap();
        assert_eq!(last["message"], "it \"broke\" ü😀\u{9b}");
    }

    #[test]
    fn bytes_are_reported_in_steps() {
        let json = Json::new(Vec::new());
        for done in (0..=BYTES_STEP).step_by(1024) {
            json.stage_bytes(Stage::Fetch, done, Some(BYTES_STEP));
        }
        let shown = String::from_utf8(json.into_writer().unwrap()).unwrap();
        assert_eq!(
            shown,
            r#"{"event":"stage-bytes","stage":"fetch","done":0,"total":1048576}
{"event":"stage-bytes","stage":"fetch","done":1048576,"total":1048576}
"#
        );
    }
}
