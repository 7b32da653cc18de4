//! C libraries, built once for the sandbox and kept: static archives and headers under a prefix.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use eryx_base::Digest;
use eryx_cache::Cache;
use eryx_sdk::Sdk;

use crate::command::{self, Log};
use crate::environment::{Prefix, Variables, Words};
use crate::error::NativeBuildError;
use crate::place::Fetcher;
use crate::recipe::{LibraryRecipe, Recipe};
use crate::sources;

/// The cache's kind of prefixes, by all that they depend on.
const LIBRARIES: &str = "libraries";

/// What a prefix has in it once it is whole.
const WHOLE: &str = ".whole";

/// Builds libraries.
pub(crate) struct Libraries<'a> {
    /// Where they are kept.
    pub cache: &'a Cache,
    /// What they are built with.
    pub sdk: &'a Sdk,
    /// The hash of what they are built with.
    pub toolchain: Digest,
    /// What gets their sources.
    pub fetcher: Fetcher<'a>,
    /// The directory with the programs that the build of the package requires, such as CMake.
    pub programs: PathBuf,
    /// How many programs run at once.
    pub jobs: usize,
}

/// A library that is there.
#[derive(Debug, Clone)]
pub(crate) struct Library {
    /// Where it is.
    pub prefix: Prefix,
    /// Its version.
    pub version: String,
    /// Its licence (SPDX).
    pub license: String,
    /// All that it depends on.
    pub key: Digest,
}

impl Libraries<'_> {
    /// The key of a library, of those that are built before it.
    pub(crate) fn key(&self, recipe: &Recipe, needed: &[Library]) -> Digest {
        let mut parts = vec![
            self.toolchain.as_bytes().as_slice(),
            recipe.text().as_bytes(),
        ];
        parts.extend(needed.iter().map(|one| &one.key.as_bytes()[..]));
        Digest::of_parts(parts)
    }

    /// Builds a library, or finds it. `before` are those that were built already.
    pub(crate) fn build(
        &self,
        recipe: &Recipe,
        library: &LibraryRecipe,
        before: &[Library],
        log: &mut Log<'_>,
    ) -> Result<Library, NativeBuildError> {
        let is_needed = |one: &&Library| library.libraries.contains(&one.prefix.name);
        let needed: Vec<Library> = before.iter().filter(is_needed).cloned().collect();
        let key = self.key(recipe, &needed);
        let directory = self.cache.tree(LIBRARIES, &key)?;
        let built = Library {
            prefix: Prefix {
                name: library.name.clone(),
                directory: directory.clone(),
            },
            version: library.version.clone(),
            license: library.license.clone(),
            key,
        };
        if directory.join(WHOLE).is_file() {
            return Ok(built);
        }
        // Files below a prefix name it, so that it is built where it stays: one process at a time.
        let path = directory.with_extension("lock");
        let lock = File::create(&path).map_err(NativeBuildError::file(&path))?;
        lock.lock().map_err(NativeBuildError::file(&path))?;
        if directory.join(WHOLE).is_file() {
            return Ok(built);
        }
        if directory.exists() {
            fs::remove_dir_all(&directory).map_err(NativeBuildError::file(&directory))?;
        }
        let make = |below: &str| {
            let path = directory.join(below);
            fs::create_dir_all(&path).map_err(NativeBuildError::file(&path))
        };
        make("include")?;
        make("lib/pkgconfig")?;
        log.say(&format!("{} {}", library.name, library.version));
        let scratch = self.cache.temporary_directory()?;
        let source = self.fetcher.fetch(library, scratch.path(), log)?;
        self.compile(library, &needed, &source, &directory, scratch.path(), log)?;
        install_headers(library, &source, &directory)?;
        let path = directory.join(WHOLE);
        fs::write(&path, "").map_err(NativeBuildError::file(&path))?;
        Ok(built)
    }

    fn compile(
        &self,
        library: &LibraryRecipe,
        needed: &[Library],
        source: &Path,
        prefix: &Path,
        scratch: &Path,
        log: &mut Log<'_>,
    ) -> Result<(), NativeBuildError> {
        sources::patch(&library.name, &library.patches, source)?;
        let home = scratch.join("home");
        fs::create_dir_all(&home).map_err(NativeBuildError::file(&home))?;
        let prefixes: Vec<Prefix> = needed.iter().map(|one| one.prefix.clone()).collect();
        let words = Words::new(&prefixes)
            .with("jobs", self.jobs)
            .with("prefix", prefix.display())
            .with("sdk", self.sdk.directory().display())
            .with("source", source.display());
        for (name, text) in &library.files {
            let path = source.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(NativeBuildError::file(parent))?;
            }
            fs::write(&path, words.put(text)).map_err(NativeBuildError::file(&path))?;
        }
        let mut variables = Variables::new(&home, self.jobs);
        variables.set("CFLAGS", "-O2");
        variables.set("CXXFLAGS", "-O2");
        variables.of_sdk(self.sdk);
        variables.libraries(&prefixes);
        for (name, value) in &library.environment {
            variables.set(name, words.put(value));
        }
        let bin = self.sdk.bin();
        variables.first("PATH", &self.programs);
        variables.first("PATH", &bin);
        let start = |program: &str| {
            let mut command = Command::new(program);
            command
                .env_clear()
                .envs(variables.iter())
                .current_dir(source);
            command
        };
        for step in &library.steps {
            let mut step = step.iter().map(|word| words.put(word));
            let program = step.next().unwrap_or_default();
            let what = format!("building {} ({program})", library.name);
            let hint = ": install it";
            command::run(start(&program).args(step), &what, hint, log)?;
        }
        if library.sources.is_empty() {
            return Ok(());
        }
        let mut objects = Vec::new();
        for file in matching(&library.sources, source)? {
            let object = scratch.join(format!("{}.o", objects.len()));
            let mut command = start(&bin.join("wasm32-wasi-cc").to_string_lossy());
            command
                .arg("-O2")
                .args(library.flags.iter().map(|flag| words.put(flag)));
            command.args(prefixes.iter().flat_map(|prefix| {
                [
                    "-I".into(),
                    prefix.directory.join("include").into_os_string(),
                ]
            }));
            command.arg("-c").arg(&file).arg("-o").arg(&object);
            let what = format!("compiling {}", file.display());
            command::run(&mut command, &what, "", log)?;
            objects.push(object);
        }
        let name = library.name.as_str();
        let name = library
            .archive
            .as_deref()
            .or(name.strip_prefix("lib"))
            .unwrap_or(name);
        let archive = prefix.join("lib").join(format!("lib{name}.a"));
        let mut command = start(&bin.join("wasm32-wasi-ar").to_string_lossy());
        command.arg("rcs").arg(archive).args(objects);
        command::run(
            &mut command,
            &format!("archiving {}", library.name),
            "",
            log,
        )
    }
}

