//! The projects to start from.

use eryx_tests::{eryx_build, eryx_run, workspace};

/// Each template bakes as it lies there, and its entrypoint runs.
#[test]
fn every_template_bakes_and_runs() {
    let templates = workspace().join("templates");
    let mut baked = Vec::new();
    for entry in std::fs::read_dir(templates).unwrap() {
        let folder = entry.unwrap().path();
        let manifest = folder.join("eryx.toml");
        if !manifest.is_file() {
            continue;
        }
        let output = tempfile::tempdir().unwrap();
        let image = output.path().join("image.cwasm");
        eryx_build()
            .args(["build", "--quiet", "-f"])
            .args([&manifest])
            .args(["-o".as_ref(), image.as_os_str()])
            .run()
            .ok();
        let printed = eryx_run(&image).args(["--", "you", "me"]).run().ok();
        assert_eq!(printed, "Hello, you!\nHello, me!\n");
        baked.push(folder.file_name().unwrap().to_owned());
    }
    assert_eq!(baked, ["minimal"]);
}
