//! Headers of packages that were built for the sandbox, in the environment of a build.

use std::fs;

use eryx_base::regular_file;
use eryx_packaging::Distribution;
use eryx_wheel::unpack::{
    MAX_TOTAL_SIZE, MAX_WHEEL_SIZE,
    archive::{self, Budget},
    path,
};

use crate::error::NativeBuildError;
use crate::python::Environment;

/// Files of packages for the target that replace those of the same packages for the machine.
const FOR_THE_TARGET: [&str; 6] = [".h", ".hpp", ".a", ".ini", ".pc", ".pxd"];

/// Puts the headers of a package that was built for the sandbox in place of those of the same package
/// for the machine.
pub(crate) fn replace(
    target: &Distribution,
    environment: &Environment,
) -> Result<(), NativeBuildError> {
    let site = environment.site_packages()?;
    let malformed = |source| NativeBuildError::Wheel {
        package: target.name.clone(),
        source,
    };
    let bytes = regular_file::read_at_most(&target.wheel, MAX_WHEEL_SIZE)
        .map_err(NativeBuildError::file(&target.wheel))?
        .unwrap_or_default();
    let files = archive::read(&bytes, &Budget::new(MAX_TOTAL_SIZE)).map_err(malformed)?;
    let is_installed = files.keys().any(|name| {
        let top = name.split('/').next().unwrap_or_default();
        !top.ends_with(".dist-info") && !top.ends_with(".data") && site.join(top).is_dir()
    });
    if !is_installed {
        return Ok(());
    }
    for (name, contents) in &files {
        let is_wanted = FOR_THE_TARGET.iter().any(|ending| name.ends_with(ending));
        if !is_wanted || path::check(name).is_err() {
            continue;
        }
        let file = site.join(name);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(NativeBuildError::file(parent))?;
        }
        fs::write(&file, contents).map_err(NativeBuildError::file(&file))?;
    }
    Ok(())
}
