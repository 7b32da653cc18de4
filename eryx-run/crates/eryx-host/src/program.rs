//! What a run executes, as the command line of `python3` names it.

/// The program of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// The script at this sandbox path.
    Script(String),
    /// This source text, as `-c` takes it.
    Command(Vec<u8>),
    /// The module of this dotted name, as `-m` takes it.
    Module(String),
    /// Source text read from standard input.
    StandardInput,
    /// `package.module:attribute`, called as an installed console script calls it. With `name=`
    /// before it, the program goes by that name instead, as `sys.argv[0]` shows.
    Entrypoint(String),
    /// The interactive prompt. The first argument is what `sys.argv` starts with.
    Prompt,
}

/// How a program is run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunFlags {
    /// The interactive prompt follows the program, however that ends, as `python3 -i` has it.
    pub inspect: bool,
    /// The host reads the lines that are typed at a terminal.
    pub line_editor: bool,
}

impl Program {
    /// The program of this source text.
    pub fn command(source: impl Into<Vec<u8>>) -> Self {
        Self::Command(source.into())
    }

    /// The script that an installer would make for an entry point of a package: its name, and the
    /// `package.module:attribute` that it calls.
    pub fn entry_point(name: &str, value: &str) -> Self {
        Self::Entrypoint(format!("{name}={value}"))
    }

    /// The program that an image's entrypoint names: a script when it is a path, else a function.
    pub fn from_entrypoint(entrypoint: &str) -> Self {
        if entrypoint.starts_with('/') {
            Self::Script(entrypoint.to_owned())
        } else {
            Self::Entrypoint(entrypoint.to_owned())
        }
    }
}
