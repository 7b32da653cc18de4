//! Unpack: wheels → the packages and files of the image.

use std::path::PathBuf;

use eryx_base::size::human_bytes;
use eryx_interpreter::files::ImageFiles;
use eryx_packaging::{Distribution, WheelName};

use super::{
    BakeError,
    context::{Context, Done},
    unused,
};
use crate::{
    bytecode::{self, Compiled},
    manifest::{PackagesSection, Requirement, StripSection},
    native::{self, NativeLibrary},
    progress::Stage,
    requires::{self, Asked, Graph, RequiresError, Wanted},
    site_packages::SITE_PACKAGES,
    site_tree::SiteTree,
    strip::{self, Strip},
    tree::{self, FilesError},
    unpack,
};

/// The packages and files of an image.
pub(super) struct Contents {
    /// The packages.
    pub site: SiteTree,
    /// What the packages require of each other.
    pub graph: Graph,
    /// Their native libraries.
    pub native: Vec<NativeLibrary>,
    /// Every file, with the standard library and the manifest's own.
    pub files: ImageFiles,
}

/// The packages of these wheels, checked against each other and against what the manifest asks for.
pub(super) fn unpack(
    context: &Context<'_>,
    wheels: &[Distribution],
) -> Result<Contents, BakeError> {
    let manifest = context.manifest;
    let packages = &manifest.packages;
    let (site, graph) = context.run(Stage::Unpack, |_| {
        let mut site = unpack::unpack(wheels, &packages.without_native)?;
        strip::strip(&mut site, strip(packages.strip));
        let graph = check(packages, &site, context.runtime.python())?;
        let bytes: u64 = site.packages.iter().map(|package| package.size).sum();
        let summary = format!("{} files, {}", site.files.len(), human_bytes(bytes));
        let notes = notes(packages, &site);
        let (warnings, more): (Vec<_>, Vec<_>) =
            graph.notes.iter().partition(|note| note.is_warning());
        let words = |notes: Vec<&requires::Note>| {
            let words = notes.into_iter().map(ToString::to_string);
            words.collect::<Vec<_>>()
        };
        let (warnings, more) = (words(warnings), words(more));
        let done = Done::new((site, graph), summary).with_notes(notes.into_iter().chain(more));
        Ok(done.with_warnings(warnings))
    })?;
    let native = native::find(&site, &|package| graph.chain(package))?;
    let files = tree::gather(&context.runtime, &site, &manifest.image.files)?;
    if let Some(entrypoint) = &manifest.image.entrypoint
        && !tree::has(&files, entrypoint)
    {
        return Err(BakeError::Entrypoint(entrypoint.to_string()));
    }
    Ok(Contents {
        site,
        graph,
        native,
        files,
    })
}

/// What is left out of packages as they are unpacked. Sources go once they have bytecode.
fn strip(section: StripSection) -> Strip {
    Strip {
        tests: section.tests,
        docs: section.docs,
        stubs: section.stubs,
        headers: section.headers,
    }
}

/// Requirements of the manifest, with where they are written.
fn asked(requirements: &[Requirement]) -> Vec<Asked<'_>> {
    let asked = requirements.iter().map(|one| Asked {
        text: &one.text,
        by: &one.origin,
    });
    asked.collect()
}

/// Whether the packages are what they require of each other.
fn check(
    packages: &PackagesSection,
    site: &SiteTree,
    python: &str,
) -> Result<Graph, RequiresError> {
    let name = |path: &PathBuf| {
        let name = WheelName::parse(path.file_name()?.to_str()?).ok()?;
        Some(name.name)
    };
    let wanted = Wanted {
        requirements: asked(&packages.requirements),
        overrides: asked(&packages.overrides),
        local: packages.wheels.iter().filter_map(name).collect(),
        exclude: packages.exclude.clone(),
    };
    requires::check(&site.packages, &wanted, python)
}

/// What is good to know about the packages, in sentences.
fn notes(packages: &PackagesSection, site: &SiteTree) -> Vec<String> {
    let left_out = site.left_out.iter().map(|left_out| {
        let package = site.packages.get(left_out.package);
        let package = package.map_or("", |package| &package.name);
        format!("{package}: left out the native library {}", left_out.path)
    });
    left_out
        .chain(unused::notes(packages, site))
        .chain(site.notes.iter().map(ToString::to_string))
        .collect()
}

impl Contents {
    /// Puts bytecode beside the sources, or in their place where the manifest wants the packages
    /// without. Returns sentences that are good to know.
    ///
    /// # Errors
    /// When a path is taken by a file of the manifest.
    pub(super) fn add_bytecode(
        &mut self,
        mut compiled: Compiled,
        strip_sources: bool,
    ) -> Result<Vec<String>, FilesError> {
        let already = self.site.notes.len();
        if strip_sources {
            self.strip_sources(&mut compiled)?;
        }
        for (source, bytes) in compiled {
            if let Some(path) = bytecode::bytecode_path(&source) {
                self.files.add(path, bytes)?;
            }
        }
        let new = self.site.notes.iter().skip(already);
        Ok(new.map(ToString::to_string).collect())
    }

    /// Puts bytecode in the place of the packages' sources, and takes it out of what was compiled.
    fn strip_sources(&mut self, compiled: &mut Compiled) -> Result<(), FilesError> {
        let in_site = |path: &str| {
            let rest = path.strip_prefix(SITE_PACKAGES)?;
            Some(rest.strip_prefix('/')?.to_owned())
        };
        let (packages, others): (Compiled, Compiled) = std::mem::take(compiled)
            .into_iter()
            .partition(|(source, _)| in_site(source).is_some());
        *compiled = others;
        let packages: Vec<(String, bytes::Bytes)> = packages
            .into_iter()
            .filter_map(|(source, bytes)| Some((in_site(&source)?, bytes)))
            .collect();
        let packages = packages.iter();
        let packages = packages.map(|(source, bytes)| (source.as_str(), &**bytes));
        strip::strip_sources(&mut self.site, packages);
        Ok(self.files.replace_site(&self.site)?)
    }
}
