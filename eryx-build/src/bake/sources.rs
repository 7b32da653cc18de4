//! Source distributions of a bake: what resolving asks about them, and their wheels.
//!
//! A build requires packages of its own, which are resolved and fetched as those of the image are,
//! and may be source distributions in turn.

use std::error::Error;
use std::path::Path;
use std::sync::OnceLock;

use eryx_base::{Digest, errors::chain};
use eryx_packaging::{Distribution, normalize_package_name};

use super::archives::{archive_of, built_from};
use super::context::Context;
use super::native::NativeBuilds;
use crate::{
    cache::Cache,
    fetch::{self, Fetched},
    installer::{Answer, Question},
    manifest::{PackagesSection, Requirement},
    resolve::{self, Helpers, Lock, Upgrade, solve::Problem},
    source::{Builder, SourceArchive, SourceError},
};

/// The cache's kind of what build requirements resolved to.
const RESOLUTIONS: &str = "build-resolutions";

/// Calls `use_builder` with the builder of a bake, whose builds may need further builds.
pub(super) fn with_builder<T>(
    context: &Context<'_>,
    report: &(dyn Fn(&str) + Sync),
    use_builder: impl FnOnce(&Builder<'_>) -> T,
) -> T {
    // The builder and what gets its requirements know each other.
    let cell = OnceLock::new();
    let requirements =
        |texts: &[String]| -> Result<Vec<Distribution>, Box<dyn Error + Send + Sync>> {
            let Some(builder) = cell.get() else {
                return Ok(Vec::new());
            };
            requirements(context, texts, builder, report)
        };
    let builder = cell.get_or_init(|| {
        Builder::new(&context.runtime, &context.cache, &requirements)
            .without_native(&context.manifest.packages.without_native)
    });
    use_builder(builder)
}

/// What a source distribution requires, for the resolver.
pub(super) fn metadata(
    question: &Question,
    cache: &Cache,
    builder: &Builder<'_>,
    natives: Option<&NativeBuilds<'_>>,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Answer, String> {
    let say = |error: &dyn Error| chain(error);
    let (sha256, path) = fetch::keep(cache, &question.archive).map_err(|error| say(&error))?;
    let file_name = question.archive.file_name().unwrap_or_default();
    let file_name = file_name.to_string_lossy().into_owned();
    let of_file = || file_name.rsplit_once('-').map(|(name, _)| name.to_owned());
    let name = question.name.clone().or_else(of_file).unwrap_or_default();
    let archive = SourceArchive {
        name: normalize_package_name(&name),
        version: None,
        path,
        file_name,
        sha256,
    };
    let metadata = match (builder.metadata(&archive, report), natives) {
        (Ok(metadata), _) => metadata,
        (Err(error), Some(natives)) if natives.may_follow(&archive.name, &error) => {
            let wheel = natives
                .built_wheel(&archive, &[], report)
                .map_err(|error| say(&error))?;
            let metadata = wheel.metadata();
            metadata.map_err(|error| say(&error))?
        }
        (Err(error), natives) => {
            if let Some(natives) = natives {
                natives.refused(&archive, &error);
            }
            return Err(error.problem_in_full());
        }
    };
    let field = |key: &str| {
        let headers = metadata.lines().take_while(|line| !line.is_empty());
        let mut fields = headers.filter_map(|line| line.split_once(':'));
        let field = fields.find(|(name, _)| name.eq_ignore_ascii_case(key));
        field
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    };
    let name = normalize_package_name(&field("Name"));
    Answer::new(name, field("Version"), metadata)
}

/// The wheel of a fetched file: the file itself, or what is built from it.
pub(super) fn wheel(
    fetched: &Fetched<'_>,
    builder: &Builder<'_>,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Distribution, SourceError> {
    let distribution = fetched.distribution();
    if fetched.package.file.is_wheel() {
        return Ok(distribution);
    }
    let built = builder.wheel(&archive_of(fetched), report)?;
    Ok(built_from(distribution, built))
}

/// The wheels of build requirements, and of all that they require in turn.
fn requirements(
    context: &Context<'_>,
    texts: &[String],
    builder: &Builder<'_>,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Distribution>, Box<dyn Error + Send + Sync>> {
    let packages = indexes_of(&context.manifest.packages);
    let lock = build_lock(context, &packages, texts, builder, report)?;
    let request = fetch::Request {
        lock: &lock,
        packages: &packages,
        python: context.runtime.python(),
        offline: context.mode.offline,
    };
    let fetched = fetch::fetch(&request, &context.cache, report)?;
    let wheels = fetched.iter().map(|one| wheel(one, builder, report));
    Ok(wheels.collect::<Result<_, _>>()?)
}

/// What build requirements resolve to. It is kept, so that the same build on the same machine does
/// not change from day to day, until an upgrade is asked for.
fn build_lock(
    context: &Context<'_>,
    packages: &PackagesSection,
    texts: &[String],
    builder: &Builder<'_>,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Lock, Box<dyn Error + Send + Sync>> {
    let python = context.runtime.python();
    let mut parts = vec![python.as_bytes()];
    parts.extend(texts.iter().map(String::as_bytes));
    let links = packages.find_links.iter().chain(&packages.extra_index);
    parts.extend(links.chain(&packages.index).map(String::as_bytes));
    let key = Digest::of_parts(parts);
    if context.mode.upgrade == Upgrade::None
        && let Some(text) = context.cache.get(RESOLUTIONS, &key)
        && let Ok(lock) = resolve::read_lock_text(&String::from_utf8_lossy(&text), python)
    {
        return Ok(lock);
    }
    if context.mode.offline {
        return Err(format!(
            "{} cannot be resolved, as `--offline` forbids to ask the index",
            texts.join(", ")
        )
        .into());
    }
    let requirements = texts.iter().map(|text| Requirement {
        text: text.clone(),
        name: normalize_package_name(name_of(text)),
        hashes: Vec::new(),
        origin: String::new(),
    });
    let problem = Problem {
        requirements: requirements.collect(),
        packages: Some(packages),
        python,
        ..Problem::default()
    };
    let answer = |question: &Question| metadata(question, &context.cache, builder, None, report);
    let helpers = Helpers {
        cache: &context.cache,
        metadata: &answer,
        report,
    };
    let lock = Lock {
        created_by: resolve::CREATED_BY.to_owned(),
        inputs: None,
        packages: resolve::solve::solve(&problem, &helpers)?.packages,
    };
    let text = resolve::lock_text(&lock, Path::new("/"));
    context.cache.put(RESOLUTIONS, &key, text.as_bytes())?;
    Ok(lock)
}

/// What of a manifest's section holds for build requirements too: where packages are looked for.
fn indexes_of(packages: &PackagesSection) -> PackagesSection {
    PackagesSection {
        index: packages.index.clone(),
        extra_index: packages.extra_index.clone(),
        find_links: packages.find_links.clone(),
        ..PackagesSection::default()
    }
}

/// The name at the start of a requirement.
fn name_of(text: &str) -> &str {
    let is_name =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    let end = text.find(|character: char| !is_name(character));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}
