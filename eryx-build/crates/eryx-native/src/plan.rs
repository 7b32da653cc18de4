//! What is known of a build before it begins.

use eryx_manifest::BuildSection;
use eryx_packaging::{Distribution, normalize_package_name};
use eryx_sdist::{SourceArchive, SourceTree};
use eryx_wheel::unpack::metadata::Fields;

use crate::error::NativeBuildError;
use crate::project::{Project, name_of};
use crate::python::Python;
use crate::recipe::{PackageRecipe, Recipe};
use crate::recipes::Recipes;
use crate::sources;

/// All that is known of one build before it begins.
pub(crate) struct Plan<'a> {
    /// Its sources.
    pub tree: SourceTree,
    /// What its `pyproject.toml` says.
    pub project: Project,
    /// Its recipe.
    pub recipe: Option<(&'a Recipe, &'a PackageRecipe)>,
    /// What the build requires (PEP 508).
    pub requires: Vec<String>,
    /// The versions of what the image has, too.
    pub constraints: Vec<String>,
    /// What runs the backend.
    pub python: Python,
}

impl<'a> Plan<'a> {
    /// Reads a source distribution. `targets` are packages that were built for the sandbox already.
    pub(crate) fn new(
        archive: &SourceArchive,
        targets: &[Distribution],
        recipes: &'a Recipes,
        build: &BuildSection,
    ) -> Result<Self, NativeBuildError> {
        let name = normalize_package_name(&archive.name);
        let tree = sources::read(archive)?;
        let project = Project::read(&tree).map_err(|problem| NativeBuildError::Project {
            package: name.clone(),
            problem,
        })?;
        let information = tree
            .get("PKG-INFO")
            .map(|text| String::from_utf8_lossy(text));
        let information = Fields::parse(&information.unwrap_or_default());
        let version = information.first("version").unwrap_or_default();
        let version = archive.version.as_deref().unwrap_or(version);
        let recipe = recipes.package(&name, version);
        let left_out = recipe.map_or(&[][..], |(_, recipe)| &recipe.without_requires);
        let is_kept = |text: &&String| !left_out.contains(&name_of(text));
        let mut requires: Vec<String> = project.requires.iter().filter(is_kept).cloned().collect();
        requires.extend(
            recipe
                .iter()
                .flat_map(|(_, recipe)| recipe.requires.clone()),
        );
        let is_required =
            |one: &&Distribution| requires.iter().any(|text| name_of(text) == one.name);
        let pins = targets.iter().filter(is_required);
        let constraints = pins
            .map(|one| format!("{}=={}", one.name, one.version))
            .collect();
        let python = Python::find(
            build.python.as_deref(),
            information.first("requires-python").unwrap_or_default(),
        )?;
        Ok(Self {
            tree,
            project,
            recipe,
            requires,
            constraints,
            python,
        })
    }

    /// Whether the build runs cargo, as far as its recipe or `pyproject.toml` tells.
    pub(crate) fn runs_cargo(&self) -> bool {
        let of_recipe = self.recipe.map_or(&[][..], |(_, recipe)| &recipe.tools);
        self.project.programs().contains(&"cargo") || of_recipe.iter().any(|tool| tool == "cargo")
    }

    /// Whether the recipe leaves a requirement of the build out.
    pub(crate) fn leaves_out(&self, requirement: &str) -> bool {
        let left_out = self
            .recipe
            .map_or(&[][..], |(_, recipe)| &recipe.without_requires);
        left_out.contains(&name_of(requirement))
    }
}
