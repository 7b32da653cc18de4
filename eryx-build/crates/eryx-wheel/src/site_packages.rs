//! The directory of packages in the sandbox.

/// Where the site tree is in the sandbox.
pub const SITE_PACKAGES: &str = "/site-packages";

/// Whether Python processes a file when it starts: `.pth` at the root of the site tree, unless
/// hidden, as the module `site` has it.
#[must_use]
pub fn is_path_file(path: &str) -> bool {
    path.ends_with(".pth") && !path.contains('/') && !path.starts_with('.')
}
