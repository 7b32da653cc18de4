//! The seed of `hash()`, which an image has for all of its runs.

use eryx_tests::{eryx_run, images, project::Project};
use std::path::Path;

const SHOW: &str = "
import os, sys
print(hash('a text'), sys.flags.hash_randomization, 'PYTHONHASHSEED' in os.environ)
";

fn shown(image: &Path) -> String {
    eryx_run(image).args(["-c", SHOW]).run().ok()
}

fn baked(seed: &str) -> Project {
    let project = Project::sample(&format!("[python]\nhash-seed = {seed}\n"));
    project.bake_fused();
    project
}

#[test]
fn a_manifest_chooses_the_seed_of_hash() {
    let of_seven = baked("7");
    let seven = shown(&of_seven.image());
    assert_eq!(shown(&of_seven.image()), seven);
    assert!(seven.ends_with(" 1 False\n"), "{seven}");
    assert_ne!(seven, shown(images::bare()));
    let one = shown(&baked("\"random-at-bake\"").image());
    let other = shown(&baked("\"random-at-bake\"").image());
    assert_ne!(one, other);
    assert!(![one, other].contains(&seven));
}
