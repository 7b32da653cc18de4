//! From a source distribution to a wheel, with programs of the machine.

use std::path::Path;

use eryx_base::Digest;
use eryx_cache::Cache;
use eryx_manifest::PackagesSection;
use eryx_packaging::{Distribution, normalize_package_name};
use eryx_resolve::installer::index_arguments;
use eryx_sdist::{BuiltWheel, SourceArchive};
use eryx_sdk::{Sdk, environment as sdk_environment};

use crate::cargo::Crates;
use crate::command::Log;
use crate::error::NativeBuildError;
use crate::hook::Call;
use crate::library::{Libraries, Library};
use crate::place::Fetcher;
use crate::plan::Plan;
use crate::project::{Project, name_of};
use crate::python::Environment;
use crate::recipe::{LibraryRecipe, Recipe};
use crate::recipes::Recipes;
use crate::requirements::{Pinned, Resolver};
use crate::{headers, sources, wheel};

/// The cache's kinds: wheels by their content, which wheel a build led to, and logs.
const WHEELS: &str = "native-wheels";
const BUILDS: &str = "native-builds";
const LOGS: &str = "native-logs";

/// Builds packages with programs of the machine. The caller has asked whether that is wanted.
pub struct NativeBuilder<'a> {
    /// What is compiled with.
    pub sdk: &'a Sdk,
    /// Where results are kept.
    pub cache: &'a Cache,
    /// The manifest's section, which says how packages are built and where they are looked for.
    pub packages: &'a PackagesSection,
    /// The recipes.
    pub recipes: &'a Recipes,
    /// Whether only the cache may be used.
    pub offline: bool,
    /// Whether build requirements are resolved anew. A wheel of the same ones is not built again.
    pub upgrade: bool,
}

