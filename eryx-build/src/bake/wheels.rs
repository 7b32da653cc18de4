//! Wheels alone, for sharing: resolve → fetch → build.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use eryx_packaging::normalize_package_name;

use super::{
    BakeError, build,
    context::{Context, Done},
    fetch,
    native::NativeBuilds,
    resolve,
};
use crate::{
    manifest::Manifest,
    progress::{Progress, Stage},
    resolve::Mode,
};

/// Builds the wheels of what a manifest requires by its own requirements, and writes them into a
/// directory, which is made when it is not there. What these require in turn is built only where a
/// build needs it. Gives the paths, in the order of the package names.
///
/// # Errors
/// That of the stage that failed. Each wheel is written whole or not at all.
pub fn wheels(
    manifest: &Manifest,
    output: &Path,
    mode: &Mode,
    progress: &Arc<dyn Progress>,
) -> Result<Vec<PathBuf>, BakeError> {
    let context = Context::new(manifest, mode, progress)?;
    let requirements = manifest.packages.requirements.iter();
    let names: BTreeSet<String> = requirements.map(|one| one.name.clone()).collect();
    let natives = NativeBuilds::new(&context)?.naming(names.clone());
    let lock = resolve::resolve_once(&context, &natives)?;
    let fetched = fetch::fetch(&context, &lock)?;
    let is_wanted = |name: &str| names.contains(&normalize_package_name(name));
    let wheels = build::build_some(&context, &natives, &fetched, &lock, &is_wanted)?;
    context.run(Stage::Pack, |_| {
        let write = |path: &Path, source| BakeError::Wheels {
            path: path.to_owned(),
            source,
        };
        fs::create_dir_all(output).map_err(|source| write(output, source))?;
        let mut paths = Vec::new();
        for wheel in &wheels {
            let path = output.join(&wheel.file_name);
            copy(&wheel.wheel, &path, output).map_err(|source| write(&path, source))?;
            paths.push(path);
        }
        paths.sort();
        let summary = format!("{} wheels", paths.len());
        Ok(Done::new(paths, summary))
    })
}

/// Copies a file by way of a name of its own, so that nobody sees a half of it.
fn copy(from: &Path, to: &Path, directory: &Path) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    io::copy(&mut fs::File::open(from)?, &mut file)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let readable = fs::Permissions::from_mode(0o644);
        file.as_file().set_permissions(readable)?;
    }
    file.persist(to)?;
    Ok(())
}
