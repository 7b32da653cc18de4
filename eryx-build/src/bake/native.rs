//! Packages whose build runs programs of the machine: which they are, whether the user allowed it,
//! and their wheels.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use eryx_native::{NativeBuildError, NativeBuilder, Recipes};
use eryx_packaging::{Distribution, normalize_package_name};

use super::BakeError;
use super::archives::{archive_of, built_from};
use super::context::Context;
use super::unallowed::Unallowed;
use crate::{
    fetch::Fetched,
    manifest::Allow,
    resolve::Upgrade,
    sdk::{BuiltIn, InstallOptions, Sdk, install},
    source::{BuiltWheel, SourceArchive, SourceError},
};
use eryx_runtime::{Distribution as Runtime, EMBEDDED_IDENTITY};

/// The builds of a bake that run programs of the machine.
pub(super) struct NativeBuilds<'a> {
    context: &'a Context<'a>,
    recipes: Recipes,
    /// Packages that are built here whatever the sandbox could make of them.
    named: BTreeSet<String>,
    sdk: OnceCell<Sdk>,
    /// What was built already, by name; nothing while it is being built.
    built: RefCell<BTreeMap<String, Option<Distribution>>>,
    /// What resolving was refused, as it was not allowed.
    refused: RefCell<Vec<Unallowed>>,
}

impl<'a> NativeBuilds<'a> {
    /// None yet, with the recipes of the toolchain and the manifest.
    pub(super) fn new(context: &'a Context<'a>) -> Result<Self, BakeError> {
        let recipes = context.manifest.packages.build.recipes.as_deref();
        Ok(Self {
            context,
            recipes: Recipes::load(recipes)
                .map_err(|error| BakeError::NativeBuilds(Box::new(error)))?,
            named: BTreeSet::new(),
            sdk: OnceCell::new(),
            built: RefCell::default(),
            refused: RefCell::default(),
        })
    }

    /// Builds these packages here, by their normalised names, although the sandbox may make wheels of them
    /// that lack their native parts.
    pub(super) fn naming(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.named.extend(names);
        self
    }

    /// Refuses a bake in which a build runs programs of the machine that the manifest does not allow.
    /// All such packages are told at once.
    pub(super) fn check(&self, fetched: &[Fetched<'_>]) -> Result<(), BakeError> {
        let mut unallowed = Vec::new();
        for one in fetched.iter().filter(|one| !one.package.file.is_wheel()) {
            let name = normalize_package_name(&one.package.name);
            let recipe = self.recipes.package(&name, &one.package.version);
            let is_optional = recipe.is_some_and(|(_, recipe)| recipe.optional);
            if self.allow().allows(&name) || self.is_without_native(&name) || is_optional {
                continue;
            }
            let programs = NativeBuilder::programs(&self.recipes, &archive_of(one));
            // What is wrong with the distribution is told when it is built.
            let programs = programs.unwrap_or_default();
            if !programs.is_empty() {
                unallowed.push(Unallowed {
                    name,
                    version: one.package.version.clone(),
                    programs,
                });
            }
        }
        match unallowed.is_empty() {
            true => Ok(()),
            false => Err(BakeError::Unallowed(unallowed)),
        }
    }

    /// Whether a source distribution is built here: it is named in the manifest, or it is known to
    /// need programs and all may have them.
    pub(super) fn is_for(&self, archive: &SourceArchive) -> bool {
        let name = normalize_package_name(&archive.name);
        if self.is_without_native(&name) {
            return false;
        }
        match self.allow() {
            _ if self.named.contains(&name) => true,
            Allow::None => false,
            Allow::Packages(names) => names.contains(&name),
            Allow::All => NativeBuilder::programs(&self.recipes, archive)
                .is_ok_and(|programs| !programs.is_empty()),
        }
    }

    /// Whether a package is built here after the sandbox failed to: whatever the reason when the manifest
    /// names it, and when the sandbox has not what its build needs if all may be built here.
    pub(super) fn may_follow(&self, name: &str, error: &SourceError) -> bool {
        let name = normalize_package_name(name);
        let is_allowed = match self.allow() {
            Allow::None => false,
            Allow::Packages(names) => names.contains(&name),
            Allow::All => error.needs_the_machine(),
        };
        is_allowed && !self.is_without_native(&name)
    }

    /// Remembers that the sandbox could not tell what a package requires, for a question to the user.
    pub(super) fn refused(&self, archive: &SourceArchive, error: &SourceError) {
        let name = normalize_package_name(&archive.name);
        if error.needs_the_machine() && !self.is_without_native(&name) {
            self.refused.borrow_mut().push(Unallowed::new(&name, error));
        }
    }

    /// What resolving failed for.
    pub(super) fn take_refused(&self) -> Vec<Unallowed> {
        self.refused.take()
    }

    /// The wheel of a fetched source distribution. Packages of the bake that its build requires are
    /// built before it.
    pub(super) fn wheel(
        &self,
        one: &Fetched<'_>,
        all: &[Fetched<'_>],
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<Distribution, NativeBuildError> {
        let name = normalize_package_name(&one.package.name);
        if let Some(Some(built)) = self.built.borrow().get(&name) {
            return Ok(built.clone());
        }
        self.built.borrow_mut().insert(name.clone(), None);
        let archive = archive_of(one);
        let builder = self.builder(report)?;
        let mut targets = Vec::new();
        for required in builder.requires(&archive)? {
            let found = all
                .iter()
                .find(|other| normalize_package_name(&other.package.name) == required);
            let Some(found) = found else { continue };
            let is_begun = self.built.borrow().get(&required) == Some(&None);
            if found.package.file.is_wheel() {
                targets.push(found.distribution());
            } else if !is_begun && self.is_for(&archive_of(found)) {
                targets.push(self.wheel(found, all, report)?);
            }
        }
        let wheel = self.built_wheel(&archive, &targets, report)?;
        let built = built_from(one.distribution(), wheel);
        self.built.borrow_mut().insert(name, Some(built.clone()));
        Ok(built)
    }

    /// The wheel of a source distribution of which nothing else is known.
    pub(super) fn built_wheel(
        &self,
        archive: &SourceArchive,
        targets: &[Distribution],
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<BuiltWheel, NativeBuildError> {
        self.builder(report)?.wheel(archive, targets, report)
    }

    fn builder(
        &self,
        report: &(dyn Fn(&str) + Sync),
    ) -> Result<NativeBuilder<'_>, NativeBuildError> {
        Ok(NativeBuilder {
            sdk: self.sdk(report)?,
            cache: &self.context.cache,
            packages: &self.context.manifest.packages,
            recipes: &self.recipes,
            offline: self.context.mode.offline,
            upgrade: self.context.mode.upgrade != Upgrade::None,
        })
    }

    /// The SDK, which is installed when it is not.
    fn sdk(&self, report: &(dyn Fn(&str) + Sync)) -> Result<&Sdk, NativeBuildError> {
        if let Some(sdk) = self.sdk.get() {
            return Ok(sdk);
        }
        let wanted = InstallOptions {
            python_include: None,
            runtime: self.context.runtime_directory.clone(),
            again: false,
        };
        let built_in = BuiltIn {
            identity: EMBEDDED_IDENTITY,
            read: Runtime::embedded,
        };
        let sdk = install(&wanted, built_in, &|step| report(step))?;
        Ok(self.sdk.get_or_init(|| sdk))
    }

    fn allow(&self) -> &Allow {
        &self.context.manifest.packages.build.allow
    }

    fn is_without_native(&self, name: &str) -> bool {
        self.context.manifest.packages.without_native.contains(name)
    }
}
