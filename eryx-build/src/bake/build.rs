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
            let wheels = fetched.iter().map(|one| {
                sources::wheel(one, builder, &report).map_err(|source| BakeError::Source {
                    package: one.package.name.clone(),
                    required: required_by(&one.package.name, lock),
                    source: Box::new(source),
                })
            });
            wheels.collect::<Result<Vec<_>, _>>()
        })?;
        Ok(Done::new(wheels, format!("{sources} wheels")))
    })
}

/// Who requires a package, as a part of a sentence; nothing when the manifest itself does.
fn required_by(package: &str, lock: &Lock) -> String {
    let required: Vec<&str> = lock.required_by(package).collect();
    if required.is_empty() {
        String::new()
    } else {
        format!(", which {} requires,", required.join(" and "))
    }
}
