//! Bakes without an index.

use eryx_tests::project::explained;

use crate::index::{Index, wheel};

#[test]
fn a_locked_bake_needs_the_cache_alone() {
    let index = Index::new(&[wheel("a", "1.0")], "requirements = [\"a\"]");
    let cache = index.project.path("cache");
    let build = |run: eryx_tests::Run| {
        run.arg("--output")
            .arg(index.project.image())
            .env("ERYX_CACHE_DIR", &cache)
            .limit(std::time::Duration::from_secs(300))
            .run()
    };
    let message = explained(&build(index.bare(&["build", "--quiet", "--offline"])));
    assert!(message.contains("pylock.toml has to be made"), "{message}");

    index.lock(&[]);
    let message = explained(&build(index.bare(&["build", "--quiet", "--offline"])));
    assert!(
        message.contains("a-1.0-py3-none-any.whl of `a==1.0` is not in the cache"),
        "{message}"
    );

    build(index.command(&["build", "--quiet"])).ok();
    let run = index
        .bare(&["build", "--offline", "--locked", "--quiet"])
        .env("ERYX_PYTHON", "false");
    build(run).ok();
}
