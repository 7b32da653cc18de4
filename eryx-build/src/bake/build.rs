//! Build: source distributions → wheels.

use super::{
    BakeError,
    context::{Context, Done},
    sources,
};
use crate::{fetch::Fetched, progress::Stage, resolve::Lock};
use eryx_packaging::Distribution;

/// The wheels of what was fetched. Those that are wheels already are taken as they are; when all
/// are, there is no such stage.
pub(super) fn build(
    context: &Context<'_>,
    fetched: &[Fetched<'_>],
    lock: &Lock,
) -> Result<Vec<Distribution>, BakeError> {
    let is_source = |one: &&Fetched<'_>| !one.package.file.is_wheel();
    let sources = fetched.iter().filter(is_source).count();
    if sources == 0 {
        return Ok(fetched.iter().map(Fetched::distribution).collect());
    }
    context.run(Stage::Build, |stage| {
        let report = |line: &str| stage.detail(line);
        let wheels = sources::with_builder(context, &report, |builder| {
            let mut failures = Vec::new();
            let wheels: Vec<Distribution> = fetched
                .iter()
                .filter_map(|one| {
                    let wheel = sources::wheel(one, builder, &report);
                    let failed = |source| BakeError::Source {
                        package: one.package.name.clone(),
                        required: lock.chain(&one.package.name, &context.manifest.packages),
                        source: Box::new(source),
                    };
                    wheel.map_err(|source| failures.push(failed(source))).ok()
                })
                .collect();
            match failures.len() {
                0 => Ok(wheels),
                1 => Err(failures.swap_remove(0)),
                _ => Err(BakeError::Sources(failures)),
            }
        })?;
        Ok(Done::new(wheels, format!("{sources} wheels")))
    })
}
