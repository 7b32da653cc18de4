//! The version of the world: what guest and host say to each other.
//!
//! The loader knows by [`engine::WORLD`] which world its host is of, and an image records which its
//! guest is of. This room holds runtimes to that before anything is baked on them.

use eryx_base::Digest;
use eryx_run::engine;
use eryx_runtime::Distribution;

/// How many digits of the digest are kept.
const DIGITS: usize = 16;

/// A runtime speaks another world than this version of eryx.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the runtime {runtime} is for another version of eryx: its world is {found}, and that of this eryx \
     is {}; use a runtime of this version, which `eryx runtime export` writes",
    engine::WORLD
)]
pub struct WorldError {
    /// The runtime's name.
    pub runtime: String,
    /// The digest of its world.
    pub found: String,
}

/// The digest of a world, as [`engine::WORLD`] has it: of its text without comments and spaces.
#[must_use]
pub fn digest(world: &str) -> String {
    let lines = world.lines().map(|line| line.split("//").next());
    let text: String = lines
        .flatten()
        .flat_map(str::chars)
        .filter(|one| !one.is_whitespace())
        .collect();
    let digest = Digest::of(text.as_bytes()).to_string();
    digest.chars().take(DIGITS).collect()
}

/// Whether images on this runtime can be run by a loader of this version.
///
/// # Errors
/// When it speaks another world.
pub fn check(runtime: &Distribution) -> Result<(), WorldError> {
    let found = digest(runtime.world());
    if found == engine::WORLD {
        return Ok(());
    }
    Err(WorldError {
        runtime: runtime.name().to_owned(),
        found,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When the world changes, `WORLD` in `eryx-run/src/engine.rs` is what this says.
    #[test]
    fn the_loader_is_of_the_world_of_the_built_in_runtime() {
        let world = include_str!("../../runtime/wit/sandbox.wit");
        assert_eq!(engine::WORLD, digest(world));
    }

    #[test]
    fn comments_and_spaces_do_not_matter() {
        let one = digest("interface host {\n  /// Ends it.\n  exit: func(status: s32);\n}");
        assert_eq!(one, digest("interface host { exit: func(status: s32); }"));
        assert_ne!(one, digest("interface host { exit: func(status: u32); }"));
    }
}
