//! Calling the guest, and the forms in which it takes what it is told.

use crate::{
    program::{Program, RunFlags},
    state::State,
};
use wasmtime::{
    Store,
    component::{ComponentType, Instance, Lower, flags},
};

/// A program as the guest takes it.
#[derive(ComponentType, Lower)]
#[component(variant)]
enum GuestProgram<'a> {
    #[component(name = "script")]
    Script(&'a str),
    #[component(name = "command")]
    Command(&'a [u8]),
    #[component(name = "module")]
    Module(&'a str),
    #[component(name = "standard-input")]
    StandardInput,
    #[component(name = "entrypoint")]
    Entrypoint(&'a str),
    #[component(name = "prompt")]
    Prompt,
}

impl<'a> From<&'a Program> for GuestProgram<'a> {
    fn from(program: &'a Program) -> Self {
        match program {
            Program::Script(path) => GuestProgram::Script(path),
            Program::Command(source) => GuestProgram::Command(source),
            Program::Module(name) => GuestProgram::Module(name),
            Program::StandardInput => GuestProgram::StandardInput,
            Program::Entrypoint(value) => GuestProgram::Entrypoint(value),
            Program::Prompt => GuestProgram::Prompt,
        }
    }
}

flags! {
    GuestFlags {
        #[component(name = "inspect")]
        const INSPECT;
        #[component(name = "line-editor")]
        const LINE_EDITOR;
    }
}

impl From<RunFlags> for GuestFlags {
    fn from(flags: RunFlags) -> Self {
        let mut guest = Self::default();
        if flags.inspect {
            guest |= Self::INSPECT;
        }
        if flags.line_editor {
            guest |= Self::LINE_EDITOR;
        }
        guest
    }
}

/// The guest has no `run` as this host calls it.
#[derive(Debug, thiserror::Error)]
#[error("the image has no function `run` that this loader can call: {0}")]
pub(crate) struct NoProgram(pub(crate) String);

/// Calls the guest's `run`. The program's exit status is returned.
///
/// # Errors
/// What [`crate::outcome_of`] reads: when the program trapped, ended itself at once or was stopped by
/// the host.
pub async fn call_run(
    store: &mut Store<State>,
    instance: &Instance,
    program: &Program,
    arguments: &[Vec<u8>],
    working_directory: &str,
    flags: RunFlags,
) -> wasmtime::Result<i32> {
    let run = instance.get_typed_func::<(GuestProgram<'_>, &[Vec<u8>], &str, GuestFlags), (i32,)>(
        &mut *store,
        "run",
    );
    let run = run.map_err(|error| wasmtime::Error::new(NoProgram(error.to_string())))?;
    let parameters = (
        GuestProgram::from(program),
        arguments,
        working_directory,
        GuestFlags::from(flags),
    );
    let (status,) = run.call_async(store, parameters).await?;
    Ok(status)
}
