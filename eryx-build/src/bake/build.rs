//! Build: source distributions → wheels.

use super::{
    BakeError,
    archives::archive_of,
    context::{Context, Done},
    native::NativeBuilds,
    sources,
};
use crate::{fetch::Fetched, progress::Stage, resolve::Lock, source::Builder};
use eryx_packaging::Distribution;

/// The wheels of what was fetched. Those that are wheels already are taken as they are; when all
/// are, there is no such stage.
///
/// A source distribution is built in the sandbox, or with programs of the machine where the manifest
/// allows it and the sandbox has not what its build needs.
pub(super) fn build(
    context: &Context<'_>,
    natives: &NativeBuilds<'_>,
    fetched: &[Fetched<'_>],
    lock: &Lock,
) -> Result<Vec<Distribution>, BakeError> {
    if fetched.iter().all(|one| one.package.file.is_wheel()) {
        return Ok(fetched.iter().map(Fetched::distribution).collect());
    }
    build_some(context, natives, fetched, lock, &|_| true)
}

/// The wheels of those packages that are wanted, by their names.
pub(super) fn build_some(
    context: &Context<'_>,
    natives: &NativeBuilds<'_>,
    fetched: &[Fetched<'_>],
    lock: &Lock,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<Distribution>, BakeError> {
    context.run(Stage::Build, |stage| {
        natives.check(fetched)?;
        let report = |line: &str| stage.detail(line);
        let wanted = || fetched.iter().filter(|one| is_wanted(&one.package.name));
        let wheels = sources::with_builder(context, &report, |builder| {
            let build = Build {
                context,
                natives,
                fetched,
                lock,
                builder,
                report: &report,
            };
            let mut failures = Vec::new();
            let wheels: Vec<Distribution> = wanted()
                .filter_map(|one| build.wheel(one).map_err(|error| failures.push(error)).ok())
                .collect();
            match failures.len() {
                0 => Ok(wheels),
                1 => Err(failures.swap_remove(0)),
                _ => Err(BakeError::Sources(failures)),
            }
        })?;
        let sources = wanted().filter(|one| !one.package.file.is_wheel()).count();
        Ok(Done::new(wheels, format!("{sources} wheels")))
    })
}

/// What the wheels of a bake are built with.
struct Build<'a> {
    context: &'a Context<'a>,
    natives: &'a NativeBuilds<'a>,
    fetched: &'a [Fetched<'a>],
    lock: &'a Lock,
    builder: &'a Builder<'a>,
    report: &'a (dyn Fn(&str) + Sync),
}

impl Build<'_> {
    fn wheel(&self, one: &Fetched<'_>) -> Result<Distribution, BakeError> {
        let is_wheel = one.package.file.is_wheel();
        if !is_wheel && self.natives.is_for(&archive_of(one)) {
            return self.native_wheel(one);
        }
        match sources::wheel(one, self.builder, self.report) {
            Ok(wheel) => Ok(wheel),
            Err(error) if self.natives.may_follow(&one.package.name, &error) => {
                self.native_wheel(one)
            }
            Err(source) => Err(BakeError::Source {
                package: one.package.name.clone(),
                required: self.required(one),
                source: Box::new(source),
            }),
        }
    }

    fn native_wheel(&self, one: &Fetched<'_>) -> Result<Distribution, BakeError> {
        let wheel = self.natives.wheel(one, self.fetched, self.report);
        wheel.map_err(|source| BakeError::NativeBuild {
            package: one.package.name.clone(),
            required: self.required(one),
            source: Box::new(source),
        })
    }

    /// Who requires a package, as a part of a sentence.
    fn required(&self, one: &Fetched<'_>) -> String {
        let packages = &self.context.manifest.packages;
        self.lock.chain(&one.package.name, packages)
    }
}