fn install_headers(
    library: &LibraryRecipe,
    source: &Path,
    prefix: &Path,
) -> Result<(), NativeBuildError> {
    for (pattern, below) in &library.headers {
        let directory = prefix.join("include").join(below);
        fs::create_dir_all(&directory).map_err(NativeBuildError::file(&directory))?;
        for file in matching(std::slice::from_ref(pattern), source)? {
            let name = file.file_name().unwrap_or_default();
            let from = source.join(&file);
            fs::copy(&from, directory.join(name)).map_err(NativeBuildError::file(&from))?;
        }
    }
    Ok(())
}

/// The files below a directory that fit, relative to it, sorted. A pattern that fits nothing is an
/// error: the recipe is for other sources.
fn matching(patterns: &[String], directory: &Path) -> Result<Vec<PathBuf>, NativeBuildError> {
    let mut found = Vec::new();
    for pattern in patterns {
        let whole = directory.join(pattern);
        let (pattern_text, escaped) = (
            whole.to_string_lossy(),
            glob::Pattern::escape(&directory.to_string_lossy()),
        );
        let text = pattern_text.replacen(&*directory.to_string_lossy(), &escaped, 1);
        let before = found.len();
        let paths = glob::glob(&text).map(|paths| paths.flatten().collect::<Vec<_>>());
        for path in paths.unwrap_or_default() {
            if let Ok(below) = path.strip_prefix(directory) {
                found.push(below.to_owned());
            }
        }
        if found.len() == before {
            let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
            return Err(NativeBuildError::file(whole)(missing));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_patterns() {
        let directory = tempfile::tempdir().unwrap();
        let top = directory.path().join("a[1]");
        fs::create_dir_all(top.join("src")).unwrap();
        for name in ["src/b.c", "src/a.c", "c.h"] {
            fs::write(top.join(name), "").unwrap();
        }
        let found = matching(&["src/*.c".to_owned()], &top).unwrap();
        assert_eq!(found, [Path::new("src/a.c"), Path::new("src/b.c")]);
        assert!(matching(&["*.x".to_owned()], &top).is_err());
    }
}
