//! Lines that a person types at a terminal, where the caller has a way to let them be edited.
//!
//! A program's `input()`, its prompt and its debugger ask for a line when their streams are terminals. The
//! sandbox knows neither terminals nor editors: it hands what stands before the line to a [`LineReader`].
//!
//! ```
//! use eryx_host::{Line, LineReader};
//!
//! struct Answers(Vec<String>);
//!
//! impl LineReader for Answers {
//!     fn read_line(&mut self, _prompt: &str) -> Line {
//!         self.0.pop().map_or(Line::End, Line::Text)
//!     }
//! }
//! assert_eq!(Answers(Vec::new()).read_line(">>> "), Line::End);
//! ```

use crate::capability::stdio::{row::Row, sink::OutputSink};
use std::io;
use wasmtime::component::{ComponentType, Lower};

/// The longest text that a program may ask for a line with, in bytes. Of a longer one the end is taken.
pub(crate) const MAX_TEXT: usize = 1 << 20;

/// The longest line that a program is given, in bytes. A longer one is cut.
const MAX_LINE: usize = 16 << 20;

/// What came of reading a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The line, without its end.
    Text(String),
    /// There is no further line, as after Ctrl-D.
    End,
    /// Ctrl-C was pressed.
    Interrupted,
}

/// Reads lines from a terminal.
pub trait LineReader: Send {
    /// Reads a line, on the thread that runs the program, which waits for it. `prompt` is what stands before
    /// it in its row: what the program printed there and the last line of its prompt. A program may put
    /// anything into it, control sequences too. After the call the cursor is at the start of a row.
    fn read_line(&mut self, prompt: &str) -> Line;
}

/// A line as the guest takes it.
#[derive(Debug, ComponentType, Lower)]
#[component(variant)]
pub(crate) enum GuestLine {
    #[component(name = "text")]
    Text(Vec<u8>),
    #[component(name = "end")]
    End,
    #[component(name = "interrupted")]
    Interrupted,
}

impl From<Line> for GuestLine {
    fn from(line: Line) -> Self {
        match line {
            Line::Text(text) => {
                let bytes = text.into_bytes().into_iter();
                Self::Text(bytes.filter(|byte| *byte != 0).take(MAX_LINE).collect())
            }
            Line::End => Self::End,
            Line::Interrupted => Self::Interrupted,
        }
    }
}

/// What reads the lines of a run.
pub(crate) struct Lines {
    pub reader: Box<dyn LineReader>,
    /// Where rows of a prompt before its last one go.
    pub output: OutputSink,
    pub row: Row,
}

impl Lines {
    /// Reads a line after this prompt.
    pub(crate) fn read(&mut self, prompt: &[u8]) -> io::Result<Line> {
        let last = prompt.iter().rposition(|byte| *byte == b'\n');
        let (before, prompt) = prompt.split_at(last.map_or(0, |last| last + 1));
        self.output.write(before)?;
        self.row.print(before);
        self.row.print(prompt);
        Ok(self.reader.read_line(&self.row.take()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::stdio::row::MAX_PROMPT;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Prompts(Arc<Mutex<Vec<String>>>);

    impl LineReader for Prompts {
        fn read_line(&mut self, prompt: &str) -> Line {
            self.0.lock().unwrap().push(prompt.to_owned());
            Line::End
        }
    }

    #[test]
    fn a_prompt_is_what_stands_in_the_row() {
        let (printed, prompts) = (Shared::default(), Arc::default());
        let mut lines = Lines {
            reader: Box::new(Prompts(Arc::clone(&prompts))),
            output: OutputSink::new(printed.clone(), true),
            row: Row::default(),
        };
        let row = lines.row.clone();
        row.print(b"first\nna");
        row.print(b"me");
        lines.read(b"? ").unwrap();
        lines.read(b"").unwrap();
        row.print(b"10 %\r20 %");
        lines.read(b"\nwho\nare you? ").unwrap();
        row.print(b"answered otherwise: ");
        row.leave();
        lines.read(b"\xff").unwrap();
        for _ in 0..3 {
            row.print(&[b'x'; MAX_PROMPT - 1]);
        }
        lines.read(&[b'y'; MAX_PROMPT]).unwrap();
        let long = "y".repeat(MAX_PROMPT);
        assert_eq!(
            *prompts.lock().unwrap(),
            ["name? ", "", "are you? ", "\u{fffd}", &long]
        );
        assert_eq!(*printed.0.lock().unwrap(), b"\nwho\n");
    }

    #[test]
    fn lines_have_no_null_bytes() {
        let GuestLine::Text(bytes) = Line::Text("a\0b".to_owned()).into() else {
            panic!("a line is a line");
        };
        assert_eq!(bytes, b"ab");
    }
}
