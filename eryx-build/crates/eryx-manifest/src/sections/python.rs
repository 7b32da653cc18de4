//! `[python]`: how Python behaves in the sandbox.

use crate::declare::{choice, section};

section! {
    /// How Python behaves in the sandbox
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct PythonSection ["python"] {
        /// What pools of threads do: fail, or run each task in place when it is submitted
        threads: Threads { example: r#"threads = "inline""# }
    }
}

choice! {
    /// What pools of threads do with a task, as no thread can be started.
    pub enum Threads {
        /// They fail, as starting a thread does.
        #[default]
        None = "none",
        /// They run it in place when it is submitted.
        Inline = "inline",
    }
}
