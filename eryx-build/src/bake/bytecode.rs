//! Bytecode: Python sources → bytecode, by the interpreter that makes the snapshot.

use eryx_image::Tree;
use eryx_interpreter::{
    files::{ImageFiles, STDLIB},
    preinit::Interpreter,
};

use super::{
    BakeError,
    context::{Context, Done},
};
use crate::{
    bytecode::{self, Compiled},
    progress::Stage,
};

/// Bytecode for every source of an image. That of the standard library depends on the runtime alone,
/// and comes out of the cache after the first bake.
pub(super) fn bytecode(
    context: &Context<'_>,
    interpreter: &Interpreter<'_>,
    files: &ImageFiles,
    sources: &Tree,
) -> Result<Compiled, BakeError> {
    context.run(Stage::Bytecode, |stage| {
        let (stdlib, packages): (Vec<_>, Vec<_>) = bytecode::sources(files)
            .into_iter()
            .partition(|path| path.starts_with(STDLIB));
        let key = bytecode::stdlib_key(&context.runtime);
        let cached = (context.cache)
            .get(bytecode::KIND, &key)
            .and_then(|bytes| bytecode::decode(&bytes));
        let is_cached = cached.is_some();
        let mut compiled = if let Some(compiled) = cached {
            compiled
        } else {
            stage.detail("the standard library");
            let compiled = bytecode::compile(interpreter, sources, &stdlib)?;
            let encoded = bytecode::encode(&compiled);
            context.cache.put(bytecode::KIND, &key, &encoded)?;
            compiled
        };
        stage.detail("packages");
        compiled.extend(bytecode::compile(interpreter, sources, &packages)?);
        let summary = format!("{} modules", compiled.len());
        Ok(Done::new(compiled, summary).cached(is_cached))
    })
}
