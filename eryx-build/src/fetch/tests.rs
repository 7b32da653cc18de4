//! Downloads through an installer that is a shell script, and what is kept of them.

use std::ffi::OsStr;
use std::fs;

use super::*;

/// Downloads `six==1.0` through an installer that runs `download` for its subcommand of that name,
/// and `index` for the other one.
fn download(platforms: Platforms, download: &str, index: &str) -> Result<Vec<String>, FetchError> {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("pip.sh");
    let text = format!("case $1 in\ndownload) {download};;\nindex) {index};;\nesac\n");
    fs::write(&script, text).unwrap();
    let command = format!("sh {}", script.display());
    let lines = std::sync::Mutex::new(Vec::new());
    let report = |line: &str| lines.lock().unwrap().push(line.to_owned());
    Installer::named(OsStr::new(&command)).download(
        &["six==1.0".to_owned()],
        platforms,
        folder.path(),
        &report,
    )?;
    Ok(lines.into_inner().unwrap())
}

const NOT_FOUND: &str = "echo 'ERROR: No matching distribution found for six==1.0' >&2; exit 1";

#[test]
fn what_is_downloaded_is_reported() {
    let script = "echo Looking; echo Collecting six; echo '  Downloading six.whl (1 kB)'";
    let lines = download(Platforms::Sandbox, script, "exit 1").unwrap();
    assert_eq!(lines, ["Collecting six", "Downloading six.whl (1 kB)"]);
}

#[test]
fn the_installer_is_asked_for_wheels_only() {
    let script = "echo Collecting \"$@\"";
    let lines = download(Platforms::Sandbox, script, "exit 1").unwrap();
    for part in [
        "download --no-deps --only-binary=:all:",
        "--python-version 3.14",
        "-- six==1.0",
    ] {
        assert!(lines[0].contains(part), "{}", lines[0]);
    }
}

#[test]
fn a_missing_package_version_or_wheel_are_told_apart() {
    let fail = |platforms, index| download(platforms, NOT_FOUND, index).unwrap_err();
    let listed = "echo 'Available versions: 1.1, 1.0.0'";
    assert!(matches!(
        fail(Platforms::Sandbox, "exit 1"),
        FetchError::NoPackage { .. }
    ));
    assert!(matches!(
        fail(Platforms::Sandbox, listed),
        FetchError::NoFittingWheel { .. }
    ));
    assert!(matches!(
        fail(Platforms::SandboxAndHost, listed),
        FetchError::NoWheel { .. }
    ));
    let message = fail(Platforms::Sandbox, "echo 'Available versions: 1.2, 1.1'").to_string();
    assert_eq!(message, "`six` has no version 1.0: it has 1.2, 1.1");
}

#[test]
fn other_failures_keep_the_last_lines_of_the_installer() {
    let unreachable = format!("echo \"WARNING: Retrying (Retry(total=0))\" >&2; {NOT_FOUND}");
    let error = download(Platforms::Sandbox, &unreachable, "exit 1").unwrap_err();
    assert!(matches!(error, FetchError::Network { .. }), "{error}");
    let script = "echo 'ERROR: no space left' >&2; exit 1";
    let error = download(Platforms::Sandbox, script, "exit 1").unwrap_err();
    assert!(matches!(error, FetchError::Failed { .. }), "{error}");
    assert!(error.to_string().contains("ERROR: no space left"));
}

#[test]
fn an_installer_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("pip");
    let installer = Installer::named(missing.as_os_str());
    let report = |_: &str| {};
    let error = installer
        .download(&[], Platforms::Sandbox, folder.path(), &report)
        .unwrap_err();
    assert!(matches!(error, FetchError::Start { .. }));
    assert!(error.to_string().contains("pip"), "{error}");
}

fn locked(name: &str, version: &str) -> LockedPackage {
    LockedPackage {
        name: name.to_owned(),
        version: version.to_owned(),
        source: Source::Index,
    }
}

#[test]
fn what_was_kept_is_found_again_until_it_is_altered() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(&folder.path().join("cache")).unwrap();
    let packages = PackagesSection::default();
    let package = locked("six", "1.17");
    assert_eq!(cached(&package, &packages, &cache), None);
    let name = "six-1.17.0-py2.py3-none-any.whl";
    fs::create_dir(folder.path().join("new")).unwrap();
    fs::write(folder.path().join("new").join(name), b"six").unwrap();
    keep(&[&package], &packages, &cache, &folder.path().join("new")).unwrap();
    let lock = Lock {
        packages: vec![package.clone()],
    };
    // Found without an installer or a network.
    let found = fetch(&lock, &packages, &cache, &|_| {}).unwrap();
    assert_eq!(found[0].file_name, name);
    assert_eq!(found[0].sha256, Digest::of(b"six"));
    fs::write(&found[0].wheel, b"sax").unwrap();
    assert_eq!(cached(&package, &packages, &cache), None);
}

#[test]
fn an_installer_that_brings_another_package_is_caught() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(&folder.path().join("cache")).unwrap();
    fs::write(folder.path().join("sax-1.17.0-py3-none-any.whl"), b"sax").unwrap();
    let failure = keep(
        &[&locked("six", "1.17.0")],
        &PackagesSection::default(),
        &cache,
        folder.path(),
    );
    assert!(matches!(failure, Err(FetchError::NotDownloaded { .. })));
}
