//! Bakes that are ended from outside or run out of something: the old image stays, whole.

use eryx_tests::{Run, binaries, eryx, eryx_run, images, project::Project};
use std::{fs, path::Path, time::Duration};

/// A project whose image is a good one already.
fn with_old_image() -> (Project, Vec<u8>) {
    let project = Project::sample("");
    fs::copy(images::bare(), project.image()).unwrap();
    let old = fs::read(project.image()).unwrap();
    (project, old)
}

#[track_caller]
fn check_runs(image: &Path) {
    assert_eq!(
        eryx_run(image).args(["-c", "print('works')"]).run().ok(),
        "works\n"
    );
    assert_eq!(eryx().arg("verify").arg(image).run().status, 0);
}

#[test]
fn a_killed_bake_leaves_the_old_image_and_the_next_one_cleans_up() {
    let (project, old) = with_old_image();
    for stage in ["preinit", "pack"] {
        let mut bake = project.bake().arg("--json").start();
        bake.wait_for(&format!(
            "{{\"event\":\"stage-started\",\"stage\":\"{stage}\"}}"
        ));
        // Kills it.
        drop(bake);
        if stage == "preinit" {
            assert!(
                fs::read(project.image()).unwrap() == old,
                "the old image changed"
            );
            assert_eq!(project.names(), ["eryx.toml", "image.cwasm"]);
        }
        check_runs(&project.image());
    }

    // Two bakes at once, one of which may replace what the other wrote.
    let bakes = [
        project.bake().arg("--quiet").start(),
        project.bake().arg("--quiet").start(),
    ];
    for bake in bakes {
        bake.finish().ok();
    }
    assert_eq!(project.names(), ["eryx.toml", "image.cwasm"]);
    assert!(
        fs::read(project.image()).unwrap() != old,
        "no new image was written"
    );
    check_runs(&project.image());
}

#[test]
fn ctrl_c_ends_a_bake_that_never_would() {
    let project = Project::sample("[preinit]\nscript = \"forever.py\"\n").file(
        "forever.py",
        "while True:\n    print('again ' * 100, end='')\n",
    );
    let mut bake = project
        .bake()
        .arg("--json")
        .limit(Duration::from_secs(60))
        .start();
    bake.wait_for("again again");
    bake.interrupt();
    let output = bake.finish();
    // What a shell shows as 130, from the signal itself or as a status.
    assert!([-2, 130].contains(&output.status), "{}", output.status);
    assert_eq!(project.names(), ["eryx.toml", "forever.py"]);
}

#[test]
fn output_without_end_of_line_is_shown_in_bounded_pieces() {
    let project = Project::sample("[preinit]\nscript = \"much.py\"\n").file(
        "much.py",
        "for _ in range(64):\n    print('x' * (1 << 20), end='')\nraise ValueError('after 64 MiB')\n",
    );
    let output = project.bake().run();
    assert_eq!(output.status, 1);
    assert!(output.err().contains("ValueError: after 64 MiB"));
    let longest = output
        .stderr
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::len)
        .max();
    assert!(longest < Some(1 << 20), "a line has {longest:?} bytes");
}

#[test]
fn a_file_that_may_not_grow_leaves_the_old_image() {
    let (project, _) = with_old_image();
    // The signal that comes with the limit is ignored, so that writing fails as on a full disk.
    let bake = Run::new(Path::new("sh"))
        .args(["-c", "trap '' XFSZ; ulimit -f 20000; exec \"$@\"", "sh"])
        .arg(&binaries().eryx_build)
        .args(["build", "--quiet", "--file"])
        .arg(project.path("eryx.toml"))
        .arg("--output")
        .arg(project.image())
        .limit(Duration::from_secs(300));
    let message = project.refused_by(bake);
    assert!(
        message.contains("image.cwasm") && message.contains("File too large"),
        "{message}"
    );
    check_runs(&project.image());
}

#[test]
fn a_full_disk_leaves_the_old_image() {
    let script = "mount -t tmpfs -o size=20m tmpfs \"$1\" || exit 77\n\
        printf old > \"$1/image.cwasm\"\n\
        \"$2\" build --quiet --file \"$3\" --output \"$1/image.cwasm\"\n\
        status=$?\nls \"$1\"; cat \"$1/image.cwasm\"; exit $status\n";
    let project = Project::sample("");
    let folder = tempfile::tempdir().unwrap();
    let output = Run::new(Path::new("unshare"))
        .args(["--mount", "sh", "-c", script, "sh"])
        .args([
            folder.path(),
            &binaries().eryx_build,
            &project.path("eryx.toml"),
        ])
        .limit(Duration::from_secs(300))
        .run();
    if output.status == 77 || output.err().starts_with("unshare: ") {
        println!(
            "a small file system cannot be mounted here: {}",
            output.err()
        );
        return;
    }
    assert_eq!(
        (output.status, output.out().as_ref()),
        (1, "image.cwasm\nold"),
        "{output}"
    );
    assert!(output.err().contains("No space left on device"), "{output}");
    assert_eq!(output.err().lines().count(), 1, "{output}");
}