impl NativeBuilder<'_> {
    /// Builds the wheel of a source distribution, or takes it from the cache. `targets` are packages
    /// that were built for the sandbox already: their headers count, and not those of the machine's.
    /// `report` is told what is happening, one short line at a time.
    ///
    /// # Errors
    /// When a program is missing or fails, when what the build requires or a library cannot be had,
    /// or when what comes out is no wheel of this package for the sandbox.
    pub fn wheel(
        &self,
        archive: &SourceArchive,
        targets: &[Distribution],
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<BuiltWheel, NativeBuildError> {
        let build = &self.packages.build;
        let plan = Plan::new(archive, targets, self.recipes, build)?;
        let name = normalize_package_name(&archive.name);
        let libraries = match plan.recipe {
            Some((_, recipe)) => self.recipes.libraries(&recipe.libraries)?,
            None => Vec::new(),
        };
        let inputs = self.inputs(&plan, archive, targets, &libraries);
        // What the build requires is one more input, once it is known.
        let key_with = |pinned: &Pinned| Digest::of_parts([&inputs.as_bytes()[..], pinned.text()]);
        let resolver = Resolver {
            cache: self.cache,
            indexes: index_arguments(self.packages),
            offline: self.offline,
            upgrade: self.upgrade,
            python: &plan.python.version,
        };
        let kept = resolver.kept(&plan.requires, &plan.constraints);
        if let Some(built) = kept.and_then(|pinned| self.built(&key_with(&pinned))) {
            return Ok(built);
        }

        let path = self.cache.tree(LOGS, &inputs)?.with_extension("log");
        let mut log = Log::new(path, &name, report)?;
        let scratch = self.cache.temporary_directory()?;
        let environment = plan
            .python
            .environment(&scratch.path().join("python"), &mut log)?;
        log.say(&format!("{name}: what its build requires"));
        let pinned = resolver.resolve(&name, &plan.requires, &plan.constraints, &environment)?;
        let key = key_with(&pinned);
        if let Some(built) = self.built(&key) {
            return Ok(built);
        }
        sdk_environment::write_programs(self.sdk)?;
        resolver.install(&pinned, &environment, &mut log)?;
        for target in targets {
            headers::replace(target, &environment)?;
        }

        let built = self.build_libraries(&libraries, &plan, &environment, &mut log)?;
        let source = sources::write(&plan.tree, &scratch.path().join("source"))?;
        if let Some((_, recipe)) = plan.recipe {
            sources::patch(&name, &recipe.patches, &source)?;
        }
        if !self.offline && plan.runs_cargo() {
            let crates = Crates {
                cache: self.cache,
                archive: &archive.sha256,
                upgrade: self.upgrade,
            };
            crates.fetch(&plan.tree, &source, &mut log)?;
        }
        let call = Call {
            sdk: self.sdk,
            build,
            plan: &plan,
            name: &name,
            environment: &environment,
            source: &source,
            scratch: scratch.path(),
            libraries: &built,
        };
        let more = call.requires(&mut log)?;
        let is_new = |text: &&String| {
            let mut known = plan.requires.iter().map(|one| name_of(one));
            !known.any(|name| name == name_of(text)) && !plan.leaves_out(text)
        };
        let more: Vec<String> = more.iter().filter(is_new).cloned().collect();
        if !more.is_empty() {
            let all = [plan.requires.as_slice(), &more].concat();
            let pinned = resolver.resolve(&name, &all, &plan.constraints, &environment)?;
            resolver.install(&pinned, &environment, &mut log)?;
            for target in targets {
                headers::replace(target, &environment)?;
            }
        }
        log.say(&format!("{name}: building with {}", plan.project.backend));
        let made = call.wheel(&mut log)?;
        let finished = wheel::finish(&made, archive, &built)?;
        self.keep(&key, &finished)
    }

    /// The programs of the machine that the build of a source distribution runs, as far as its recipe
    /// or its own `pyproject.toml` tells; none when neither does.
    ///
    /// # Errors
    /// When the source distribution cannot be read.
    pub fn programs(
        recipes: &Recipes,
        archive: &SourceArchive,
    ) -> Result<Vec<String>, NativeBuildError> {
        let name = normalize_package_name(&archive.name);
        let version = archive.version.as_deref().unwrap_or_default();
        if let Some((_, recipe)) = recipes.package(&name, version) {
            // A recipe is there because the sandbox is not enough.
            return Ok(match recipe.tools.as_slice() {
                [] => vec!["its build backend".to_owned()],
                tools => tools.to_vec(),
            });
        }
        let tree = sources::read(archive)?;
        let project = Project::read(&tree).map_err(|problem| NativeBuildError::Project {
            package: name,
            problem,
        })?;
        Ok(project.programs().into_iter().map(str::to_owned).collect())
    }

    /// The names of the packages that a build requires by `pyproject.toml` and its recipe, normalised.
    ///
    /// # Errors
    /// When the source distribution cannot be read.
    pub fn requires(&self, archive: &SourceArchive) -> Result<Vec<String>, NativeBuildError> {
        let plan = Plan::new(archive, &[], self.recipes, &self.packages.build)?;
        Ok(plan.requires.iter().map(|text| name_of(text)).collect())
    }

    /// The hash of all that a build depends on, apart from what it requires.
    fn inputs(
        &self,
        plan: &Plan<'_>,
        archive: &SourceArchive,
        targets: &[Distribution],
        libraries: &[(&Recipe, &LibraryRecipe)],
    ) -> Digest {
        let name = normalize_package_name(&archive.name);
        let build = &self.packages.build;
        let mut texts = vec![
            archive.file_name.clone(),
            plan.python.version.clone(),
            format!("{:?}", plan.requires),
            format!("{:?}", plan.constraints),
            format!("{:?}", build.environment_of(&name)),
            format!("{:?}", build.settings_of(&name)),
        ];
        let recipes = plan.recipe.iter().map(|(recipe, _)| *recipe);
        let recipes = recipes.chain(libraries.iter().map(|(recipe, _)| *recipe));
        texts.extend(recipes.map(|recipe| recipe.text().to_owned()));
        let mut used: Vec<&Distribution> = targets.iter().collect();
        used.sort_by(|one, other| one.name.cmp(&other.name));
        let toolchain = self.toolchain();
        let digests = [&toolchain, &archive.sha256].into_iter();
        let digests = digests.chain(used.iter().map(|one| &one.sha256));
        let parts = digests.map(|digest| &digest.as_bytes()[..]);
        Digest::of_parts(parts.chain(texts.iter().map(String::as_bytes)))
    }

    /// Builds the libraries of a recipe, each after those that it needs.
    fn build_libraries(
        &self,
        libraries: &[(&Recipe, &LibraryRecipe)],
        plan: &Plan<'_>,
        environment: &Environment,
        log: &mut Log<'_>,
    ) -> Result<Vec<Library>, NativeBuildError> {
        let builder = Libraries {
            cache: self.cache,
            sdk: self.sdk,
            toolchain: self.toolchain(),
            fetcher: Fetcher {
                cache: self.cache,
                python: &plan.python,
                offline: self.offline,
            },
            programs: environment.programs(),
            jobs: self.packages.build.jobs.number(),
        };
        let mut built: Vec<Library> = Vec::new();
        for (recipe, library) in libraries {
            built.push(builder.build(recipe, library, &built, log)?);
        }
        Ok(built)
    }

    /// The hash of what compiles.
    fn toolchain(&self) -> Digest {
        let record = self.sdk.record();
        Digest::of_parts([
            env!("CARGO_PKG_VERSION").as_bytes(),
            record.runtime.as_bytes(),
            record.headers.as_bytes(),
            record.compiler_version.as_bytes(),
        ])
    }

    fn built(&self, key: &Digest) -> Option<BuiltWheel> {
        let entry = String::from_utf8(self.cache.get(BUILDS, key)?).ok()?;
        let (digest, file_name) = entry.split_once(' ')?;
        let sha256 = Digest::from_hex(digest)?;
        Some(BuiltWheel {
            path: self.cache.file(WHEELS, &sha256)?,
            file_name: file_name.to_owned(),
            sha256,
        })
    }

    fn keep(&self, key: &Digest, path: &Path) -> Result<BuiltWheel, NativeBuildError> {
        let file_name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let (sha256, path) = self.cache.keep_file(WHEELS, path)?;
        self.cache
            .put(BUILDS, key, format!("{sha256} {file_name}").as_bytes())?;
        Ok(BuiltWheel {
            path,
            file_name,
            sha256,
        })
    }
}
