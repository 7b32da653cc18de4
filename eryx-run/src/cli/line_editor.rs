//! Lines that are typed at the terminal, with keys to edit them and a history to fetch them back from.
//!
//! The history is in memory, and gone with the process.

use super::{message::say, prompt::Prompt, terminal};
use eryx::{Line, LineReader};
use eryx_base::escape::escape;
use rustyline::{
    CompletionType, Config, Context, Editor, Helper, completion::Completer, error::ReadlineError,
    highlight::Highlighter, hint::Hinter, history::DefaultHistory, validate::Validator,
};

/// How many lines the history holds.
const HISTORY_LINES: usize = 1000;

/// The longest line that the history holds, in bytes.
const HISTORY_LINE: usize = 4096;

/// How far Tab indents.
const INDENT: usize = 4;

/// Reads lines from the terminal of this process.
#[derive(Default)]
pub(super) struct LineEditor {
    /// Made when the first line is read.
    editor: Option<Editor<Keys, DefaultHistory>>,
}

impl LineEditor {
    fn read(&mut self, prompt: &Prompt) -> Result<String, ReadlineError> {
        let editor = match &mut self.editor {
            Some(editor) => editor,
            None => self.editor.insert(editor()?),
        };
        let guard = terminal::guard_mode();
        let line = editor.readline(&(&prompt.plain, &prompt.styled));
        drop(guard);
        let line = line?;
        if line.len() <= HISTORY_LINE {
            editor.add_history_entry(&line)?;
        }
        Ok(line)
    }
}

impl LineReader for LineEditor {
    fn read_line(&mut self, prompt: &str) -> Line {
        match self.read(&Prompt::new(prompt)) {
            Ok(line) => Line::Text(line),
            Err(ReadlineError::Eof) => Line::End,
            Err(ReadlineError::Interrupted) => Line::Interrupted,
            Err(error) => {
                // The program sees the end of its input, and the user why.
                let error = error.to_string();
                say(format!(
                    "eryx: the terminal cannot be read: {}\n",
                    escape(&error)
                ));
                Line::End
            }
        }
    }
}

fn editor() -> Result<Editor<Keys, DefaultHistory>, ReadlineError> {
    let config = Config::builder()
        .max_history_size(HISTORY_LINES)?
        .completion_type(CompletionType::List)
        // Lines that are pasted are lines like others.
        .bracketed_paste(false)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Keys));
    Ok(editor)
}

/// What keys do that the editor leaves open: Tab indents.
struct Keys;

impl Completer for Keys {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> Result<(usize, Vec<String>), ReadlineError> {
        let before = line.get(..position).unwrap_or_default().chars().count();
        Ok((position, vec![" ".repeat(INDENT - before % INDENT)]))
    }
}

impl Helper for Keys {}
impl Highlighter for Keys {}
impl Hinter for Keys {
    type Hint = String;
}
impl Validator for Keys {}
