//! All recipes: those that come with the toolchain, and those of a user.

use std::{collections::BTreeMap, fs, path::Path};

use eryx_base::regular_file;

use crate::error::NativeBuildError;
use crate::recipe::{LibraryRecipe, MAX_RECIPE, PackageRecipe, Recipe};

include!(concat!(env!("OUT_DIR"), "/recipes.rs"));

/// How many recipes a directory may have.
const MAX_RECIPES: usize = 10_000;

/// The recipes by the names of their packages and libraries.
#[derive(Debug, Clone, Default)]
pub struct Recipes {
    packages: BTreeMap<String, Recipe>,
    libraries: BTreeMap<String, Recipe>,
}

impl Recipes {
    /// Those that come with the toolchain and, in their place, those of a directory.
    ///
    /// # Errors
    /// When the directory cannot be read, or a recipe in it is not right.
    pub fn load(directory: Option<&Path>) -> Result<Self, NativeBuildError> {
        let mut recipes = Self::default();
        for (file, text) in BUILT_IN {
            recipes.add(Path::new(file), text)?;
        }
        let Some(directory) = directory else {
            return Ok(recipes);
        };
        let unreadable = NativeBuildError::file(directory);
        let entries = fs::read_dir(directory).map_err(unreadable)?;
        let mut paths: Vec<_> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
            .take(MAX_RECIPES)
            .collect();
        paths.sort();
        for path in paths {
            let bytes = regular_file::read_at_most(&path, MAX_RECIPE)
                .map_err(NativeBuildError::file(&path))?
                .ok_or_else(|| NativeBuildError::recipe(&path, "it is too large"))?;
            let text = String::from_utf8(bytes)
                .map_err(|_| NativeBuildError::recipe(&path, "it is not UTF-8 text"))?;
            recipes.add(&path, &text)?;
        }
        Ok(recipes)
    }

    fn add(&mut self, path: &Path, text: &str) -> Result<(), NativeBuildError> {
        let recipe =
            Recipe::parse(text).map_err(|problem| NativeBuildError::recipe(path, problem))?;
        let all = match recipe.package() {
            Some(_) => &mut self.packages,
            None => &mut self.libraries,
        };
        all.insert(recipe.name().to_owned(), recipe);
        Ok(())
    }

    /// The recipe of a package, by its normalised name, when it is for this version.
    #[must_use]
    pub fn package(&self, name: &str, version: &str) -> Option<(&Recipe, &PackageRecipe)> {
        let recipe = self.packages.get(name)?;
        let package = recipe.package()?;
        package.is_for(version).then_some((recipe, package))
    }

    /// The recipe of a package, whatever versions it is for.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Recipe> {
        self.packages.get(name)
    }

    /// Every recipe of a package.
    pub fn packages(&self) -> impl Iterator<Item = &Recipe> {
        self.packages.values()
    }

    /// The recipe of a library.
    #[must_use]
    pub fn library(&self, name: &str) -> Option<(&Recipe, &LibraryRecipe)> {
        let recipe = self.libraries.get(name)?;
        Some((recipe, recipe.library()?))
    }

    /// Libraries with all that they need in turn, each after what it needs.
    ///
    /// # Errors
    /// When one has no recipe, or needs itself.
    pub fn libraries(
        &self,
        names: &[String],
    ) -> Result<Vec<(&Recipe, &LibraryRecipe)>, NativeBuildError> {
        let mut ordered: Vec<(&Recipe, &LibraryRecipe)> = Vec::new();
        let mut within = Vec::new();
        for name in names {
            self.add_library(name, &mut within, &mut ordered)?;
        }
        Ok(ordered)
    }

    fn add_library<'a>(
        &'a self,
        name: &str,
        within: &mut Vec<String>,
        ordered: &mut Vec<(&'a Recipe, &'a LibraryRecipe)>,
    ) -> Result<(), NativeBuildError> {
        if ordered.iter().any(|(_, library)| library.name == name) {
            return Ok(());
        }
        let (recipe, library) = self
            .library(name)
            .ok_or_else(|| NativeBuildError::NoLibrary(name.to_owned()))?;
        if within.iter().any(|one| one == name) {
            return Err(NativeBuildError::Circle(within.join(" → ")));
        }
        within.push(name.to_owned());
        for needed in &library.libraries {
            self.add_library(needed, within, ordered)?;
        }
        within.pop();
        ordered.push((recipe, library));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_that_comes_along_is_right() {
        let recipes = Recipes::load(None).unwrap();
        for recipe in recipes.packages() {
            let package = recipe.package().unwrap();
            recipes.libraries(&package.libraries).unwrap();
            assert!(recipe.check().is_some(), "{} has no check", package.name);
            let proved = package.proved.as_ref().expect("it was proved");
            assert!(package.is_for(&proved.version), "{}", package.name);
        }
    }

    #[test]
    fn a_user_replaces_a_recipe_and_a_circle_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
        put(
            "numpy.toml",
            "[package]\nname = \"numpy\"\ntools = [\"mine\"]\n",
        );
        let recipes = Recipes::load(Some(directory.path())).unwrap();
        let (_, package) = recipes.package("numpy", "1.0").unwrap();
        assert_eq!(package.tools, ["mine"]);
        let library = |name: &str, needs: &str| {
            let sha256 = "0".repeat(64);
            put(
                &format!("{name}.toml"),
                &format!(
                    "[library]\nname = \"{name}\"\nversion = \"1\"\nlicense = \"Zlib\"\nlibraries = [\"{needs}\"]\n\
                     sources = [\"*.c\"]\n[[library.places]]\ncrate = \"z@1\"\nsha256 = \"{sha256}\"\n"
                ),
            );
        };
        library("one", "two");
        library("two", "one");
        let recipes = Recipes::load(Some(directory.path())).unwrap();
        let problem = recipes.libraries(&["one".to_owned()]).unwrap_err();
        assert!(matches!(problem, NativeBuildError::Circle(_)), "{problem}");
        put("broken.toml", "[package]\n");
        let problem = Recipes::load(Some(directory.path())).unwrap_err();
        assert!(problem.to_string().contains("broken.toml"), "{problem}");
    }
}
